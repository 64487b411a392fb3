"""A calendar as offices pass it round: TSV, CSV or XLSX with a date, Y or N, and perhaps a name."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from linli.duties.rules.openings import YEARS
from linli.kit import text
from linli.kit.errors import Invalid

MAX_BYTES = 1_000_000
MAX_ROWS = 5000
_WORDS = {
    **dict.fromkeys(("y", "yes", "1", "true", "班", "上班", "工作日", "是"), True),
    **dict.fromkeys(("n", "no", "0", "false", "休", "放假", "休息", "否"), False),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its own rule: worked or free, and why."""

    date: date
    working: bool
    name: str = ""


def read_days(content: bytes) -> list[Day]:
    """Read a calendar file; Invalid with a sentence for each row that cannot be used."""
    if len(content) > MAX_BYTES:
        raise _invalid([_("The file is larger than a calendar can be (1 MB).")])
    days: dict[date, Day] = {}
    wrong: list[str] = []
    for number, row in enumerate(_rows(content), start=1):
        if number == 1 and _date(row[0]) is None:
            continue  # the heading
        try:
            day = _day(row)
        except ValueError:
            sentence = _("Row %(number)d: write a date such as 2027-01-01, then Y or N.")
            wrong.append(sentence % {"number": number})
        else:
            days[day.date] = day
    if wrong or not days:
        raise _invalid(wrong[:20] or [_("There is no day in this file.")])
    return [days[key] for key in sorted(days)]


def _rows(content: bytes) -> Iterable[Sequence[Any]]:
    if content.startswith(b"PK"):
        rows = _sheet(content)
    else:
        lines = _decoded(content).splitlines()
        tabs = bool(lines) and "\t" in lines[0]
        try:
            rows = list(csv.reader(lines, delimiter="\t" if tabs else ",", strict=not tabs))
        except csv.Error:
            raise _invalid([_("The quotation marks of this file do not match.")]) from None
    filled = [row for row in rows if any(str(cell).strip() for cell in row)]
    if len(filled) > MAX_ROWS:
        raise _invalid([_("The file has more rows than a calendar can have (5000).")])
    return filled


def _sheet(content: bytes) -> list[list[Any]]:
    try:
        return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    except CalamineError:
        raise _invalid([_("This is not an XLSX file that can be read.")]) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return text.clean(content.decode(encoding))
        except (UnicodeDecodeError, ValidationError):
            continue
    raise _invalid([_("Save the file as UTF-8 or GB18030 text, or as XLSX.")])


def _day(row: Sequence[Any]) -> Day:
    day, cells = _date(row[0]), [str(cell).strip() for cell in row[1:3]]
    if day is None or day.year not in YEARS or not cells or cells[0].lower() not in _WORDS:
        raise ValueError(row)
    return Day(day, _WORDS[cells[0].lower()], cells[1][:40] if len(cells) > 1 else "")


def _date(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    words = str(cell).strip().replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(word) for word in words.split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def _invalid(sentences: list[str]) -> Invalid:
    return Invalid({"file": sentences})
