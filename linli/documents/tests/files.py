"""Files as people send them, and as attackers do."""

import io
import struct
import zipfile
import zlib
from uuid import UUID

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.duties.choices import Matter
from linli.offices.tests.people import TOWN

THING = Matter("thing", UUID("01900000-0000-7000-8000-000000000001"), TOWN)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def upload(data, name="photo.jpg"):
    return SimpleUploadedFile(name, data)


def picture(form="JPEG", size=(640, 480), mode="RGB", **options):
    target = io.BytesIO()
    Image.new(mode, size, (200, 40, 40, 128)[: len(mode)]).save(target, form, **options)
    return target.getvalue()


def located_photo(form="JPEG"):
    """Make a photo with position, camera and owner in it, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn right
    exif[0x010F] = "SecretCamera"
    exif[0x013B] = "SecretOwner"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (30.0, 5.0, 59.0), "E", (114.0, 20.0, 11.0)
    options = {"comment": b"SecretComment"} if form == "JPEG" else {}
    return picture(form, (800, 600), exif=exif, icc_profile=b"SecretProfile", **options)


def huge_png(width=50_000, height=50_000):
    """Make a PNG of a few bytes that says it has 2.5 thousand million pixels."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def archive(members, **options):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, body in members.items():
            made.writestr(name, body)
    return target.getvalue()


def docx(extra=None, types=WORD):
    return archive(
        {
            "[Content_Types].xml": f'<Types><Override ContentType="{types}"/></Types>',
            "word/document.xml": "<w:document>你好</w:document>",
            **(extra or {}),
        }
    )


def xlsx():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet().write(0, 0, "街道")
    return target.getvalue()


def pdf(body=b"", objects=b""):
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R "
        + body
        + b">>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        + objects
        + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )
