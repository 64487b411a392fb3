"""The time can be set, for a while, for one thread of work."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from linli.kit import clock

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=8)))


def test_it_is_now():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_can_be_set_and_runs_again_afterwards():
    with clock.at(NOON):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC
        with clock.at(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_it_runs_again_after_a_failure():
    with pytest.raises(RuntimeError), clock.at(NOON):
        raise RuntimeError
    assert clock.now() != NOON


def test_other_threads_keep_their_own():
    seen = []
    with clock.at(NOON):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != NOON
