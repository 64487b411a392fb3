"""What this platform never takes: seen before anything is stored, answered with where to go."""

import re
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from linli.cases.errors import Excluded
from linli.kit.data import read_toml


@dataclass(frozen=True)
class Exclusion:
    """One kind of report that is not taken."""

    code: str
    pattern: re.Pattern[str]
    tell_zh: str
    tell_en: str
    refer_to: str

    @property
    def tell(self) -> str:
        """What the person is told, in their language."""
        return self.tell_zh if (get_language() or "zh").startswith("zh") else self.tell_en


@cache
def exclusions() -> tuple[Exclusion, ...]:
    """Return the table of exclusions."""
    table = read_toml("linli.cases", "exclusions.toml")
    return tuple(
        Exclusion(
            code,
            re.compile("|".join(row["words"]), re.IGNORECASE),
            row["tell_zh"],
            row["tell_en"],
            row["refer_to"],
        )
        for code, row in table.items()
        if code != "version"
    )


def refuse_excluded(*texts: str) -> None:
    """Raise Excluded with where to go if a text is of a kind that is never kept."""
    for exclusion in exclusions():
        if any(exclusion.pattern.search(text) for text in texts):
            raise Excluded(exclusion.tell, rule=exclusion.code, refer_to=exclusion.refer_to)
