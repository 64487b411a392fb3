"""A town edits its calendar; deadlines that the change moves are counted again and named."""

from datetime import date
from io import BytesIO, StringIO

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from linli.audit.models import Entry
from linli.duties.events import DutyMoved
from linli.duties.models import CalendarDay, Duty
from linli.duties.queries import calendars
from linli.duties.rules.calendar_files import Day, read_days
from linli.duties.services.calendars import edit_day, load_calendar
from linli.duties.tests.matters import WORKER, at, local, open_handle, pause_at, refused, resume_at
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_office

NEW_YEAR = (
    "日期\t是否上班\t说明\n2027-01-01\t休\t元旦\n2027-01-04\tN\t调休\n2027-10-01\tN\t国庆节\n"
)


def test_a_missing_year_is_provisional_and_named_until_it_is_loaded(db, works, heard):
    with clock.at(at("2026-12-30 10:00")):
        assert calendars.missing_years(TOWN) == []
        duty = open_handle(works, "3wd")
        assert (local(duty.due_at), duty.provisional) == ("2027-01-04 18:00", True)
        assert calendars.missing_years(TOWN) == [2027]
        loaded = load_calendar(read_days(NEW_YEAR.encode()), actor=WORKER, everywhere=True)
        assert calendars.missing_years(TOWN) == []
    duty.refresh_from_db()
    assert (local(duty.due_at), duty.provisional, duty.round) == ("2027-01-06 18:00", False, 2)
    (moved,) = loaded.moved
    assert (moved.duty, local(moved.before)) == (duty, "2027-01-04 18:00")
    assert isinstance(heard[-1], DutyMoved)
    assert heard[-1].reason == "calendar"
    assert local(duty.first_due_at) == "2027-01-04 18:00"


def test_the_present_year_is_needed_even_while_nothing_is_owed(db):
    with clock.at(at("2027-03-01 10:00")):
        assert calendars.missing_years(TOWN) == [2027]


def test_a_dry_run_says_what_would_move_and_changes_nothing(db, works):
    with clock.at(at("2026-12-30 10:00")):
        before = open_handle(works, "3wd").due_at
        loaded = load_calendar(
            read_days(NEW_YEAR.encode()), actor=WORKER, everywhere=True, dry_run=True
        )
        assert [local(moved.after) for moved in loaded.moved] == ["2027-01-06 18:00"]
        assert Duty.objects.get().due_at == before
        assert not CalendarDay.objects.exists()
        assert not Entry.objects.exists()
        assert calendars.missing_years(TOWN) == [2027]


def test_a_township_gives_itself_a_free_day_and_nobody_else(db, works, admin, wednesday):
    there = make_office("GOV-CJ", township=OTHER_TOWN)
    duty = open_handle(works)
    edit_day(date(2026, 3, 9), actor=admin, working=False, name="镇庆")
    duty.refresh_from_db()
    assert local(duty.due_at) == "2026-03-12 18:00"
    assert calendars.due_after(there.township, wednesday, "5wd") == at("2026-03-11 18:00")
    assert [(day.name, day.source) for day in calendars.list_days(TOWN, 2026) if day.name == "镇庆"]
    edit_day(date(2026, 3, 9), actor=admin, working=True)
    duty.refresh_from_db()
    assert local(duty.due_at) == "2026-03-11 18:00"


def test_pauses_are_counted_again_too(db, works, admin, wednesday):
    open_handle(works)
    pause_at("2026-03-05 10:00")
    resume_at("2026-03-10 10:00")  # 6, 9 and 10 March: three working days
    edit_day(date(2026, 3, 9), actor=admin, working=False)
    duty = Duty.objects.get()
    assert (duty.stopped.days, local(duty.due_at)) == (2, "2026-03-16 18:00")


