"""What is owed, when its clock stood still, who gave more time, who was told; the calendar."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.duties.choices import (
    LIVE,
    MAX_EXTENSIONS,
    SHARED_STEPS,
    Alarm,
    DutyState,
    ExtensionState,
    Matter,
    PauseReason,
)
from linli.kit import clock
from linli.kit.ids import uuid7
from linli.offices.models import Actor, Office, Post

_LIVE = Q(state__in=LIVE)


class DutyQuerySet(models.QuerySet["Duty"]):
    """Filters over duties."""

    def of(self, matter: Matter) -> Self:
        """Keep the duties on one matter."""
        return self.filter(matter_kind=matter.kind, matter_key=matter.key)

    def live(self) -> Self:
        """Keep what is still owed."""
        return self.filter(state__in=LIVE)

    def late(self, moment: datetime) -> Self:
        """Keep the running duties whose deadline lies before `moment`."""
        return self.filter(state=DutyState.RUNNING, due_at__lt=moment)

    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor's post sees; `rules.may_see` says the same of one duty."""
        inside = self.filter(township=actor.township)
        if actor.level == "town":
            return inside
        if actor.level in {"dept", "village", "grid"}:
            return inside.filter(office=actor.office)
        return self.none()


class Duty(models.Model):
    """This office owes this step on this matter, since then, until then, by this promise or law.

    The deadline is never edited: it is `limit + extended + stopped`, counted from `started_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    matter_kind = models.CharField(max_length=20)
    matter_key = models.UUIDField()
    matter_number = models.CharField(_("number"), max_length=40, blank=True)
    matter_title = models.CharField(_("title"), max_length=120, blank=True)
    step = models.CharField(_("step"), max_length=30)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, verbose_name=_("office"))
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True)
    urgency = models.CharField(_("urgency"), max_length=2)
    basis = models.CharField(_("promised by"), max_length=20, blank=True)
    limit = models.CharField(_("limit"), max_length=8, blank=True)
    extended = models.DurationField(default=timedelta)
    stopped = models.DurationField(default=timedelta)
    paused_for = models.DurationField(default=timedelta)
    started_at = models.DateTimeField(_("since"))
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField(_("until"), null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    yellow_at = models.DateTimeField(null=True, blank=True)
    provisional = models.BooleanField(default=False)
    state = models.CharField(
        _("state"), max_length=9, choices=DutyState.choices, default=DutyState.RUNNING
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=8, choices=PauseReason.choices, blank=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    alarm = models.CharField(max_length=6, choices=Alarm.choices, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(_("late"), default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter_kind", "matter_key", "step"],
                condition=_LIVE & ~Q(step__in=SHARED_STEPS),
                name="duty_one_live_per_step",
            ),
            models.UniqueConstraint(
                fields=["matter_kind", "matter_key", "step", "office"],
                condition=_LIVE,
                name="duty_one_live_per_office",
            ),
            models.CheckConstraint(
                name="duty_state_holds",
                condition=Q(
                    state=DutyState.RUNNING,
                    due_at__isnull=False,
                    paused_at__isnull=True,
                    pause_reason="",
                    ended_at__isnull=True,
                )
                | Q(
                    state=DutyState.PAUSED,
                    due_at__isnull=True,
                    paused_at__isnull=False,
                    pause_reason__gt="",
                    ended_at__isnull=True,
                )
                | Q(
                    state=DutyState.MET,
                    due_at__isnull=False,
                    paused_at__isnull=True,
                    pause_reason="",
                    ended_at__isnull=False,
                    alarm="",
                )
                | Q(
                    state=DutyState.CANCELLED,
                    paused_at__isnull=True,
                    pause_reason="",
                    ended_at__isnull=False,
                    alarm="",
                ),
            ),
            models.CheckConstraint(
                name="duty_alarm_has_time",
                condition=Q(alarm="", alarm_at__isnull=True)
                | Q(alarm__gt="", alarm_at__isnull=False),
            ),
            models.CheckConstraint(
                name="duty_two_extensions", condition=Q(extensions__lte=MAX_EXTENSIONS)
            ),
        ]
        indexes = [
            models.Index(fields=["matter_kind", "matter_key"], name="duty_matter"),
            models.Index(fields=["township", "due_at", "id"], condition=_LIVE, name="duty_town"),
            models.Index(fields=["office", "due_at", "id"], condition=_LIVE, name="duty_office"),
            models.Index(
                fields=["alarm_at", "id"], condition=Q(alarm_at__isnull=False), name="duty_alarm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_number} {self.step} ({self.state})"

    @property
    def matter(self) -> Matter:
        """What the duty is about."""
        return Matter(
            self.matter_kind, self.matter_key, self.township, self.matter_number, self.matter_title
        )

    @property
    def is_live(self) -> bool:
        """Whether somebody still owes it."""
        return self.state in LIVE

    @property
    def facts(self) -> dict[str, Any]:
        """The duty in the words of the trail, for the line of the verb that moved it."""
        return {
            "duty": str(self.pk),
            "step": self.step,
            "office": str(self.office_id),
            "state": str(self.state),
            "limit": self.limit,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "late": self.late,
        }


class Pause(models.Model):
    """A time in which a duty's clock stood still; everybody who follows the matter sees it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=8, choices=PauseReason.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    from_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(until__isnull=True), name="pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("from_at")),
                name="pause_order",
            ),
        ]
        ordering = ["from_at"]

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.reason}"

    @property
    def is_after_closing(self) -> bool:
        """Whether nobody paused: the matter was closed, and reopened later."""
        return self.reason == PauseReason.AFTER_CLOSING


