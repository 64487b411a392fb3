"""The worklist: what waits for a post, filtered by links, the nearest deadline first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.services import dispatching, handling, sorting
from linli.cases.services.handling import Answer
from linli.cases.tests.pages import XSS, browser, text_of
from linli.cases.tests.town import MONDAY, Town
from linli.duties.queries.calendars import forget_calendars
from linli.kit import clock
from linli.offices.models import Post
from linli.offices.tests.people import OTHER_TOWN, make_actor, make_office

DESK = "/desk/"


def numbers(client: Client, query: str = "") -> list[str]:
    answer = client.get(DESK + query)
    assert answer.status_code == 200
    return [case.number for case in answer.context["cases"]]


def test_nobody_is_led_to_the_sign_in(town: Town) -> None:
    for address in (DESK, f"{DESK}counts/", f"{DESK}new/"):
        answer = Client().get(address)
        assert answer.url.startswith(reverse("account_login"))


def test_the_least_time_left_comes_first(town: Town) -> None:
    slow = town.report("慢的")
    urgent = town.report("路面塌了", category="0102")
    client = browser(town.intake)
    assert numbers(client) == [urgent.number, slow.number]
    assert numbers(client, "?order=newest") == [urgent.number, slow.number]


def test_everybody_sees_what_their_post_sees(town: Town) -> None:
    case = town.report()
    assert numbers(browser(town.intake)) == [case.number]
    assert numbers(browser(town.grid_worker)) == [case.number]
    assert numbers(browser(town.far_grid_worker)) == []
    assert numbers(browser(town.handler)) == []
    hong = make_actor("hong", "R06", make_office("GOV-ZZ", township=OTHER_TOWN))
    assert numbers(browser(hong)) == []


def test_tabs_count_the_states(town: Town) -> None:
    first, _second = town.report(), town.report("第二件")
    sorting.register(first.pk, actor=town.intake)
    answer = browser(town.intake).get(f"{DESK}?state=registered")
    assert [case.pk for case in answer.context["cases"]] == [first.pk]
    tabs = {state: count for state, _label, count in answer.context["tabs"]}
    assert (tabs[State.REPORTED], tabs[State.REGISTERED]) == (1, 1)
    assert answer.context["open"] == 2


def test_filters_are_links(town: Town) -> None:
    lamp, road = town.report("路灯不亮"), town.report("路面塌了", category="0102")
    client = browser(town.intake)
    assert numbers(client, "?category=0202") == [lamp.number]
    assert numbers(client, "?urgency=P1") == [road.number]
    assert numbers(client, "?text=塌了") == [road.number]
    assert numbers(client, f"?area={town.grid.pk}&group=02") == [lamp.number]
    assert numbers(client, "?due=late") == []
    with clock.at(MONDAY + timedelta(hours=1)):
        assert numbers(client, "?due=late") == [road.number]


@pytest.mark.parametrize(
    "query",
    ["?state=nonsense", "?category=%00", "?since=0001-01-01", "?area=x", "?text=" + "x" * 81],
)
def test_a_filter_that_cannot_be_read_is_said_in_the_form(town: Town, query: str) -> None:
    answer = browser(town.intake).get(DESK + query)
    assert answer.status_code == 422
    assert answer.context["form"].errors


@pytest.mark.parametrize("after", ["x", "~", "2026~x", "%00", "x~x"])
def test_a_page_key_that_cannot_be_read_is_refused(town: Town, after: str) -> None:
    assert browser(town.intake).get(f"{DESK}?after={after}").status_code == 422


def test_ready_made_lists(town: Town) -> None:
    case = town.report()
    sorting.register(case.pk, actor=town.intake)
    dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    handling.sign(case.pk, actor=town.handler)
    dispatching.assign(case.pk, actor=town.head, post=_post_of(town))
    assert numbers(browser(town.handler), "?which=office") == [case.number]
    assert numbers(browser(town.handler), "?which=mine") == [case.number]
    assert numbers(browser(town.roads_handler), "?which=office") == []
    Case.objects.update(urgency="P2")
    handling.reply(case.pk, actor=town.handler, answer=Answer("solved", "好了", "照片"))
    assert numbers(browser(town.verifier), "?which=verify") == [case.number]
    assert numbers(browser(town.handler), "?which=verify") == []
    Case.objects.update(objected=True)
    assert numbers(browser(town.caller), "?which=objections&state=all") == [case.number]


def _post_of(town: Town) -> Post:
    return Post.objects.get(pk=town.handler.post)


def test_late_and_nearly_late_are_said_in_words(town: Town) -> None:
    town.report()
    client = browser(town.intake)
    with clock.at(MONDAY + timedelta(hours=1, minutes=50)):
        assert "tag-soon" in text_of(client.get(DESK))
    with clock.at(MONDAY + timedelta(hours=30)):
        page = text_of(client.get(DESK))
    assert "tag-late" in page
    assert "超期" in page


def test_fifty_rows_cost_what_one_costs(town: Town, settings) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False  # five statements of every request, not the page's
    client = browser(town.intake)

    def asked() -> int:
        client.get(DESK)
        forget_calendars()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(DESK).status_code == 200
        return len(queries)

    town.report()
    few = asked()
    for number in range(55):
        town.report(f"第{number}盏灯不亮")
    many = asked()
    assert many == few
    assert many <= 12
    page = client.get(DESK)
    assert len(page.context["cases"]) == 50
    rest = numbers(client, f"?after={page.context['after'].replace('+', '%2B')}")
    assert len(rest) == 6
    assert not set(rest) & {case.number for case in page.context["cases"]}


def test_the_start_page_counts_what_waits(town: Town) -> None:
    town.report()
    client = browser(town.intake)
    assert client.get(f"{DESK}counts/").context["counts"]["open"] == 1
    assert f'hx-get="{DESK}counts/"' in text_of(client.get("/"))


def test_an_empty_list_says_so(town: Town) -> None:
    assert 'class="empty"' in text_of(browser(town.intake).get(DESK))


def test_titles_cannot_run(town: Town) -> None:
    town.report(XSS)
    assert "<script>alert" not in text_of(browser(town.intake).get(DESK))
