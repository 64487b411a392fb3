"""What several verbs of duties do in the same way."""

from datetime import datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Greatest

from linli.duties.choices import Matter
from linli.duties.events import DutyEvent, DutyResumed
from linli.duties.models import Duty, Pause
from linli.duties.queries.calendars import get_calendar
from linli.duties.rules import deadlines
from linli.duties.workflow import DUTY_FLOW
from linli.kit.bus import publish
from linli.kit.errors import MoveRefused

CLOCK = [
    "stopped",
    "paused_for",
    "due_at",
    "remind_at",
    "yellow_at",
    "provisional",
    "late",
    "round",
    "alarm",
    "alarm_at",
]
STATE = ["state", "paused_at", "pause_reason", "ended_at"]


def publish_about(kind: type[DutyEvent], duty: Duty, **facts: Any) -> None:
    """Tell the listeners what happened to a duty."""
    publish(kind(duty.matter, duty.pk, duty.step, duty.office_id, duty.due_at, **facts))


def lock_live(matter: Matter, step: str) -> Duty:
    """Return what is owed on a step, locked; MoveRefused where nothing is owed any more."""
    duty = Duty.objects.of(matter).live().filter(step=step).select_for_update().first()
    if duty is None:
        raise MoveRefused(step=step)
    return duty


def run_again(duty: Duty, now: datetime) -> None:
    """Let a locked, paused duty run again: now, or since its pauses were used up."""
    state = DUTY_FLOW.target(duty.state, "resume")
    if duty.paused_at is None or duty.alarm_at is None:
        raise ValueError(f"{duty} is not paused")
    calendar, until = get_calendar(duty.township), min(now, duty.alarm_at)
    duty.paused_for += deadlines.stand_still(duty, duty.paused_at, until, calendar)
    duty.state, duty.paused_at, duty.pause_reason = state, None, ""
    duty.round += 1
    deadlines.set_deadline(duty, now, calendar)
    duty.save(update_fields=[*CLOCK, *STATE])
    Pause.objects.filter(duty=duty, until=None).update(until=Greatest("from_at", Value(until)))
    publish_about(DutyResumed, duty)
