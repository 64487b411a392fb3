"""How a list from elsewhere becomes cases: a declared mapping, read from TOML and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from linli.cases.choices import Channel, Ending, State, Urgency
from linli.kit.coordinates import Crs
from linli.kit.errors import Invalid
from linli.kit.tables import Hints

SHIPPED = files("linli.cases") / "data" / "mappings"
ARRIVES_AS = (State.REPORTED, State.REGISTERED, State.HANDLING)
COLUMNS = (
    "number",
    "category",
    "office",
    "state",
    "channel",
    "area",
    "address",
    "reported_at",
    "closed_at",
    "changed_at",
    "promised_on",
    "lng",
    "lat",
)
NEEDED = ("number", "reported_at", "state")


@dataclass(frozen=True)
class SourceMapping:
    """A declared mapping; docs/importing.md explains every key.

    Args:
        source: the name under which the source's numbers are unique.
        columns: our word → the file's column.
        title, text: templates over the file's columns, such as `{kind}: {street}`.
        categories, states, channels: the file's value → ours.
        default: what stands for a value that is not listed; without one the row is refused.
        offices: the file's value → code and names of the office that stands for it.
    """

    source: str
    columns: Mapping[str, str]
    time_zone: str = "Asia/Shanghai"
    date_formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
    crs: str = Crs.WGS84
    urgency: str = ""
    title: str = ""
    text: str = ""
    create_offices: bool = False
    categories: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    default: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    file: Hints = field(default_factory=Hints)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the file's times are meant."""
        return ZoneInfo(self.time_zone)

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The columns of the file that are read, each once."""
        used = [*self.columns.values(), *_names(self.title), *_names(self.text)]
        return tuple(dict.fromkeys(used))


def _names(template: str) -> list[str]:
    return [name for _text, name, _spec, _conversion in Formatter().parse(template) if name]


def read_mapping(name: str) -> SourceMapping:
    """Return a mapping: one that ships, by its name, or a file; Invalid says what is wrong."""
    shipped = SHIPPED / f"{name}.toml"
    try:
        known = "/" not in name and shipped.is_file()
        body = (shipped if known else Path(name)).read_text(encoding="utf-8")
        return as_mapping(tomllib.loads(body))
    except OSError as error:
        raise _wrong(_("There is no mapping %(name)s.") % {"name": name}) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        sentence = _("The mapping %(name)s is not TOML in UTF-8: %(error)s.")
        raise _wrong(sentence % {"name": name, "error": error}) from error


def as_mapping(body: Mapping[str, Any]) -> SourceMapping:
    """Return a checked mapping."""
    body = {name: value for name, value in body.items() if name != "version"}
    known = {one.name for one in fields(SourceMapping)}
    if unknown := sorted(set(body) - known):
        raise _wrong(_("A mapping has no key %(names)s.") % {"names": ", ".join(unknown)})
    try:
        mapping = SourceMapping(
            **{
                **body,
                "file": Hints(**body.get("file", {})),
                "date_formats": tuple(body.get("date_formats", SourceMapping.date_formats)),
            }
        )
        _check(mapping)
    except (TypeError, ValueError, AttributeError) as error:
        raise _wrong(_("The mapping cannot be used: %(error)s.") % {"error": error}) from error
    return mapping


def _check(mapping: SourceMapping) -> None:
    _listed(mapping.columns, COLUMNS)
    states = {*mapping.states.values(), *_given(mapping, "state")}
    _listed(dict.fromkeys(states), (*ARRIVES_AS, *Ending.values))
    channels = {*mapping.channels.values(), *_given(mapping, "channel")}
    _listed(dict.fromkeys(channels), Channel.values)
    _listed(dict.fromkeys([mapping.urgency or "P3"]), Urgency.values)
    _listed(dict.fromkeys([mapping.crs]), Crs.values)
    _listed(mapping.default, ("category", "state", "channel"))
    missing = [name for name in NEEDED if name not in mapping.columns]
    if missing or not 0 < len(mapping.source) <= 20:
        needed = ", ".join(missing or ["source"])
        raise _wrong(_("The mapping must say: %(names)s.") % {"names": needed})
    try:
        ZoneInfo(mapping.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise _wrong(_("There is no time zone %(name)s.") % {"name": mapping.time_zone}) from None
    mapping.file_columns  # noqa: B018 - parses the templates
    for pattern in mapping.date_formats:
        datetime(2000, 1, 1, tzinfo=UTC).strftime(pattern)
    if Ending.CANNOT_NOW in states:
        raise _wrong(_("“Cannot be solved now” names a next answer, which a list does not have."))


def _given(mapping: SourceMapping, name: str) -> list[str]:
    return [mapping.default[name]] if mapping.default.get(name) else []


def _listed(found: Mapping[str, Any], allowed: tuple[str, ...] | list[str]) -> None:
    for name in found:
        if name not in allowed:
            sentence = _("The mapping says %(name)s; possible are: %(names)s.")
            names = ", ".join(str(one) for one in allowed)
            raise _wrong(sentence % {"name": name, "names": names})


def _wrong(sentence: str) -> Invalid:
    return Invalid({"mapping": [sentence]}, sentence)
