"""Verbs of the trail: append, forget a salt, publish the day's root."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from linli.audit.models import Entry, Head, Root, Salt, canonical
from linli.kit import clock, merkle


class Acting(Protocol):
    """Whoever does something: a post, a reporter, the worker."""

    @property
    def key(self) -> str:
        """A stable name without personal data, such as `post:0190…`."""

    @property
    def township(self) -> str:
        """The 12-digit code of the township in whose chain the act belongs."""


@dataclass(frozen=True)
class Line:
    """One thing to record.

    Args:
        act: noun.verb, such as `case.closed`.
        subject: kind:key, such as `case:0190…`.
        facts: what happened, without personal values.
        personal: personal values by name; only salted commitments of them are kept.
        at: the moment; now if absent.
    """

    act: str
    subject: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None


def commitment(salt: str, value: str) -> str:
    """Return the commitment to a value: SHA-256 over its salt and its text."""
    return sha256(f"{salt}\x1f{value}".encode()).hexdigest()


def _entry(line: Line, actor: Acting, head: Head) -> tuple[Entry, dict[str, str]]:
    salts = {name: secrets.token_hex(16) for name, value in line.personal.items() if value}
    facts = dict(line.facts)
    if salts:
        facts["commitments"] = {
            name: commitment(salt, line.personal[name]) for name, salt in salts.items()
        }
    entry = Entry(
        township=head.township,
        seq=head.seq + 1,
        at=line.at or clock.now(),
        actor=actor.key,
        act=line.act,
        subject=line.subject,
        facts=canonical(facts),
        previous=head.hash,
    )
    entry.hash = entry.computed_hash()
    head.seq, head.hash = entry.seq, entry.hash
    return entry, salts


def _lock_head(township: str) -> Head:
    heads = Head.objects.select_for_update().filter(township=township)
    head = heads.first()
    if head is None:
        Head.objects.get_or_create(township=township)
        head = heads.get()
    return head


@transaction.atomic(savepoint=False)
def record_many(lines: Iterable[Line], *, actor: Acting) -> list[Entry]:
    """Append lines, in order, to the chain of the actor's township; it is locked until commit."""
    head = _lock_head(actor.township)
    pairs = [_entry(line, actor, head) for line in lines]
    entries = Entry.objects.bulk_create([entry for entry, _ in pairs], batch_size=1000)
    head.save(update_fields=["seq", "hash"])
    Salt.objects.bulk_create(
        [
            Salt(entry=entry, name=name, salt=salt)
            for entry, (_, salts) in zip(entries, pairs, strict=True)
            for name, salt in salts.items()
        ],
        batch_size=1000,
    )
    return entries


def record(
    act: str,
    subject: str,
    *,
    actor: Acting,
    personal: Mapping[str, str] | None = None,
    **facts: Any,
) -> Entry:
    """Append one thing that was done; see `Line` for the arguments."""
    return record_many([Line(act, subject, facts, personal or {})], actor=actor)[0]


@transaction.atomic
def forget(subject: str) -> int:
    """Erase the salts of `subject`: its personal values can no longer be confirmed."""
    count, _ = Salt.objects.filter(entry__subject=subject).delete()
    return count


@transaction.atomic
def publish_root(township: str, day: date) -> Root | None:
    """Publish the Merkle root over all entries of `township` up to the end of `day`, once.

    Returns None where the township has no new entry since its last root.
    """
    known = Root.objects.filter(township=township).order_by("-day").first()
    if known and known.day >= day:
        return known if known.day == day else None
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    first = known.last + 1 if known else 1
    entries = list(
        Entry.objects.filter(township=township, seq__gte=first)
        .order_by("seq")
        .only("at", "seq", "hash")
    )
    while entries and entries[-1].at >= end:
        entries.pop()
    if not entries:
        return None
    return Root.objects.create(
        township=township,
        day=day,
        first=first,
        last=entries[-1].seq,
        root=merkle.root([bytes.fromhex(entry.hash) for entry in entries]).hex(),
        head=entries[-1].hash,
        published_at=clock.now(),
    )


def publish_roots() -> int:
    """Publish yesterday's root for every township; returns how many are new."""
    yesterday = timezone.localdate(clock.now()) - timedelta(days=1)
    heads = Head.objects.values_list("township", flat=True)
    return sum(publish_root(township, yesterday) is not None for township in heads)
