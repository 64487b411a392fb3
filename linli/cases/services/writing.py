"""Verbs of staff around a report: write it down for somebody, look up how to reach them."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.queries.cases import get_case, get_reporter
from linli.cases.services.handling import settle
from linli.cases.services.intake import Report, report
from linli.kit.errors import Forbidden, Unseen
from linli.offices.models import Actor
from linli.privacy.services import look


@transaction.atomic
def write_down(what: Report, *, actor: Actor, before: str = "", after: str = "") -> Case:
    """Write a report down; with `before` and `after` it was handled on the spot, all or nothing.

    Args:
        before: what was found.
        after: what was done.
    """
    if not actor.may("report"):
        raise Forbidden
    case = report(what, actor=actor)
    if after and case.state == State.REPORTED:
        case = settle(case.pk, actor=actor, before=before, after=after)
    return case


@transaction.atomic
def look_at_contact(key: UUID, *, actor: Actor, reason: str) -> dict[str, str]:
    """Return the sealed contact of a case, field by field; every look stands in the trail."""
    reporter = get_reporter(get_case(actor, key))
    if reporter is None:
        raise Unseen(_("No contact was left with this report, or it is erased already."))
    left = [name for name in ("name", "phone", "email") if getattr(reporter, name)]
    return {name: look(reporter, name, actor=actor, reason=reason) for name in left}
