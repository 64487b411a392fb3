"""A list from elsewhere: good rows arrive whole, bad rows are said, again is harmless."""

import csv
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from linli.audit.models import Entry as Line
from linli.audit.queries import verify
from linli.cases.models.case import Case, Dispatch
from linli.cases.models.story import Entry
from linli.cases.queries.lists import newest
from linli.cases.rules.mappings import as_mapping, read_mapping
from linli.cases.services import arrivals, checking, handling, importing
from linli.cases.services.handling import Answer
from linli.cases.services.importing import Options, import_cases
from linli.cases.tests.town import Town, make_area
from linli.duties.models import Duty
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid
from linli.offices.models import Account, Office, system
from linli.offices.tests.people import TOWN, make_actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAPPING = {
    "source": "old",
    "title": "{类型}",
    "text": "{类型}:{说明}",
    "columns": {
        "number": "编号",
        "category": "类型",
        "office": "单位",
        "state": "状态",
        "address": "地址",
        "reported_at": "上报",
        "closed_at": "结案",
        "promised_on": "期限",
        "lng": "经度",
        "lat": "纬度",
        "area": "网格",
    },
    "categories": {"路灯": "0202", "垃圾": "0301"},
    "states": {"已结": "solved", "在办": "handling", "新": "reported", "待派": "registered"},
}
HEADER = [*MAPPING["columns"].values(), "说明"]
CLOSED = (
    "A1,路灯,GOV-CJ,已结,村口,2026-01-05 10:00,2026-01-06 11:00,2026-01-06,113.002,31.502,x,不亮"
)
OPEN = "A2,垃圾,GOV-ZF,在办,桥头,2026-05-29 10:00,,2026-06-03,113.03,31.502,y,"
NEW = "A3,路灯,,新,,2026-06-01 08:30,,,,,,"


@pytest.fixture
def take(town: Town, tmp_path):
    def run(*rows, mapping=MAPPING, name="list.csv", header=HEADER, **options):
        file = tmp_path / name
        file.write_text("\n".join([",".join(header), *rows]), "utf-8", "surrogatepass")
        faults = []
        done = import_cases(
            file,
            as_mapping(mapping),
            actor=system(TOWN, "import"),
            options=Options(**options),
            refuse=faults.append,
        )
        return done, faults

    return run


