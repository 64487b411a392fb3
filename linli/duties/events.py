"""What happened to a duty; published inside the transaction that made it happen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.duties.choices import Matter


@dataclass(frozen=True, slots=True)
class DutyEvent:
    """What every event of a duty carries.

    Args:
        matter: what the duty is about.
        duty: its key.
        step: what is owed, such as `handle`.
        office: the office that owes it.
        due_at: until when; None while paused.
    """

    matter: Matter
    duty: UUID
    step: str
    office: UUID
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyOpened(DutyEvent):
    """An office owes a step."""


@dataclass(frozen=True, slots=True)
class DutyHanded(DutyEvent):
    """Another office owes the step now; its clock runs on."""


@dataclass(frozen=True, slots=True)
class DutyMet(DutyEvent):
    """The office did what it owed."""


@dataclass(frozen=True, slots=True)
class DutyCancelled(DutyEvent):
    """Nobody owes the step any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class DutyPaused(DutyEvent):
    """The clock stands still, for a reason that the reporter sees."""

    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DutyResumed(DutyEvent):
    """The clock runs again: after a pause, or because a closed matter was reopened."""


@dataclass(frozen=True, slots=True)
class PauseUsedUp(DutyEvent):
    """The pauses of a step lasted as long as they may; the sweep let its clock run again."""


@dataclass(frozen=True, slots=True)
class DutyMoved(DutyEvent):
    """The deadline is another one: the limit was corrected or the calendar changed."""

    before: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionAsked(DutyEvent):
    """The office asks for more time."""

    extension: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class DutyExtended(DutyEvent):
    """More time was granted; the reporter must be told why and until when."""

    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionRefused(DutyEvent):
    """More time was refused."""

    extension: UUID


@dataclass(frozen=True, slots=True)
class DutyReminded(DutyEvent):
    """Most of the time is gone."""


@dataclass(frozen=True, slots=True)
class DutyYellow(DutyEvent):
    """The deadline is near."""


@dataclass(frozen=True, slots=True)
class DutyLate(DutyEvent):
    """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class SupervisionOrdered(DutyEvent):
    """The office must answer in writing why it is late."""

    order: UUID


@dataclass(frozen=True, slots=True)
class ProblemHung(DutyEvent):
    """The matter stands on the public list of hung problems."""

    hang: UUID
