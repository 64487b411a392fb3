"""Matters that messages are about, and the words for sending one."""

import threading
from uuid import UUID

import pytest

from linli.channels import rules, services
from linli.channels.choices import ToEmail
from linli.duties.choices import Matter
from linli.kit import clock, queue
from linli.kit.worker import Worker
from linli.offices.models import system
from linli.offices.tests.people import TOWN

LAMP = Matter("lamp", UUID(int=7), TOWN, "LY-0007", "路灯不亮")


def tell(to, template="urged", *, matter=LAMP, dedupe="one", cause="lamp.urged", **context):
    """Send a message as the system does."""
    return services.send(
        to=to,
        template=template,
        context=context,
        matter=matter,
        cause=cause,
        dedupe=dedupe,
        actor=system(TOWN),
    )


def tell_reporter(address="wang@example.com", language="zh-hans", **words):
    """Tell the reporter that the report arrived."""
    link = "https://town.example/r/LY-0007"
    return tell(ToEmail(address, language), "report_received", link=link, **words)


def work(monkeypatch, *, at=None):
    """A worker comes by and sends what waits."""
    monkeypatch.setattr(queue, "_rules", {})
    with clock.at(at or clock.now()):
        Worker(threading.Event()).work(until_idle=True)


@pytest.fixture
def lamps(monkeypatch):
    """An app whose matters are lamps; it lets everybody see those it is told to."""
    seen = {LAMP.key}
    monkeypatch.setattr(rules, "_readers", {})
    rules.register_reader("lamp", lambda _actor, key: key in seen)
    return seen
