"""Only text that both databases can keep comes in, in one form."""

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from linli.kit import text


@pytest.mark.parametrize(
    "value", ["a\x00b", "a\ud800b", "\udfff", "a\x1bb", "a\x7fb", "pay\u202eexe"]
)
def test_what_cannot_be_kept_or_hides_something_is_refused(value):
    with pytest.raises(ValidationError):
        text.clean(value)


@pytest.mark.parametrize("marks", ["\u0300\u0327", "\u0f73\u0f71"])
def test_a_tower_of_marks_is_refused_at_once(marks):
    begun = time.monotonic()
    with pytest.raises(ValidationError):
        text.clean("a" + marks * 200_000)
    assert time.monotonic() - begun < 1
    assert text.clean("ཧཱུྃ ā́̂ 9️⃣")


def test_lines_and_letters_get_one_form():
    assert text.clean(" a\r\nb\rc\t") == "a\nb\nc"
    assert text.clean("e\u0301") == "\u00e9"


@given(st.text())
def test_clean_text_is_clean_already(value):
    try:
        once = text.clean(value)
    except ValidationError:
        return
    assert text.clean(once) == once
    once.encode()


def test_the_first_words():
    assert text.first_words("  井盖坏了\n第二行", 10) == "井盖坏了"
    assert text.first_words("井盖坏了很久", 4) == "井盖坏…"
