"""How limits are counted: examples checked by hand, and what holds for all of them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.duties.queries import calendars
from linli.duties.rules.clocks import (
    NOTHING,
    Calendar,
    Limit,
    after,
    before,
    due,
    office_time,
    remaining,
    worked,
)
from linli.kit.errors import Invalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = {date.fromisoformat(row["date"]): row["working"] == "Y" for row in calendars.shipped_days()}
CALENDAR = Calendar(SHANGHAI, calendars.work_hours(""), DAYS, calendars.known_years(DAYS))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due_at(start: str, limit: str) -> str:
    found = due(at(start), Limit.parse(limit), CALENDAR).at
    return f"{found.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # An ordinary week: Wednesday 4 March 2026.
        ("2026-03-04 10:00", "30m", "2026-03-04 10:30"),
        ("2026-03-04 23:50", "2h", "2026-03-05 01:50"),
        ("2026-03-04 10:00", "2wh", "2026-03-04 12:00"),
        ("2026-03-04 11:00", "2wh", "2026-03-04 14:30"),
        ("2026-03-04 12:30", "2wh", "2026-03-04 15:30"),
        ("2026-03-04 16:00", "4wh", "2026-03-05 10:30"),
        ("2026-03-04 20:00", "4wh", "2026-03-05 14:00"),
        ("2026-03-04 07:00", "8wh", "2026-03-04 18:00"),
        ("2026-03-04 10:00", "1wd", "2026-03-05 18:00"),
        ("2026-03-04 23:59", "1wd", "2026-03-05 18:00"),
        ("2026-03-06 17:00", "1wd", "2026-03-09 18:00"),
        ("2026-03-06 17:00", "4wh", "2026-03-09 11:30"),
        ("2026-03-04 10:00", "15d", "2026-03-19 18:00"),
        ("2026-03-04 10:00", "3d", "2026-03-09 18:00"),  # Saturday 7th moves to Monday (art. 203)
        # Spring Festival 2026: free 15 to 23 February; Saturdays 14 and 28 February are worked.
        ("2026-02-13 16:00", "1wd", "2026-02-14 18:00"),
        ("2026-02-13 16:00", "2wd", "2026-02-24 18:00"),
        ("2026-02-14 17:00", "2wh", "2026-02-24 09:30"),
        ("2026-02-13 16:00", "10d", "2026-02-24 18:00"),  # the 23rd is free
        ("2026-02-27 10:00", "1wd", "2026-02-28 18:00"),
        # Labour Day 2026: free 1 to 5 May; Saturday 9 May is worked.
        ("2026-04-30 17:00", "2wh", "2026-05-06 09:30"),
        ("2026-05-08 10:00", "1wd", "2026-05-09 18:00"),
        # National Day 2026: free 1 to 7 October; 20 September and 10 October are worked.
        ("2026-09-30 17:30", "1wh", "2026-10-08 09:00"),
        ("2026-09-30 17:30", "3wd", "2026-10-10 18:00"),
        ("2026-09-30 17:30", "4wd", "2026-10-12 18:00"),
        ("2026-09-16 09:00", "15d", "2026-10-08 18:00"),  # 1 October is free
        ("2026-10-09 19:00", "2wh", "2026-10-10 10:30"),
    ],
)
def test_a_limit_ends_when_a_calendar_on_the_wall_says_so(start, limit, expected):
    assert due_at(start, limit) == expected


@pytest.mark.parametrize(
    "day", ["2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_make_up_days_are_worked(day):
    assert CALENDAR.is_worked(date.fromisoformat(day))


def test_the_shipped_days_say_what_the_official_notices_say():
    """The dev package `chinesecalendar`, from which the file was made, is asked for every day."""
    day = date(2004, 1, 1)
    while day < date(2027, 1, 1):
        assert CALENDAR.is_worked(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_every_shipped_year_is_known_and_the_next_is_not():
    assert CALENDAR.years == frozenset(range(2004, 2027))


@pytest.mark.parametrize(
    "text", ["", "4", "wh", "0wd", "-1d", "1.5h", "4 wh", "4WH", "٤wh", "12345m", "1y", "2wh\n"]
)
def test_nonsense_is_not_a_limit(text):
    with pytest.raises(Invalid):
        Limit.parse(text)


@pytest.mark.parametrize("text", ["30m", "2h", "4wh", "3wd", "15d", "90m"])
def test_a_limit_reads_back_as_it_was_written(text):
    assert str(Limit.parse(text)) == text


def test_a_deadline_in_an_unknown_year_is_provisional_and_counts_monday_to_friday():
    found = due(at("2026-12-31 10:00"), Limit.parse("2wd"), CALENDAR)
    assert found.provisional
    assert found.at == at("2027-01-04 18:00")
    assert not due(at("2026-12-30 10:00"), Limit.parse("1wd"), CALENDAR).provisional
    assert not due(at("2026-12-31 23:30"), Limit.parse("2h"), CALENDAR).provisional


def test_an_office_that_is_always_on_duty_counts_every_hour():
    limit = Limit.parse("4wh")
    assert str(limit.for_office("24h")) == "4h"
    assert limit.for_office("work") == limit
    assert str(Limit.parse("1wd").for_office("24h")) == "1wd"


moments = st.timedeltas(NOTHING, timedelta(days=1800)).map(lambda gap: at("2024-01-01 00:00") + gap)
limits = st.builds(
    lambda number, unit: Limit.parse(f"{number}{unit}"),
    st.integers(1, 60),
    st.sampled_from(["m", "h", "wh", "wd", "d"]),
)
gaps = st.timedeltas(NOTHING, timedelta(days=40))


@given(moments, limits)
def test_a_working_limit_never_ends_while_the_office_is_closed(start, limit):
    found = due(start, limit, CALENDAR).at
    assert found > start
    assert limit.by_the_clock or CALENDAR.is_open(found)


@given(moments, gaps, limits)
def test_who_starts_later_is_never_due_earlier(start, gap, limit):
    assert due(start, limit, CALENDAR).at <= due(start + gap, limit, CALENDAR).at


@given(moments, limits, st.integers(1, 20))
def test_more_time_never_ends_earlier(start, limit, count):
    longer = Limit.parse(f"{limit.count + count}{limit.unit}")
    assert due(start, limit, CALENDAR).at <= due(start, longer, CALENDAR).at


@given(moments, limits)
def test_at_the_deadline_exactly_the_limit_is_used(start, limit):
    end = due(start, limit, CALENDAR).at
    used = worked(start, end, limit, CALENDAR)
    assert used == limit.amount or (limit.unit == "d" and used > limit.amount)
    assert remaining(start, start, limit, CALENDAR) == limit.amount
    assert remaining(start, end, limit, CALENDAR) <= NOTHING


@given(moments, limits)
def test_just_before_the_deadline_something_is_left_unless_it_is_the_last_day(start, limit):
    end = due(start, limit, CALENDAR).at
    left = remaining(start, end - timedelta(microseconds=1), limit, CALENDAR)
    assert left <= NOTHING if limit.in_days else left > NOTHING


@given(moments, gaps, gaps, limits)
def test_what_is_worked_adds_up(start, first, second, limit):
    middle, end = start + first, start + first + second
    assert worked(start, end, limit, CALENDAR) == (
        worked(start, middle, limit, CALENDAR) + worked(middle, end, limit, CALENDAR)
    )


@given(moments, limits, st.floats(0, 1), gaps)
def test_a_pause_at_any_moment_takes_out_exactly_what_was_worked_in_it(start, limit, share, gap):
    """However the clock is stopped, used before + used after = the limit."""
    end = due(start, limit, CALENDAR).at
    paused = start + (end - start) * share
    resumed = paused + gap
    stopped = worked(paused, resumed, limit, CALENDAR)
    new_end = due(start, limit.plus(stopped), CALENDAR).at
    used = worked(start, paused, limit, CALENDAR) + worked(resumed, new_end, limit, CALENDAR)
    assert used == limit.amount or (limit.unit == "d" and used > limit.amount)
    assert new_end >= end
    assert new_end - end <= gap + timedelta(days=14)


@given(moments, st.timedeltas(timedelta(seconds=1), timedelta(hours=80)))
def test_office_time_forwards_is_the_same_as_backwards(start, amount):
    end = after(start, amount, CALENDAR)
    assert office_time(start, end, CALENDAR) == amount
    assert office_time(before(end, amount, CALENDAR), end, CALENDAR) == amount


def test_a_township_with_other_hours_is_due_at_its_own_closing_time(monkeypatch):
    table = {"work": ["08:30-12:00"], "township": {"990101000000": {"work": ["08:00-16:00"]}}}
    monkeypatch.setattr(calendars, "read_toml", lambda *_: table)
    hours = calendars.work_hours("990101000000")
    own = Calendar(SHANGHAI, hours, DAYS, CALENDAR.years)
    found = due(at("2026-03-04 10:00"), Limit.parse("1wd"), own).at
    assert found == at("2026-03-05 16:00")
    assert own.working_day == timedelta(hours=8)
