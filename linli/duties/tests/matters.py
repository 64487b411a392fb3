"""A matter to owe something on, and what the tests ask of its duties."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from linli.duties.choices import Matter
from linli.duties.events import DutyEvent
from linli.duties.models import Duty
from linli.duties.services import moves
from linli.kit import bus, clock
from linli.kit.ids import uuid7
from linli.offices.models import system
from linli.offices.tests.people import TOWN

SHANGHAI = ZoneInfo("Asia/Shanghai")
THING = Matter("thing", UUID(int=7), TOWN, "T-0007", "路灯不亮")
WORKER = system(TOWN)


def at(text: str) -> datetime:
    """Return a moment in the town's time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


WEDNESDAY = at("2026-03-04 10:00")


def another(number: int = 0) -> Matter:
    """Return another matter."""
    return Matter("thing", uuid7(), TOWN, f"T-{number:04}", "井盖缺失")


def open_handle(office, limit="5wd", matter=THING, **more) -> Duty:
    """Let an office owe the step `handle`."""
    return moves.open_duty(
        matter, step="handle", office=office.pk, limit=limit, actor=WORKER, **more
    )


def pause_at(text, matter=THING, reason="weather") -> Duty:
    """Pause `handle` at a moment."""
    with clock.at(at(text)):
        return moves.pause_duty(matter, "handle", actor=WORKER, reason=reason, note="下雨")


def resume_at(text, matter=THING) -> Duty | None:
    """Let `handle` run again at a moment."""
    with clock.at(at(text)):
        return moves.resume_duty(matter, "handle", actor=WORKER)


def meet_at(text, matter=THING) -> Duty | None:
    """Meet `handle` at a moment."""
    with clock.at(at(text)):
        return moves.meet_duty(matter, "handle", actor=WORKER)


def local(moment: datetime | None) -> str:
    """Return a moment as a clock on the wall shows it."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else ""


def bus_ear(monkeypatch) -> list[DutyEvent]:
    """Return a list that hears every event of duties."""
    heard: list[DutyEvent] = []
    monkeypatch.setattr(
        "linli.duties.services.parts.publish",
        lambda event: (heard.append(event), bus.publish(event)),
    )
    return heard


@contextmanager
def refused(kind: type[Exception]) -> Iterator[pytest.ExceptionInfo[Exception]]:
    """Expect a refusal of the verb inside, and that nothing of it is kept."""
    with pytest.raises(kind) as refusal, transaction.atomic():
        yield refusal
