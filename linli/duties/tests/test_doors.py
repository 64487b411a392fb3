"""The pages of duties, as the people who open them find them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.duties.models import CalendarDay, Duty
from linli.duties.rules import access
from linli.duties.services import supervision
from linli.duties.tests.matters import THING, another, at, open_handle, pause_at, resume_at
from linli.kit import clock
from linli.offices.models import Account
from linli.offices.tests.people import make_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def as_(client):
    """Sign somebody in."""

    def sign_in(actor):
        client.force_login(Account.objects.get(pk=actor.account))
        return client

    return sign_in


def url(name, *args):
    return reverse(f"duties:{name}", args=args)


def test_the_worklist_shows_what_the_office_owes_and_how_long(as_, works, water, li):
    open_handle(works)
    open_handle(water, matter=another(99))
    page = as_(li).get(url("list_duties")).content.decode()
    assert "T-0007" in page
    assert "路灯不亮" in page
    assert "还剩 5 个工作日" in page
    assert "T-0099" not in page


def test_the_worklist_is_filtered_and_bad_filters_are_ignored(as_, works, qian):
    open_handle(works)
    client = as_(qian)
    assert "T-0007" in client.get(url("list_duties"), {"office": works.pk}).content.decode()
    assert "T-0007" not in client.get(url("list_duties"), {"late": "on"}).content.decode()
    for bad in ({"office": "x"}, {"urgency": "P9"}, {"after": "x_y"}, {"step": "\x00"}):
        assert client.get(url("list_duties"), bad).status_code == 200


def test_the_worklist_costs_a_fixed_number_of_questions(
    as_, works, qian, django_assert_max_num_queries
):
    client = as_(qian)
    for number in range(30):
        open_handle(works, matter=another(number))
    client.get(url("list_duties"))
    with django_assert_max_num_queries(12):
        client.get(url("list_duties"))


def test_strangers_are_asked_to_sign_in(client, works):
    duty = open_handle(works)
    for name, args in (("list_duties", []), ("duty", [duty.pk]), ("calendar", [])):
        assert client.get(url(name, *args)).status_code == 302


def test_a_duty_shows_its_story_and_hides_from_others(as_, works, li, stranger):
    duty = open_handle(works)
    pause_at("2026-03-05 10:00")
    resume_at("2026-03-06 10:00")
    page = as_(li).get(url("duty", duty.pk)).content.decode()
    assert "等待天气" in page
    assert "下雨" in page
    assert "督办" not in page.split("<main")[1]
    assert as_(stranger).get(url("duty", duty.pk)).status_code == 404


def test_a_supervisor_orders_and_hangs_from_the_page(as_, works, qian, li):
    duty = open_handle(works)
    client = as_(qian)
    assert client.post(url("order_supervision", duty.pk), {"text": " "}).status_code == 422
    assert client.post(url("order_supervision", duty.pk), {"text": "为何？"}).status_code == 302
    assert client.post(url("order_supervision", duty.pk), {"text": "为何？"}).status_code == 409
    assert client.post(url("hang", duty.pk), {"condition": ""}).status_code == 422
    assert client.post(url("hang", duty.pk), {"condition": "灯亮"}).status_code == 302
    assert as_(li).post(url("hang", duty.pk), {"condition": "灯亮"}).status_code == 403


def test_the_office_answers_an_order(as_, works, qian, li, stranger):
    open_handle(works)
    order = supervision.order_supervision(THING, "handle", actor=qian, text="为何逾期？")
    client = as_(li)
    assert "为何逾期？" in client.get(url("list_orders")).content.decode()
    assert "为何逾期？" in client.get(url("reply_order", order.pk)).content.decode()
    assert client.post(url("reply_order", order.pk), {"text": ""}).status_code == 422
    assert client.post(url("reply_order", order.pk), {"text": "明日修好"}).status_code == 302
    assert client.post(url("reply_order", order.pk), {"text": "又一次"}).status_code == 409
    answered = client.get(url("list_orders"), {"answered": "yes"}).content.decode()
    assert "为何逾期？" in answered
    assert "明日修好" in client.get(url("reply_order", order.pk)).content.decode()
    assert as_(stranger).get(url("reply_order", order.pk)).status_code == 404


def test_everybody_reads_the_hung_problems_without_their_words(client, as_, works, qian, li):
    make_office("GOV-ZZ")
    open_handle(works)
    hung = supervision.hang(THING, "handle", actor=qian, condition="路灯已亮")
    page = client.get(url("list_hung")).content.decode()
    assert "T-0007" in page
    assert "路灯已亮" in page
    assert works.name in page
    assert "路灯不亮" not in page
    assert '<form method="post" action="/duties' not in page
    assert as_(li).post(url("lift_hang", hung.pk), {"note": "灯亮了"}).status_code == 403
    assert as_(qian).post(url("lift_hang", hung.pk), {"note": ""}).status_code == 422
    assert as_(qian).post(url("lift_hang", hung.pk), {"note": "灯亮了"}).status_code == 302
    assert "T-0007" not in client.get(url("list_hung")).content.decode()


def test_the_duties_of_a_matter_come_as_a_fragment(as_, works, li):
    open_handle(works)
    address = url("of_matter", "thing", THING.key)
    assert as_(li).get(address).status_code == 404
    access.register_reader("thing", lambda *_: True, url="duties:duty", steps={"handle": "处置"})
    page = as_(li).get(address, headers={"hx-request": "true"}).content.decode()
    assert "处置" in page
    assert "<html" not in page
    assert "<html" in as_(li).get(address).content.decode()
    assert "处置" in as_(li).get(url("list_duties")).content.decode()


def test_a_year_of_the_calendar_is_shown(as_, li):
    client = as_(li)
    page = client.get(url("calendar"), {"year": "2026"}).content.decode()
    assert "2026-02-14" in page
    assert "春节调休上班" in page
    assert '<form method="post" action="/duties' not in page
    for bad in ("x", "-1", "0001", "9999", "99999999999999999999", "²"):
        assert client.get(url("calendar"), {"year": bad}).status_code == 200


def test_an_administrator_changes_a_day(as_, works, admin, li):
    duty = open_handle(works)
    day = {"day": "2026-03-09", "working": "N", "name": "镇庆"}
    assert as_(li).post(url("edit_day"), day).status_code == 403
    page = as_(admin).post(url("edit_day"), day)
    assert page.status_code == 200
    assert "T-0007" in page.content.decode()
    assert CalendarDay.objects.get().date == date(2026, 3, 9)
    duty.refresh_from_db()
    assert duty.due_at == at("2026-03-12 18:00")
    for bad in ({}, {**day, "day": "0000-01-01"}, {**day, "working": "?"}, {**day, "name": "\x00"}):
        assert as_(admin).post(url("edit_day"), bad).status_code == 422


def test_an_administrator_tries_a_file_before_loading_it(as_, works, admin):
    with clock.at(at("2026-12-30 10:00")):
        open_handle(works, "3wd")
        client = as_(admin)
        assert "2027" in client.get(url("list_duties")).content.decode()

        def send(content, **more):
            file = SimpleUploadedFile("2027.csv", content)
            return client.post(url("load_calendar"), {"file": file, **more})

        rows = b"2027-01-01,N,x\n2027-10-01,N,y\n"
        assert "T-0007" in send(rows, dry_run="on").content.decode()
        assert not CalendarDay.objects.exists()
        assert send(rows).status_code == 200
        assert not Duty.objects.get().provisional
        assert send(b"").status_code == 422
        assert send(b"nonsense").status_code == 422
        assert send(b"x" * 1_100_000).status_code == 422
        assert client.post(url("load_calendar"), {}).status_code == 422


def test_a_day_outside_all_calendars_is_refused(as_, admin):
    client = as_(admin)
    for day in ("0001-01-01", "9999-12-31"):
        answer = client.post(url("edit_day"), {"day": day, "working": "N", "name": "错"})
        assert answer.status_code == 422
    assert not CalendarDay.objects.filter(date__year__in=(1, 9999)).exists()
