"""Keys sort by time; codes survive being read aloud."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kit import clock, ids

START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 10**15).map(lambda micros: START + timedelta(microseconds=micros))


@given(MOMENTS, st.integers(1, 10**12))
def test_a_later_key_is_a_greater_key(moment, micros):
    assert ids.uuid7(moment) < ids.uuid7(moment + timedelta(microseconds=micros))


@given(MOMENTS)
def test_a_key_is_a_proper_uuid_that_holds_its_millisecond(moment):
    key = ids.uuid7(moment)
    assert (key.version, key.variant) == (7, RFC_4122)
    assert key.int >> 80 == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def test_two_keys_of_one_moment_differ():
    with clock.at(START):
        assert len({ids.uuid7() for _ in range(1000)}) == 1000


def test_a_code_has_no_letters_that_look_like_others():
    code = ids.code(400)
    assert len(code) == 400
    assert not set(code) & set("ILOU")


@pytest.mark.parametrize(
    "said", ["k7m2-01ab", " K7M2 OLAB ", "k7m2–0iab", "Ｋ７Ｍ２　０１ＡＢ", "k7·m2 01ab\n"]
)
def test_a_code_is_understood_however_it_is_typed(said):
    assert ids.read_aloud(said) == "K7M201AB"


@given(st.integers(1, 60))
def test_a_code_is_understood_as_it_is_printed(length):
    code = ids.code(length)
    assert ids.read_aloud(code) == code


def test_bytes_are_spelled_the_same_every_time():
    assert ids.spell(bytes(8), 4) == "0000"
    assert ids.spell(b"\xff" * 8, 4) == "ZZZZ"
    assert ids.spell(b"linli", 8) == ids.spell(b"linli", 8)
