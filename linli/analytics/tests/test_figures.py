"""Every figure is what a hand count gives; the public sees no small cells; statements are few."""

from datetime import UTC, date, timedelta

import pytest
from django.test import Client

from linli.analytics.choices import SHARES
from linli.analytics.queries.figures import figures
from linli.analytics.rules.merging import merge_few
from linli.analytics.tests.matters import make_case, make_open
from linli.cases.models.case import Case
from linli.cases.services import dispatching, handling, sorting
from linli.cases.services.handling import Answer
from linli.cases.tests.town import MONDAY, Town
from linli.kit import clock
from linli.offices.models import system
from linli.offices.tests.people import OTHER_TOWN, TOWN

BREAKDOWNS = ["office", "category", "area", "month"]


def desk(by="office", **more):
    return figures(by, township=TOWN, actor=system(TOWN), **more)


def total(**more):
    return desk(**more).total


def test_a_case_that_went_all_the_way_is_counted(town: Town) -> None:
    case = town.report()
    sorting.register(case.pk, actor=town.intake)
    dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    with clock.at(MONDAY + timedelta(hours=3)):
        handling.sign(case.pk, actor=town.handler)
        answer = Answer(outcome="solved", said="亮了", evidence="照片")
        case = handling.reply(case.pk, actor=town.handler, answer=answer)
        found = total()
    assert (found.counts["reported"], found.counts["registered"]) == (1, 1)
    assert (found.shares["on_time"].hits, found.shares["on_time"].of) == (1, 1)
    assert found.times.median == 3


def test_counts_of_answers_in_time(town: Town) -> None:
    make_case(town)
    late = MONDAY - timedelta(days=20)
    make_case(town, answered_at=late + timedelta(days=3), closed_at=late + timedelta(days=4))
    make_open(town)  # promised for 14 May: late
    make_open(town, promised_at=MONDAY + timedelta(days=1))  # not due yet
    make_open(town, promised_at=None, state="paused")
    make_case(town, ending="withdrawn")  # nobody owed it any more
    make_case(town, promised_at=None)
    make_case(town, answered_at=None)  # closed, nobody knows when it was answered
    found = total()
    assert (found.shares["on_time"].hits, found.shares["on_time"].of) == (1, 3)
    assert (found.shares["kept"].hits, found.shares["kept"].of) == (2, 3)
    assert (found.counts["reported"], found.counts["closed"], found.counts["open"]) == (8, 5, 3)


def test_an_answer_that_was_sent_back_is_no_answer(town: Town) -> None:
    make_open(town, answered_at=MONDAY - timedelta(days=19), reworks=1, drawn=None)
    found = total()
    assert (found.shares["on_time"].hits, found.shares["on_time"].of) == (0, 1)
    assert (found.shares["rework"].hits, found.shares["rework"].of) == (1, 1)


def test_counts_of_how_well(town: Town) -> None:
    make_case(town, drawn=True, score=5)
    make_case(town, drawn=True, reworks=2, score=3, extensions=1)
    make_case(town, drawn=False, reopenings=1)
    make_open(town, reopenings=1)
    make_case(town, ending="cannot_now", next_answer_on=date(2026, 9, 1))
    shares = total().shares
    assert {key: (one.hits, one.of) for key, one in shares.items()} == {
        "on_time": (4, 5),
        "kept": (4, 4),
        "rework": (1, 2),
        "reopen": (2, 5),
        "satisfaction": (1, 2),
        "cannot_now": (1, 4),
        "extension": (1, 5),
        "same_area": (0, 0),
    }


def test_satisfaction_needs_thirty_ratings(town: Town) -> None:
    for _one in range(29):
        make_case(town, score=4)
    assert total().shares["satisfaction"].value is None
    make_case(town, score=1)
    assert total().shares["satisfaction"].value == pytest.approx(29 / 30)


def test_the_place_is_compared_with_the_source(town: Town) -> None:
    place = {"lng": 113.002, "lat": 31.502, "source": "old"}
    make_case(town, **place, source_number="1", source_area=town.grid.code)
    make_case(town, **place, source_number="2", source_area="other")
    make_case(town, **place, source_number="3", source_area="x", grid=None)
    make_case(town, **place, source_number="4")
    make_case(town, source="old", source_number="5", source_area=town.grid.code)
    assert (total().counts["agreeing"], total().counts["compared"]) == (1, 3)


@pytest.mark.parametrize(
    ("hours", "median", "p90"),
    [([5], 5, 5), ([1, 2], 1, 2), ([1, 2, 3], 2, 3), (list(range(1, 11)), 5, 9), ([4] * 7, 4, 4)],
)
def test_median_and_p90_by_nearest_rank(town: Town, hours, median, p90) -> None:
    reported = MONDAY - timedelta(days=20)
    for one in reversed(hours):
        make_case(town, answered_at=reported + timedelta(hours=one))
    make_case(town, answered_at=reported, ending="withdrawn")
    make_case(town, answered_at=reported, lead_office=town.roads)
    row = next(row for row in desk().rows if row.key == "GOV-CJ")
    assert (row.times.median, row.times.p90) == (median, p90)


