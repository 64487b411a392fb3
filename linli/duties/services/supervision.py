"""Supervision: an order that the late office answers, a problem hung up until it is solved."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.audit.services import record
from linli.duties.choices import Alarm, Matter
from linli.duties.events import ProblemHung, SupervisionOrdered
from linli.duties.models import Duty, Escalation
from linli.duties.rules import access
from linli.duties.services.parts import lock_live, publish_about
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, MoveRefused, Unseen
from linli.offices.models import Actor


@transaction.atomic
def order_supervision(matter: Matter, step: str, *, actor: Actor, text: str) -> Escalation:
    """Demand a written answer from the office that owes a step; one open order at a time."""
    duty = lock_live(matter, step)
    if not access.may_supervise(actor, duty):
        raise Forbidden
    if open_order(duty):
        raise MoveRefused(_("An order waits for its reply already."))
    return put_order(duty, text, actor)


@transaction.atomic
def reply_order(order: UUID, *, actor: Actor, text: str) -> Escalation:
    """Answer an order: why it is late, and what happens when."""
    found = _lock(order, Alarm.ORDER, actor)
    if not access.may_reply(actor, found):
        raise Forbidden
    if found.replied_at is not None:
        raise MoveRefused(_("This order has its reply already."))
    _need(text)
    found.reply, found.replied_at, found.closed_by_id = text, clock.now(), actor.post
    found.save(update_fields=["reply", "replied_at", "closed_by"])
    _record("duty.order_replied", found, actor)
    return found


@transaction.atomic
def hang(matter: Matter, step: str, *, actor: Actor, condition: str) -> Escalation:
    """Put a matter on the public list of hung problems, with the condition that takes it off."""
    duty = lock_live(matter, step)
    if not access.may_hang(actor, duty):
        raise Forbidden
    if open_hang(duty):
        raise MoveRefused(_("This problem hangs already."))
    return put_hang(duty, condition, actor)


@transaction.atomic
def lift_hang(hung: UUID, *, actor: Actor, note: str) -> Escalation:
    """Take a problem off the list because its condition is fulfilled; the note says how."""
    found = _lock(hung, Alarm.HANG, actor)
    if not access.may_hang(actor, found.duty):
        raise Forbidden
    if found.lifted_at is not None:
        raise MoveRefused(_("This problem was taken off already."))
    _need(note)
    found.reply, found.lifted_at, found.closed_by_id = note, clock.now(), actor.post
    found.save(update_fields=["reply", "lifted_at", "closed_by"])
    _record("duty.hang_lifted", found, actor)
    return found


def open_order(duty: Duty) -> bool:
    """Say whether an order on the duty waits for its reply."""
    return duty.escalations.filter(kind=Alarm.ORDER, replied_at=None).exists()


def open_hang(duty: Duty) -> bool:
    """Say whether the duty hangs."""
    return duty.escalations.filter(kind=Alarm.HANG, lifted_at=None).exists()


def put_order(duty: Duty, text: str, actor: Actor) -> Escalation:
    """Write, record and announce an order on a locked duty."""
    _need(text)
    order = escalate(duty, Alarm.ORDER, actor, text)
    publish_about(SupervisionOrdered, duty, order=order.pk)
    return order


def put_hang(duty: Duty, condition: str, actor: Actor) -> Escalation:
    """Write, record and announce a hung problem on a locked duty."""
    _need(condition)
    hung = escalate(duty, Alarm.HANG, actor, condition)
    publish_about(ProblemHung, duty, hang=hung.pk)
    return hung


def escalate(duty: Duty, kind: Alarm, actor: Actor, text: str = "") -> Escalation:
    """Write and record that somebody was told about a locked duty."""
    escalation = Escalation.objects.create(
        township=duty.township,
        duty=duty,
        kind=kind,
        round=duty.round,
        at=clock.now(),
        by_id=actor.post,
        text=text,
    )
    _record(f"duty.{kind.value}", escalation, actor)
    return escalation


def _need(text: str) -> None:
    if not text.strip():
        raise Invalid({"text": [_("Please write a sentence.")]})


def _lock(key: UUID, kind: Alarm, actor: Actor) -> Escalation:
    rows = Escalation.objects.filter(kind=kind, township=actor.township)
    found = rows.select_for_update(of=("self",)).select_related("duty").filter(pk=key).first()
    if found is None or not access.may_see(actor, found.duty):
        raise Unseen
    return found


def _record(act: str, escalation: Escalation, actor: Actor) -> None:
    duty = escalation.duty
    record(act, duty.matter.subject, actor=actor, escalation=str(escalation.pk), **duty.facts)
