"""The outbox, which is also the list of notices, and who has read which notice."""

import json
from typing import Self

from django.db import models
from django.db.models import Q

from linli.channels.choices import TEMPLATES, MessageState, Template
from linli.kit import clock
from linli.kit.ids import uuid7
from linli.offices.models import Actor
from linli.privacy.models import SealedField


class MessageQuerySet(models.QuerySet["Message"]):
    """Filters over messages."""

    def about(self, kind: str, key: object) -> Self:
        """Keep the messages of one matter."""
        return self.filter(matter_kind=kind, matter_key=key)

    def for_reader(self, actor: Actor) -> Self:
        """Keep the notices that this actor reads; see `rules.may_read_notice` for one."""
        if actor.account is None:
            return self.none()
        powers = {"", *actor.role.powers, *actor.extra}
        return self.filter(
            Q(account=actor.account) | Q(office=actor.office, power__in=powers),
            township=actor.township,
        )


class Message(models.Model):
    """One message to one recipient about one matter: what it says, why, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    matter_kind = models.CharField(max_length=20)
    matter_key = models.UUIDField()
    matter_number = models.CharField(max_length=40, blank=True)
    template = models.CharField(max_length=40)
    facts = SealedField()
    language = models.CharField(max_length=10, blank=True)
    account = models.UUIDField(null=True, blank=True)
    office = models.UUIDField(null=True, blank=True)
    power = models.CharField(max_length=40, blank=True)
    address = SealedField()
    dedupe = models.CharField(max_length=200, unique=True)
    cause = models.CharField(max_length=60)
    state = models.CharField(
        max_length=8, choices=MessageState.choices, default=MessageState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state")
        ]
        indexes = [
            models.Index(fields=["matter_kind", "matter_key", "id"], name="message_matter"),
            models.Index(
                fields=["account", "id"], condition=Q(account__isnull=False), name="message_account"
            ),
            models.Index(
                fields=["office", "id"], condition=Q(office__isnull=False), name="message_office"
            ),
            models.Index(fields=["channel", "created_at"], name="message_age"),
        ]

    def __str__(self) -> str:
        return f"{self.template} · {self.matter_number} · {self.state}"

    @property
    def subject(self) -> str:
        """The name of its matter in the trail."""
        return f"{self.matter_kind}:{self.matter_key}"

    @property
    def wording(self) -> Template:
        """What it says."""
        return TEMPLATES[self.template]

    def title(self, language: str) -> str:
        """Return the line that stands above it."""
        return self.wording.subject_in(language, self.matter_number)

    def body(self, language: str) -> str:
        """Return its text; nothing once that has been erased."""
        if not self.facts:
            return ""
        return self.wording.body_in(language, json.loads(self.facts.open()))


class Reading(models.Model):
    """A notice that an account has read."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="readings")
    account = models.UUIDField()
    read_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "account"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.read_at:%Y-%m-%d}"
