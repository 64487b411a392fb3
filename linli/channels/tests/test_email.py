"""Letters go through a real mail server on a socket."""

from datetime import timedelta

import pytest

from linli.audit.models import Entry
from linli.channels.choices import ToEmail
from linli.channels.email.channel import Email
from linli.channels.models import Message
from linli.channels.services import ATTEMPTS, deliver, erase_messages
from linli.channels.tests.matters import LAMP, tell, tell_reporter, work
from linli.channels.tests.smtp import open_post
from linli.duties.choices import Matter
from linli.kit import clock
from linli.kit.models import Job
from linli.offices.models import system

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(settings):
    with open_post() as post:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        settings.DEFAULT_FROM_EMAIL = "邻里 <town@linli.example>"
        yield post


def later(**span):
    return clock.now() + timedelta(**span)


def test_a_letter_arrives(post, monkeypatch):
    message = tell_reporter()
    work(monkeypatch)
    (letter,) = post.letters
    assert letter["To"] == "wang@example.com"
    assert letter["Subject"] == f"您的报告已收到：{LAMP.number}"
    assert letter["Message-ID"] == f"<{message.pk}@linli.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "https://town.example/r/LY-0007" in letter.get_content()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    assert message.sent_at
    assert Entry.objects.filter(act="message.sent").count() == 1


def test_a_letter_is_in_its_readers_language(post, monkeypatch):
    tell_reporter(language="en")
    work(monkeypatch)
    assert post.letters[0]["Subject"] == f"We have your report: {LAMP.number}"
    assert "You can see every step" in post.letters[0].get_content()


def test_a_server_that_is_down_gets_the_letter_once_it_is_up(post, monkeypatch, settings):
    with open_post() as other:
        port = other.port
    settings.EMAIL_PORT = port
    message = tell_reporter()
    work(monkeypatch)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 1)
    assert message.error.startswith("ConnectionRefusedError")
    with open_post(port) as up:
        work(monkeypatch)
        assert up.letters == []  # not before its wait is over
        work(monkeypatch, at=later(minutes=1))
        work(monkeypatch, at=later(minutes=30))
        assert len(up.letters) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("sent", 2, "")


def test_a_refused_recipient_is_not_tried_again_and_not_named(post, monkeypatch):
    post.refusal = "550 wang@example.com does not live here"
    message = tell_reporter()
    work(monkeypatch)
    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "SMTPRecipientsRefused 550")
    assert Job.objects.get().state == "done"
    entry = Entry.objects.get(act="message.failed")
    assert "wang" not in entry.facts


def test_a_busy_server_is_tried_again(post, monkeypatch, caplog):
    post.refusal = "451 wang@example.com later please"
    message = tell_reporter()
    work(monkeypatch)
    message.refresh_from_db()
    assert (message.state, message.error) == ("queued", "SMTPRecipientsRefused 451")
    assert "wang" not in Job.objects.get().error
    assert "Undelivered" in caplog.text
    assert "wang" not in caplog.text


def test_it_is_given_up_in_the_end(post, monkeypatch):
    post.refusal = "451 later please"
    message = tell_reporter()
    Message.objects.update(attempts=ATTEMPTS - 1)
    work(monkeypatch)
    message.refresh_from_db()
    assert message.state == "failed"
    assert Job.objects.get().state == "done"


def test_a_letter_that_cannot_be_written_is_given_up_in_the_end(monkeypatch, settings):
    message = tell_reporter()
    settings.SEAL_KEY = "another key of thirty-two characters"
    work(monkeypatch)
    message.refresh_from_db()
    assert (message.state, message.error) == ("queued", "SealBroken")
    Message.objects.update(attempts=ATTEMPTS - 1)
    work(monkeypatch, at=later(hours=1))
    message.refresh_from_db()
    assert message.state == "failed"
    assert Entry.objects.filter(act="message.failed").exists()


def test_a_letter_is_not_sent_again_by_a_second_job(post):
    message = tell_reporter()
    deliver(message.pk)
    deliver(message.pk)
    assert len(post.letters) == 1


def test_a_letter_whose_worker_vanished_is_sent_with_the_same_id(post):
    message = tell_reporter()
    deliver(message.pk)
    Message.objects.update(state="sending")  # the worker died before it could note the success
    deliver(message.pk)
    assert len({letter["Message-ID"] for letter in post.letters}) == 1


def test_a_letter_that_is_erased_on_its_way_stays_erased(post, monkeypatch):
    message = tell_reporter()
    monkeypatch.setattr(
        Email, "send", lambda *_: erase_messages("lamp", LAMP.key, actor=system(LAMP.township))
    )
    deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "dropped"
    assert not message.address


def test_nothing_in_the_contents_becomes_a_header(post, monkeypatch):
    wicked = Matter("lamp", LAMP.key, LAMP.township, "LY-1\r\nBcc: li@example.com")
    tell(
        ToEmail("wang@example.com"),
        "merged",
        matter=wicked,
        other="x\r\n.\r\nRCPT TO:<li@example.com>",
        link="x",
    )
    work(monkeypatch)
    (letter,) = post.letters
    assert letter["Bcc"] is None
    assert letter["To"] == "wang@example.com"
