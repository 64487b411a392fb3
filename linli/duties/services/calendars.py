"""Holidays and make-up workdays: a town's own table. Changing it counts what is owed again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linli.audit.services import record
from linli.duties.events import DutyMoved
from linli.duties.models import CalendarDay, CalendarVersion, Duty
from linli.duties.queries.calendars import forget_calendars, get_calendar
from linli.duties.rules import access
from linli.duties.rules.calendar_files import Day
from linli.duties.rules.deadlines import recount
from linli.duties.services.parts import CLOCK, publish_about
from linli.kit import clock
from linli.kit.errors import Forbidden
from linli.kit.ids import uuid7
from linli.offices.models import Actor

BATCH = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """A duty whose deadline another calendar moves (both None while it is paused)."""

    duty: Duty
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a calendar did, or would do."""

    days: int
    years: list[int]
    moved: list[Moved]


@transaction.atomic
def load_calendar(
    days: Sequence[Day], *, actor: Actor, everywhere: bool = False, dry_run: bool = False
) -> Loaded:
    """Put days into the calendar and count what is owed again.

    Args:
        days: holidays and make-up workdays; days that are known already are replaced.
        actor: an administrator, or the system.
        everywhere: for all townships of this installation, which only the system may do.
        dry_run: say what would change, and change nothing.
    """
    if not (actor.is_system or (actor.may("admin") and not everywhere)):
        raise Forbidden
    township = "" if everywhere else actor.township
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(township=township, date=day.date, working=day.working, name=day.name)
            for day in days
        ],
        update_conflicts=True,
        unique_fields=["township", "date"],
        update_fields=["working", "name"],
    )
    CalendarVersion.objects.update_or_create(pk=1, defaults={"token": uuid7()})
    forget_calendars()
    moved = [one for batch in _batches(township) for one in _recount(batch)]
    loaded = Loaded(len(days), sorted({day.date.year for day in days}), moved)
    if dry_run:
        transaction.set_rollback(True)
        forget_calendars()
        return loaded
    record(
        "calendar.loaded",
        f"calendar:{township or 'all'}",
        actor=actor,
        days=[[day.date.isoformat(), day.working] for day in days],
        moved=len(moved),
    )
    return loaded


def edit_day(day: date, *, actor: Actor, working: bool, name: str = "") -> Loaded:
    """Say for one day whether this township works."""
    return load_calendar([Day(day, working, name)], actor=actor)


def _batches(township: str) -> Iterator[list[Duty]]:
    live = Duty.objects.live().order_by("pk")
    if township:
        live = live.filter(township=township)
    keys = list(live.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = Duty.objects.live().filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        access.lock_matters(list(batch))
        yield list(batch.select_for_update().prefetch_related("pauses"))


def _recount(duties: list[Duty]) -> list[Moved]:
    now, moved = clock.now(), []
    for duty in duties:
        before = duty.due_at
        recount(duty, duty.pauses.all(), now, get_calendar(duty.township))
        if duty.due_at != before:
            duty.round += 1
            moved.append(Moved(duty, before, duty.due_at))
    Duty.objects.bulk_update(duties, CLOCK)
    for one in moved:
        publish_about(DutyMoved, one.duty, before=one.before, reason="calendar")
    return moved
