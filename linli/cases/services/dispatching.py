"""Verbs of the dispatcher: send to an office, settle who leads, give to somebody."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.areas.queries.answering import is_admitted
from linli.cases.choices import Step
from linli.cases.models.case import Case, Dispatch
from linli.cases.queries.catalogue import get_promise
from linli.cases.rules.moves import OBJECTED
from linli.cases.services.moving import begin, finish
from linli.cases.services.steps import open_step, opening, promise_again
from linli.cases.workflow import TERMS, stage_limit
from linli.duties.queries.calendars import due_after
from linli.duties.services import moves as duties
from linli.kit import clock
from linli.kit.errors import Invalid, Refused
from linli.offices.choices import GRID_ROLES
from linli.offices.models import Actor, Office, Post

_OFFICE_STEPS = (Step.SIGN, Step.RESPOND, Step.HANDLE, Step.SUPPORT)


@transaction.atomic
def dispatch(
    key: UUID,
    *,
    actor: Actor,
    seen: int | None = None,
    lead: Office,
    supports: Sequence[Office] = (),
    note: str = "",
) -> Case:
    """Dispatch a case to the office that leads and those that support; again if it was wrong."""
    case = begin("dispatch", key, actor, seen)
    duties.meet_duty(case.matter, Step.DISPATCH, actor=actor)
    _send(case, lead, supports, actor=actor, note=note)
    _open_office_duties(case, supports, actor=actor, with_signature=True)
    return finish(
        case, "dispatch", actor, note=note, lead=lead.code, supports=[one.code for one in supports]
    )


@transaction.atomic
def appoint_lead(
    key: UUID,
    *,
    actor: Actor,
    seen: int | None = None,
    lead: Office,
    supports: Sequence[Office] = (),
    note: str,
) -> Case:
    """End the joint meeting (会商): it must name who leads, and that office cannot object."""
    case = begin("appoint_lead", key, actor, seen)
    duties.meet_duty(case.matter, Step.MEETING, actor=actor)
    row = _send(case, lead, supports, actor=actor, note=note)
    row.signed_at = case.signed_at = clock.now()
    row.save(update_fields=["signed_at"])
    _open_office_duties(case, supports, actor=actor, with_signature=False)
    return finish(
        case,
        "appoint_lead",
        actor,
        note=note,
        lead=lead.code,
        supports=[one.code for one in supports],
    )


def _send(
    case: Case, lead: Office, supports: Sequence[Office], *, actor: Actor, note: str
) -> Dispatch:
    """Write the next link of the chain; the link before it ends."""
    _check_offices(case, lead, supports)
    now = clock.now()
    Dispatch.objects.filter(case=case, ended_at__isnull=True).update(ended_at=now, end="replaced")
    duties.cancel_steps(case.matter, _OFFICE_STEPS, actor=actor, reason="dispatch")
    case.lead_office, case.handler, case.dispatched_at, case.signed_at = lead, None, now, None
    rows = [
        Dispatch(
            case=case,
            township=case.township,
            office=office,
            leads=office == lead,
            reason=note,
            sent_at=now,
        )
        for office in [lead, *supports]
    ]
    Dispatch.objects.bulk_create(rows)
    return rows[0]


def _check_offices(case: Case, lead: Office, supports: Sequence[Office]) -> None:
    if any(office.township != case.township or not office.active for office in [lead, *supports]):
        raise Invalid({"lead": [_("There is no such office in use. Choose one from the list.")]})
    if not lead.can_close:
        raise Invalid(
            {
                "lead": [
                    _("This office coordinates and gives no final answers. Choose who handles it.")
                ]
            }
        )
    if lead in supports or len(set(supports)) != len(supports):
        raise Invalid(
            {"supports": [_("An office leads or supports, and stands in the list once.")]}
        )


def _open_office_duties(
    case: Case, supports: Sequence[Office], *, actor: Actor, with_signature: bool
) -> None:
    """Open what the offices owe now: signature, first response, handling, support."""
    terms = get_promise(case.township, case.category, case.urgency)
    limits = {Step.HANDLE: terms.dispose}
    if case.contacted_at is None:
        limits[Step.RESPOND] = terms.respond
    if with_signature:
        limits[Step.SIGN] = stage_limit("handle", case.urgency, "sign_within")
    owed = [opening(case, *pair) for pair in limits.items()]
    helped = opening(case, Step.SUPPORT, terms.dispose)
    owed += [replace(helped, office=office.pk) for office in supports]
    opened = duties.open_many(owed, actor=actor)
    promise_again(case, opened[0].first_due_at)


@transaction.atomic
def object_dispatch(key: UUID, *, actor: Actor, seen: int | None = None, reason: str) -> Case:
    """Say that another office answers for it (退单); the second time a meeting decides."""
    case = begin("object_dispatch", key, actor, seen)
    row = Dispatch.objects.select_for_update().get(case=case, leads=True, ended_at__isnull=True)
    _check_may_object(case, row)
    now = clock.now()
    row.ended_at, row.end, row.end_reason = now, OBJECTED, reason
    row.save(update_fields=["ended_at", "end", "end_reason"])
    duties.cancel_steps(case.matter, _OFFICE_STEPS, actor=actor, reason=OBJECTED)
    case.bounces += 1
    Dispatch.objects.filter(case=case, ended_at__isnull=True).update(ended_at=now, end="replaced")
    case.lead_office = case.handler = case.signed_at = None
    again = case.bounces >= TERMS.joint_meeting_after
    open_step(case, Step.MEETING if again else Step.DISPATCH, actor=actor)
    way = "object_again" if again else "object_dispatch"
    return finish(case, way, actor, note=reason, office=row.office.code)


def _check_may_object(case: Case, row: Dispatch) -> None:
    if case.bounces >= TERMS.joint_meeting_after:
        raise Refused(_("A joint meeting named your office. Handle the case, or call the centre."))
    if Dispatch.objects.filter(case=case, office=row.office, end=OBJECTED).exists():
        raise Refused(_("Your office objected once already. Handle the case, or call the centre."))
    if row.signed_at:
        until = due_after(
            case.township, row.signed_at, stage_limit("handle", case.urgency, "objection_within")
        )
        if clock.now() > until:
            raise Refused(
                _("Objections are possible within four working hours of signing. Call the centre.")
            )


@transaction.atomic
def assign(key: UUID, *, actor: Actor, seen: int | None = None, post: Post, note: str = "") -> Case:
    """Give a case to somebody of the lead office; grid workers only get admitted tasks."""
    case = begin("assign", key, actor, seen)
    if post.office_id != case.lead_office_id:
        raise Invalid({"post": [_("Choose somebody of the office that leads.")]})
    today = timezone.localdate(clock.now())
    if post.role in GRID_ROLES and not is_admitted(case.township, case.category_id, today):
        raise Invalid(
            {"post": [_("This kind of task is not on the list of what grid workers may be given.")]}
        )
    case.handler = post
    return finish(case, "assign", actor, note=note, public=False, role=post.role)
