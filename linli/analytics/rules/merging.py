"""What the public may see of small cells: nothing that leads back to somebody who reported."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.analytics.choices import COUNTS, FEW_REPORTS, SHARES
from linli.analytics.rules.intervals import wilson


@dataclass(frozen=True)
class Share:
    """A share with what it was counted from; `value` None where too few were counted."""

    hits: int
    of: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Times:
    """Median and 90th percentile of handling, in hours; None where nothing was answered."""

    median: float | None = None
    p90: float | None = None


NO_TIMES = Times()


@dataclass(frozen=True)
class Row:
    """One row of figures.

    Args:
        key: code of the office, category or area, or the month; `other` for merged rows.
        kind: what the key stands for: office, category, village, grid, month, other, total.
        of_town: belongs to nobody's neighbourhood, so that a small number says nothing.
    """

    key: str
    kind: str
    name_zh: str
    name_en: str
    counts: dict[str, int]
    times: Times = NO_TIMES
    of_town: bool = False
    shares: dict[str, Share] = field(init=False)

    def __post_init__(self) -> None:
        shares = {
            key: _share(self.counts[one.hits], self.counts[one.of], one.least)
            for key, one in SHARES.items()
        }
        object.__setattr__(self, "shares", shares)


def _share(hits: int, of: int, least: int) -> Share:
    if of < least:
        return Share(hits, of, None, None, None)
    low, high = wilson(hits, of)
    return Share(hits, of, hits / of, low, high)


def add_up(rows: Sequence[Row], key: str, names: tuple[str, str], times: Times = NO_TIMES) -> Row:
    """Return one row with the counts of many."""
    counts = {name: sum(row.counts[name] for row in rows) for name in COUNTS}
    return Row(key, key, *names, counts, times)


def merge_few(rows: Sequence[Row], names: tuple[str, str]) -> list[Row]:
    """Merge the rows with fewer than five reports, with so many others that they are five.

    Otherwise a single merged row could be had by taking the others from the total.
    """
    few = [row for row in rows if row.counts["reported"] < FEW_REPORTS and not row.of_town]
    rest = sorted((row for row in rows if row not in few), key=lambda row: -row.counts["reported"])
    while few and rest and sum(row.counts["reported"] for row in few) < FEW_REPORTS:
        few.append(rest.pop())
    kept = [row for row in rows if row in rest]
    enough = sum(row.counts["reported"] for row in few) >= FEW_REPORTS
    return [*kept, add_up(few, "other", names)] if enough else kept


def as_item(row: Row) -> dict[str, Any]:
    """Return a row for machines."""
    return {
        "key": row.key,
        "kind": row.kind,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        **row.counts,
        "median_hours": row.times.median,
        "p90_hours": row.times.p90,
        "shares": {
            key: {
                "numerator": share.hits,
                "denominator": share.of,
                "share": share.value,
                "low": share.low,
                "high": share.high,
            }
            for key, share in row.shares.items()
        },
    }
