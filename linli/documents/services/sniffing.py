"""What a file is, told by its bytes; its name is only for people."""

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.documents.choices import ENDINGS, JPEG, PDF, PNG, WEBP
from linli.documents.errors import FileRefused
from linli.documents.services.papers import office_type

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"}
_HEIC: Any = _(
    "This photo is in Apple's HEIC format. On the phone choose Settings › Camera › Formats › "
    "Most compatible, or send the photo as JPEG."
)
_OLD_OFFICE: Any = _("This is an old Office file. Save it as .docx, .xlsx or PDF and send that.")
_UNKNOWN: Any = _("Send a photo (JPEG, PNG, WebP), a PDF, or a Word or Excel file (.docx, .xlsx).")


def sniff(data: bytes) -> str:
    """Return the content type of `data`; FileRefused for what is not taken."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return office_type(data)
    raise FileRefused(_why_not(data))


def _why_not(data: bytes) -> Any:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return _HEIC
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _OLD_OFFICE
    return _UNKNOWN


def clean_name(name: str, content_type: str) -> str:
    """Return a name without folders and invisible characters, ending as its type says."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if char.isspace() else char for char in base)
    seen = "".join(char for char in seen if unicodedata.category(char)[0] != "C")
    stem = " ".join(seen.rsplit(".", 1)[0].split()).strip(". ")
    return (stem or "file")[:100].rstrip() + ENDINGS[content_type]
