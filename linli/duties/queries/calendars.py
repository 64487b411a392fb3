"""The calendar of a town as one value, kept in the process until its version changes."""

from dataclasses import dataclass
from datetime import date, datetime, time
from time import monotonic
from typing import Any
from uuid import UUID

from django.utils import timezone

from linli.duties.models import CalendarDay, CalendarVersion, Duty
from linli.duties.rules.clocks import Calendar, Limit, due
from linli.kit import clock
from linli.kit.data import read_toml, read_tsv

_FRESH = 1.0  # seconds for which the version is not asked again
_calendars: dict[str, Calendar] = {}
_seen: dict[str, Any] = {"token": None, "at": float("-inf")}


def get_calendar(township: str) -> Calendar:
    """Return the calendar of a township.

    The days that ship with the product, then the nation's rows, then its own: later ones win.
    """
    if monotonic() - _seen["at"] > _FRESH:
        _look()
    if township not in _calendars:
        _calendars[township] = _build(township)
    return _calendars[township]


def forget_calendars() -> None:
    """Ask the version again at the next use: after a change in this process, and between tests."""
    _seen["at"] = float("-inf")


def _look() -> None:
    token: UUID | None = CalendarVersion.objects.values_list("token", flat=True).first()
    if token != _seen["token"]:
        _calendars.clear()
    _seen.update(token=token, at=monotonic())


def _build(township: str) -> Calendar:
    days = {date.fromisoformat(row["date"]): row["working"] == "Y" for row in shipped_days()}
    rows = CalendarDay.objects.filter(township__in=["", township]).order_by("township")
    days.update(rows.values_list("date", "working"))
    return Calendar(
        zone=timezone.get_default_timezone(),
        hours=work_hours(township),
        days=days,
        years=known_years(days),
    )


def due_after(township: str, start: datetime, limit: str) -> datetime:
    """Return when a limit that starts at `start` is used up, in a township's calendar."""
    return due(start, Limit.parse(limit), get_calendar(township)).at


def shipped_days() -> tuple[dict[str, str], ...]:
    """Return the days that ship with the product: date, working, name_zh."""
    return read_tsv("linli.duties", "calendar.tsv")


def known_years(days: dict[date, bool]) -> frozenset[int]:
    """Return the years whose National Day week is listed: every year's official notice has it."""
    return frozenset(day.year for day in days if day.month == 10 and day.day <= 7)


def work_hours(township: str) -> tuple[tuple[time, time], ...]:
    """Return the office hours of a working day, a township's own where it has some."""
    table = read_toml("linli.duties", "hours.toml")
    spans = table.get("township", {}).get(township, table)["work"]
    halves = (span.split("-") for span in spans)
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in halves)


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day with a rule of its own, and who made the rule: shipped, nation or township."""

    date: date
    working: bool
    name: str
    source: str


def list_days(township: str, year: int) -> list[ListedDay]:
    """Return the special days of a year as they hold in a township."""
    days = {
        row["date"]: ListedDay(
            date.fromisoformat(row["date"]), row["working"] == "Y", row["name_zh"], "shipped"
        )
        for row in shipped_days()
        if row["date"].startswith(f"{year}-")
    }
    rows = CalendarDay.objects.filter(township__in=["", township], date__year=year)
    for row in rows.order_by("township"):
        source = "township" if row.township else "nation"
        days[row.date.isoformat()] = ListedDay(row.date, row.working, row.name, source)
    return [days[key] for key in sorted(days)]


def missing_years(township: str) -> list[int]:
    """Return this year and the years of running deadlines, where nobody entered the holidays."""
    calendar = get_calendar(township)
    today = calendar.day_of(clock.now())
    needed = {today.year}
    duties = Duty.objects.live().filter(township=township, provisional=True, due_at__isnull=False)
    needed.update(day.year for day in duties.dates("due_at", "year"))
    return sorted(needed - calendar.years)
