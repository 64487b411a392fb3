"""What limit, extensions and stops make of a duty: its deadline, its warnings, its next alarm.

These rules set the fields of a row and save nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from linli.duties.choices import LIVE, Alarm, DutyState
from linli.duties.models import Duty, Pause
from linli.duties.rules.clocks import (
    NOTHING,
    Calendar,
    Limit,
    before,
    due,
    office_time,
    worked,
)
from linli.kit.data import read_toml

_SUPERVISE = read_toml("linli.duties", "supervise.toml")
_WARNINGS = (Alarm.REMIND, Alarm.YELLOW)


def limit_of(duty: Duty) -> Limit:
    """Return the duty's limit; one opened until a given moment counts clock time up to it."""
    if duty.limit:
        return Limit.parse(duty.limit)
    return Limit(duty.first_due_at - duty.started_at, "m")


def set_deadline(duty: Duty, now: datetime, calendar: Calendar) -> datetime:
    """Set and return the deadline of a running duty; set its warnings and its next alarm."""
    limit = limit_of(duty).plus(duty.extended)
    end = due(duty.started_at, limit.plus(duty.stopped), calendar)
    whole = due(duty.started_at, limit, calendar).at
    remind, yellow = warnings(duty.started_at, whole, end.at, limit, duty.urgency, calendar)
    duty.due_at, duty.provisional = end.at, end.provisional
    duty.remind_at, duty.yellow_at = remind, yellow
    duty.late = end.at < now
    ahead = [(remind, Alarm.REMIND), (yellow, Alarm.YELLOW), (end.at, Alarm.RED)]
    duty.alarm_at, duty.alarm = next((one for one in ahead if one[0] > now), ahead[-1])
    return end.at


def warnings(  # noqa: PLR0917 - the whole picture of one deadline
    start: datetime,
    whole: datetime,
    end: datetime,
    limit: Limit,
    urgency: str,
    calendar: Calendar,
) -> tuple[datetime, datetime]:
    """Return when the office is reminded and when the deadline turns yellow.

    Args:
        start, whole: the span of the limit if nothing had stopped it; shares are taken of it.
        end: the deadline that they lead up to.
    """

    def left(share: float) -> datetime:
        if limit.by_the_clock:
            return end - (whole - start) * (1 - share)
        return before(end, office_time(start, whole, calendar) * (1 - share), calendar)

    remind = left(_SUPERVISE["remind"].get(urgency, 0.8))
    near = before(end, Limit.parse(_SUPERVISE["yellow"]).amount, calendar)
    return remind, max(remind, near, left(_SUPERVISE["yellow_share"]))


def set_pause_end(duty: Duty, calendar: Calendar) -> None:
    """Set when the paused duty runs again by itself.

    All its pauses together last at most once the original limit.
    """
    if duty.paused_at is None:
        raise ValueError(f"{duty} is not paused")
    limit = limit_of(duty)
    left = limit.amount - duty.paused_for
    end = due(duty.paused_at, Limit(left, limit.unit), calendar).at if left > NOTHING else None
    duty.due_at = duty.remind_at = duty.yellow_at = None
    duty.alarm, duty.alarm_at = Alarm.RESUME, end or duty.paused_at


def stand_still(duty: Duty, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Add a time in which the clock stood still; returns it in the limit's kind of time."""
    gap = worked(start, end, limit_of(duty), calendar)
    duty.stopped += gap
    return gap


def recount(duty: Duty, pauses: Iterable[Pause], now: datetime, calendar: Calendar) -> None:
    """Count everything again, after the limit or the calendar changed."""
    duty.stopped = duty.paused_for = NOTHING
    for pause in pauses:
        if pause.until is not None:
            gap = stand_still(duty, pause.from_at, pause.until, calendar)
            duty.paused_for += gap * (not pause.is_after_closing)
    if duty.state == DutyState.PAUSED:
        set_pause_end(duty, calendar)
    elif duty.state == DutyState.RUNNING:
        set_deadline(duty, now, calendar)


def end_duty(duty: Duty, state: DutyState, now: datetime) -> None:
    """Close a duty: nothing is owed, nobody is warned any more."""
    if state in LIVE:
        raise ValueError(state)
    duty.late = duty.due_at is not None and duty.due_at < now
    duty.state, duty.ended_at = state, now
    duty.paused_at, duty.pause_reason = None, ""
    duty.alarm, duty.alarm_at = "", None


def ringing(duty: Duty, now: datetime, calendar: Calendar) -> list[Alarm]:
    """Return the alarms that sound now, in order, and set the next one.

    A warning that a later alarm has overtaken (after a long stop of the worker) is left out.
    """
    schedule = _schedule(duty, calendar)
    kinds = [kind for kind, _at in schedule]
    ahead = schedule[kinds.index(Alarm(duty.alarm)) :]
    passed = [kind for kind, at in ahead if at <= now]
    left = ahead[len(passed) :]
    duty.alarm, duty.alarm_at = left[0] if left else ("", None)
    return [kind for kind in passed if kind not in _WARNINGS or kind == passed[-1]]


def _schedule(duty: Duty, calendar: Calendar) -> list[tuple[Alarm, datetime]]:
    if duty.due_at is None or duty.remind_at is None or duty.yellow_at is None:
        raise ValueError(f"{duty} is not running")
    order, hang = (Limit.parse(_SUPERVISE[kind]) for kind in ("order", "hang"))
    return [
        (Alarm.REMIND, duty.remind_at),
        (Alarm.YELLOW, duty.yellow_at),
        (Alarm.RED, duty.due_at),
        (Alarm.ORDER, due(duty.due_at, order, calendar).at),
        (Alarm.HANG, due(duty.due_at, hang, calendar).at),
    ]
