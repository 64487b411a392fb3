"""What is never kept is known by its words; what people report about places is taken."""

import logging
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from linli.audit.models import Entry as Trail
from linli.cases.models.case import Case, Reporter
from linli.cases.models.story import Entry
from linli.cases.rules.exclusions import exclusions, find_exclusion
from linli.cases.tests.pages import LAMP, browser, text_of
from linli.cases.tests.test_api import post
from linli.cases.tests.town import Town
from linli.channels.models import Message
from linli.duties.models import Duty
from linli.kit.data import read_tsv

REPORT = "/report/"
ORDINARY = read_tsv("linli.cases.tests", "ordinary.tsv")
EXCLUDED = read_tsv("linli.cases.tests", "excluded.tsv")
ROWS = {one.code: one for one in exclusions()}
FIRE, CULT = "三楼起大火了", "我要举报，某人信邪教"
MOMENT = 0.04  # seconds; measured 4 to 10 ms with two busy cores
HOSTILE = [
    "7",
    "他",
    "有人",
    "正在",
    "孩子被",
    "他。想",
    "人。",
    "。",
    "he ",
    "who has the ",
    "查他老公王某干部",
]


def code_of(text: str) -> str:
    found = find_exclusion(text)
    return found.code if found else ""


def test_the_ordinary_reports_are_of_every_category() -> None:
    assert len(ORDINARY) >= 150
    assert {row["category"] for row in ORDINARY} >= {
        row["code"] for row in read_tsv("linli.cases", "event_categories.tsv")
    }


@pytest.mark.parametrize("row", ORDINARY, ids=lambda row: row["text"][:20])
def test_an_ordinary_report_is_taken(row: dict[str, str]) -> None:
    assert code_of(row["text"]) == ""


def test_what_is_never_kept_is_known_and_of_the_right_row() -> None:
    missed = [(*row.values(), code_of(row["text"])) for row in EXCLUDED]
    missed = [one for one in missed if one[0] != one[2]]
    assert len(EXCLUDED) >= 90
    assert {row["row"] for row in EXCLUDED} == set(ROWS)
    assert len(missed) <= len(EXCLUDED) * 0.05, missed


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        ("去年这里着火了", "现在这里着火了"),
        ("以前有小偷撬门", "有小偷正在撬门"),
        ("差点撞车了", "刚才撞车了"),
        ("信访局门口路灯坏了", "村里有人上访的苗头"),
        ("精神病院的围墙倒了", "他有精神病"),
        ("门禁人脸识别坏了", "查一下这张人脸是谁"),
        ("监控杆歪了", "把监控录像给我看"),
        ("想咨询怎么起诉", "已经起诉了"),
        ("老婆打电话来说漏水", "他打老婆"),
        ("工作人员拒收红包", "工作人员收了红包"),
        ("反邪教宣传栏坏了", "他信邪教"),
        ("超市卖腐败变质的肉", "干部腐败"),
        ("吵得人想死", "活着没意思，想死"),
        ("A barrier with number plate recognition is broken", "Whose number plate is this?"),
    ],
)
def test_a_small_difference_decides(taken: str, refused: str) -> None:
    assert code_of(taken) == ""
    assert code_of(refused)


def test_only_danger_that_can_be_over_has_a_way_on() -> None:
    assert {code for code, one in ROWS.items() if one.unless_calm} == {
        "crime",
        "fraud",
        "emergency",
    }
    urgent = {code for code, one in ROWS.items() if one.call_now}
    assert urgent == {"crime", "fraud", "emergency", "violence", "children", "self_harm"}


@pytest.mark.parametrize("row", EXCLUDED, ids=lambda row: row["text"][:20])
def test_calm_passes_over_danger_and_nothing_else(row: dict[str, str]) -> None:
    found = find_exclusion(row["text"], calm=True)
    assert found is None or not found.unless_calm
    if not ROWS[row["row"]].unless_calm and code_of(row["text"]):
        assert found is not None


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_takes_a_moment(text: str) -> None:
    long = (text * 4000)[:4000]

    def taken() -> float:
        begun = time.thread_time()
        assert find_exclusion(long) is None
        return time.thread_time() - begun

    assert min(taken() for _ in range(5)) < MOMENT


def nothing_is_stored() -> bool:
    return not any(
        kept.objects.exists() for kept in (Case, Reporter, Entry, Duty, Message, Session)
    )


