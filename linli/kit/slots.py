"""Places on a page that higher apps fill with their own addresses."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Fill:
    """One filling: an address by URL name, its label, and the power that readers need, if any."""

    order: int
    url: str
    label: Any = None
    power: str = ""


_fills: dict[str, list[Fill]] = {}


def fill(slot: str, url: str, *, order: int = 50, label: Any = None, power: str = "") -> None:
    """Put the fragment or link `url` into `slot`; called from `apps.ready()`."""
    fills = _fills.setdefault(slot, [])
    if all(one.url != url for one in fills):
        fills.append(Fill(order, url, label, power))
        fills.sort(key=lambda one: (one.order, one.url))


def fills(slot: str) -> tuple[Fill, ...]:
    """Return what fills `slot`, in order."""
    return tuple(_fills.get(slot, ()))
