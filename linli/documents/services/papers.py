"""Office files and PDFs: taken as they are, if nothing in them runs or unfolds without end."""

import io
import re
import zipfile
import zlib
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.documents.choices import DOCX, XLSX
from linli.documents.errors import FileRefused

MOST_MEMBERS = 2000
MOST_UNFOLDED = 200 * 1024 * 1024
MOST_RATIO = 200
_CHUNK = 256 * 1024
_BITE = 4 * 1024  # unfolds to 4 MB at most
_END = b"PK\x05\x06"
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # all that Office uses
_MAIN = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
_RUNS = re.compile(r"vbaproject|activex/|macrosheets/|dialogsheets/|embeddings/", re.IGNORECASE)
_PDF_RUNS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS = re.compile(  # /ObjStm, perhaps spelt by numbers, or where a stream begins
    rb"/(?:O|#4[Ff])(?:b|#62)(?:j|#6[Aa])(?:S|#53)(?:t|#74)(?:m|#6[Dd])|stream\r?\n"
)
_HEAD = 500  # bytes before a stream in which its dictionary stands

_BROKEN: Any = _("This file is damaged. Open it, save it again and send that.")
_UNFOLDS: Any = _("This file unfolds to far more than its size. Send it as PDF.")
_MACROS: Any = _("This file has macros or other files inside. Save it without them and send that.")
_LOCKED: Any = _("This file is locked with a password. Send it without one.")
_NOT_OFFICE: Any = _(
    "Archives are not taken. Send the files one by one: photos, PDF, .docx, .xlsx."
)
_PDF_BROKEN: Any = _("This PDF is not whole. Make it again and send that.")
_PDF_PROGRAM: Any = _(
    "This PDF has programs or other files inside. Print it into a new PDF and send that."
)


def office_type(data: bytes) -> str:
    """Return the type of a .docx or .xlsx; FileRefused for bombs, macros and other archives."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive, data)
            return _main_type(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise FileRefused(_BROKEN) from error


def _check_members(archive: zipfile.ZipFile, data: bytes) -> None:
    members = archive.infolist()
    if data.rfind(_END) + 22 + len(archive.comment) != len(data):
        raise FileRefused(_BROKEN)
    if len(members) > MOST_MEMBERS or sum(one.compress_size for one in members) > len(data):
        raise FileRefused(_UNFOLDS)  # more in its parts than in the whole: parts overlap
    if any(one.compress_type not in _PACKINGS for one in members):
        raise FileRefused(_BROKEN)
    if any(one.flag_bits & 1 for one in members):
        raise FileRefused(_LOCKED)
    if any(_RUNS.search(one.filename) for one in members):
        raise FileRefused(_MACROS)
    room = min(MOST_UNFOLDED, len(data) * MOST_RATIO)
    for member in members:
        room -= _unfolded(archive, member, room)


def _unfolded(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> int:
    """Count what a member really unfolds to: what its header says can be a lie."""
    size = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > room:
                raise FileRefused(_UNFOLDS)
    return size


def _main_type(archive: zipfile.ZipFile) -> str:
    if "[Content_Types].xml" not in archive.namelist():
        raise FileRefused(_NOT_OFFICE)
    types = archive.read("[Content_Types].xml")
    if b"macroenabled" in types.lower():
        raise FileRefused(_MACROS)
    for mark, content_type in _MAIN.items():
        if mark in types:
            return content_type
    raise FileRefused(_NOT_OFFICE)


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is cut off, or in which something would run."""
    if b"%%EOF" not in data[-2048:]:
        raise FileRefused(_PDF_BROKEN)
    _check_pdf_part(data)
    room, named = MOST_UNFOLDED, -_HEAD
    for match in _OBJECTS.finditer(data):
        if match[0].startswith(b"/"):
            named = match.start()
        elif match.start() - named < _HEAD:
            part = _inflated(data, match.end(), room)
            room -= len(part)
            _check_pdf_part(part)


def _check_pdf_part(part: bytes) -> None:
    if _PDF_RUNS.search(_plain(part)):
        raise FileRefused(_PDF_PROGRAM)


def _plain(part: bytes) -> bytes:
    """Undo the spelling by numbers that PDF allows in names: /Java#53cript."""
    return _HEX.sub(lambda match: bytes([int(match[1], 16)]), part) if b"#" in part else part


def _inflated(data: bytes, start: int, room: int) -> bytes:
    """Unfold one compressed stream of objects; one in another coding is left alone."""
    machine, part = zlib.decompressobj(), bytearray()
    try:
        while start < len(data) and not machine.eof:
            part += machine.decompress(data[start : start + _BITE])
            start += _BITE
            if len(part) > room:
                raise FileRefused(_UNFOLDS)
    except zlib.error:
        pass  # what unfolded until then is checked
    return bytes(part)
