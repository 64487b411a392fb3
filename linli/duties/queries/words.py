"""Limits in the words of people."""

from collections.abc import Callable, Mapping

from django.utils.translation import ngettext

from linli.duties.rules.clocks import Limit

_UNITS: Mapping[str, Callable[[int], str]] = {
    "m": lambda n: ngettext("%(n)d minute", "%(n)d minutes", n),
    "h": lambda n: ngettext("%(n)d hour", "%(n)d hours", n),
    "wh": lambda n: ngettext("%(n)d working hour", "%(n)d working hours", n),
    "wd": lambda n: ngettext("%(n)d working day", "%(n)d working days", n),
    "d": lambda n: ngettext("%(n)d day", "%(n)d days", n),
}


def spell_limit(text: str) -> str:
    """Return a limit such as 4wh in words; a dash for none."""
    if not text:
        return "—"
    limit = Limit.parse(text)
    return _UNITS[limit.unit](limit.count) % {"n": limit.count}
