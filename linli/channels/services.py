"""Verbs of channels: send, deliver, retry, mark read, erase."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from linli.audit.services import record
from linli.channels import queries, registry, rules
from linli.channels.choices import (
    KEEP_MESSAGES_DAYS,
    KEEP_NOTICES_DAYS,
    TEMPLATES,
    MessageState,
    Recipient,
    ToAccount,
    ToEmail,
    ToOffice,
    ToPost,
)
from linli.channels.errors import Undelivered
from linli.channels.models import Message, MessageQuerySet, Reading
from linli.channels.workflow import MESSAGE_FLOW
from linli.duties.choices import Matter
from linli.kit import clock, queue
from linli.kit.errors import Forbidden
from linli.offices.models import Actor, Post, system

ATTEMPTS = 30  # with the queue's waits: about a day


@transaction.atomic
def send(  # noqa: PLR0913 - the words of one message, each by name
    *,
    to: Recipient,
    template: str,
    context: Mapping[str, Any],
    matter: Matter,
    cause: str,
    dedupe: str,
    actor: Actor,
) -> Message:
    """Write a message into the caller's transaction.

    What stays in the house is there at once; the rest is sent by a worker after the commit.

    Args:
        to: who gets it.
        template: a key of `data/templates.toml`.
        context: the facts that it needs; the matter's number is there by itself.
        matter: what it is about.
        cause: the act that caused it, such as `case.closed`.
        dedupe: one message per recipient and this name is ever made.
        actor: who caused it.
    """
    message = Message(
        township=matter.township,
        matter_kind=matter.kind,
        matter_key=matter.key,
        matter_number=matter.number,
        template=template,
        facts=_facts(template, context, matter),
        cause=cause,
        created_at=clock.now(),
        **_recipient(to),
    )
    return _post(message, dedupe, actor)


def _post(message: Message, dedupe: str, actor: Actor) -> Message:
    """Keep a message once; hand it over, or let a worker send it."""
    recipient = message.account or message.office or ""
    message.dedupe = f"{dedupe}:{message.channel}:{recipient}:{message.power}"
    channel = registry.get(message.channel)
    if not channel.outside:
        message.state, message.sent_at = MessageState.SENT, message.created_at
    elif not _is_address(message.address.open()):
        message.state, message.error = MessageState.DROPPED, "no such address"
        message.address = message.facts = ""
    Message.objects.bulk_create([message], ignore_conflicts=True)
    kept = Message.objects.get(dedupe=message.dedupe)
    if kept.pk != message.pk:
        return kept
    if not channel.outside:
        channel.send(message)
    elif message.state == MessageState.QUEUED:
        _enqueue(message)
        _record("message.queued", message, actor)
    return message


def _facts(template: str, context: Mapping[str, Any], matter: Matter) -> str:
    needs = TEMPLATES[template].needs
    if missing := needs - set(context):
        raise ValueError(f"the message {template!r} needs {sorted(missing)}")
    facts = {name: _plain(context[name]) for name in sorted(needs)}
    return json.dumps({**facts, "number": matter.number}, ensure_ascii=False)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(value)


def _recipient(to: Recipient) -> dict[str, Any]:
    match to:
        case ToAccount(account=account):
            return {"channel": "notice", "account": account}
        case ToPost(post=post):
            account = Post.objects.values_list("account", flat=True).get(pk=post)
            return {"channel": "notice", "account": account}
        case ToOffice(office=office, power=power):
            return {"channel": "notice", "office": office, "power": power}
        case ToEmail(address=address, language=language):
            return {"channel": "email", "address": address, "language": language}


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _enqueue(message: Message) -> None:
    queue.named("channels.deliver").enqueue(
        message=str(message.pk), key=f"channels.deliver:{message.pk}"
    )


def _record(act: str, message: Message, actor: Actor, **facts: Any) -> None:
    record(
        act,
        message.subject,
        actor=actor,
        message=str(message.pk),
        channel=message.channel,
        template=message.template,
        **facts,
    )


def deliver(pk: UUID) -> None:
    """Send one waiting message, outside any transaction; what it raises is tried again."""
    message = _start(pk)
    if message is None:
        return
    try:
        registry.get(message.channel).send(message)
    except Undelivered as error:
        last = error.lasting or message.attempts >= ATTEMPTS
        _end(message, "give_up" if last else "wait", error=str(error))
        if not last:
            raise
    except Exception as error:  # a bug, a lost key: loud every time, and in the end given up
        last = message.attempts >= ATTEMPTS
        _end(message, "give_up" if last else "wait", error=type(error).__name__)
        raise
    else:
        _end(message, "finish")


@transaction.atomic
def _start(pk: UUID) -> Message | None:
    message = Message.objects.select_for_update().filter(pk=pk).first()
    if message is None or not MESSAGE_FLOW.allows(message.state, "start"):
        return None  # sent by another worker, or dropped while it waited
    message.state = MESSAGE_FLOW.target(message.state, "start")
    message.attempts += 1
    message.save(update_fields=["state", "attempts"])
    return message


@transaction.atomic
def _end(sent: Message, move: str, *, error: str = "") -> None:
    message = Message.objects.select_for_update().get(pk=sent.pk)
    if not MESSAGE_FLOW.allows(message.state, move):
        return  # dropped while it was on its way
    message.state = MESSAGE_FLOW.target(message.state, move)
    message.error = error[:200]
    message.sent_at = clock.now() if move == "finish" else None
    message.save(update_fields=["state", "error", "sent_at"])
    if move != "wait":
        act = "message.sent" if move == "finish" else "message.failed"
        _record(act, message, system(message.township), attempts=message.attempts)


@transaction.atomic
def retry_message(pk: UUID, *, actor: Actor) -> Message:
    """Send a message again that could not be sent."""
    message = queries.get_message(actor, pk, lock=True)
    if not rules.may_retry(actor):
        raise Forbidden
    message.state = MESSAGE_FLOW.target(message.state, "retry")
    message.attempts, message.error = 0, ""
    message.save(update_fields=["state", "attempts", "error"])
    _enqueue(message)
    _record("message.retried", message, actor)
    return message


@transaction.atomic
def mark_read(pk: UUID, *, actor: Actor) -> Message:
    """Note that the actor has read a notice; who reads when is nobody's business, so no trail."""
    notice = queries.get_notice(actor, pk)
    Reading.objects.get_or_create(notice=notice, account=queries.account_of(actor))
    return notice


