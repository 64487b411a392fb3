"""Reads of messages, for a reader: the notices of a desk, the messages of a matter."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from linli.channels import rules
from linli.channels.choices import KEEP_NOTICES_DAYS
from linli.channels.models import Message, Reading
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, Unseen
from linli.offices.models import Actor

PAGE = 20


@dataclass(frozen=True)
class Notice:
    """A notice in its reader's language."""

    pk: UUID
    message: Message
    title: str
    body: str
    read: bool
    url: str


@dataclass(frozen=True)
class NoticePage:
    """A page of notices, and the key after which the next one begins."""

    items: list[Notice]
    after: str


def account_of(actor: Actor) -> UUID:
    """Return the account that reads; Forbidden for who has none."""
    if actor.account is None:
        raise Forbidden
    return actor.account


def notices_of(actor: Actor) -> QuerySet[Any]:
    """Return the actor's notices that are not too old, each with `read`."""
    begin = clock.now() - timedelta(days=KEEP_NOTICES_DAYS)
    readings = Reading.objects.filter(notice=OuterRef("pk"), account=account_of(actor))
    found = Message.objects.for_reader(actor).filter(created_at__gte=begin)
    return found.annotate(read=Exists(readings))


def list_notices(actor: Actor, after: str = "", *, limit: int = PAGE) -> NoticePage:
    """Return a page of the actor's notices, unread first, each part newest first."""
    found = notices_of(actor)
    if after:
        read, key = _read_key(after)
        behind = Q(read=read, pk__lt=key)
        found = found.filter(behind if read else behind | Q(read=True))
    rows = list(found.order_by("read", "-pk")[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    last = f"{'r' if rows[-1].read else 'u'}{rows[-1].pk}" if more else ""
    return NoticePage([_notice(row) for row in rows], last)


def _read_key(after: str) -> tuple[bool, UUID]:
    try:
        return {"r": True, "u": False}[after[:1]], UUID(after[1:])
    except (KeyError, ValueError) as error:
        raise Invalid from error


def _notice(row: Any) -> Notice:
    language = get_language() or "zh"
    page = rules.page_of(row.matter_kind)
    return Notice(
        pk=row.pk,
        message=row,
        title=row.title(language),
        body=row.body(language),
        read=row.read,
        url=reverse(page, args=[row.matter_key]) if page else "",
    )


def count_unread(actor: Actor) -> int:
    """Return how many notices the actor has not read."""
    return notices_of(actor).filter(read=False).count()


def get_notice(actor: Actor, pk: UUID) -> Message:
    """Return one notice of the actor; Unseen otherwise."""
    notice: Message | None = notices_of(actor).filter(pk=pk).first()
    if notice is None:
        raise Unseen
    return notice


def get_message(actor: Actor, pk: UUID, *, lock: bool = False) -> Message:
    """Return one message of a matter that the actor sees; Unseen otherwise."""
    found = Message.objects.filter(pk=pk, township=actor.township)
    message = (found.select_for_update() if lock else found).first()
    if message is None or not rules.may_see_matter(actor, message.matter_kind, message.matter_key):
        raise Unseen
    return message


def list_messages(actor: Actor, kind: str, key: UUID) -> list[Message]:
    """Return every message of a matter that the actor sees, oldest first; Unseen otherwise."""
    if not rules.may_see_matter(actor, kind, key):
        raise Unseen
    found = Message.objects.about(kind, key).filter(township=actor.township)
    return list(found.order_by("pk"))
