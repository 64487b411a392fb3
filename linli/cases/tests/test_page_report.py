"""Zhang San reports on a page, without an account, and gets a receipt."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.cases.models.case import Case, Reporter
from linli.cases.models.story import Entry
from linli.cases.queries.cases import lookup_code
from linli.cases.tests.pages import LAMP, SURROGATE, XSS, photo, text_of
from linli.cases.tests.town import Town
from linli.documents.models import Attachment
from linli.duties.models import Duty
from linli.offices.tests.people import TOWN

REPORT = "/report/"


def test_the_page_shows_every_kind_by_group_with_its_promise(town: Town) -> None:
    page = text_of(Client().get(REPORT))
    assert '<optgroup label="公用设施">' in page
    assert page.count('data-code="0202"') == 1
    assert '<option value="" selected>' in page
    assert town.village.name in page


def test_it_asks_the_database_equally_often_for_a_long_catalogue(town: Town) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(REPORT).status_code == 200
    assert len(asked) <= 6


def test_a_report_becomes_a_case_and_a_receipt(town: Town) -> None:
    client = Client()
    answer = client.post(REPORT, {**LAMP, "village": town.village.pk})
    assert (answer.status_code, answer.url) == (302, reverse("cases:reported"))
    case = Case.objects.get()
    assert (case.text, case.channel, case.village) == (LAMP["text"], "web", town.village)
    receipt = client.get(answer.url)
    code = lookup_code(case)
    assert case.number in text_of(receipt)
    assert f"{code[:4]} {code[4:]}" in text_of(receipt)
    assert "no-store" in receipt["Cache-Control"]
    picture = text_of(receipt).partition("data:image/svg+xml;base64,")[2].partition('"')[0]
    assert b"<path" in base64.b64decode(picture)


def test_the_code_stands_in_no_address(town: Town) -> None:
    client = Client()
    client.post(REPORT, LAMP)
    code = lookup_code(Case.objects.get())
    page = text_of(client.get(reverse("cases:reported")))
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]
    assert not any(code in link or code[:4] in link for link in links)


def test_a_receipt_is_only_for_the_browser_that_reported(town: Town) -> None:
    Client().post(REPORT, LAMP)
    answer = Client().get(reverse("cases:reported"))
    assert (answer.status_code, answer.url) == (302, reverse("cases:look_up"))


def test_sending_twice_makes_one_report(town: Town) -> None:
    client, once = Client(), {**LAMP, "client_id": "a-1"}
    client.post(REPORT, {**once, "photos": photo()})
    client.post(REPORT, {**once, "photos": photo()})
    assert (Case.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_changed_form_under_the_same_id_is_offered_as_a_second_report(town: Town) -> None:
    client, once = Client(), {**LAMP, "client_id": "a-1"}
    client.post(REPORT, once)
    answer = client.post(REPORT, {**once, "text": "另一处也不亮"})
    assert answer.status_code == 409
    assert "另一处也不亮" in text_of(answer)
    again = answer.context["form"].data["client_id"]
    assert again != "a-1"
    client.post(REPORT, {**once, "text": "另一处也不亮", "client_id": again})
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "number"), [("有人在打人", "110"), ("着火了", "119"), ("干部受贿", "12388")]
)
def test_what_is_never_kept_is_not_stored_and_says_whom_to_call(
    town: Town, text: str, number: str
) -> None:
    client = Client()
    answer = client.post(REPORT, {**LAMP, "text": text, "phone": "13800000000", "photos": photo()})
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'href="tel:{number}"' in page
    assert text not in page
    assert "13800000000" not in page
    for kept in (Case, Reporter, Entry, Duty, Attachment):
        assert not kept.objects.exists()
    assert not client.session.keys()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x"}, "text"),
        ({"text": "字" * 4001}, "text"),
        ({"text": "路灯\x00不亮"}, "text"),
        ({"text": "路灯\u202e不亮"}, "text"),
        ({"address": "字" * 201}, "address"),
        ({"address": ""}, "address"),
        ({"category": ""}, "category"),
        ({"category": "9999"}, "category"),
        ({"category": "x\x00"}, "category"),
        ({"village": "no-key"}, "village"),
        ({"lng": "113.002"}, "__all__"),
        ({"lng": "113.002", "lat": "north"}, "lat"),
        ({"lng": "nan", "lat": "nan"}, "lng"),
        ({"lng": "0", "lat": "0"}, "__all__"),
        ({"lng": "116.4", "lat": "39.9"}, "__all__"),
        ({"lng": "113.002", "lat": "31.502", "crs": "mars"}, "crs"),
        ({"phone": "call me"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"wants_email": "on"}, "email"),
        ({"client_id": "x" * 65}, "client_id"),
    ],
)
def test_bad_input_is_answered_in_the_form_and_nothing_is_stored(
    town: Town, wrong: dict[str, str], field: str
) -> None:
    answer = Client().post(REPORT, {**LAMP, **wrong})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Case.objects.exists()


def test_a_lone_surrogate_is_no_text(town: Town) -> None:
    body = b"address=x&category=0202&text=%ED%A0%80%ED%A0%80ab"
    answer = Client().post(REPORT, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {302, 422}
    assert all("\ud800" not in one.text for one in Case.objects.all())
    assert SURROGATE not in answer.content


def test_what_was_typed_stays_and_cannot_run(town: Town) -> None:
    answer = Client().post(REPORT, {**LAMP, "text": XSS, "category": ""})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_position_that_does_not_fit_can_be_left_out(town: Town) -> None:
    far = {**LAMP, "lng": "116.4", "lat": "39.9", "crs": "wgs84"}
    answer = Client().post(REPORT, far)
    assert 'name="no_point"' in text_of(answer)
    assert Client().post(REPORT, {**far, "no_point": "yes"}).status_code == 302
    assert Case.objects.get().point is None


def test_a_service_needs_contact_and_consent(town: Town) -> None:
    service = {**LAMP, "category": "1201"}
    answer = Client().post(REPORT, service)
    assert "consent" in answer.context["form"].errors
    full = {**service, "phone": "13800000000", "consent": "on"}
    assert Client().post(REPORT, full).status_code == 302


def test_photos_are_kept_with_the_report(town: Town) -> None:
    Client().post(REPORT, {**LAMP, "photos": [photo("a.jpg"), photo("b.jpg")]})
    assert Attachment.objects.filter(matter_key=Case.objects.get().pk, kind="photo").count() == 2


def test_a_bad_photo_does_not_lose_the_report(town: Town) -> None:
    client = Client()
    bad = SimpleUploadedFile("virus.jpg", b"MZ this is no picture", "image/jpeg")
    many = [photo(f"{one}.jpg") for one in range(4)]
    answer = client.post(REPORT, {**LAMP, "photos": [bad, *many]})
    assert answer.status_code == 302
    assert Case.objects.count() == 1
    assert Attachment.objects.count() == 3
    page = text_of(client.get(answer.url))
    assert "virus.jpg" in page
    assert "3.jpg" in page


def test_a_photo_name_cannot_run_on_the_receipt(town: Town) -> None:
    client = Client()
    bad = SimpleUploadedFile("<b>x.jpg", b"no picture", "image/jpeg")
    client.post(REPORT, {**LAMP, "photos": [bad]})
    assert "<b>x.jpg" not in text_of(client.get(reverse("cases:reported")))


def test_the_next_person_at_the_computer_sees_nothing(town: Town) -> None:
    client = Client()
    client.post(REPORT, LAMP)
    number = Case.objects.get().number
    client.post(reverse("cases:leave"))
    assert client.get(reverse("cases:reported")).status_code == 302
    assert client.get(reverse("cases:follow", args=[number])).status_code == 302


def test_it_speaks_english(town: Town) -> None:
    client = Client(headers={"accept-language": "en"})
    assert "Street light out" in text_of(client.get(REPORT))
    assert Case.objects.filter(township=TOWN).count() == 0


def test_a_body_of_three_megabytes_is_refused_in_a_sentence(town: Town) -> None:
    answer = Client().post(REPORT, {**LAMP, "text": "字" * 1_000_001})
    assert answer.status_code == 413
    assert not Case.objects.exists()