def test_a_closed_matter_arrives_whole(take, town: Town):
    done, faults = take(CLOSED)
    assert (done.added, done.open, done.located, faults) == (1, 0, 1, [])
    case = Case.objects.get(source="old", source_number="A1")
    assert (case.title, case.text, case.category_id) == ("路灯", "路灯:不亮", "0202")
    assert (case.state, case.ending, case.channel) == ("closed", "solved", "import")
    assert case.reported_at == datetime(2026, 1, 5, 10, tzinfo=SHANGHAI)
    assert case.closed_at == case.answered_at == datetime(2026, 1, 6, 11, tzinfo=SHANGHAI)
    assert case.promised_at == datetime(2026, 1, 6, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    assert (case.grid, case.village, case.precision) == (town.grid, town.village, "point")
    assert (case.lead_office.code, case.source_area, case.publicity) == ("GOV-CJ", "x", "exact")
    assert case.number.startswith("260105-")
    entry = Entry.objects.get(case=case)
    assert (entry.verb, entry.before, entry.after) == ("imported", "", "closed")
    assert entry.facts == {"source": "old", "number": "A1"}
    assert Dispatch.objects.get(case=case).ended_at == case.closed_at
    assert Line.objects.filter(subject=case.matter.subject, act="case.imported").count() == 1
    assert list(verify()) == []
    assert not Duty.objects.exists()


def test_a_row_has_the_columns_that_a_report_has(take, town: Town):
    take(CLOSED)
    ours, theirs = Case.objects.get(source="old"), town.report()
    for field in Case._meta.concrete_fields:
        assert type(getattr(ours, field.attname)) in {
            type(getattr(theirs, field.attname)),
            type(None),
            datetime,
            str,
            type(ours.lead_office_id),
        }


def test_open_matters_arrive_with_what_is_owed(take, town: Town):
    done, _ = take(OPEN, NEW, "A4,路灯,,待派,,2026-06-01 08:45,,,,,,")
    assert (done.added, done.open) == (3, 3)
    open_, new, waiting = (Case.objects.get(source_number=number) for number in ("A2", "A3", "A4"))
    duties = {duty.matter_key: duty for duty in Duty.objects.live()}
    assert (duties[open_.pk].step, duties[open_.pk].office) == ("handle", town.roads)
    assert duties[open_.pk].due_at == open_.due_at == open_.promised_at
    assert open_.promised_at == datetime(2026, 6, 3, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    assert (duties[new.pk].step, new.registered_at, new.lead_office) == ("register", None, None)
    assert new.due_at == datetime(2026, 6, 1, 10, 30, tzinfo=SHANGHAI)
    assert (duties[waiting.pk].step, waiting.registered_at) == ("dispatch", waiting.reported_at)


def test_an_imported_matter_goes_on_like_any_other(take, town: Town):
    take(OPEN)
    case = Case.objects.get(source_number="A2")
    answer = Answer(outcome="solved", said="清走了", evidence="照片")
    case = handling.reply(case.pk, actor=town.roads_handler, answer=answer)
    if case.state == "verifying":
        case = checking.close(case.pk, actor=town.verifier, method="site")
    assert (case.state, case.ending) == ("closed", "solved")
    assert not Duty.objects.live().exists()


def test_newest_first_goes_by_the_day_of_the_report(take, town: Town):
    take(CLOSED, OPEN, NEW)
    assert [case.source_number for case in newest(Case.objects.all()).cases] == ["A3", "A2", "A1"]


def test_of_several_grids_the_one_is_taken_that_the_list_names(take, town: Town):
    make_area("grid", "990101001000009", (113.0, 31.5, 113.01, 31.51))
    take(cell(网格=town.grid.code), cell(编号="B", 网格="x"))
    named, unnamed = (Case.objects.get(source_number=number) for number in ("A1", "B"))
    assert (named.grid, named.precision) == (town.grid, "several")
    assert (unnamed.grid, unnamed.precision) == (None, "several")


def test_again_is_harmless(take):
    take(CLOSED, OPEN)
    before = Line.objects.count()
    done, faults = take(CLOSED, OPEN, OPEN, NEW)
    assert (done.added, done.known, faults) == (1, 3, [])
    assert Line.objects.count() == before + 1


def test_a_dry_run_writes_nothing(take):
    done, _ = take(CLOSED, OPEN, "x", dry_run=True)
    assert (done.added, done.faults) == (2, 1)
    assert not Case.objects.exists()
    assert not Line.objects.filter(act="case.imported").exists()


def test_all_or_nothing_is_nothing_with_a_bad_row(take):
    done, faults = take(CLOSED, "x", all_or_nothing=True)
    assert (done.added, len(faults), Case.objects.count()) == (0, 1, 0)
    assert take(CLOSED, all_or_nothing=True)[0].added == Case.objects.count() == 1


def test_a_limit_reads_so_many_rows(take):
    assert take(CLOSED, OPEN, NEW, limit=2)[0].added == 2


def cell(**changes):
    names = dict(zip(HEADER, CLOSED.split(","), strict=True))
    return ",".join({**names, **changes}.values())


BAD = {
    "no number": ("编号", cell(编号="")),
    "number too long": ("编号", cell(编号="9" * 61)),
    "kind unknown": ("类型", cell(类型="别的")),
    "state unknown": ("状态", cell(状态="?")),
    "year 1": ("上报", cell(上报="0001-01-01")),
    "year 9999": ("期限", cell(期限="9999-12-31")),
    "no date": ("上报", cell(上报="昨天")),
    "date missing": ("上报", cell(上报="")),
    "in the future": ("结案", cell(结案="2026-12-01")),
    "closed before reported": ("结案", cell(结案="2026-01-04")),
    "closed, nobody knows when": ("结案", cell(结案="")),
    "NaN": ("纬度", cell(经度="nan")),
    "zero": ("经度", cell(经度="0", 纬度="0")),
    "half a place": ("经度", cell(经度="")),
    "words for a place": ("纬度", cell(经度="东边")),
    "elsewhere": ("经度", cell(经度="1")),
    "nowhere": ("纬度", cell(经度="500")),
    "formula": ("地址", cell(地址="=1+1")),
    "command": ("地址", cell(地址="+cmd|' /C calc'!A0")),
    "NUL": ("地址", cell(地址="a\x00b")),
    "surrogate": ("地址", cell(地址="a\ud800b")),
    "address too long": ("地址", cell(地址="长" * 201)),
    "no such office": ("单位", cell(单位="NOBODY")),
    "open without office": ("单位", cell(单位="", 状态="在办")),
    "excluded": ("", cell(说明="有人在打人")),
    "300 cells": ("", CLOSED + ",x" * 300),
    "quotes": ("", '"' + CLOSED),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_row_is_said_and_the_good_ones_are_taken(take, bad):
    column, row = BAD[bad]
    done, faults = take(row, OPEN)
    assert (done.added, done.faults) == (1, 1)
    assert (faults[0].row, faults[0].column) == (2, column)
    assert faults[0].sentence
    assert Case.objects.get().source_number == "A2"
    assert list(verify()) == []


def test_a_batch_that_fails_leaves_nothing_half_written(take, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    real = arrivals.record_many

    def fails_later(lines, *, actor):
        if "A2" in str(lines):
            raise RuntimeError
        return real(lines, actor=actor)

    monkeypatch.setattr(arrivals, "record_many", fails_later)
    with pytest.raises(RuntimeError):
        take(CLOSED, OPEN)
    assert [case.source_number for case in Case.objects.all()] == ["A1"]
    assert Entry.objects.count() == 1
    assert not Duty.objects.exists()


def test_a_workbook_is_read_with_numbers_as_dates_and_dates_as_text(take, town: Town, tmp_path):
    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(
            1, 0, [7, "路灯", "GOV-CJ", "已结", "村口", 46027.5, "2026-01-06 11:00", 46028]
        )
        sheet.write_row(2, 0, [8, "路灯", "GOV-CJ", "已结", "村口", -1, "2026-01-06 11:00"])
    faults = []
    done = import_cases(
        file, as_mapping(MAPPING), actor=system(TOWN, "import"), refuse=faults.append
    )
    assert (done.added, [fault.column for fault in faults]) == (1, ["上报"])
    case = Case.objects.get()
    assert case.source_number == "7"
    assert case.reported_at == datetime(2026, 1, 5, 12, tzinfo=SHANGHAI)


def test_offices_are_set_up_where_the_mapping_says_so(take, town: Town):
    mapping = {
        **MAPPING,
        "create_offices": True,
        "offices": {"供电": {"code": "POWER", "name_zh": "供电局"}},
    }
    done, _ = take(cell(单位="供电"), cell(编号="B", 单位="水务"), mapping=mapping)
    assert sorted(done.offices) == ["POWER", "水务"]
    assert Office.objects.get(code="POWER").name_zh == "供电局"
    assert Line.objects.filter(act="office.opened").count() == 2


def test_only_the_system_imports(town: Town, tmp_path):
    with pytest.raises(Forbidden):
        import_cases(
            tmp_path / "a.csv",
            as_mapping(MAPPING),
            actor=make_actor("root", "R22"),
            refuse=print,
        )


@pytest.mark.parametrize(
    "change",
    [
        {"colums": {}},
        {"columns": {"number": "a"}},
        {"columns": {**MAPPING["columns"], "colour": "b"}},
        {"source": ""},
        {"source": "x" * 21},
        {"time_zone": "Mars/Base"},
        {"crs": "utm"},
        {"urgency": "P9"},
        {"states": {"a": "gone"}},
        {"states": {"a": "cannot_now"}},
        {"states": {"a": ["closed"]}},
        {"channels": {"a": "pigeon"}},
        {"default": {"office": "a"}},
        {"default": {"state": "bogus"}},
        {"default": {"state": "cannot_now"}},
        {"default": {"channel": "bogus"}},
        {"title": "{"},
        {"file": {"colour": "red"}},
    ],
)
def test_a_wrong_mapping_is_refused_in_words(change):
    with pytest.raises(Invalid) as refused:
        as_mapping({**MAPPING, **change})
    assert len(str(refused.value)) > 10


@pytest.mark.parametrize("change", [{"categories": {"路灯": "9999"}}, {"categories": {}}])
def test_a_mapping_to_no_category_is_refused(take, change):
    with pytest.raises(Invalid):
        take(CLOSED, mapping={**MAPPING, **change})


def test_the_command_writes_bad_rows_beside_the_file(town: Town, tmp_path, capsys):
    file, mapping = tmp_path / "list.csv", tmp_path / "m.toml"
    file.write_text("\n".join([",".join(HEADER), CLOSED, cell(编号="Z", 上报="")]), "utf-8")
    mapping.write_text(
        'source = "old"\n[columns]\nnumber = "编号"\nstate = "状态"\nreported_at = "上报"\n'
        'closed_at = "结案"\n[states]\n"已结" = "solved"\n[default]\ncategory = "0202"\n',
        "utf-8",
    )
    call_command("import_cases", str(file), mapping=str(mapping), township=TOWN)
    assert "2 rows: 1 added" in capsys.readouterr().out
    with (tmp_path / "list.csv.errors.csv").open(encoding="utf-8-sig", newline="") as errors:
        header, bad = csv.reader(errors)
    assert header == ["row", "column", "why"]
    assert bad[:2] == ["3", "上报"]
    with pytest.raises(CommandError):
        call_command(
            "import_cases", str(file), mapping=str(mapping), township=TOWN, all_or_nothing=True
        )


@pytest.mark.parametrize("wrong", [{"file": "none.csv"}, {"mapping": "none"}])
def test_the_command_says_what_is_missing(town: Town, tmp_path, wrong):
    file = tmp_path / "list.csv"
    file.write_text("a\n1\n", "utf-8")
    with pytest.raises(CommandError):
        call_command(
            "import_cases",
            wrong.get("file", str(file)),
            mapping=wrong.get("mapping", "la311"),
            township=TOWN,
        )


def test_what_ships_can_be_read():
    assert read_mapping("la311").zone == ZoneInfo("America/Los_Angeles")


def test_pages_show_what_was_imported(take, town: Town, client):
    take(CLOSED, OPEN)
    client.force_login(Account.objects.get(pk=town.leader.account))
    for case in Case.objects.all():
        page = client.get(f"/desk/{case.pk}/")
        assert page.status_code == 200
        assert case.title in page.content.decode()
    assert client.get("/desk/", {"state": "all"}).status_code == 200
    assert len(client.get("/api/v1/cases", {"state": "all"}).json()["items"]) == 2


def test_a_closed_matter_that_was_imported_is_taken_up_with_a_new_clock(take, town: Town):
    take(CLOSED)
    case = checking.reopen(Case.objects.get().pk, actor=town.supervisor, said="没修好")
    assert case.state == ("handling" if case.lead_office else "registered")
    assert case.due_at > clock.now()
