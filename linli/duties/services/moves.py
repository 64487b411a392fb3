"""Moves: parts of a matter's verb, which records `duty.facts` in its own line of the trail.

They lock, check, save and announce in that verb's transaction (without a savepoint) and trust its
check of who may do it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from linli.duties.choices import Alarm, DutyState, ExtensionState, Matter, PauseReason
from linli.duties.events import (
    DutyCancelled,
    DutyHanded,
    DutyMet,
    DutyMoved,
    DutyOpened,
    DutyPaused,
    DutyResumed,
)
from linli.duties.models import Duty, Escalation, Extension, Pause
from linli.duties.queries.calendars import get_calendar
from linli.duties.rules import deadlines
from linli.duties.rules.clocks import NOTHING, Limit
from linli.duties.rules.openings import Opening, new_duty
from linli.duties.services.parts import CLOCK, STATE, lock_live, publish_about, run_again
from linli.duties.workflow import DUTY_FLOW
from linli.kit import clock
from linli.kit.errors import Invalid, MoveRefused, Refused, Unseen
from linli.offices.models import Actor, Office

part_of_a_verb = transaction.atomic(savepoint=False)


def rows_for(openings: Sequence[Opening]) -> list[Duty]:
    """Return the unsaved rows of many openings, for imports that write them with their matters."""
    offices = Office.objects.in_bulk({opening.office for opening in openings})
    now = clock.now()
    rows = []
    for opening in openings:
        office = offices.get(opening.office)
        if office is None:
            raise Invalid({"office": [_("There is no such office.")]})
        rows.append(new_duty(opening, office, now, get_calendar(opening.matter.township)))
    return rows


@part_of_a_verb
def open_many(openings: Sequence[Opening], *, actor: Actor) -> list[Duty]:
    """Open many duties at once, for imports: the rows of `open_duty`, without an event each."""
    for township in {opening.matter.township for opening in openings}:
        _inside(township, actor)
    return Duty.objects.bulk_create(rows_for(openings), batch_size=1000)


@part_of_a_verb
def open_duty(  # noqa: PLR0913 - a duty is all of this
    matter: Matter,
    *,
    step: str,
    office: UUID,
    actor: Actor,
    limit: str = "",
    urgency: str = "P3",
    basis: str = "",
    start: datetime | None = None,
    due_at: datetime | None = None,
) -> Duty:
    """Let an office owe a step; MoveRefused where that step is owed already.

    Args:
        matter: what it is about.
        step: what is owed, such as `handle`.
        office: who owes it.
        limit: such as `4wh` or `15d`; leave it out where `due_at` is given.
        urgency: P1 to P4; decides when the office is reminded.
        basis: code of the promise or law.
        start: since when; now if absent.
        due_at: a deadline that is given, not counted.
    """
    _inside(matter.township, actor)
    opening = Opening(
        matter=matter,
        step=step,
        office=office,
        limit=limit,
        started_at=start or clock.now(),
        urgency=urgency,
        basis=basis,
        due_at=due_at,
    )
    duty = rows_for([opening])[0]
    try:
        duty.save(force_insert=True)
    except IntegrityError as error:
        if "unique" in str(error).lower():
            raise MoveRefused(step=step) from error
        raise
    publish_about(DutyOpened, duty)
    return duty


@part_of_a_verb
def meet_duty(
    matter: Matter, step: str, *, actor: Actor, office: UUID | None = None
) -> Duty | None:
    """Say that the office did what it owed; None where nothing is owed on this step.

    Args:
        office: which office, for a step that several owe.
    """
    _inside(matter.township, actor)
    owed = Duty.objects.of(matter).live().filter(step=step)
    if office is not None:
        owed = owed.filter(office=office)
    duty = owed.select_for_update().first()
    if duty is None:
        return None
    if duty.state == DutyState.PAUSED:
        raise MoveRefused(_("The clock is paused. Let it run again first."), step=step)
    deadlines.end_duty(duty, DutyState(DUTY_FLOW.target(duty.state, "meet")), clock.now())
    duty.save(update_fields=[*STATE, "late", "alarm", "alarm_at"])
    publish_about(DutyMet, duty)
    return duty


@part_of_a_verb
def cancel_duty(matter: Matter, step: str, *, actor: Actor, reason: str) -> Duty | None:
    """Free an office from a step that is not needed any more; None where nothing is owed on it."""
    cancelled = _cancel(matter, actor, reason, step=step)
    return cancelled[0] if cancelled else None


@part_of_a_verb
def cancel_steps(matter: Matter, steps: Iterable[str], *, actor: Actor, reason: str) -> list[Duty]:
    """Free an office from several steps at once: another office takes the matter over."""
    return _cancel(matter, actor, reason, step__in=list(steps))


@part_of_a_verb
def cancel_all(matter: Matter, *, actor: Actor, reason: str) -> list[Duty]:
    """Free everybody: the matter was merged, withdrawn or referred out."""
    return _cancel(matter, actor, reason)


def _cancel(matter: Matter, actor: Actor, reason: str, **only: Any) -> list[Duty]:
    _inside(matter.township, actor)
    now = clock.now()
    duties = list(Duty.objects.of(matter).live().filter(**only).order_by("pk").select_for_update())
    for duty in duties:
        if duty.state == DutyState.PAUSED:
            Pause.objects.filter(duty=duty, until=None).update(
                until=Greatest("from_at", Value(now))
            )
        deadlines.end_duty(duty, DutyState(DUTY_FLOW.target(duty.state, "cancel")), now)
        duty.save(update_fields=[*STATE, "late", "alarm", "alarm_at"])
        publish_about(DutyCancelled, duty, reason=reason)
    return duties


@part_of_a_verb
def pause_duty(matter: Matter, step: str, *, actor: Actor, reason: str, note: str = "") -> Duty:
    """Let the clock stand still for a reason of the list.

    All pauses together last at most once the original limit; then the clock runs again by itself.
    A late clock does not stop.
    """
    _inside(matter.township, actor)
    if reason not in PauseReason.values or reason == PauseReason.AFTER_CLOSING:
        raise Invalid({"reason": [_("Choose a reason of the list.")]})
    duty = lock_live(matter, step)
    state = DUTY_FLOW.target(duty.state, "pause")
    now = clock.now()
    if duty.due_at is not None and duty.due_at < now:
        raise Refused(_("The deadline has passed; a late clock cannot be stopped."))
    if duty.paused_for >= deadlines.limit_of(duty).amount:
        raise Refused(_("The pauses of this step are used up: they last once its limit at most."))
    duty.state, duty.paused_at, duty.pause_reason = state, now, reason
    deadlines.set_pause_end(duty, get_calendar(duty.township))
    duty.save(update_fields=[*CLOCK, *STATE])
    Pause.objects.create(township=duty.township, duty=duty, reason=reason, note=note, from_at=now)
    publish_about(DutyPaused, duty, reason=reason, until=duty.alarm_at)
    return duty


@part_of_a_verb
def resume_duty(matter: Matter, step: str, *, actor: Actor) -> Duty | None:
    """Let a paused clock run again; the deadline moves by what was worked in between.

    None where no clock stands still on this step, perhaps because its pauses were used up.
    """
    _inside(matter.township, actor)
    paused = Duty.objects.of(matter).filter(step=step, state=DutyState.PAUSED)
    duty = paused.select_for_update().first()
    if duty is not None:
        run_again(duty, clock.now())
    return duty


@part_of_a_verb
def revive_duty(matter: Matter, step: str, *, actor: Actor) -> Duty:
    """Let a met duty run again, because the matter was reopened: it keeps its clock.

    The time since it was met does not count; what was used stays used; where nothing was left it
    is late at once.
    """
    _inside(matter.township, actor)
    now, calendar = clock.now(), get_calendar(matter.township)
    past = Duty.objects.of(matter).filter(step=step).order_by("-started_at", "-pk")
    duty = past.select_for_update().first()
    if duty is None:
        raise MoveRefused(step=step)
    state, ended_at = DUTY_FLOW.target(duty.state, "revive"), duty.ended_at or now
    Pause.objects.create(
        township=duty.township,
        duty=duty,
        reason=PauseReason.AFTER_CLOSING,
        from_at=ended_at,
        until=max(now, ended_at),
    )
    deadlines.stand_still(duty, ended_at, now, calendar)
    duty.state, duty.ended_at = state, None
    duty.round += 1
    deadlines.set_deadline(duty, now, calendar)
    duty.save(update_fields=[*CLOCK, *STATE])
    publish_about(DutyResumed, duty)
    return duty


@part_of_a_verb
def hand_duty(
    matter: Matter, step: str, office: UUID, *, actor: Actor, post: UUID | None = None
) -> Duty:
    """Let another office (or one post in it) owe the step; the clock runs on."""
    _inside(matter.township, actor)
    duty = lock_live(matter, step)
    duty.state = DUTY_FLOW.target(duty.state, "hand")
    if not Office.objects.filter(pk=office, township=duty.township).exists():
        raise Invalid({"office": [_("There is no such office.")]})
    duty.office_id, duty.post_id = office, post
    duty.save(update_fields=["office", "post"])
    publish_about(DutyHanded, duty)
    return duty


@part_of_a_verb
def relimit_duty(
    matter: Matter, step: str, limit: str, *, actor: Actor, reason: str, urgency: str = ""
) -> Duty:
    """Give a step the limit of its corrected category or urgency; its start and its pauses stay.

    More time that was granted in another unit falls away with the limit that it belonged to.
    """
    _inside(matter.township, actor)
    duty = lock_live(matter, step)
    new, before = Limit.parse(limit).for_office(duty.office.on_duty), duty.due_at
    if (str(new), urgency or duty.urgency) == (duty.limit, duty.urgency):
        return duty
    duty.limit, duty.urgency = str(new), urgency or duty.urgency
    granted = duty.asked_extensions.filter(state=ExtensionState.GRANTED)
    more = [Limit.parse(one.limit) for one in granted] if duty.extensions else []
    duty.extended = sum((one.amount for one in more if one.adds_to(new)), NOTHING)
    duty.round += 1
    deadlines.recount(duty, duty.pauses.all(), clock.now(), get_calendar(duty.township))
    duty.save(update_fields=[*CLOCK, "limit", "urgency", "extended"])
    publish_about(DutyMoved, duty, before=before, reason=reason)
    return duty


@part_of_a_verb
def retitle(matter: Matter, *, actor: Actor) -> int:
    """Give the duties of a matter its present number and title, also after its text was erased."""
    _inside(matter.township, actor)
    return Duty.objects.of(matter).update(
        matter_number=matter.number, matter_title=matter.title[:120]
    )


@part_of_a_verb
def erase_words(matter: Matter, *, actor: Actor) -> None:
    """Erase what people wrote in free words about the duties of a matter; its clocks stay."""
    retitle(replace(matter, title=""), actor=actor)
    duties = Duty.objects.of(matter).values("pk")
    Pause.objects.filter(duty__in=duties).update(note="")
    Extension.objects.filter(duty__in=duties).update(reason="")
    Escalation.objects.filter(duty__in=duties).update(reply="")
    Escalation.objects.filter(duty__in=duties).exclude(kind=Alarm.HANG).update(text="")


def _inside(township: str, actor: Actor) -> None:
    if township != actor.township:
        raise Unseen
