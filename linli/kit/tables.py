"""Tables that people send, read row by row: CSV, XLSX, JSON lines.

A row that cannot be read is said and left out; the rows after it are read all the same.
"""

import codecs
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from linli.kit.errors import Invalid

LONGEST_LINE = 1_000_000  # characters
LINES_IN_A_ROW = 200
MAX_UNPACKED = 1_000_000_000  # bytes that an XLSX may unpack to
DELIMITERS = ",\t;|"
_CHUNK = 1 << 20
_BAD = re.compile(r"[\udc80-\udcff]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True)
class Hints:
    """What the sender says of a file; what stays empty is found out.

    Args:
        encoding: such as `gb18030`.
        delimiter: one character.
        sheet: the name of the sheet of a workbook; the first if empty.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


_NO_HINTS = Hints()


class Row(NamedTuple):
    """The wanted cells of a row; numbered as a spreadsheet shows it, the header being row 1."""

    number: int
    cells: Sequence[Any]


class BadRow(NamedTuple):
    """A row that cannot be read, and why."""

    number: int
    sentence: str


def read_rows(
    file: Path, columns: Sequence[str], hints: Hints = _NO_HINTS
) -> Iterator[Row | BadRow]:
    """Yield the cells of `columns` for every row of a file that is not empty.

    Cells are texts; a workbook also has numbers, dates and moments, JSON has null and numbers.

    Raises:
        Invalid: the file as a whole cannot be read, or lacks a column.
    """
    kind = file.name.lower().removesuffix(".gz")
    try:
        if kind.endswith((".xlsx", ".xlsm", ".ods", ".xls")):
            yield from _sheet_rows(file, columns, hints)
        elif kind.endswith((".jsonl", ".ndjson")):
            yield from _json_rows(file, columns)
        else:
            yield from _text_rows(file, columns, hints)
    except (OSError, EOFError, zlib.error, LookupError, UnicodeError) as error:
        raise _invalid(_("%(file)s cannot be read to its end.") % {"file": file.name}) from error


def _invalid(sentence: str) -> Invalid:
    return Invalid({"file": [sentence]}, sentence)


def _open(file: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(file)) if file.suffix == ".gz" else file.open("rb")


def _picker(
    header: Sequence[Any], columns: Sequence[str]
) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Return what picks the wanted cells; Invalid where a column is missing or stands twice."""
    names = [str(name).strip() for name in header]
    for column in columns:
        if names.count(column) != 1:
            sentence = (
                _("The file has the column “%(name)s” more than once.")
                if column in names
                else _("The file has no column “%(name)s”. It has: %(names)s.")
            )
            raise _invalid(sentence % {"name": column, "names": ", ".join(names[:40])})
    places = [names.index(column) for column in columns]
    if len(places) == 1:
        return lambda cells: (cells[places[0]],)
    return itemgetter(*places)


def find_encoding(file: Path) -> str:
    """Return how a text file is written: by its mark, else UTF-8, else GB18030.

    A UTF-8 file with a few broken bytes stays UTF-8: its broken rows are refused one by one.
    """
    with _open(file) as raw:
        start = raw.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    bad, foreign = _count_bad(file)
    return "gb18030" if bad * 10 > foreign else "utf-8"


def _count_bad(file: Path) -> tuple[int, int]:
    """Count the bytes that are not UTF-8, and all characters beyond ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    bad = foreign = 0
    with _open(file) as raw:
        while chunk := raw.read(_CHUNK):
            if chunk.isascii():
                continue
            words = decoder.decode(chunk)
            bad += len(_BAD.findall(words))
            foreign += len(_FOREIGN.findall(words))
    return bad, foreign


def _text_rows(file: Path, columns: Sequence[str], hints: Hints) -> Iterator[Row | BadRow]:
    encoding = hints.encoding or find_encoding(file)
    with _open(file) as raw:
        stream = io.TextIOWrapper(raw, encoding, errors="surrogateescape", newline="")
        header = stream.readline(LONGEST_LINE)
        delimiter = hints.delimiter or max(DELIMITERS, key=header.count)
        names = next(csv.reader([header], delimiter=delimiter), [])
        pick = _picker(names, columns)
        for number, cells in enumerate(_Records(stream, delimiter, len(names)), start=2):
            if isinstance(cells, str):
                yield BadRow(number, cells)
            elif any(cells):
                yield Row(number, pick(cells))


class _Records:
    """The rows of a CSV file: lists of cells, or a sentence for a row that cannot be read.

    A quote that is opened and never closed would swallow the rows after it. So lines are joined
    only as long as that gives a row of the right width; otherwise the first line alone is refused.
    """

    def __init__(self, stream: io.TextIOWrapper, delimiter: str, width: int) -> None:
        self.stream, self.delimiter, self.width = stream, delimiter, width
        self.waiting: deque[str] = deque()

    def __iter__(self) -> Iterator[list[str] | str]:
        while line := self._line():
            if len(line) >= LONGEST_LINE and not line.endswith("\n"):
                self._skip_rest()
                yield _("The row is too long.")
            elif line.count('"') % 2:
                yield self._joined(line)
            else:
                yield self._cells(line)

    def _line(self) -> str:
        return self.waiting.popleft() if self.waiting else self.stream.readline(LONGEST_LINE)

    def _skip_rest(self) -> None:
        while (rest := self._line()) and not rest.endswith("\n"):
            pass

    def _joined(self, first: str) -> list[str] | str:
        taken, quotes = [first], 1
        while quotes % 2 and len(taken) < LINES_IN_A_ROW and (line := self._line()):
            taken.append(line)
            quotes += line.count('"')
        cells = self._cells("".join(taken))
        if isinstance(cells, str):
            self.waiting.extendleft(reversed(taken[1:]))
            return _("The quotation marks of this row do not match.")
        return cells

    def _cells(self, record: str) -> list[str] | str:
        try:
            cells = next(csv.reader((record,), delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return _("The quotation marks of this row do not match.")
        if len(cells) > self.width and not any(cells[self.width :]):
            return cells[: self.width]
        if cells and len(cells) != self.width:
            return _("The row has %(cells)d cells, the header has %(header)d.") % {
                "cells": len(cells),
                "header": self.width,
            }
        return cells


def _json_rows(file: Path, columns: Sequence[str]) -> Iterator[Row | BadRow]:
    with _open(file) as raw:
        number = 0
        while line := raw.readline(LONGEST_LINE):
            number += 1
            if not line.strip():
                continue
            try:
                found = msgspec.json.decode(line)
            except ValueError:
                found = None
            if isinstance(found, dict):
                yield Row(number, tuple(found.get(column) for column in columns))
            else:
                yield BadRow(number, _("The line is not one JSON object in UTF-8."))


def _sheet_rows(file: Path, columns: Sequence[str], hints: Hints) -> Iterator[Row | BadRow]:
    _refuse_bomb(file)
    try:
        book = CalamineWorkbook.from_path(str(file))
        name = hints.sheet or book.sheet_names[0]
        sheet = book.get_sheet_by_name(name)
        rows = sheet.iter_rows()
        top = sheet.start[0] if sheet.start else 0
        merged = _merged_rows(sheet.merged_cell_ranges or [])
        header = next(rows, [])
    except (CalamineError, WorksheetNotFound, IndexError, OSError) as error:
        sentence = _("%(file)s is not a workbook with such a sheet that can be read.")
        raise _invalid(sentence % {"file": file.name}) from error
    pick = _picker(header, columns)
    for number, cells in enumerate(rows, start=top + 2):
        if number in merged:
            yield BadRow(number, _("The row has merged cells. Split them in the workbook."))
        elif any(cell != "" for cell in cells):
            yield Row(number, pick(cells))


def _merged_rows(ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> set[int]:
    """Return the numbers of the rows that share a cell with another row or span columns."""
    return {row + 1 for (top, _left), (bottom, _right) in ranges for row in range(top, bottom + 1)}


def _refuse_bomb(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (OSError, zipfile.BadZipFile):
        return  # calamine says what it is
    if size > MAX_UNPACKED:
        raise _invalid(_("The workbook unpacks to more than can be read. Save it as CSV."))
