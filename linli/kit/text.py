"""What may stand in a text: no NUL, surrogates or control characters; one form of Unicode."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
MOST_MARKS = 30  # on one letter, as in UAX 15; putting n of them in order takes n² steps
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def refuse_unstorable(value: str) -> None:
    """Raise ValidationError for lone surrogates, which no database takes."""
    if _SURROGATE.search(value):
        raise ValidationError(
            _("This text has characters that cannot be stored. Please type it again.")
        )


def refuse_towers(value: str) -> None:
    """Raise ValidationError for a letter that carries more marks than any language puts on one."""
    height = 0
    for char in value if not value.isascii() else "":
        height = height + 1 if unicodedata.category(char)[0] == "M" else 0
        if height > MOST_MARKS:
            raise ValidationError(
                _("This text piles too many marks on one letter. Please type it again.")
            )


def clean(value: str) -> str:
    """Return the text in NFC with plain line ends; ValidationError where it cannot be kept."""
    refuse_unstorable(value)
    refuse_towers(value)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if _CONTROL.search(text):
        raise ValidationError(
            _("This text has invisible control characters. Please type it again.")
        )
    return text.strip()


def first_words(text: str, length: int) -> str:
    """Return the first line, at most `length` characters, with an ellipsis where it was cut."""
    line = text.strip().split("\n", 1)[0]
    return line if len(line) <= length else line[: length - 1] + "…"


def in_chinese() -> bool:
    """Say whether the reader reads Chinese, as everybody does who chose no language."""
    return (get_language() or "zh").startswith("zh")