def test_a_paused_duty_stays_paused(db, works, admin, wednesday):
    open_handle(works, "2wd")
    pause_at("2026-03-05 10:00")
    loaded = edit_day(date(2026, 3, 6), actor=admin, working=False)
    duty = Duty.objects.get()
    assert (duty.state, duty.due_at, local(duty.alarm_at)) == ("paused", None, "2026-03-10 18:00")
    assert loaded.moved == []


def test_other_processes_read_the_change(db, admin, wednesday):
    before = calendars.get_calendar(TOWN)
    CalendarDay.objects.create(township=TOWN, date=date(2026, 3, 9), working=False)
    assert calendars.get_calendar(TOWN) is before
    edit_day(date(2026, 3, 10), actor=admin, working=False)
    assert not calendars.get_calendar(TOWN).is_worked(date(2026, 3, 9))


def test_only_an_administrator_edits_and_only_the_system_edits_for_all(db, li, admin):
    days = [Day(date(2026, 3, 9), working=False)]
    with refused(Forbidden):
        load_calendar(days, actor=li)
    with refused(Forbidden):
        load_calendar(days, actor=admin, everywhere=True)
    load_calendar(days, actor=admin)
    entry = Entry.objects.get()
    assert (entry.act, entry.actor, entry.subject) == (
        "calendar.loaded",
        admin.key,
        f"calendar:{TOWN}",
    )


def sheet(*rows):
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "2027-01-01\tN\t元旦\n2027-02-06\tY\t春节调休".encode(),
        "date,working,name_zh\r\n2027/1/1,n,元旦\r\n2027/2/6,y,春节调休\r\n".encode("utf-8-sig"),
        "日期,上班,说明\n2027-1-1,休,元旦\n2027.2.6,班,春节调休\n".encode("gb18030"),
        sheet(["date", "working", "name"], [date(2027, 1, 1), "N", "元旦"],
              ["2027-02-06", "上班", "春节调休"]),
    ],
)  # fmt: skip
def test_a_calendar_is_read_as_offices_pass_it_round(content):
    assert read_days(content) == [
        Day(date(2027, 1, 1), working=False, name="元旦"),
        Day(date(2027, 2, 6), working=True, name="春节调休"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"date\tworking\n",
        b"2027-01-01\tperhaps\n",
        b"2027-01-01\n",
        b"2027-13-01,N\n2027-02-30,N\n",
        b"9999-01-01,N\n0001-01-01,N\n",
        b'2027-01-01,"N\n',
        b"2027-01-01\x00,N\n",
        b"PK\x03\x04 not a workbook",
        b"\xff\xfe\x00\xd8",
        b"=HYPERLINK(1),N\n=1+1,N\n",
        b"2027-01-01,N\n" * 6000,
        b"x" * 1_000_001,
        ("," * 300 + "\n").encode() * 3 + b"2027-01-01" + b"," * 300,
    ],
)
def test_a_file_that_is_no_calendar_is_refused_in_words(content):
    with pytest.raises(Invalid) as refusal:
        read_days(content)
    assert all(str(sentence) for sentence in refusal.value.fields["file"])


def test_the_command_loads_a_file_and_names_what_moved(db, works, tmp_path):
    file = tmp_path / "2027.tsv"
    file.write_text(NEW_YEAR, encoding="utf-8")
    with clock.at(at("2026-12-30 10:00")):
        open_handle(works, "3wd")
        for dry_run in (True, False):
            out = StringIO()
            call_command("load_calendar", str(file), dry_run=dry_run, stdout=out)
            assert "T-0007 handle: 2027-01-04 18:00 -> 2027-01-06 18:00" in out.getvalue()
            assert "3 days of 2027" in out.getvalue()
    assert CalendarDay.objects.filter(township="").count() == 3


def test_the_command_refuses_a_missing_or_a_wrong_file(db, tmp_path):
    with pytest.raises(CommandError):
        call_command("load_calendar", str(tmp_path / "none.tsv"))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("2027-01-01,perhaps\n")
    with pytest.raises(CommandError):
        call_command("load_calendar", str(wrong))
    assert not CalendarDay.objects.exists()
