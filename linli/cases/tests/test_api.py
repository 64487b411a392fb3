"""The API: the same verbs as the pages, in JSON, for reporters, staff and programs."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from linli.cases.models.case import Case
from linli.cases.models.story import Entry
from linli.cases.services import sorting
from linli.cases.services.catalogue import seed_catalogue
from linli.cases.tests.town import Town
from linli.kit import clock
from linli.offices.models import Account, Actor
from linli.offices.services import issue_token

URL = "/api/v1"
LAMP = {"category": "0202", "text": "路灯不亮", "lng": 113.002, "lat": 31.502}


def post(client: Client, path: str, body: object, **headers: str):
    """Send JSON."""
    return client.post(URL + path, json.dumps(body), "application/json", headers=headers)


def signed_in(client: Client, actor: Actor) -> Client:
    """Return the client with somebody's session."""
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def test_anybody_reports_and_reads_their_story(town: Town, client: Client) -> None:
    answer = post(client, "/reports", LAMP)
    assert answer.status_code == 201
    body = answer.json()
    story = client.get(f"{URL}/cases/{body['id']}", headers={"Linli-Code": body["code"]}).json()
    assert story["state"] == "reported"
    assert [entry["verb"] for entry in story["story"]] == ["report"]
    assert story["next_steps"] == ["add", "urge", "withdraw", "erase", "renew_code"]
    looked = post(client, "/reports/lookup", {"number": body["number"], "code": body["code"]})
    assert looked.json()["id"] == body["id"]


def test_the_same_sending_gets_the_same_answer(town: Town, client: Client) -> None:
    body = {**LAMP, "client_id": "phone-7"}
    first, second = post(client, "/reports", body), post(client, "/reports", body)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    other = post(client, "/reports", {**body, "text": "别的"})
    assert (other.status_code, other.json()["code"]) == (409, "other_body")
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"category": "9999"},
        {"category": None},
        {"text": ""},
        {"text": "x" * 4001},
        {"text": "a\u0000b"},
        {"text": ["a"]},
        {"text": 7},
        {"lng": "113"},
        {"lng": None},
        {"lng": 0, "lat": 0},
        {"lng": 200},
        {"lat": 99},
        {"lng": 100.0},
        {"crs": "mars"},
        {"email": "x"},
        {"phone": "call me"},
        {"wants_email": "perhaps"},
        {"village": "not-a-key"},
        {"client_id": "x" * 65},
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_kept(
    town: Town, client: Client, change: dict
) -> None:
    answer = post(client, "/reports", {**LAMP, **change})
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"]
    assert not Case.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b"{", b'{"a":NaN}', b'{"text":"\\ud800"}', b"\xff\xfe", b"null"]
)
def test_a_broken_body_is_a_sentence(town: Town, client: Client, body: bytes) -> None:
    answer = client.post(f"{URL}/reports", body, "application/json")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"


def test_what_is_never_kept_says_where_to_go(town: Town, client: Client) -> None:
    answer = post(client, "/reports", {**LAMP, "text": "他家着火了"})
    assert (answer.status_code, answer.json()["refer_to"]) == (422, "119")


def test_staff_list_filter_and_page(town: Town, client: Client) -> None:
    for text in ("路灯一", "路灯二", "路灯三"):
        town.report(text)
    town.report("垃圾", category="0301")
    staff = signed_in(client, town.intake)
    page = staff.get(f"{URL}/cases?limit=2&category=0202").json()
    assert [row["title"] for row in page["items"]] == ["路灯三", "路灯二"]
    rest = staff.get(f"{URL}/cases?limit=2&category=0202&after={page['after']}").json()
    assert [row["title"] for row in rest["items"]] == ["路灯一"]
    assert rest["after"] == ""
    assert len(staff.get(f"{URL}/cases?text=路灯 二").json()["items"]) == 1
    assert len(staff.get(f"{URL}/cases?group=03&area={town.grid.pk}").json()["items"]) == 1
    assert staff.get(f"{URL}/cases?due=late").json()["items"] == []
    pressing = staff.get(f"{URL}/cases?order=pressing&limit=3").json()
    assert len(pressing["items"]) == 3
    last = staff.get(f"{URL}/cases", {"order": "pressing", "limit": 3, "after": pressing["after"]})
    assert len(last.json()["items"]) == 1


def test_pressing_pages_miss_nobody(town: Town, client: Client) -> None:
    for number in range(5):
        case = town.report(f"事{number}")
        if number % 2:
            sorting.send_back(case.pk, actor=town.intake, said="?")
    staff, seen, after = signed_in(client, town.intake), [], ""
    for _page in range(6):
        page = staff.get(f"{URL}/cases", {"order": "pressing", "limit": 2, "after": after}).json()
        seen += [row["number"] for row in page["items"]]
        if not (after := page["after"]):
            break
    assert sorted(seen) == sorted(Case.objects.values_list("number", flat=True))


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "limit=x", "after=x", "state=lost", "since=0001-01-01"),
        *("due=never", "area=x", "until=9999-12-31", "order=random", "order=pressing&after=x~y"),
        f"order=pressing&after=0001-01-01T00:00:00%2B14:00~{UUID(int=7)}",
        f"order=pressing&after=2026-06-01T00:00:00~{UUID(int=7)}",
    ],
)
def test_a_wrong_filter_is_a_sentence(town: Town, client: Client, query: str) -> None:
    answer = signed_in(client, town.intake).get(f"{URL}/cases?{query}")
    assert answer.status_code == 422, answer.content
    assert answer.json()["fields"]


