"""Everybody reads what can be reported; the administrator gives a category the town's own terms."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.areas.services.answering import admit_task
from linli.cases.models.catalogue import Category, LocalRule
from linli.cases.queries.catalogue import get_promise, list_promises
from linli.cases.tests.pages import browser, text_of
from linli.cases.tests.town import MONDAY, Town
from linli.kit import clock
from linli.offices.models import Actor
from linli.offices.tests.people import TOWN, make_actor

LIST, LAMP = "/catalogue/", "/catalogue/0202/"
TERMS = {
    "valid_from": "2026-06-01",
    "urgency": "P2",
    "respond": "2wh",
    "dispose": "1wd",
    "publicity": "exact",
    "reason": "夜里出行安全",
}


@pytest.fixture
def root(town: Town) -> Actor:
    return make_actor("root", "R22", second_factor=True)


def test_everybody_sees_kinds_and_limits(town: Town) -> None:
    page = text_of(Client().get(LIST))
    assert "路灯不亮" in page
    assert page.count("<tr>") > 110
    assert "不亮" in text_of(Client().get(LAMP))


def test_it_costs_the_same_for_many_kinds(town: Town) -> None:
    with CaptureQueriesContext(connection) as asked:
        Client().get(LIST)
    assert len(asked) <= 4


@pytest.mark.parametrize("code", ["9999", "x", "0202x"])
def test_an_unknown_kind_is_not_found(town: Town, code: str) -> None:
    assert Client().get(f"/catalogue/{code}/").status_code == 404


def test_the_administrator_sees_first_what_would_change(town: Town, root: Actor) -> None:
    client = browser(root)
    answer = client.post(LAMP, {**TERMS, "preview": "yes"})
    assert answer.status_code == 200
    changed = {change["name"] for change in answer.context["changes"]}
    assert changed == {"urgency", "respond", "dispose"}
    assert not LocalRule.objects.exists()


def test_the_administrator_sets_the_towns_own_terms(town: Town, root: Actor) -> None:
    assert browser(root).post(LAMP, TERMS).status_code == 302
    case = town.report()
    assert case.urgency == "P2"
    page = text_of(Client().get(LAMP))
    assert "夜里出行安全" in page
    assert "本镇" in text_of(Client().get(LIST))


def test_the_rule_for_one_and_the_list_for_all_agree(town: Town, root: Actor) -> None:
    client = browser(root)
    client.post(LAMP, TERMS)
    client.post(LAMP, {**TERMS, "valid_from": "2026-06-03", "dispose": "2wd"})
    for day in (0, 1, 2, 3):
        with clock.at(MONDAY + timedelta(days=day)):
            listed = list_promises(TOWN)
            assert listed == [get_promise(TOWN, one.category) for one in listed]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_from": "2026-05-31"}, "valid_from"),
        ({"valid_from": "0001-01-01"}, "valid_from"),
        ({"valid_from": "never"}, "valid_from"),
        ({"respond": "soon"}, "respond"),
        ({"dispose": "0wd"}, "dispose"),
        ({"dispose": "99999wd"}, "dispose"),
        ({"urgency": "P9"}, "urgency"),
        ({"publicity": "all"}, "publicity"),
        ({"reason": ""}, "reason"),
        ({"reason": "a\x00"}, "reason"),
    ],
)
def test_bad_terms_are_answered_in_the_form(
    town: Town, root: Actor, wrong: dict[str, str], field: str
) -> None:
    answer = browser(root).post(LAMP, {**TERMS, **wrong})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not LocalRule.objects.exists()


def test_only_administrators_change_terms(town: Town) -> None:
    assert browser(town.intake).post(LAMP, TERMS).status_code == 403
    assert Client().post(LAMP, TERMS).status_code == 302
    assert 'name="respond"' not in text_of(browser(town.intake).get(LAMP))
    assert not LocalRule.objects.exists()


def test_lists_of_lower_floors_call_matters_by_name(town: Town, root: Actor) -> None:
    day = MONDAY.date()
    about = {"basis": "镇委会决定", "owner": town.lights.pk, "valid_from": day}
    admit_task("0202", actor=root, expires_on=day + timedelta(days=30), **about)
    with clock.at(MONDAY):
        page = text_of(Client().get("/areas/admissions/"))
    assert Category.objects.get(pk="0202").name in page
