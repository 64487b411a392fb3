"""People ask about their own data; the data-protection officer answers in time."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from linli.audit.models import Entry
from linli.kit import clock
from linli.kit.errors import Forbidden, MoveRefused, Unseen
from linli.offices.choices import CENTRE
from linli.offices.errors import SecondFactorFirst
from linli.offices.models import Account
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_actor, make_office
from linli.privacy import rules, services
from linli.privacy.models import SubjectRequest
from linli.privacy.rules import about_token

pytestmark = pytest.mark.django_db
BODY = {"township": TOWN, "kind": "access", "text": "请给我一份", "contact": "13800138000"}


@pytest.fixture(autouse=True)
def centre():
    return make_office(CENTRE)


@pytest.fixture
def officer():
    return make_actor("officer", "R20", second_factor=True)


def ask(**fields):
    return services.ask(**{**BODY, **fields})


def test_an_answer_is_due_after_fifteen_weekdays():
    assert rules.answer_due(date(2026, 11, 24)) == date(2026, 12, 15)
    assert rules.answer_due(date(2026, 11, 28), 1) == date(2026, 11, 30)


def test_anybody_asks_without_an_account(client):
    assert client.get("/privacy/request/").status_code == 200
    answer = client.post("/privacy/request/", BODY)
    assert answer.status_code == 201
    one = SubjectRequest.objects.get()
    assert str(one.pk) in answer.content.decode()
    assert (one.text.open(), one.contact.open()) == ("请给我一份", "13800138000")
    entry = Entry.objects.get(act="privacy.asked")
    assert "13800138000" not in entry.facts


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", "字" * 2001),
        ("text", "a\x00b"),
        ("contact", ""),
        ("contact", "1" * 201),
        ("kind", "track"),
        ("township", "123"),
        ("township", OTHER_TOWN),
        ("about", "case:1"),
        ("about", "WyJjYXNlIiwiMSJd:1wHtGf:0000"),
    ],
)
def test_what_cannot_be_used_is_said_and_not_kept(client, field, value):
    assert client.post("/privacy/request/", {**BODY, field: value}).status_code == 422
    assert not SubjectRequest.objects.exists()


def test_a_request_from_a_matters_page_names_it(client):
    key = uuid4()
    client.post("/privacy/request/", {**BODY, "about": about_token("case", key)})
    one = SubjectRequest.objects.get()
    assert (one.matter_kind, one.matter_key) == ("case", key)


def test_an_address_that_floods_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr("linli.privacy.requests.MOST", 2)
    answers = [client.post("/privacy/request/", BODY).status_code for _ in range(3)]
    assert answers == [201, 201, 429]
    assert SubjectRequest.objects.count() == 2


def test_the_officer_opens_it_with_a_reason(officer):
    opened = services.read_request(ask().pk, actor=officer, reason="准备答复")
    assert (opened.text, opened.contact, opened.answer) == ("请给我一份", "13800138000", "")
    assert Entry.objects.filter(act="privacy.looked").count() == 3


def test_without_a_second_factor_it_stays_closed():
    officer = make_actor("officer", "R20")
    with pytest.raises(SecondFactorFirst):
        services.read_request(ask().pk, actor=officer, reason="准备答复")


def test_the_officer_answers_once(officer):
    one = services.answer(ask().pk, "寄给您了", actor=officer)
    assert (one.state, one.answered_by) == ("answered", officer.key)
    assert SubjectRequest.objects.get().answer.open() == "寄给您了"
    with pytest.raises(MoveRefused):
        services.answer(one.pk, "又一次", actor=officer)
    assert Entry.objects.filter(act="privacy.answered").count() == 1


def test_an_intake_officer_may_not(officer):
    lina = make_actor("lina", "R06", second_factor=True)
    with pytest.raises(Forbidden):
        services.answer(ask().pk, "x", actor=lina)


def test_another_town_does_not_see_it():
    stranger = make_actor(
        "zhao", "R20", make_office(CENTRE, township=OTHER_TOWN), second_factor=True
    )
    with pytest.raises(Unseen):
        services.read_request(ask().pk, actor=stranger, reason="准备答复")


def test_a_copy_is_given_out(officer, monkeypatch):
    monkeypatch.setattr(services, "_exporters", {})
    key = uuid4()
    services.register_exporter("thing", lambda actor, found: {"key": str(found), "by": actor.key})
    one = ask(about=("thing", key))
    assert services.export(one.pk, actor=officer) == {"key": str(key), "by": officer.key}
    assert Entry.objects.filter(act="privacy.exported", subject=one.subject).exists()
    with pytest.raises(SecondFactorFirst):
        services.export(one.pk, actor=make_actor("officer", "R20", make_office("GOV-CJ")))
    with pytest.raises(Unseen):
        services.export(ask(kind="erase", about=("thing", key)).pk, actor=officer)
    with pytest.raises(Unseen):
        services.export(ask().pk, actor=officer)
    with pytest.raises(ValueError, match="twice"):
        services.register_exporter("thing", dict)


def sign_in(client, actor):
    client.force_login(
        Account.objects.get(pk=actor.account), "allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa"}]
    session["account_authentication_methods_user"] = str(actor.account)
    session.save()


def test_the_desk_shows_the_late_one_and_opens_it(client, officer):
    with clock.at(clock.now() - timedelta(days=60)):
        one = ask()
    sign_in(client, officer)
    page = client.get(reverse("privacy:requests")).content.decode()
    assert str(one.pk) in page
    assert "tag-late" in page
    shown = client.get(reverse("privacy:show", args=[one.pk])).content.decode()
    assert "13800138000" not in shown
    opened = client.post(reverse("privacy:look", args=[one.pk]), {"reason": "准备答复"})
    assert "13800138000" in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]
    assert client.post(reverse("privacy:look", args=[one.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("privacy:answer", args=[one.pk]), {"text": ""}).status_code == 422
    assert (
        client.post(reverse("privacy:answer", args=[one.pk]), {"text": "寄出"}).status_code == 302
    )
    assert (
        client.post(reverse("privacy:answer", args=[one.pk]), {"text": "寄出"}).status_code == 409
    )
    assert client.post(reverse("privacy:export", args=[one.pk])).status_code == 404


def test_nobody_else_comes_to_the_desk(client):
    one = ask()
    doors = [("requests", []), ("show", [one.pk])]
    for door, arguments in doors:
        assert client.get(reverse(f"privacy:{door}", args=arguments)).status_code == 302
    sign_in(client, make_actor("lina", "R06", second_factor=True))
    for door, arguments in doors:
        assert client.get(reverse(f"privacy:{door}", args=arguments)).status_code == 403
    for door in ("look", "answer", "export"):
        assert client.post(reverse(f"privacy:{door}", args=[one.pk])).status_code == 403
