"""What this platform never takes: seen before anything is stored, answered with where to go."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from linli.cases.errors import Excluded
from linli.kit.data import read_toml
from linli.kit.text import in_chinese

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_PART = re.compile(r"<(\w+)>")
_GROUP = re.compile(r"(?<!\\)\((?!\?)")  # nothing is read from groups: quicker without
_GAPS = {"…": "[^，,。；;！!？?]{0,8}", "~": "[^,.;!?]{0,20}"}  # bounded: no text takes long


_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"(?<!\\)[A-Za-z]")


class Patterns(NamedTuple):
    """Patterns by what a text must hold to fit one: Chinese ones are not tried on other texts."""

    chinese: tuple[re.Pattern[str], ...]
    others: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Exclusion:
    """One kind of report that is not taken.

    Args:
        call_now: somebody may be in danger this minute.
        unless_calm: taken where the writer says that nobody is.
        words: looked for in every sentence.
        fresh: looked for in sentences that speak of now.
    """

    code: str
    call_now: bool
    unless_calm: bool
    words: Patterns
    fresh: Patterns
    tell_zh: str
    tell_en: str
    refer_to: str

    @property
    def tell(self) -> str:
        """What the person is told, in their language."""
        return self.tell_zh if in_chinese() else self.tell_en


@dataclass(frozen=True)
class _Table:
    innocent: Patterns
    not_now: Patterns
    rows: tuple[Exclusion, ...]


@cache
def _table() -> _Table:
    table = dict(read_toml("linli.cases", "exclusions.toml"))
    parts = table.pop("parts")
    innocent, not_now = (_compiled(table.pop(name), parts) for name in ("innocent", "not_now"))
    rows = (_row(code, row, parts) for code, row in table.items() if code != "version")
    return _Table(innocent, not_now, tuple(rows))


def _row(code: str, row: dict[str, Any], parts: Mapping[str, str]) -> Exclusion:
    return Exclusion(
        code,
        row.get("call_now", False),
        row.get("unless_calm", False),
        _compiled(row["words"], parts),
        _compiled(row.get("fresh", ()), parts),
        row["tell_zh"],
        row["tell_en"],
        row["refer_to"],
    )


def _compiled(words: Iterable[str], parts: Mapping[str, str]) -> Patterns:
    """Return patterns with gaps and parts written out; apart they are faster than as one."""
    found = [re.compile(_written_out(one, parts), re.IGNORECASE) for one in words]
    chinese = [one for one in found if _HAN.search(one.pattern) and not _LATIN.search(one.pattern)]
    return Patterns(tuple(chinese), tuple(one for one in found if one not in chinese))


def _written_out(pattern: str, parts: Mapping[str, str]) -> str:
    while _PART.search(pattern):  # a part may name another
        pattern = _PART.sub(lambda found: parts[found[1]], pattern)
    for short, long in _GAPS.items():
        pattern = pattern.replace(short, long)
    return _GROUP.sub("(?:", pattern)


def _speaks_of(patterns: Patterns, text: str) -> bool:
    if any(one.search(text) for one in patterns.others):
        return True
    return bool(_HAN.search(text)) and any(one.search(text) for one in patterns.chinese)


def exclusions() -> tuple[Exclusion, ...]:
    """Return the table of exclusions, in the order of looking."""
    return _table().rows


def find_exclusion(text: str, *, calm: bool = False) -> Exclusion | None:
    """Return of which kind that is never kept a text is, if any.

    Args:
        calm: its writer says that nobody is in danger (any more).
    """
    table, seen = _table(), text
    for one in (*table.innocent.chinese, *table.innocent.others):
        seen = one.sub("□", seen)
    of_now = "。".join(one for one in _SENTENCE.findall(seen) if not _speaks_of(table.not_now, one))
    for row in table.rows:
        if row.unless_calm and calm:
            continue
        if _speaks_of(row.words, seen) or _speaks_of(row.fresh, of_now):
            return row
    return None


def refuse_excluded(*texts: str, calm: bool = False) -> None:
    """Raise Excluded with where to go if a text is of a kind that is never kept."""
    for found in filter(None, (find_exclusion(text, calm=calm) for text in texts)):
        raise Excluded(
            found.tell,
            rule=found.code,
            refer_to=found.refer_to,
            call_now=found.call_now,
            unless_calm=found.unless_calm,
        )
