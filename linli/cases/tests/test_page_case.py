"""One case on one page, and its verbs as pages."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linli.audit.models import Entry as TrailEntry
from linli.cases.choices import State
from linli.cases.forms.verbs import VERBS
from linli.cases.models.case import Case
from linli.cases.models.story import Entry
from linli.cases.rules.moves import next_steps
from linli.cases.services import dispatching, handling, sorting
from linli.cases.tests.pages import XSS, browser, text_of
from linli.cases.tests.town import CONTACT, MONDAY, Town
from linli.kit import clock
from linli.offices.models import Office
from linli.offices.tests.people import OTHER_TOWN, make_actor, make_office


def page_of(case: Case) -> str:
    return reverse("cases:case", args=[case.pk])


def act(case: Case, verb: str) -> str:
    return reverse("cases:act", args=[case.pk, verb])


def dispatched(town: Town, **fields: object) -> Case:
    case = town.report(**fields)
    sorting.register(case.pk, actor=town.intake)
    return dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)


def test_nobody_is_led_to_the_sign_in(town: Town) -> None:
    case = town.report()
    for address in (page_of(case), act(case, "register"), reverse("cases:look", args=[case.pk])):
        for answer in (Client().get(address), Client().post(address)):
            if answer.status_code != 405:
                assert answer.url.startswith(reverse("account_login"))


def test_another_office_and_another_town_see_nothing(town: Town) -> None:
    case = dispatched(town)
    hong = make_actor("hong", "R06", make_office("GOV-ZZ", township=OTHER_TOWN))
    for stranger in (town.roads_handler, town.far_grid_worker, hong):
        client = browser(stranger)
        assert client.get(page_of(case)).status_code == 404
        assert client.get(act(case, "sign")).status_code == 404
        assert client.post(act(case, "sign"), {"seen": case.version}).status_code == 404
    case.refresh_from_db()
    assert case.state == State.DISPATCHED


def test_the_page_tells_the_whole_story(town: Town) -> None:
    case = town.report(contact=CONTACT)
    sorting.register(case.pk, actor=town.intake, note="同事请看")
    case = dispatching.dispatch(
        case.pk, actor=town.dispatcher, lead=town.lights, supports=[town.roads], note="请两家一起"
    )
    page = text_of(browser(town.intake).get(page_of(case)))
    for said in (
        case.number,
        case.text,
        town.lights.name_zh,
        town.roads.name_zh,
        "同事请看",
        "请两家一起",
        town.grid.name_zh,
        "Li",
    ):
        assert said in page, said
    for sealed in ("张三", "13800000000", "zhang@example.org"):
        assert sealed not in page


def test_the_only_buttons_are_the_next_steps(town: Town) -> None:
    case = dispatched(town)
    for who in (town.intake, town.dispatcher, town.handler, town.leader, town.verifier):
        page = text_of(browser(who).get(page_of(case)))
        offered = {verb for verb in VERBS if f'href="{act(case, verb)}"' in page}
        assert offered == set(next_steps(who, case))


def test_there_is_no_button_where_there_is_nothing_to_do(town: Town) -> None:
    case = dispatched(town)
    handling.sign(case.pk, actor=town.handler)
    case.refresh_from_db()
    assert "hide" in next_steps(town.intake, case)
    assert not {"show", "renew_code"} & set(next_steps(town.intake, case))
    assert not {"grant_extension", "refuse_extension"} & set(next_steps(town.head, case))
    handling.ask_extension(case.pk, actor=town.handler, limit="1wd", reason="缺件")
    sorting.hide(case.pk, actor=town.intake, note="不宜公开")
    case.refresh_from_db()
    assert {"grant_extension", "refuse_extension"} <= set(next_steps(town.head, case))
    assert "ask_extension" not in next_steps(town.handler, case)
    assert "show" in next_steps(town.intake, case)


def test_more_time_is_asked_for_in_words(town: Town) -> None:
    case = dispatched(town)
    handling.sign(case.pk, actor=town.handler)
    page = text_of(browser(town.handler).get(act(case, "ask_extension")))
    assert '<option value="1wd">' in page
    assert "3wd、8wh" not in page


def test_no_code_of_the_catalogue_stands_in_the_story(town: Town) -> None:
    case = dispatched(town)
    page = text_of(browser(town.handler).get(page_of(case)))
    assert town.lights.name_zh in page
    for code in (town.lights.code, case.category_id, "P3"):
        assert f"{code}</span>" not in page


def test_every_next_step_has_a_form(town: Town) -> None:
    case = dispatched(town)
    handling.sign(case.pk, actor=town.handler)
    case.refresh_from_db()
    for who in (town.intake, town.dispatcher, town.handler, town.head):
        for verb in next_steps(who, case):
            assert browser(who).get(act(case, verb)).status_code == 200, verb


def test_the_dispatcher_is_told_whom_the_catalogue_names(town: Town) -> None:
    case = town.report()
    sorting.register(case.pk, actor=town.intake)
    client = browser(town.dispatcher)
    assert town.lights.name_zh in text_of(client.get(page_of(case)))
    form = client.get(act(case, "dispatch")).context["form"]
    assert form["lead"].value() == town.lights.pk or form["lead"].value() == town.lights


def test_a_verb_is_done_and_leads_back(town: Town) -> None:
    case = town.report()
    answer = browser(town.intake).post(act(case, "register"), {"seen": 1, "note": "看过了"})
    assert (answer.status_code, answer.url) == (302, page_of(case))
    case.refresh_from_db()
    assert case.state == State.REGISTERED


def test_a_verb_that_takes_the_case_out_of_sight_leads_to_the_worklist(town: Town) -> None:
    case = town.report()
    sorting.register(case.pk, actor=town.intake)
    case = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    answer = browser(town.handler).post(
        act(case, "object_dispatch"), {"seen": case.version, "reason": "不归我们管"}
    )
    assert answer.status_code == 302
    assert browser(town.handler).get(answer.url).status_code == 200


def test_a_stale_form_keeps_the_text_and_says_what_changed(town: Town) -> None:
    case = dispatched(town)
    case = handling.sign(case.pk, actor=town.handler)
    seen = case.version
    handling.contact(case.pk, actor=town.head, method="phone")
    client = browser(town.handler)
    words = {"seen": seen, "method": "site", "said": "我到现场看过了"}
    answer = client.post(act(case, "contact"), words)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "我到现场看过了" in page
    assert f'name="seen" value="{seen + 1}"' in page
    assert len(answer.context["changes"]) == 1
    assert client.post(act(case, "contact"), {**words, "seen": seen + 1}).status_code == 302


def test_a_step_that_is_over_is_a_sentence_with_a_way_back(town: Town) -> None:
    case = town.report()
    client = browser(make_actor("bai", "R08", Office.objects.get(code="GOV-ZZ")))
    sorting.register(case.pk, actor=town.intake)
    for answer in (
        client.get(act(case, "register")),
        client.post(act(case, "register"), {"seen": 2}),
    ):
        assert answer.status_code == 409
        assert f'href="{page_of(case)}"' in text_of(answer)


def test_a_step_that_others_made_impossible_keeps_the_text(town: Town) -> None:
    case = town.report()
    sorting.answer(case.pk, actor=town.intake, said="已答复")
    answer = browser(make_actor("bai", "R08", Office.objects.get(code="GOV-ZZ"))).post(
        act(case, "register"), {"seen": 1, "note": "别丢了我的话"}
    )
    page = text_of(answer)
    assert answer.status_code == 409
    assert "别丢了我的话" in page
    assert len(answer.context["changes"]) == 1
    assert 'type="submit"' not in page.partition("<main")[2].partition("</main")[0]


def test_a_button_hit_twice_does_it_once_and_says_so(town: Town) -> None:
    case = town.report()
    client = browser(town.intake)
    for _click in range(2):
        answer = client.post(act(case, "register"), {"seen": 1})
        assert answer.url == page_of(case)
    assert Entry.objects.filter(case=case, verb="register").count() == 1
    with clock.at(MONDAY + timedelta(minutes=1)):
        assert client.post(act(case, "register"), {"seen": 1}).status_code == 409


def test_whoever_may_not_is_refused(town: Town) -> None:
    case = town.report()
    client = browser(town.verifier)
    assert client.get(act(case, "register")).status_code == 403
    assert client.post(act(case, "register"), {"seen": 1}).status_code == 403
    assert client.post(act(case, "nonsense"), {"seen": 1}).status_code == 404


@pytest.mark.parametrize("verb", ["urge", "rate", "object", "withdraw", "erase"])
def test_the_reporters_verbs_are_not_the_desks(town: Town, verb: str) -> None:
    case = town.report()
    answer = browser(town.intake).post(act(case, verb), {"seen": 1, "said": "x", "score": 1})
    assert answer.status_code in {403, 409}


@pytest.mark.parametrize("said", ["", "字" * 4001, "a\x00b", "a\u202eb"])
def test_bad_words_are_answered_in_the_form(town: Town, said: str) -> None:
    case = town.report()
    answer = browser(town.intake).post(act(case, "answer"), {"seen": 1, "said": said})
    assert answer.status_code == 422
    assert "said" in answer.context["form"].errors
    case.refresh_from_db()
    assert case.version == 1


@pytest.mark.parametrize(
    "wrong", [{"lead": ""}, {"lead": "x"}, {"lead": "centre"}, {"supports": "x"}, {"seen": "x"}]
)
def test_a_dispatch_to_nobody_is_answered_in_the_form(town: Town, wrong: dict[str, str]) -> None:
    case = town.report()
    case = sorting.register(case.pk, actor=town.intake)
    if wrong.get("lead") == "centre":
        wrong = {"lead": str(town.intake.office)}
    words = {"seen": case.version, "lead": str(town.lights.pk), **wrong}
    assert browser(town.dispatcher).post(act(case, "dispatch"), words).status_code == 422


def test_a_refusal_of_the_rule_keeps_the_form(town: Town) -> None:
    case = dispatched(town)
    case = handling.sign(case.pk, actor=town.handler)
    case = sorting.split(case.pk, actor=town.dispatcher, category="0101", text="旁边的路也坏了")
    words = {"seen": case.version, "outcome": "solved", "said": "修好了灯", "evidence": "照片"}
    answer = browser(town.handler).post(act(case, "reply"), words)
    assert answer.status_code == 409
    assert "修好了灯" in text_of(answer)


def test_a_duplicate_is_proposed_and_merged(town: Town) -> None:
    first = town.report()
    twin = town.report("村口的路灯不亮了")
    client = browser(town.intake)
    offer = f"{act(twin, 'merge')}?into={first.number}"
    assert offer in text_of(client.get(page_of(twin)))
    form = client.get(offer).context["form"]
    assert form["into"].value() == first.number
    client.post(act(twin, "merge"), {"seen": 1, "into": first.number})
    twin.refresh_from_db()
    assert twin.merged_into == first
    assert first.number in text_of(client.get(page_of(twin)))
    assert twin.number in text_of(client.get(page_of(first)))


def test_nothing_that_was_typed_can_run(town: Town) -> None:
    case = town.report(XSS)
    case = sorting.register(case.pk, actor=town.intake, note=XSS)
    case = dispatching.dispatch(
        case.pk, actor=town.dispatcher, lead=town.lights, note=XSS.replace("alert(1)", "a")
    )
    pages = [text_of(browser(town.intake).get(page_of(case)))]
    pages.append(text_of(browser(town.handler).get(act(case, "sign"))))
    pages.append(text_of(browser(town.intake).get(act(case, "merge") + "?into=" + "<script>alert")))
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def look(case: Case) -> str:
    return reverse("cases:look", args=[case.pk])


def test_the_contact_is_opened_with_a_reason_and_shown_once(town: Town) -> None:
    case = dispatched(town, contact=CONTACT)
    client = browser(town.handler)
    assert "13800000000" not in text_of(client.get(look(case)))
    assert client.post(look(case), {"reason": "x"}).status_code == 422
    answer = client.post(look(case), {"reason": "约时间上门修灯"})
    assert "13800000000" in text_of(answer)
    assert "张三" in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    looks = TrailEntry.objects.filter(act="privacy.looked")
    assert {json.loads(row.facts)["field"] for row in looks} == {"name", "phone", "email"}
    assert "13800000000" not in text_of(client.get(page_of(case)))


def test_a_contact_asks_for_a_second_factor_and_the_power(town: Town) -> None:
    case = dispatched(town, contact=CONTACT)
    for who in (town.verifier, town.dispatcher, town.roads_handler):
        answer = browser(who).post(look(case), {"reason": "约时间上门修灯"})
        assert answer.status_code in {403, 404}
        assert "13800000000" not in text_of(answer)


def test_no_contact_is_a_sentence(town: Town) -> None:
    case = dispatched(town)
    answer = browser(town.handler).post(look(case), {"reason": "约时间上门修灯"})
    assert answer.status_code == 404


def test_a_late_case_says_so(town: Town) -> None:
    case = dispatched(town)
    with clock.at(MONDAY + timedelta(days=30)):
        assert "tag-late" in text_of(browser(town.intake).get(page_of(case)))