@pytest.mark.parametrize("row", EXCLUDED[::9], ids=lambda row: row["row"])
def test_nothing_of_it_is_stored_anywhere(
    town: Town, caplog: pytest.LogCaptureFixture, row: dict[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    trail = Trail.objects.count()
    answer = Client().post(REPORT, {**LAMP, "text": row["text"], "name": "张三丰"})
    assert answer.status_code == 422
    assert row["text"] not in text_of(answer)
    assert post(Client(), "/reports", {**LAMP, "text": row["text"]}).status_code == 422
    assert nothing_is_stored()
    assert Trail.objects.count() == trail
    kept = [line.getMessage() for line in caplog.records if line.name != "django.db.backends"]
    assert not any(row["text"] in line or "张三丰" in line for line in kept)


def test_an_emergency_says_call_now_with_the_number(town: Town) -> None:
    page = text_of(Client().post(REPORT, {**LAMP, "text": FIRE}))
    assert "<h1>请现在就打电话</h1>" in page
    assert 'href="tel:119"' in page
    assert 'name="calm" value="yes"' in page


def test_once_the_danger_is_over_the_same_report_is_taken(town: Town) -> None:
    client = Client()
    typed = {**LAMP, "text": FIRE, "client_id": "fire-1", "phone": "13800000000"}
    again = client.post(REPORT, typed).context["again"]
    assert FIRE not in again
    answer = client.post(REPORT, {"again": again, "calm": "yes"})
    assert answer.status_code == 302
    case = Case.objects.get()
    assert (case.text, case.address, case.client_id) == (FIRE, LAMP["address"], "fire-1")
    client.post(REPORT, {"again": again, "calm": "yes"})
    assert Case.objects.count() == 1


def test_a_point_that_was_not_wanted_does_not_come_back(town: Town) -> None:
    far = {"lng": "116.4", "lat": "39.9", "crs": "wgs84", "no_point": "yes"}
    again = Client().post(REPORT, {**LAMP, **far, "text": FIRE}).context["again"]
    Client().post(REPORT, {"again": again, "calm": "yes"})
    assert Case.objects.get().point is None


@pytest.mark.parametrize("again", ["", "x", "AAAA", "字"])
def test_what_comes_back_changed_is_not_read(town: Town, again: str) -> None:
    answer = Client().post(REPORT, {"again": again, "calm": "yes"})
    assert answer.status_code == 400
    assert not Case.objects.exists()


@pytest.mark.parametrize("text", ["老公打我", "有个小女孩被人猥亵", "我不想活了", CULT])
def test_these_have_no_way_on(town: Town, text: str) -> None:
    page = text_of(Client().post(REPORT, {**LAMP, "text": text}))
    assert 'name="calm"' not in page
    assert Client().post(REPORT, {**LAMP, "text": text, "calm": "yes"}).status_code == 422
    answer = post(Client(), "/reports", {**LAMP, "text": text, "calm": True})
    assert (answer.status_code, answer.json()["unless_calm"]) == (422, False)
    assert nothing_is_stored()


def test_a_program_says_calm_too(town: Town) -> None:
    body = {**LAMP, "text": FIRE}
    refused = post(Client(), "/reports", body)
    assert refused.status_code == 422
    told = refused.json()
    assert (told["code"], told["rule"], told["refer_to"]) == ("excluded", "emergency", "119")
    assert (told["call_now"], told["unless_calm"]) == (True, True)
    assert post(Client(), "/reports", {**body, "calm": "yes"}).status_code == 422
    assert post(Client(), "/reports", {**body, "calm": True}).status_code == 201
    assert Case.objects.get().text == FIRE


def test_the_address_is_looked_at_as_well(town: Town) -> None:
    assert Client().post(REPORT, {**LAMP, "address": CULT}).status_code == 422
    fire = {**LAMP, "address": FIRE}
    assert Client().post(REPORT, fire).status_code == 422
    assert Client().post(REPORT, {**fire, "calm": "yes"}).status_code == 302


def test_staff_who_write_down_have_the_same_way_on(town: Town) -> None:
    client = browser(town.intake)
    answer = client.post("/desk/new/", {**LAMP, "text": FIRE})
    client.post("/desk/new/", {"again": answer.context["again"], "calm": "yes"})
    assert Case.objects.get().text == FIRE


def test_a_word_added_to_a_report_has_no_such_button(town: Town) -> None:
    client = Client()
    client.post(REPORT, LAMP)
    number = Case.objects.get().number
    answer = client.post(f"/follow/{number}/add/", {"said": FIRE})
    assert answer.status_code == 422
    assert 'name="calm"' not in text_of(answer)
