"""Li Wei writes down what somebody says at the counter; Wang mends a small thing on the way."""

import pytest

from linli.cases.models.case import Case
from linli.cases.tests.pages import LAMP, browser, text_of
from linli.cases.tests.town import Town

NEW = "/desk/new/"
ON_SPOT = {"before": "灯泡松了", "after": "拧紧了"}


def test_a_report_at_the_counter(town: Town) -> None:
    client = browser(town.intake)
    assert 'name="before"' not in text_of(client.get(NEW))
    answer = client.post(NEW, {**LAMP, "channel": "phone", "urgency": "P2", "phone": "13800000000"})
    case = Case.objects.get()
    assert (case.channel, case.urgency, case.reported_by_id) == ("phone", "P2", town.intake.post)
    receipt = text_of(client.get(answer.url))
    assert case.number in receipt
    assert f"/desk/{case.pk}/" in receipt
    assert f"/follow/{case.number}/" not in receipt


def test_whoever_reports_for_others_does_not_become_the_reporter(town: Town) -> None:
    client = browser(town.intake)
    client.post(NEW, {**LAMP, "channel": "counter"})
    number = Case.objects.get().number
    assert client.get(f"/follow/{number}/").status_code == 302


def test_a_small_thing_is_handled_on_the_spot(town: Town) -> None:
    client = browser(town.grid_worker)
    page = client.get(NEW)
    assert page.context["form"]["channel"].value() == "grid"
    client.post(NEW, {**LAMP, **ON_SPOT, "channel": "grid", "village": town.village.pk})
    case = Case.objects.get()
    assert case.ending == "on_spot"
    assert "拧紧了" in case.entries.last().said


def test_sending_it_twice_makes_one_case(town: Town) -> None:
    client, once = browser(town.grid_worker), {**LAMP, **ON_SPOT, "client_id": "a"}
    assert client.post(NEW, once).status_code == 302
    assert client.post(NEW, once).status_code == 302
    assert Case.objects.count() == 1


def test_danger_is_not_settled_by_one_person_and_nothing_is_half_written(town: Town) -> None:
    answer = browser(town.grid_worker).post(NEW, {**LAMP, **ON_SPOT, "category": "0102"})
    assert answer.status_code == 409
    assert "拧紧了" in text_of(answer)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"before": "灯泡松了"}, "after"),
        ({"after": "拧紧了"}, "before"),
        ({"before": "\x00", "after": "x"}, "before"),
        ({"channel": "mail"}, "channel"),
        ({"urgency": "P9"}, "urgency"),
        ({"text": ""}, "text"),
    ],
)
def test_bad_input_is_answered_in_the_form(town: Town, wrong: dict[str, str], field: str) -> None:
    answer = browser(town.grid_worker).post(NEW, {**LAMP, **wrong})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Case.objects.exists()


def test_what_is_never_kept_is_not_written_down_either(town: Town) -> None:
    answer = browser(town.intake).post(NEW, {**LAMP, "text": "有人在打人"})
    assert answer.status_code == 422
    assert 'href="tel:110"' in text_of(answer)
    assert not Case.objects.exists()


def test_whoever_does_not_report_is_refused(town: Town) -> None:
    for answer in (browser(town.verifier).get(NEW), browser(town.verifier).post(NEW, LAMP)):
        assert answer.status_code == 403
