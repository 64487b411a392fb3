"""More time: the office asks, its head grants once, the leader once more; the reporter is told."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.audit.services import record
from linli.duties.choices import MAX_EXTENSIONS, ExtensionState, Matter
from linli.duties.events import DutyExtended, ExtensionAsked, ExtensionRefused
from linli.duties.models import Duty, Extension
from linli.duties.queries.calendars import get_calendar
from linli.duties.rules import access
from linli.duties.rules.clocks import Limit
from linli.duties.rules.deadlines import limit_of, set_deadline
from linli.duties.services.parts import CLOCK, lock_live, publish_about
from linli.duties.workflow import DUTY_FLOW
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, MoveRefused, Refused, Unseen
from linli.offices.models import Actor


@transaction.atomic
def ask_extension(matter: Matter, step: str, *, actor: Actor, limit: str, reason: str) -> Extension:
    """Ask for more time on a step before its deadline; two extensions at most.

    Args:
        matter, step: what is owed.
        actor: somebody of the office that owes it.
        limit: how much more, counted as the duty's own limit is.
        reason: what the reporter will read.
    """
    duty = lock_live(matter, step)
    if not access.may_ask_extension(actor, duty):
        raise Forbidden
    more = _check(duty, limit)
    if Extension.objects.filter(duty=duty, state=ExtensionState.ASKED).exists():
        raise MoveRefused(_("More time is asked for already. Wait for the decision."))
    extension = Extension.objects.create(
        township=duty.township,
        duty=duty,
        limit=str(more),
        reason=reason,
        asked_at=clock.now(),
        asked_by_id=actor.post,
    )
    record(
        "duty.extension_asked",
        matter.subject,
        actor=actor,
        extension=str(extension.pk),
        more=extension.limit,
        **duty.facts,
    )
    publish_about(ExtensionAsked, duty, extension=extension.pk, reason=reason)
    return extension


@transaction.atomic
def grant_extension(extension: UUID, *, actor: Actor) -> Duty:
    """Give the time that was asked for; the deadline moves and the reporter is told."""
    asked = _lock_asked(extension, actor)
    duty = asked.duty
    DUTY_FLOW.target(duty.state, "extend")
    more = _check(duty, asked.limit)
    duty.extended += more.amount
    duty.extensions += 1
    duty.round += 1
    set_deadline(duty, clock.now(), get_calendar(duty.township))
    duty.save(update_fields=[*CLOCK, "extended", "extensions"])
    _decide(asked, ExtensionState.GRANTED, actor)
    publish_about(DutyExtended, duty, reason=asked.reason)
    return duty


@transaction.atomic
def refuse_extension(extension: UUID, *, actor: Actor) -> Extension:
    """Leave the deadline where it is."""
    asked = _lock_asked(extension, actor)
    _decide(asked, ExtensionState.REFUSED, actor)
    publish_about(ExtensionRefused, asked.duty, extension=asked.pk)
    return asked


def _check(duty: Duty, limit: str) -> Limit:
    if duty.extensions >= MAX_EXTENSIONS:
        raise Refused(_("This step was extended twice already. Say honestly what is not done yet."))
    if duty.due_at is not None and duty.due_at < clock.now():
        raise Refused(_("The deadline has passed; more time is asked for and granted before it."))
    more, own = Limit.parse(limit), limit_of(duty)
    if not more.adds_to(own):
        sentence = _("Count the extension like the limit, in %(unit)s.") % {"unit": own.unit}
        raise Invalid({"limit": [sentence]})
    if more.amount > own.amount:
        raise Invalid({"limit": [_("One extension is at most as long as the limit itself.")]})
    return more


def _lock_asked(extension: UUID, actor: Actor) -> Extension:
    """Return an undecided extension whose duty is locked, first the duty as everywhere else."""
    found = Extension.objects.filter(pk=extension, township=actor.township).first()
    if found is None:
        raise Unseen
    found.duty = Duty.objects.select_for_update().get(pk=found.duty_id)
    if not access.may_see(actor, found.duty):
        raise Unseen
    found.refresh_from_db(fields=["state"])
    if found.state != ExtensionState.ASKED or not found.duty.is_live:
        raise MoveRefused(extension=str(extension))
    if not access.may_decide_extension(actor, found):
        raise Forbidden
    return found


def _decide(asked: Extension, state: ExtensionState, actor: Actor) -> None:
    asked.state, asked.decided_at = state, clock.now()
    asked.decided_by_id, asked.decided_role = actor.post, actor.role.code
    asked.save(update_fields=["state", "decided_at", "decided_by", "decided_role"])
    record(
        f"duty.extension_{state.value}",
        asked.duty.matter.subject,
        actor=actor,
        extension=str(asked.pk),
        more=asked.limit,
        **asked.duty.facts,
    )
