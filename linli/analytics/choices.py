"""The words that the rooms of analytics share."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kit.data import read_toml
from linli.kit.text import in_chinese


class By(models.TextChoices):
    """What figures are broken down by."""

    OFFICE = "office", _("Office")
    CATEGORY = "category", _("Category")
    AREA = "area", _("Village and grid")
    MONTH = "month", _("Month")


COUNTS = (
    "reported",
    "registered",
    "closed",
    "should_be_closed",
    "in_time",
    "promised",
    "kept",
    "open",
    "overdue",
    "verified",
    "reworked",
    "ever_closed",
    "reopened",
    "cannot_now",
    "extended",
    "rated",
    "satisfied",
    "compared",
    "agreeing",
)
FEW_REPORTS = 5  # a public cell with fewer is merged with others
FEW_RATINGS = 30  # a satisfaction of fewer ratings is not published (I09)


@dataclass(frozen=True)
class Indicator:
    """A share or a time: what is divided by what, why, and what keeps it honest.

    Args:
        code: of the catalogue; empty for our own.
        hits, of: names of counts; empty for a time.
    """

    key: str
    code: str
    hits: str
    of: str
    least: int
    words: dict[str, str]

    def _in_language(self, name: str) -> str:
        language = "zh" if in_chinese() else "en"
        return self.words[f"{name}_{language}"]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self._in_language("name")

    @property
    def formula(self) -> str:
        """How it is counted, in the reader's language."""
        return self._in_language("formula")

    @property
    def guard(self) -> str:
        """What keeps it from being embellished, in the reader's language."""
        return self._in_language("guard")


def _read(key: str, row: dict[str, Any]) -> Indicator:
    words = {name: value for name, value in row.items() if name.endswith(("_zh", "_en"))}
    return Indicator(
        key, row["code"], row.get("hits", ""), row.get("of", ""), row.get("least", 1), words
    )


INDICATORS = {
    key: _read(key, row)
    for key, row in read_toml("linli.analytics", "indicators.toml").items()
    if key != "version"
}
SHARES = {key: one for key, one in INDICATORS.items() if one.of}