class Extension(models.Model):
    """A wish for more time: the office's head grants the first, the leader on duty the second."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="asked_extensions")
    limit = models.CharField(_("more time"), max_length=8)
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(
        max_length=8, choices=ExtensionState.choices, default=ExtensionState.ASKED
    )
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    decided_role = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(state=ExtensionState.ASKED), name="extension_one_asked"
            ),
            models.CheckConstraint(
                name="extension_decided",
                condition=Q(state=ExtensionState.ASKED, decided_at__isnull=True)
                | (~Q(state=ExtensionState.ASKED) & Q(decided_at__isnull=False)),
            ),
        ]
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.limit} ({self.state})"


class Escalation(models.Model):
    """A reminder, a colour, a supervision order with its reply, a hung problem with its way off."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="escalations")
    kind = models.CharField(max_length=6, choices=Alarm.choices)
    round = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(_("what is asked, or what takes it off"), max_length=500, blank=True)
    reply = models.TextField(_("reply"), blank=True, max_length=2000)
    replied_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "kind", "round"],
                condition=Q(kind__in=[Alarm.REMIND, Alarm.YELLOW, Alarm.RED]),
                name="escalation_once",
            ),
            models.UniqueConstraint(
                fields=["duty"],
                condition=Q(kind=Alarm.ORDER, replied_at__isnull=True),
                name="order_one_open",
            ),
            models.UniqueConstraint(
                fields=["duty"],
                condition=Q(kind=Alarm.HANG, lifted_at__isnull=True),
                name="hang_one_open",
            ),
            models.CheckConstraint(
                name="hang_has_condition", condition=~Q(kind=Alarm.HANG) | Q(text__gt="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["township", "kind", "at"],
                condition=Q(kind__in=[Alarm.ORDER, Alarm.HANG]),
                name="escalation_town",
            )
        ]
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.kind}"


class CalendarDay(models.Model):
    """A day with a rule of its own; a blank township means everybody, a township's row wins."""

    id = models.BigAutoField(primary_key=True)
    township = models.CharField(max_length=12, blank=True)
    date = models.DateField(_("date"))
    working = models.BooleanField(_("worked"))
    name = models.CharField(_("occasion"), max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["township", "date"], name="calendar_day_once")
        ]
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {'worked' if self.working else 'free'}"


class CalendarVersion(models.Model):
    """One row that changes with the calendar, so that processes know when to read it again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=uuid7)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="calendar_version_single")]

    def __str__(self) -> str:
        return str(self.token)
