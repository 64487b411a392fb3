"""Everybody sees figures, roots and draws, and never more than is public."""

from datetime import date, timedelta

from django.test import Client

from linli.analytics.tests.matters import make_case, make_open
from linli.audit.services import publish_root
from linli.cases.models.story import Draw
from linli.cases.services.draws import get_draw, ticket
from linli.cases.tests.town import MONDAY, Town
from linli.duties.services.moves import open_duty
from linli.kit import clock
from linli.offices.models import system
from linli.offices.tests.people import OTHER_TOWN, TOWN


def read(address: str, **query: str) -> str:
    return Client().get(address, query).content.decode()


def test_figures_are_there_for_everybody(town: Town) -> None:
    for _one in range(7):
        make_case(town)
    for by in ("month", "office", "category", "area"):
        page = read("/figures/", by=by)
        assert "100.0%" in page
        assert "重开沿用原时钟" in page


def test_figures_of_few_reports_are_not_shown(town: Town) -> None:
    make_open(town)
    assert "<rect" not in read("/figures/")


def test_a_wrong_day_is_said(town: Town) -> None:
    assert Client().get("/figures/", {"since": "0000"}).status_code == 422


def test_what_is_late_stands_with_its_office(town: Town) -> None:
    case = town.report()
    open_duty(case.matter, step="handle", office=town.lights.pk, limit="1wh", actor=system(TOWN))
    with clock.at(MONDAY + timedelta(days=2)):
        page = read("/figures/")
    assert town.lights.name_zh in page


def test_the_page_asks_few_statements(town: Town, django_assert_max_num_queries) -> None:
    for _one in range(7):
        make_case(town)
    with django_assert_max_num_queries(9):
        read("/figures/", by="area")


def test_roots_are_listed_and_given_as_json(town: Town) -> None:
    town.report()
    root = publish_root(TOWN, MONDAY.date())
    assert root.root in read("/figures/trail/")
    (item,) = Client().get("/figures/trail.json").json()["items"]
    assert item["root"] == root.root
    assert set(item) == {"township", "day", "first", "last", "root", "head", "published_at"}


def test_the_page_without_roots_says_when(town: Town) -> None:
    assert "<table" not in read("/figures/trail/")


def test_a_seed_is_secret_until_its_day_is_over(town: Town) -> None:
    today, yesterday = MONDAY.date(), MONDAY.date() - timedelta(days=1)
    secret, known = get_draw(TOWN, today), get_draw(TOWN, yesterday)
    Draw.objects.create(township=OTHER_TOWN, day=date(2026, 5, 1), seed="s" * 64, commitment="c")
    page = read("/figures/draws/")
    assert secret.commitment in page
    assert secret.seed not in page
    assert known.seed in page
    assert "s" * 64 not in page
    assert 0 <= ticket(known.seed, "260601-ABCDE") < 1
