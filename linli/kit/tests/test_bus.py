"""Whoever listens to an event hears it in the same transaction; nobody else does."""

from dataclasses import dataclass

import pytest

from linli.kit import bus


@pytest.fixture
def rang():
    @dataclass(frozen=True)
    class Rang:
        times: int

    return Rang


def test_a_listener_hears_its_event_once(rang):
    heard = []
    bus.listen(rang, heard.append)
    bus.listen(rang, heard.append)
    bus.publish(rang(2))
    assert heard == [rang(2)]


def test_nobody_hears_other_events(rang):
    heard = []
    bus.listen(rang, heard.append)
    bus.publish("something else")
    assert heard == []


def test_an_event_without_listeners_is_no_fault(rang):
    bus.publish(rang(1))


def test_a_listener_that_fails_stops_the_verb(rang):
    def fail(event):
        raise RuntimeError("no")

    bus.listen(rang, fail)
    with pytest.raises(RuntimeError):
        bus.publish(rang(1))
