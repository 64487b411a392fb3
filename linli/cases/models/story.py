"""The story of a case: its entries, objections, verifications, and the draws of the day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.cases.choices import Ending
from linli.cases.models.case import Case
from linli.kit import clock
from linli.kit.ids import uuid7
from linli.offices.models import Office, Post


class Entry(models.Model):
    """One thing that was done on a case, as people read it.

    `said` is for the reporter, `note` for colleagues. The trail holds the same without the words.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField(default=clock.now)
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_reporter = models.BooleanField(default=False)
    public = models.BooleanField(default=True)
    said = models.TextField(blank=True)
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "id"], name="case_story")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"


class Objection(models.Model):
    """The reporter's «not solved»; decided by somebody who did not handle it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="objections")
    made_at = models.DateTimeField(default=clock.now)
    reason = models.TextField(_("what is not solved"))
    decided_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(decided_at__isnull=True), name="objection_one_open"
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Verification(models.Model):
    """Somebody else looked whether it was done."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="verifications")
    claimed = models.CharField(max_length=12, choices=Ending.choices)
    method = models.CharField(max_length=8)
    confirmed = models.BooleanField()
    reached = models.BooleanField(null=True, blank=True)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.case_id)


class Draw(models.Model):
    """The seed of a day's draw: its hash is public that day, the seed the day after."""

    id = models.BigAutoField(primary_key=True)
    township = models.CharField(max_length=12)
    day = models.DateField()
    seed = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["township", "day"], name="draw_day")]

    def __str__(self) -> str:
        return f"{self.township} {self.day}"


class Link(models.Model):
    """A one-use link: opening it changes nothing, only the button on its page uses it up."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    township = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.case_id)
