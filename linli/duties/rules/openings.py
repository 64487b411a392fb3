"""From a promise to its row: the same row for one duty and for a hundred thousand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.duties.choices import DutyState, Matter
from linli.duties.models import Duty
from linli.duties.rules.clocks import NOTHING, Calendar, Limit
from linli.duties.rules.deadlines import end_duty, set_deadline
from linli.kit.errors import Invalid
from linli.offices.models import Office

YEARS = range(1990, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an office is to owe.

    Args:
        matter, step, office: what is owed, and by whom.
        limit: such as `4wh`; blank where `due_at` is given instead.
        started_at: since when.
        urgency: P1 to P4.
        basis: the promise or the law behind it, such as `SC03`.
        due_at: a deadline that is given, not counted.
        met_at: when it was done, for duties of the past.
    """

    matter: Matter
    step: str
    office: UUID
    limit: str = ""
    started_at: datetime
    urgency: str = "P3"
    basis: str = ""
    due_at: datetime | None = None
    met_at: datetime | None = None


def new_duty(opening: Opening, office: Office, now: datetime, calendar: Calendar) -> Duty:
    """Return the unsaved row of an opening; Invalid for nonsense."""
    _check(opening, office)
    limit = Limit.parse(opening.limit).for_office(office.on_duty) if opening.limit else ""
    duty = Duty(
        township=opening.matter.township,
        matter_kind=opening.matter.kind,
        matter_key=opening.matter.key,
        matter_number=opening.matter.number,
        matter_title=opening.matter.title[:120],
        step=opening.step,
        office=office,
        urgency=opening.urgency,
        basis=opening.basis,
        limit=str(limit),
        started_at=opening.started_at,
        first_due_at=opening.due_at or opening.started_at,
        extended=NOTHING,
        stopped=NOTHING,
    )
    duty.first_due_at = set_deadline(duty, now, calendar)
    if opening.met_at is not None:
        end_duty(duty, DutyState.MET, opening.met_at)
    return duty


def _check(opening: Opening, office: Office) -> None:
    if office.township != opening.matter.township:
        raise Invalid({"office": [_("This office belongs to another township.")]})
    if bool(opening.limit) == bool(opening.due_at):
        raise Invalid({"limit": [_("Give either a limit or a deadline.")]})
    for name in ("started_at", "due_at", "met_at"):
        moment: datetime | None = getattr(opening, name)
        if moment is not None and moment.year not in YEARS:
            raise Invalid({name: [_("This date is outside the years 1990 to 2199.")]})
