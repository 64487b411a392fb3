"""A report comes in: from whichever door, once, at a place, of a kind that is taken."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from linli.cases.choices import Precision
from linli.cases.errors import Excluded, OtherBody
from linli.cases.models.case import Case, Reporter
from linli.cases.models.story import Entry
from linli.cases.queries.cases import get_reported, lookup_code
from linli.cases.services.intake import Contact, Place, Report, report
from linli.cases.tests.town import CONTACT, Town, make_town
from linli.channels.models import Message
from linli.duties.models import Duty
from linli.kit.coordinates import wgs84_to_gcj02
from linli.kit.errors import Invalid, Unseen

LAMP = Report(category="0202", text="路灯不亮", place=Place(lng=113.002, lat=31.502))


def test_it_opens_a_duty_of_the_centre(town: Town) -> None:
    case = town.report()
    duty = Duty.objects.get(matter_key=case.pk)
    assert (duty.step, duty.limit, duty.office.code) == ("register", "2h", "GOV-ZZ")
    assert case.due_at == duty.due_at == case.reported_at + timedelta(hours=2)


def test_danger_is_registered_within_ten_minutes(town: Town) -> None:
    case = town.report("井盖没了", category="0201")
    assert (case.urgency, case.due_at) == ("P1", case.reported_at + timedelta(minutes=10))


def test_the_number_says_the_day_and_the_code_opens_it(town: Town) -> None:
    case = town.report()
    assert case.number.startswith("260601-")
    found, actor = get_reported(case.number.lower().replace("-", " "), lookup_code(case).lower())
    assert (found.pk, actor.key) == (case.pk, f"reporter:{case.pk}")


@pytest.mark.parametrize(
    ("number", "code"), [("260601-XXXXX", "12345678"), ("", ""), ("\u0000", "😀")]
)
def test_a_wrong_number_or_code_opens_nothing(town: Town, number: str, code: str) -> None:
    case = town.report()
    for pair in ((number, code), (case.number, code), (number, lookup_code(case))):
        with pytest.raises(Unseen):
            get_reported(*pair)


def test_the_same_report_again_is_the_same_case(town: Town) -> None:
    what = replace(LAMP, client_id="phone-1")
    first = report(what, actor=town.resident)
    assert report(what, actor=town.resident).pk == first.pk
    assert Case.objects.count() == 1


def test_the_same_id_with_another_report_is_refused(town: Town) -> None:
    report(replace(LAMP, client_id="phone-1"), actor=town.resident)
    with pytest.raises(OtherBody):
        report(replace(LAMP, client_id="phone-1", text="别的"), actor=town.resident)


def test_a_chinese_map_point_is_kept_as_wgs84(town: Town) -> None:
    lng, lat = wgs84_to_gcj02(113.002, 31.502)
    case = town.report(place=Place(lng=lng, lat=lat, crs="gcj02"))
    assert (round(case.lng, 6), round(case.lat, 6), case.source_crs) == (113.002, 31.502, "gcj02")
    assert case.grid == town.grid


def test_a_point_between_the_grids_is_said_not_guessed(town: Town) -> None:
    case = town.report(place=Place(lng=113.045, lat=31.51))
    assert (case.grid, case.precision) == (None, Precision.OUTSIDE)


def test_a_village_is_enough(town: Town) -> None:
    case = town.report(place=Place(village=town.village.pk, address="小学门口"))
    assert (case.village, case.grid, case.precision) == (town.village, None, Precision.AREA)


@pytest.mark.parametrize(
    "place",
    [
        Place(lng=0.0, lat=0.0),
        Place(lng=float("nan"), lat=31.5),
        Place(lng=float("inf"), lat=31.5),
        Place(lng=200.0, lat=31.5),
        Place(lng=100.0, lat=31.5),
    ],
)
def test_a_place_that_cannot_be_is_refused(town: Town, place: Place) -> None:
    with pytest.raises(Invalid):
        report(replace(LAMP, place=place), actor=town.resident)
    assert not Case.objects.exists()


def test_an_unknown_category_is_refused(town: Town) -> None:
    with pytest.raises(Invalid):
        report(replace(LAMP, category="9999"), actor=town.resident)


def test_residents_do_not_see_what_only_staff_report(town: Town) -> None:
    with pytest.raises(Invalid):
        town.report(category="1103")
    assert town.report(category="1103", actor=town.grid_worker).category_id == "1103"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("有人在打人", "110"),
        ("他家着火了", "119"),
        ("举报村主任贪污", "12388"),
        ("我不想活了", "12356"),
        ("隔壁是重点人员", "110"),
        ("村里有人上访的苗头", "-"),
        ("帮我调取监控", "-"),
        ("老公打我", "110"),
    ],
)
def test_what_is_never_kept_is_answered_and_not_stored(town: Town, text: str, number: str) -> None:
    with pytest.raises(Excluded) as refusal:
        town.report(text)
    assert refusal.value.refer_to == number
    assert not Case.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "text", ["路灯不亮", "消防通道被占", "摄像头没有提示牌,请检查监控杆", "公厕脏"]
)
def test_ordinary_words_are_taken(town: Town, text: str) -> None:
    assert town.report(text).text == text


def test_a_service_needs_contact_and_consent(town: Town) -> None:
    for contact in (Contact(), CONTACT, Contact(consent=True)):
        with pytest.raises(Invalid):
            town.report("想申请助餐", category="1207", contact=contact)
    agreed = replace(CONTACT, consent=True)
    assert town.report("想申请助餐", category="1207", contact=agreed).reporter.consented_at


def test_some_things_are_taken_without_names_only(town: Town) -> None:
    with pytest.raises(Invalid):
        town.report(category="1103", actor=town.grid_worker, contact=CONTACT)


def test_the_contact_is_sealed_and_told(town: Town) -> None:
    case = town.report(contact=CONTACT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, email FROM cases_reporter")
        assert not any("138" in str(value) or "zhang" in str(value) for value in cursor.fetchone())
    assert Reporter.objects.get(case=case).phone.open() == "13800000000"
    letter = Message.objects.get(matter_key=case.pk, channel="email")
    assert letter.template == "report_received"


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_once_make_one_case() -> None:
    town, what, made = make_town(), replace(LAMP, client_id="twice"), []

    def send() -> None:
        try:
            made.append(report(what, actor=town.resident).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert Case.objects.count() == 1


def test_a_number_that_is_taken_is_drawn_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["AAAAA", "AAAAA", "BBBBB"])
    monkeypatch.setattr("linli.kit.ids.code", lambda _length: next(drawn))
    assert [town.report().number for _ in range(2)] == ["260601-AAAAA", "260601-BBBBB"]