def test_nobody_lists_cases(town: Town, client: Client) -> None:
    assert client.get(f"{URL}/cases").status_code == 401


def test_a_verb_by_session_and_by_token(town: Town, client: Client) -> None:
    first, second = town.report(), town.report()
    answer = post(signed_in(client, town.intake), f"/cases/{first.pk}/register", {"seen": 1})
    assert (answer.status_code, answer.json()["state"]) == (200, "registered")
    _token, key = issue_token(label="programm", scope="write", days=30, actor=town.intake)
    by_key = {"Authorization": f"Bearer {key}"}
    answer = post(Client(), f"/cases/{second.pk}/register", {}, **by_key)
    assert (answer.status_code, answer.json()["state"]) == (200, "registered")
    assert post(Client(), f"/cases/{second.pk}/register", {}, **by_key).status_code == 409


def test_a_stale_verb_says_what_changed(town: Town, client: Client) -> None:
    case = town.report()
    sorting.register(case.pk, actor=town.intake)
    answer = post(
        signed_in(client, town.intake), f"/cases/{case.pk}/answer", {"said": "x", "seen": 1}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert answer.json()["changes"][0]["verb"] == "register"


def test_another_office_does_not_find_the_case(town: Town, client: Client) -> None:
    case = town.report()
    answer = post(signed_in(client, town.handler), f"/cases/{case.pk}/register", {})
    assert answer.status_code == 404


def test_the_reporters_code_does_not_open_another_case(town: Town, client: Client) -> None:
    mine = post(client, "/reports", LAMP).json()
    theirs = town.report()
    answer = client.get(f"{URL}/cases/{theirs.pk}", headers={"Linli-Code": mine["code"]})
    assert answer.status_code == 404


def test_the_reporter_never_reads_notes_for_colleagues(town: Town, client: Client) -> None:
    mine = post(client, "/reports", LAMP).json()
    case = Case.objects.get(pk=mine["id"])
    sorting.register(case.pk, actor=town.intake, note="内部意见")
    story = client.get(f"{URL}/cases/{case.pk}", headers={"Linli-Code": mine["code"]})
    assert "内部意见" not in story.content.decode()


def test_the_public_map_shows_what_the_catalogue_allows(town: Town, client: Client) -> None:
    town.report()
    town.report("停电", category="0203")
    town.report("药品", category="0805")
    box = "112.9,31.4,113.1,31.6"
    shown = client.get(f"{URL}/map?bbox={box}&zoom=17").json()
    assert (shown["kind"], [item["category_id"] for item in shown["items"]]) == ("points", ["0202"])
    clusters = client.get(f"{URL}/map?bbox={box}&zoom=10").json()
    assert clusters["items"][0]["count"] == 1
    staff = signed_in(client, town.intake).get(f"{URL}/map?bbox={box}&zoom=17").json()
    assert len(staff["items"]) == 3


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "nan,1,2,3", "9,9,1,1", "-999,0,0,0"])
def test_a_wrong_box_is_a_sentence(town: Town, client: Client, bbox: str) -> None:
    assert client.get(f"{URL}/map", {"bbox": bbox}).status_code == 422


def test_the_catalogue_is_public(town: Town, client: Client) -> None:
    items = client.get(f"{URL}/categories").json()["items"]
    assert len(items) == 110
    assert (
        client.get(f"{URL}/categories", headers={"Accept-Language": "en"})
        .json()["items"][0]["name"]
        .startswith("Pothole")
    )


def test_a_list_costs_few_statements(
    town: Town, client: Client, django_assert_max_num_queries
) -> None:
    for number in range(30):
        town.report(f"事{number}")
    staff = signed_in(client, town.intake)
    with clock.at(clock.now() + timedelta(minutes=1)), django_assert_max_num_queries(12):
        assert len(staff.get(f"{URL}/cases?limit=100").json()["items"]) == 30


def test_ten_wrong_codes_and_it_waits(town: Town, client: Client) -> None:
    mine = post(client, "/reports", LAMP).json()
    for _try in range(10):
        wrong = post(client, "/reports/lookup", {"number": mine["number"], "code": "0" * 8})
        assert wrong.status_code == 404
    right = post(client, "/reports/lookup", {"number": mine["number"], "code": mine["code"]})
    assert (right.status_code, right.json()["code"]) == (429, "too_often")


def test_a_town_that_is_not_set_up_says_so(db: None, client: Client) -> None:
    seed_catalogue()
    answer = post(client, "/reports", LAMP)
    assert answer.status_code == 409
    assert not Case.objects.exists()
