"""Pages of figures: the desk's table, its CSV, the morning brief."""

import csv
import io
from datetime import timedelta

from django.test import Client

from linli.analytics.queries.mornings import Morning, morning
from linli.analytics.tests.matters import make_case, make_open
from linli.cases.tests.town import MONDAY, Town


def test_the_desk_shows_table_bars_and_definitions(town: Town, browse) -> None:
    make_case(town)
    make_open(town)
    page = browse(town.leader).get("/figures/desk/", {"by": "category"}).content.decode()
    assert "路灯不亮" in page
    assert "50.0%" in page
    assert "<rect" in page
    assert "重开沿用原时钟" in page


def test_the_desk_says_when_nothing_was_reported(town: Town, browse) -> None:
    page = browse(town.leader).get("/figures/desk/")
    assert page.status_code == 200
    assert "<rect" not in page.content.decode()


def test_a_wrong_day_is_said(town: Town, browse) -> None:
    answer = browse(town.leader).get("/figures/desk/", {"since": "x"})
    assert answer.status_code == 422
    assert browse(town.leader).get("/figures/desk.csv", {"by": "x"}).status_code == 422


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(town: Town, browse) -> None:
    town.lights.name_zh = "=HYPERLINK(1)"
    town.lights.save()
    make_case(town)
    answer = browse(town.leader).get("/figures/desk.csv", {"by": "office"})
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    row, total = csv.DictReader(io.StringIO(text[1:]))
    assert row["name_zh"] == "'=HYPERLINK(1)"
    assert (row["reported"], row["on_time_share"], total["key"]) == ("1", "1.0", "total")


def test_nobody_is_sent_to_the_sign_in(db) -> None:
    for address in ("/figures/desk/", "/figures/desk.csv", "/figures/morning/"):
        assert Client().get(address).url.startswith("/accounts/login/")


def test_the_morning_brief(town: Town, browse, django_assert_num_queries) -> None:
    old = MONDAY - timedelta(days=9)
    make_open(town, reported_at=MONDAY - timedelta(hours=20), due_at=MONDAY + timedelta(hours=2))
    make_open(town, reported_at=old, due_at=MONDAY - timedelta(hours=1))
    make_open(town, reported_at=old, due_at=MONDAY + timedelta(days=2), state="verifying")
    make_open(town, reported_at=old, due_at=None, lead_office=town.roads)
    make_case(town, reported_at=MONDAY - timedelta(hours=2), answered_at=MONDAY)
    make_case(town, reported_at=old)
    with django_assert_num_queries(1):
        assert morning(town.leader) == Morning(new=2, due_today=1, late=1, to_verify=1, on_hand=4)
    assert morning(town.roads_handler) == Morning(0, 0, 0, 0, 1)
    page = browse(town.leader).get("/figures/morning/").content.decode()
    assert "<dl>" in page
    part = browse(town.leader).get("/figures/morning/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
