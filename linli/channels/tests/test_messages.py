"""The messages of a matter, on its page."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from linli.channels import rules, services
from linli.channels.choices import ToAccount, ToOffice
from linli.channels.models import Message, Reading
from linli.channels.tests.matters import LAMP, tell, tell_reporter
from linli.kit import clock
from linli.kit.errors import Forbidden, MoveRefused, Unseen
from linli.kit.models import Job
from linli.offices.models import Account
from linli.offices.tests.people import OTHER_TOWN, make_actor, make_office

pytestmark = pytest.mark.django_db

PAGE = ("channels:messages", ["lamp", LAMP.key])


@pytest.fixture
def anna(lamps):
    """Anna answers people at the centre."""
    return make_actor("anna", "R06")


def sign_in(client, actor):
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(Account.objects.get(pk=actor.account), backend=backend)
    return client


def show(client, **headers):
    return client.get(reverse(PAGE[0], args=PAGE[1]), headers=headers)


def test_it_shows_every_message_with_its_fate(client, anna):
    tell_reporter(cause="lamp.reported")
    tell(ToOffice(anna.office))
    Message.objects.filter(channel="email").update(
        state="failed", error="SMTPRecipientsRefused 550"
    )
    page = show(sign_in(client, anna)).content.decode()
    for word in (f"您的报告已收到：{LAMP.number}", "SMTPRecipientsRefused 550"):
        assert word in page
    for word in ("wang@example.com", "lamp.reported"):
        assert word not in page
    assert reverse("channels:retry", args=[Message.objects.get(channel="email").pk]) in page


def test_htmx_gets_the_part_and_others_the_whole_page(client, anna):
    sign_in(client, anna)
    assert "<html" in show(client).content.decode()
    assert "<html" not in show(client, hx_request="true").content.decode()


def test_who_does_not_see_the_matter_does_not_see_its_messages(client, anna, lamps):
    sign_in(client, anna)
    lamps.clear()
    assert show(client).status_code == 404
    assert client.get(reverse(PAGE[0], args=["window", LAMP.key])).status_code == 404
    client.logout()
    assert show(client).status_code == 302


def test_another_town_sees_nothing(client, anna):
    message = tell_reporter()
    stranger = make_actor("stranger", "R06", make_office("GOV-ZZ", township=OTHER_TOWN))
    assert LAMP.number not in show(sign_in(client, stranger)).content.decode()
    with pytest.raises(Unseen):
        services.retry_message(message.pk, actor=stranger)


def test_a_failed_message_is_sent_again(client, anna):
    message = tell_reporter()
    Message.objects.update(state="failed", attempts=30, error="x")
    Job.objects.all().delete()
    answer = sign_in(client, anna).post(reverse("channels:retry", args=[message.pk]))
    assert answer.status_code == 200
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("queued", 0, "")
    assert Job.objects.count() == 1


def test_only_a_failed_message_and_only_by_those_who_answer(anna):
    message = tell_reporter()
    with pytest.raises(MoveRefused):
        services.retry_message(message.pk, actor=anna)
    Message.objects.update(state="failed")
    with pytest.raises(Forbidden):
        services.retry_message(message.pk, actor=make_actor("ben", "R09", make_office("GOV-CJ")))
    with pytest.raises(Unseen):
        services.retry_message(UUID(int=3), actor=anna)


def test_a_kind_has_one_reader(lamps):
    with pytest.raises(ValueError, match="registered twice"):
        rules.register_reader("lamp", lambda _actor, _key: True)


def test_erasing_a_matters_messages_stops_what_still_waits(anna):
    message = tell_reporter()
    notice = tell(ToAccount(anna.account))
    assert services.erase_messages("lamp", LAMP.key, actor=anna) == 2
    message.refresh_from_db()
    notice.refresh_from_db()
    assert (message.state, notice.state) == ("dropped", "sent")
    assert not message.address
    assert not message.facts
    assert notice.body("en") == ""
    services.deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "dropped"


def test_old_messages_are_erased_by_the_schedule(anna):
    now = clock.now()
    with clock.at(now - timedelta(days=31)):
        tell_reporter()
        young = tell(ToAccount(anna.account), dedupe="young")
    with clock.at(now - timedelta(days=181)):
        old = tell(ToAccount(anna.account), dedupe="old")
        services.mark_read(old.pk, actor=anna)
    assert services.erase_old(now, 1) == 1
    assert services.erase_old(now, 1) == 1
    assert services.erase_old(now, 1) == 0
    assert list(Message.objects.exclude(facts="").values_list("pk", flat=True)) == [young.pk]
    assert not Message.objects.exclude(address="").exists()
    assert not Reading.objects.exists()


def test_an_unknown_state_is_refused_by_the_database():
    tell_reporter()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(state="lost")