def test_rows_by_each_breakdown(town: Town) -> None:
    make_case(town, reported_at=MONDAY - timedelta(days=40))
    make_case(town, category_id="0301", lead_office=town.roads)
    make_open(town, state="registered", lead_office=None, grid=None, village=None)

    def counted(by):
        return {(row.kind, row.key): row.counts["reported"] for row in desk(by).rows}

    assert counted("office") == {
        ("office", ""): 1,
        ("office", "GOV-CJ"): 1,
        ("office", "GOV-ZF"): 1,
    }
    assert counted("category") == {("category", "0202"): 2, ("category", "0301"): 1}
    assert counted("month") == {("month", "2026-04"): 1, ("month", "2026-05"): 2}
    assert counted("area") == {
        ("village", ""): 1,
        ("village", "990101001000"): 2,
        ("grid", ""): 1,
        ("grid", "990101001000001"): 2,
    }
    assert desk("area").total.counts["reported"] == 3


def test_months_begin_at_midnight_in_town(town: Town) -> None:
    make_case(town, reported_at=MONDAY.replace(day=1, month=5, hour=0, minute=30))
    assert [row.key for row in desk("month").rows] == ["2026-05"]
    assert total(since=date(2026, 5, 1), until=date(2026, 5, 1)).counts["reported"] == 1
    assert total(until=date(2026, 4, 30)).counts["reported"] == 0


def test_somebody_of_an_office_counts_what_they_see(town: Town) -> None:
    make_case(town)
    make_case(town, lead_office=town.roads)
    make_case(town, township=OTHER_TOWN)
    mine = figures("office", township=TOWN, actor=town.handler)
    assert [row.key for row in mine.rows] == ["GOV-CJ"]
    assert mine.total.counts["reported"] == Case.objects.visible_to(town.handler).count() == 1


def public(by, **more):
    return figures(by, township=TOWN, **more)


def test_the_public_sees_no_small_cells(town: Town) -> None:
    for _one in range(6):
        make_case(town)
    for _one in range(7):
        make_case(town, category_id="0301")
    make_case(town, category_id="0506")
    rows = {row.key: row.counts["reported"] for row in public("category").rows}
    assert rows == {"0301": 7, "other": 7}, "one case alone could be had from the total"
    assert public("category").total.counts["reported"] == 14


def test_an_office_of_the_town_is_shown_with_few(town: Town) -> None:
    for _one in range(6):
        make_case(town)
    make_case(town, lead_office=town.roads)
    assert {row.key: row.counts["reported"] for row in public("office").rows} == {
        "GOV-CJ": 6,
        "GOV-ZF": 1,
    }


def test_the_public_sees_villages_but_no_grids(town: Town) -> None:
    for _one in range(5):
        make_case(town)
    assert {row.kind for row in public("area").rows} == {"village"}


def test_the_public_sees_nothing_of_fewer_than_five(town: Town) -> None:
    for _one in range(4):
        make_case(town)
    assert (public("office").rows, public("office").total) == ([], None)


def test_the_public_asks_for_whole_months(town: Town) -> None:
    found = public("month", since=date(2026, 5, 12), until=date(2026, 2, 3))
    assert (found.since, found.until) == (date(2026, 5, 1), date(2026, 2, 28))
    assert public("month", until=date(2026, 12, 31)).until == date(2026, 12, 31)


def test_merging_nothing_is_nothing() -> None:
    assert merge_few([], ("其他", "Others")) == []


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_statements_do_not_grow_with_cases(town: Town, django_assert_num_queries, by) -> None:
    statements = 5 if by == "area" else 3
    for many in (1, 12):
        for one in range(many):
            make_case(town, category_id=["0202", "0301", "0506"][one % 3])
        with django_assert_num_queries(statements):
            desk(by)


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_the_api_gives_public_figures_to_everybody(town: Town, by) -> None:
    for _one in range(6):
        make_case(town)
    body = Client().get("/api/v1/figures", {"by": by}).json()
    assert body["total"]["reported"] == 6
    assert body["items"][0]["shares"]["on_time"]["denominator"] == 6
    assert {one["key"] for one in body["definitions"]} >= set(SHARES)


def test_the_api_gives_somebody_signed_in_what_they_see(town: Town, browse) -> None:
    make_case(town)
    make_case(town, lead_office=town.roads)
    assert Client().get("/api/v1/figures").json()["total"] is None
    body = browse(town.handler).get("/api/v1/figures", {"by": "area"}).json()
    assert (body["total"]["reported"], body["items"][-1]["kind"]) == (1, "grid")


@pytest.mark.parametrize(
    "query",
    [
        {"by": "worker"},
        {"by": "post"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "yesterday"},
        {"since": "2026-05-02", "until": "2026-05-01"},
    ],
)
def test_nonsense_is_refused_in_words(town: Town, query) -> None:
    answer = Client().get("/api/v1/figures", query)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["fields"]


def test_no_figure_speaks_of_a_worker() -> None:
    fields = set(
        Client()
        .get("/api/v1/openapi.json")
        .json()["components"]["schemas"]["FigureOut"]["properties"]
    )
    assert not fields & {"handler", "post", "account", "worker", "reporter"}


def test_answers_in_the_year_2199_do_not_break_the_figures(town: Town) -> None:
    far = clock.now().replace(year=2199, tzinfo=UTC)
    make_case(town, answered_at=far, closed_at=far)
    assert total().times.median > 1_000_000
