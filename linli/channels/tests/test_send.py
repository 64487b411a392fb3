"""Messages are written with the change that causes them, once."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from linli.audit.models import Entry
from linli.channels import registry
from linli.channels.choices import ToAccount, ToEmail, ToOffice, ToPost
from linli.channels.email.channel import Email
from linli.channels.models import Message
from linli.channels.tests.matters import tell, tell_reporter
from linli.kit.models import Job
from linli.offices.tests.people import make_actor, make_office

pytestmark = pytest.mark.django_db


def test_a_notice_is_there_at_once_without_a_worker():
    anna = make_actor("anna", "R06")
    message = tell(ToAccount(anna.account))
    assert (message.state, message.channel) == ("sent", "notice")
    assert not Job.objects.exists()


def test_a_post_means_its_account():
    anna = make_actor("anna", "R06")
    assert tell(ToPost(anna.post)).account == anna.account


def test_a_letter_waits_for_the_worker_and_stands_in_the_trail_without_its_address():
    message = tell_reporter()
    assert (message.state, message.channel) == ("queued", "email")
    assert Job.objects.get().arguments == {"message": str(message.pk)}
    entry = Entry.objects.get(act="message.queued")
    assert entry.subject == f"lamp:{message.matter_key}"
    assert "wang" not in entry.facts


def test_address_and_contents_are_sealed_in_the_database():
    tell_reporter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM channels_message")
        row = json.dumps(cursor.fetchall(), default=str)
    assert "LY-0007" in row
    assert "wang" not in row
    assert "town.example" not in row


def test_nothing_is_sent_when_the_cause_fails():
    with transaction.atomic():
        tell_reporter()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Job.objects.exists()


def test_the_same_message_is_made_once_per_recipient():
    office = make_office()
    anna = make_actor("anna", "R06")
    first = tell_reporter()
    assert tell_reporter().pk == first.pk
    tell(ToOffice(office.pk))
    tell(ToOffice(office.pk))
    tell(ToAccount(anna.account))
    assert Message.objects.count() == 3
    tell_reporter(dedupe="two")
    assert Message.objects.count() == 4
    assert Job.objects.count() == 2


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b",
        "wang@example.com\nBcc: li@example.com",
        "wang@example.com\r\n",
        "a b@c.cn",
    ],
)
def test_what_is_no_address_is_kept_as_not_sent(address):
    message = tell_reporter(address)
    message.refresh_from_db()
    assert (message.state, message.error) == ("dropped", "no such address")
    assert not message.address
    assert not Job.objects.exists()


def test_a_missing_fact_is_the_callers_mistake():
    with pytest.raises(ValueError, match="link"):
        tell(ToEmail("wang@example.com"), "report_received")
    with pytest.raises(KeyError):
        tell(ToEmail("wang@example.com"), "no_such_template")
    assert not Message.objects.exists()


def test_times_are_told_in_the_towns_time():
    moment = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
    message = tell(ToOffice(make_office().pk), "duty_late", step="处置", due=moment)
    assert "2026-03-04 16:30" in message.body("en")


def test_a_channel_is_registered_once():
    with pytest.raises(ValueError, match="registered twice"):
        registry.register(Email())
