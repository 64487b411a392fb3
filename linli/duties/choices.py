"""The words that the rooms of duties share."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Matter:
    """What a duty is about, without knowing its app.

    Args:
        kind: the app's noun, such as `case`.
        key: its primary key.
        township: 12-digit code.
        number: its public number.
        title: first words, for worklists.
    """

    kind: str
    key: UUID
    township: str
    number: str = ""
    title: str = ""

    @property
    def subject(self) -> str:
        """The name under which the trail knows it."""
        return f"{self.kind}:{self.key}"


class DutyState(models.TextChoices):
    """Where a duty stands."""

    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    MET = "met", _("met")
    CANCELLED = "cancelled", _("cancelled")


LIVE = (DutyState.RUNNING, DutyState.PAUSED)


class PauseReason(models.TextChoices):
    """Why a clock stands still; the reporter reads it.

    AFTER_CLOSING is the time between closing and reopening: nobody paused.
    """

    REPORTER = "reporter", _("waiting for the reporter's additions")
    WEATHER = "weather", _("waiting for the weather")
    APPROVAL = "approval", _("waiting for approval from above")
    AFTER_CLOSING = "closed", _("closed, until it was reopened")


class ExtensionState(models.TextChoices):
    """What became of a wish for more time."""

    ASKED = "asked", _("asked")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class Alarm(models.TextChoices):
    """What the sweep does next about a duty, in the order in which a neglected duty meets them."""

    REMIND = "remind", _("reminder")
    YELLOW = "yellow", _("yellow: nearly due")
    RED = "red", _("red: late")
    ORDER = "order", _("supervision order")
    HANG = "hang", _("hung problem")
    RESUME = "resume", _("pause used up")


MAX_EXTENSIONS = 2
SHARED_STEPS = ("support",)  # several offices may owe them on one matter at once