@transaction.atomic
def mark_all_read(*, actor: Actor) -> int:
    """Note that the actor has read all their notices; returns how many were new."""
    unread = queries.notices_of(actor).filter(read=False)
    account = queries.account_of(actor)
    readings = [Reading(notice=notice, account=account) for notice in unread.only("pk")]
    Reading.objects.bulk_create(readings, batch_size=500, ignore_conflicts=True)
    return len(readings)


@transaction.atomic
def erase_messages(kind: str, key: UUID, *, actor: Actor) -> int:
    """Erase addresses and contents of a matter's messages; what still waits is not sent."""
    count = _erase(Message.objects.about(kind, key).exclude(address="", facts=""))
    record("message.erased", f"{kind}:{key}", actor=actor, count=count)
    return count


def _erase(messages: MessageQuerySet) -> int:
    waiting = tuple(MESSAGE_FLOW.starts_of("drop"))
    messages.filter(state__in=waiting).update(state=MessageState.DROPPED)
    return messages.update(address="", facts="")


def erase_old(now: datetime, limit: int) -> int:
    """Erase what was sent a month ago, and notices after half a year, with who has read them."""
    return _erase_older("email", now - timedelta(days=KEEP_MESSAGES_DAYS), limit) or _erase_older(
        "notice", now - timedelta(days=KEEP_NOTICES_DAYS), limit
    )


def _erase_older(channel: str, begin: datetime, limit: int) -> int:
    old = Message.objects.filter(channel=channel, created_at__lt=begin)
    keys = list(
        old.exclude(address="", facts="")
        .order_by("created_at")
        .values_list("pk", flat=True)[:limit]
    )
    Reading.objects.filter(notice__in=keys).delete()
    return _erase(Message.objects.filter(pk__in=keys))
