"""From the cells of a list to a matter, as the mapping says; or a sentence why not."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.cases.choices import Channel, Ending, State
from linli.cases.rules.exclusions import refuse_excluded
from linli.cases.rules.mappings import SourceMapping
from linli.duties.rules.openings import YEARS
from linli.kit import text
from linli.kit.coordinates import to_wgs84
from linli.kit.errors import Refused

_FORMULA = re.compile(r"=|[+@-][^\W\d]\w*[(|!]")
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's days have no zone
_EXCEL_DAYS = range(1, 2_958_466)
_END_OF_DAY = time.max
_REMEMBERED = 50_000
_ENDINGS = frozenset(Ending.values)


class Misfit(Exception):
    """A cell that cannot be used: the file's column and a sentence."""

    def __init__(self, column: str, sentence: Any) -> None:
        self.column, self.sentence = column, str(sentence)
        super().__init__(column)


@dataclass(slots=True)
class Arrival:
    """One row, read.

    Args:
        number: the source's own.
        ending: empty for an open matter; `state` says where it stands then.
        answered_at: when it was closed, where the list says so.
        promised_at: the end of the promised day, in the list's zone.
        office: the file's value.
        area: the source's own area, to compare ours with.
    """

    row: int
    number: str
    title: str
    text: str
    category: str
    state: str
    ending: str
    channel: str
    office: str
    address: str
    area: str
    reported_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    promised_at: datetime | None
    point: tuple[float, float] | None


