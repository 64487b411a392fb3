"""The rows of the trail; database triggers refuse to change or remove entries and roots."""

import json
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.db import models


def canonical(facts: dict[str, Any]) -> str:
    """Return the one spelling of `facts` that is hashed (sorted keys, no spaces, UTF-8)."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


class Entry(models.Model):
    """One thing that was done."""

    id = models.BigAutoField(primary_key=True)
    township = models.CharField(max_length=12)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    facts = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["township", "seq"], name="entry_place")]
        indexes = [
            models.Index(fields=["subject", "id"], name="entry_subject"),
            models.Index(fields=["township", "at"], name="entry_day"),
        ]

    def __str__(self) -> str:
        return f"{self.township}/{self.seq} {self.act}"

    def computed_hash(self) -> str:
        """Return the hash that this row's content and its predecessor's hash give."""
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = (
            self.township,
            str(self.seq),
            moment,
            self.actor,
            self.act,
            self.subject,
            self.facts,
            self.previous,
        )
        return sha256("\x1f".join(parts).encode()).hexdigest()


class Salt(models.Model):
    """The salt of one commitment; without it nobody can tell what was committed to."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    salt = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="salt_once")]

    def __str__(self) -> str:
        return f"{self.entry_id}:{self.name}"


class Head(models.Model):
    """The end of one township's chain; locked by whoever appends."""

    township = models.CharField(max_length=12, primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.township}: {self.seq}"


class Root(models.Model):
    """The published Merkle root over one township's entries up to the end of a day."""

    id = models.BigAutoField(primary_key=True)
    township = models.CharField(max_length=12)
    day = models.DateField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    root = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["township", "day"], name="root_day")]

    def __str__(self) -> str:
        return f"{self.township} {self.day}: {self.root}"
