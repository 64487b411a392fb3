"""The arithmetic of limits: pure, without a database.

Two families. Limits in hours (`30m`, `2h`, `4wh`) flow: clock time, or office time only. Limits in
days (`3wd`, `15d`) are counted in whole days as the Civil Code counts them: the day of the start
does not count (art. 201), the last day ends when the office closes, and a last day that is free
moves to the next working day (art. 203). A day on which a clock ran at all counts whole. So
`worked` adds up in both families, and a pause moves a deadline by exactly what was worked in it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self

from django.utils.translation import gettext as _

from linli.kit.errors import Invalid

NOTHING = timedelta()
DAY = timedelta(days=1)
Span = tuple[datetime, datetime]
_GRAMMAR = re.compile(r"([1-9][0-9]{0,3})(m|h|wh|wd|d)", re.ASCII)
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "wh": timedelta(hours=1),
    "wd": DAY,
    "d": DAY,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long an office may take.

    Args:
        amount: time for m, h and wh; a whole number of days for wd and d.
        unit: m minutes, h clock hours, wh working hours, wd working days, d calendar days.
    """

    amount: timedelta
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `30m`, `2h`, `4wh`, `3wd`, `15d`; Invalid for anything else."""
        found = _GRAMMAR.fullmatch(text)
        if found is None:
            sentence = _("A limit is a number and m, h, wh, wd or d, such as 4wh or 15d.")
            raise Invalid({"limit": [sentence]})
        return cls(int(found[1]) * _UNITS[found[2]], found[2])

    @property
    def in_days(self) -> bool:
        """Whether it is counted in whole days."""
        return self.unit in {"wd", "d"}

    @property
    def by_the_clock(self) -> bool:
        """Whether nights and holidays count too, so that no calendar is asked."""
        return self.unit in {"m", "h"}

    @property
    def count(self) -> int:
        """How many of its unit it is."""
        return self.amount // _UNITS[self.unit]

    def plus(self, more: timedelta) -> "Limit":
        """Return the limit with more time."""
        return replace(self, amount=self.amount + more)

    def adds_to(self, other: "Limit") -> bool:
        """Whether both are counted in the same kind of time."""
        return self.unit == other.unit or (self.by_the_clock and other.by_the_clock)

    def for_office(self, on_duty: str) -> "Limit":
        """Return the limit as an office counts it: always on duty, every hour is a working hour."""
        return replace(self, unit="h") if (self.unit, on_duty) == ("wh", "24h") else self

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@dataclass(frozen=True)
class Calendar:
    """Which days and hours are worked.

    Args:
        zone: the time zone of the town.
        hours: the office hours of a working day, in order, not overlapping.
        days: day → worked or free, where it is not simply Monday to Friday.
        years: the years whose holidays are known; elsewhere deadlines are provisional.
    """

    zone: tzinfo
    hours: tuple[tuple[time, time], ...]
    days: Mapping[date, bool]
    years: frozenset[int]
    _opened: dict[date, list[Span]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def working_day(self) -> timedelta:
        """How much office time a working day has."""
        lengths = (
            datetime.combine(date.min, end) - datetime.combine(date.min, start)
            for start, end in self.hours
        )
        return sum(lengths, NOTHING)

    def day_of(self, moment: datetime) -> date:
        """Return the town's day of a moment."""
        return moment.astimezone(self.zone).date()

    def is_worked(self, day: date) -> bool:
        """Say whether offices work on a day."""
        worked = self.days.get(day)
        return day.weekday() < 5 if worked is None else worked

    def next_worked(self, day: date) -> date:
        """Return the first working day that is not before `day`."""
        while not self.is_worked(day):
            day += DAY
        return day

    def closing(self, day: date) -> datetime:
        """Return the moment at which the office closes on a day."""
        return self._moment(day, self.hours[-1][1])

    def opened(self, day: date) -> list[Span]:
        """Return the spans of office time on a day, none on a free one; each day is asked once."""
        spans = self._opened.get(day)
        if spans is None:
            hours = self.hours if self.is_worked(day) else ()
            spans = [(self._moment(day, start), self._moment(day, end)) for start, end in hours]
            self._opened[day] = spans
        return spans

    def is_open(self, moment: datetime) -> bool:
        """Say whether a moment lies in office time, its ends included."""
        return any(start <= moment <= end for start, end in self.opened(self.day_of(moment)))

    def knows(self, start: datetime, end: datetime) -> bool:
        """Say whether the holidays of all years between two moments are known."""
        first, last = self.day_of(start).year, self.day_of(end).year
        return all(year in self.years for year in range(first, last + 1))

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline; provisional where the holidays of its time are not known yet."""

    at: datetime
    provisional: bool


def due(start: datetime, limit: Limit, calendar: Calendar) -> Due:
    """Return when a limit that started at `start` is used up."""
    if limit.by_the_clock:
        return Due(start + limit.amount, provisional=False)
    if limit.unit == "wh":
        at = after(start, limit.amount, calendar)
    else:
        at = calendar.closing(_last_day(calendar.day_of(start), limit, calendar))
    return Due(at, provisional=not calendar.knows(start, at))


def worked(start: datetime, end: datetime, limit: Limit, calendar: Calendar) -> timedelta:
    """Return how much of a limit's kind of time lies between two moments in order."""
    if end <= start:
        return NOTHING
    if limit.by_the_clock:
        return end - start
    if limit.unit == "wh":
        return office_time(start, end, calendar)
    days = list(_days(calendar.day_of(start) + DAY, calendar.day_of(end)))
    return len(days) * DAY if limit.unit == "d" else sum(map(calendar.is_worked, days)) * DAY


def remaining(start: datetime, moment: datetime, limit: Limit, calendar: Calendar) -> timedelta:
    """Return what is left of a limit at a moment; negative when it was overdrawn."""
    return limit.amount - worked(start, moment, limit, calendar)


def office_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Return the office time between two moments."""
    spans = (
        span
        for day in _days(calendar.day_of(start), calendar.day_of(end))
        for span in calendar.opened(day)
    )
    return sum((max(NOTHING, min(end, shut) - max(start, open_)) for open_, shut in spans), NOTHING)


def after(start: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """Return the first moment at which `amount` of office time has passed since `start`."""
    day = calendar.day_of(start)
    while True:
        for opens, closes in calendar.opened(day):
            span = closes - max(start, opens)
            if span > NOTHING and amount <= span:
                return closes - (span - amount)
            amount -= max(NOTHING, span)
        day += DAY


def before(end: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """Return the last moment from which `amount` of office time leads up to `end`."""
    day = calendar.day_of(end)
    while True:
        for opens, closes in reversed(calendar.opened(day)):
            span = min(end, closes) - opens
            if span > NOTHING and amount <= span:
                return opens + (span - amount)
            amount -= max(NOTHING, span)
        day -= DAY


def _last_day(day: date, limit: Limit, calendar: Calendar) -> date:
    if limit.unit == "d":
        return calendar.next_worked(day + limit.amount)
    for _nth in range(limit.count):
        day = calendar.next_worked(day + DAY)
    return day


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