class Reader:
    """Reads the rows of one file by one mapping."""

    def __init__(self, mapping: SourceMapping, now: datetime) -> None:
        self.mapping, self.now, self.zone = mapping, now, mapping.zone
        self.place = {name: at for at, name in enumerate(mapping.file_columns)}
        self.parse = lru_cache(_REMEMBERED)(self._parse)
        self.clean = lru_cache(_REMEMBERED)(_clean)
        self.refuse_excluded = lru_cache(_REMEMBERED)(refuse_excluded)

    def read(self, row: int, cells: Sequence[Any]) -> Arrival:
        """Return what a row says.

        Raises:
            Misfit: a cell cannot be used.
        """
        number = self._text(cells, "number", 60)
        if not number:
            raise Misfit(self.mapping.columns["number"], _("The number is missing."))
        reported, closed, changed = (
            self._moment(cells, name) for name in ("reported_at", "closed_at", "changed_at")
        )
        if reported is None:
            raise Misfit(self.mapping.columns["reported_at"], _("The date is missing."))
        state, ending = self._state(cells)
        address, body = self._text(cells, "address", 200), self._filled(cells, self.mapping.text)
        self._refuse_excluded(body, address)
        return Arrival(
            row=row,
            number=number,
            title=text.first_words(self._filled(cells, self.mapping.title) or body, 60),
            text=body,
            category=self._listed(cells, "category", self.mapping.categories),
            state=state,
            ending=ending,
            channel=self._listed(cells, "channel", self.mapping.channels) or Channel.IMPORT,
            office=self._text(cells, "office", 80),
            address=address,
            area=self._text(cells, "area", 40),
            reported_at=reported,
            answered_at=closed if ending else None,
            closed_at=self._closing(reported, closed, changed) if ending else None,
            changed_at=max(reported, changed or reported, closed or reported),
            promised_at=self._promised(cells),
            point=self._point(cells),
        )

    def _cell(self, cells: Sequence[Any], name: str) -> Any:
        column = self.mapping.columns.get(name)
        return cells[self.place[column]] if column else None

    def _text(self, cells: Sequence[Any], name: str, length: int) -> str:
        column = self.mapping.columns.get(name)
        if column is None:
            return ""
        words = self._words(cells, column)
        if len(words) > length:
            sentence = _("The text is longer than %(length)d characters.") % {"length": length}
            raise Misfit(column, sentence)
        return words

    def _words(self, cells: Sequence[Any], column: str) -> str:
        """Return a cell as one clean line; ValidationError never leaves as such."""
        try:
            return self.clean(_as_text(cells[self.place[column]]))
        except ValidationError as error:
            raise Misfit(column, error.messages[0]) from error

    def _filled(self, cells: Sequence[Any], template: str) -> str:
        if not template:
            return ""
        words = _Words(lambda column: self._words(cells, column))
        return template.format_map(words).strip()

    def _refuse_excluded(self, body: str, address: str) -> None:
        try:
            self.refuse_excluded(body)
            self.refuse_excluded(address)
        except Refused as error:
            raise Misfit("", error) from error

    def _listed(self, cells: Sequence[Any], name: str, values: Mapping[str, str]) -> str:
        """Return what the mapping says for a value; else its default; else refuse the row."""
        words = self._text(cells, name, 200)
        found = values.get(words) or self.mapping.default.get(name)
        if found or not self.mapping.columns.get(name):
            return found or ""
        sentence = _("The mapping does not know the value “%(value)s”.") % {"value": words[:60]}
        raise Misfit(self.mapping.columns[name], sentence)

    def _state(self, cells: Sequence[Any]) -> tuple[str, str]:
        found = self._listed(cells, "state", self.mapping.states)
        return (State.CLOSED.value, found) if found in _ENDINGS else (found, "")

    def _moment(self, cells: Sequence[Any], name: str) -> datetime | None:
        column, value = self.mapping.columns.get(name), self._cell(cells, name)
        if column is None or value in (None, ""):
            return None
        try:
            moment = self.parse(value)
        except (ValueError, OverflowError, TypeError):
            raise Misfit(column, _("The date cannot be read.")) from None
        if moment is None:
            return None
        if moment.year not in YEARS:
            raise Misfit(column, _("The date lies outside the years 1990 to 2199."))
        if name != "promised_on" and moment > self.now:
            raise Misfit(column, _("The date lies in the future."))
        return moment

    def _parse(self, value: Any) -> datetime | None:
        naive = self._naive(value)
        if naive is None:
            return None
        if naive.year not in YEARS:
            return naive.replace(tzinfo=UTC)  # no zone can shift the years 1 and 9999
        return (naive if naive.tzinfo else naive.replace(tzinfo=self.zone)).astimezone(UTC)

    def _naive(self, value: Any) -> datetime | None:
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time.min)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not (math.isfinite(value) and int(value) in _EXCEL_DAYS):
                raise ValueError(value)
            return _EXCEL_ZERO + timedelta(seconds=round(value * 86_400))
        words = value.strip()
        if not words:
            return None
        for pattern in self.mapping.date_formats:
            try:
                return datetime.strptime(words, pattern)  # noqa: DTZ007 - the mapping has the zone
            except ValueError:
                continue
        raise ValueError(value)

    def _closing(
        self, reported: datetime, closed: datetime | None, changed: datetime | None
    ) -> datetime:
        """Return when it was closed; where the list does not say, when the row last changed."""
        at = closed or changed
        column = self.mapping.columns.get("closed_at", self.mapping.columns["state"])
        if at is None:
            raise Misfit(column, _("It is closed, but the list does not say when."))
        if at < reported:
            raise Misfit(column, _("It was closed before it was reported."))
        return at

    def _promised(self, cells: Sequence[Any]) -> datetime | None:
        moment = self._moment(cells, "promised_on")
        if moment is None:
            return None
        day = moment.astimezone(self.zone).date()
        return datetime.combine(day, _END_OF_DAY, self.zone).astimezone(UTC)

    def _point(self, cells: Sequence[Any]) -> tuple[float, float] | None:
        lng, lat = self._cell(cells, "lng"), self._cell(cells, "lat")
        if lng in (None, "") and lat in (None, ""):
            return None
        column = self.mapping.columns["lng" if lng in (None, "") else "lat"]
        try:
            return to_wgs84(float(lng), float(lat), self.mapping.crs)
        except (TypeError, ValueError):
            raise Misfit(column, _("The place is not two numbers.")) from None
        except Refused:
            raise Misfit(column, _("This is not a place on the earth.")) from None


class _Words(dict[str, str]):
    """The columns of a row for a template, each read when it is asked for."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, column: str) -> str:
        return self.read(column)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool | int | float | date | time):
        return str(value)
    raise ValidationError(_("The cell is neither text nor number."))


def _clean(value: str) -> str:
    words = " ".join(text.clean(value).split())
    if _FORMULA.match(words):
        raise ValidationError(_("The cell is a formula. Put its value there."))
    return words
