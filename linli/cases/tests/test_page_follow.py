"""Zhang San follows the report with number and code, and acts on it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from linli.audit.models import Entry as TrailEntry
from linli.cases.choices import State
from linli.cases.models.case import Case, Reporter
from linli.cases.models.story import Link
from linli.cases.queries.cases import lookup_code
from linli.cases.services import checking, dispatching, handling, sorting
from linli.cases.services.handling import Answer
from linli.cases.services.links import make_link
from linli.cases.tests.pages import XSS, photo, text_of
from linli.cases.tests.town import CONTACT, MONDAY, Town
from linli.documents.models import Attachment
from linli.documents.services.attaching import attach
from linli.kit import clock

LOOK_UP = "/look-up/"


def open_report(case: Case) -> Client:
    """Return a browser that showed number and code."""
    client = Client()
    answer = client.post(LOOK_UP, {"number": case.number, "code": lookup_code(case)})
    assert (answer.status_code, answer.url) == (302, page_of(case))
    return client


def page_of(case: Case) -> str:
    return reverse("cases:follow", args=[case.number])


def do(client: Client, case: Case, verb: str, **words: object):
    case.refresh_from_db()
    address = reverse("cases:act_on_own", args=[case.number, verb])
    return client.post(address, {"seen": case.version, **words})


def handled(town: Town, case: Case, outcome: str = "solved", **words: object) -> Case:
    """Take a case through registering, dispatching, handling and, where drawn, verifying."""
    sorting.register(case.pk, actor=town.intake)
    dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    handling.sign(case.pk, actor=town.handler)
    answer = Answer(outcome=outcome, said="换了灯泡", evidence="照片", **words)
    case = handling.reply(case.pk, actor=town.handler, answer=answer)
    if case.state == State.VERIFYING:
        case = checking.close(case.pk, actor=town.verifier, method="site")
    return case


def test_number_and_code_open_it_however_they_are_written(town: Town) -> None:
    case = town.report()
    code = lookup_code(case).lower()
    client = Client()
    written = {"number": f" {case.number.lower()} ", "code": f"{code[:4]} {code[4:]}"}
    assert client.post(LOOK_UP, written).url == page_of(case)
    assert case.title in text_of(client.get(page_of(case)))


def test_a_wrong_code_and_a_wrong_number_get_the_same_sentence(town: Town) -> None:
    case, other = town.report(), town.report("另一处")
    wrong = [
        {"number": case.number, "code": "00000000"},
        {"number": "260601-ZZZZZ", "code": lookup_code(case)},
        {"number": other.number, "code": lookup_code(case)},
    ]
    sentences = set()
    for pair in wrong:
        answer = Client().post(LOOK_UP, pair)
        assert answer.status_code == 422
        sentences.add(str(answer.context["form"].errors["__all__"]))
    assert len(sentences) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"number": "\x00", "code": "x"},
        {"number": "x" * 21, "code": "x"},
        {"number": "1", "code": "字" * 20},
    ],
)
def test_bad_input_is_answered_in_the_form(town: Town, wrong: dict[str, str]) -> None:
    assert Client().post(LOOK_UP, wrong).status_code == 422


def test_after_ten_wrong_tries_an_address_waits(town: Town) -> None:
    case = town.report()
    for _try in range(10):
        Client().post(LOOK_UP, {"number": case.number, "code": "wrong"})
    right = {"number": case.number, "code": lookup_code(case)}
    assert Client().post(LOOK_UP, right).status_code == 429
    assert Client().post(LOOK_UP, right, REMOTE_ADDR="10.0.0.9").status_code == 302
    cache.clear()
    assert Client().post(LOOK_UP, right).status_code == 302


def test_without_the_code_nothing_is_shown(town: Town) -> None:
    case = town.report()
    for address in (page_of(case), reverse("cases:act_on_own", args=[case.number, "erase"])):
        for answer in (Client().get(address), Client().post(address)):
            if answer.status_code != 405:
                assert answer.url == f"{LOOK_UP}?number={case.number}"
    assert Case.objects.get().erased_at is None


def test_a_new_code_closes_the_old_browser_out(town: Town) -> None:
    case = town.report()
    client = open_report(case)
    Case.objects.update(code_round=1)
    assert client.get(page_of(case)).url == f"{LOOK_UP}?number={case.number}"


def test_whoever_asks_for_a_new_code_is_shown_it(town: Town) -> None:
    case = town.report()
    client, old = open_report(case), lookup_code(case)
    answer = client.post(reverse("cases:act_on_own", args=[case.number, "renew_code"]), follow=True)
    code = lookup_code(Case.objects.get())
    assert code != old
    assert f"{code[:4]} {code[4:]}" in text_of(answer)
    assert client.get(page_of(case)).status_code == 200


def test_the_story_says_who_until_when_and_why(town: Town) -> None:
    case = town.report(contact=CONTACT)
    sorting.register(case.pk, actor=town.intake, note="内部备注")
    dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights, note="给科室的话")
    handling.sign(case.pk, actor=town.handler)
    handling.contact(case.pk, actor=town.handler, method="phone", said="明天来修")
    handling.pause(case.pk, actor=town.handler, reason="weather", said="雨停再修")
    client = open_report(case)
    page = text_of(client.get(page_of(case)))
    for said in (town.lights.name_zh, "明天来修", "雨停再修", "等待天气", "暂停"):
        assert said in page, said
    for hidden in ("内部备注", "给科室的话", "13800000000", "张三", "Chen"):
        assert hidden not in page, hidden
    with clock.at(MONDAY + timedelta(hours=3)):
        handling.resume(case.pk, actor=town.handler)
        page = text_of(client.get(page_of(case)))
    case.refresh_from_db()
    assert case.promised_at
    assert "3个工作日" in page.replace(" ", "")


def test_every_step_of_the_bar_is_told_honestly(town: Town) -> None:
    case = town.report()
    client = open_report(case)
    assert page_marks(client, case) == ["done", *["waiting"] * 6]
    sorting.answer(case.pk, actor=town.intake, said="路灯由供电所管,已通知")
    assert page_marks(client, case)[1:4] == ["skipped"] * 3
    assert page_marks(client, case)[4:] == ["done", "skipped", "waiting"]


def page_marks(client: Client, case: Case) -> list[str]:
    return [mark.how for mark in client.get(page_of(case)).context["marks"]]


def test_the_reporter_adds_words_and_a_photo(town: Town) -> None:
    case = town.report()
    client = open_report(case)
    assert do(client, case, "add", said="灯杆号 12", photos=photo()).url == page_of(case)
    page = text_of(client.get(page_of(case)))
    assert "灯杆号 12" in page
    assert Attachment.objects.get().matter_key == case.pk
    picture = page.partition('<a href="/files/')[2].partition('"')[0]
    assert Client().get(f"/files/{picture}").status_code == 200


def test_evidence_of_the_office_is_not_among_the_reporters_photos(town: Town) -> None:
    case = town.report()
    attach(case.matter, photo(), actor=town.handler, kind="evidence")
    assert 'class="photos"' not in text_of(open_report(case).get(page_of(case)))


def test_urging_twice_on_a_day_is_answered_in_the_form(town: Town) -> None:
    case = town.report()
    client = open_report(case)
    assert do(client, case, "urge", said="快一点").status_code == 302
    answer = do(client, case, "urge", said="再快一点")
    assert answer.status_code == 409
    assert "再快一点" in text_of(answer)


def test_the_reporter_rates_and_objects_after_closing(town: Town) -> None:
    case = handled(town, town.report())
    client = open_report(case)
    assert do(client, case, "rate", score="2", said="太慢").status_code == 302
    assert do(client, case, "object", said="还是不亮").status_code == 302
    case.refresh_from_db()
    assert (case.score, case.objected) == (2, True)
    assert "还是不亮" in text_of(client.get(page_of(case)))


def test_the_window_for_objections_closes_after_seven_days(town: Town) -> None:
    case = handled(town, town.report())
    client = open_report(case)
    with clock.at(MONDAY + timedelta(days=8)):
        assert do(client, case, "object", said="还是不亮").status_code == 403


def test_withdrawing_and_erasing_ask_again_first(town: Town) -> None:
    case = town.report(contact=CONTACT)
    client = open_report(case)
    for verb in ("withdraw", "erase"):
        address = reverse("cases:act_on_own", args=[case.number, verb])
        assert f'href="{address}"' in text_of(client.get(page_of(case)))
        assert client.get(address).status_code == 200
    case.refresh_from_db()
    assert (case.state, case.erased_at) == (State.REPORTED, None)
    do(client, case, "erase")
    case.refresh_from_db()
    assert (case.text, case.erased_at is None) == ("", False)
    assert not Reporter.objects.get().phone
    do(client, case, "withdraw")
    case.refresh_from_db()
    assert case.ending == "withdrawn"


def test_a_merged_report_shows_the_one_that_goes_on(town: Town) -> None:
    first, twin = town.report("老报告的原话"), town.report("村口路灯还是不亮")
    sorting.register(first.pk, actor=town.intake)
    dispatching.dispatch(first.pk, actor=town.dispatcher, lead=town.lights)
    sorting.merge(twin.pk, actor=town.intake, into=first.number)
    page = text_of(open_report(twin).get(page_of(twin)))
    assert first.number in page
    assert town.lights.name_zh in page
    assert "老报告的原话" not in page


def test_an_honest_no_names_the_next_day(town: Town) -> None:
    next_on = (MONDAY + timedelta(days=30)).date()
    case = handled(town, town.report(), outcome="cannot_now", next_on=next_on)
    assert next_on.isoformat() in text_of(open_report(case).get(page_of(case)))


def test_a_stale_form_keeps_what_was_typed_and_says_what_changed(town: Town) -> None:
    case = town.report()
    client = open_report(case)
    sorting.register(case.pk, actor=town.intake)
    address = reverse("cases:act_on_own", args=[case.number, "add"])
    answer = client.post(address, {"seen": 1, "said": "灯杆号 12"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "灯杆号 12" in page
    assert 'name="seen" value="2"' in page
    assert client.post(address, {"seen": 2, "said": "灯杆号 12"}).status_code == 302


@pytest.mark.parametrize("verb", ["register", "dispatch", "close"])
def test_the_desks_verbs_are_not_the_reporters(town: Town, verb: str) -> None:
    case = town.report()
    client = open_report(case)
    assert do(client, case, verb).status_code in {403, 409}
    assert do(client, case, "nonsense").status_code == 404


@pytest.mark.parametrize("said", ["", "字" * 4001, "a\x00b"])
def test_bad_words_are_answered_in_the_form(town: Town, said: str) -> None:
    case = town.report()
    assert do(open_report(case), case, "add", said=said).status_code == 422


def test_what_is_never_kept_is_not_added_either(town: Town) -> None:
    case = town.report()
    client = open_report(case)
    before = TrailEntry.objects.count()
    answer = do(client, case, "add", said="有人在打人")
    assert answer.status_code == 422
    assert 'href="tel:110"' in text_of(answer)
    assert TrailEntry.objects.count() == before


def test_no_text_of_the_report_can_run(town: Town) -> None:
    case = town.report(XSS)
    client = open_report(case)
    do(client, case, "add", said=XSS)
    page = text_of(client.get(page_of(case)))
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def token_of(case: Case) -> str:
    return make_link(case).rstrip("/").rpartition("/")[2]


def test_scanners_may_open_a_link_and_change_nothing(town: Town) -> None:
    case = town.report()
    address = f"/r/{token_of(case)}/"
    for _scan in range(3):
        scanner = Client()
        assert scanner.get(address).status_code == 200
        assert scanner.head(address).status_code == 200
        assert scanner.get(page_of(case)).status_code == 302
    assert Link.objects.get().used_at is None
    client = Client()
    assert client.post(address).url == page_of(case)
    assert client.get(page_of(case)).status_code == 200


def test_a_used_or_old_link_leads_to_the_look_up(town: Town) -> None:
    case = town.report()
    used, old = f"/r/{token_of(case)}/", f"/r/{token_of(case)}/"
    Client().post(used)
    for answer in (Client().get(used), Client().post(used), Client().get("/r/nothing/")):
        assert answer.status_code == 404
        assert f'href="{LOOK_UP}"' in text_of(answer)
    with clock.at(MONDAY + timedelta(days=91)):
        assert Client().post(old).status_code == 404


def test_a_question_of_the_desk_stands_on_top_and_is_answered_below(town: Town) -> None:
    case = town.report()
    client = open_report(case)
    sorting.send_back(case.pk, actor=town.intake, said="请说明是哪一盏灯")
    page = client.get(page_of(case))
    assert page.context["question"] == "请说明是哪一盏灯"
    assert page.context["asks"][0]["first"]
    do(client, case, "add", said="村委会门口那盏")
    case.refresh_from_db()
    assert case.state == State.REPORTED
    assert client.get(page_of(case)).context["question"] == ""
