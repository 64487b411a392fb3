"""A file is kept with its matter: known by its bytes, sent once, named for people."""

import hashlib
import json

import pytest
from django.core.files.base import ContentFile

from linli.audit.models import Entry
from linli.documents.choices import DOCX, JPEG, MOST_PER_MATTER, PDF, PNG, WEBP, XLSX
from linli.documents.errors import ClientIdTaken, FileRefused, TooManyFiles
from linli.documents.events import Attached
from linli.documents.models import Attachment
from linli.documents.services import attaching
from linli.documents.services.attaching import Prepared, attach, prepare
from linli.documents.tests.files import THING, docx, pdf, picture, upload, xlsx
from linli.kit import bus
from linli.kit.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (picture(), "a.jpg", JPEG),
        (picture("PNG"), "a.png", PNG),
        (picture("PNG", mode="RGBA"), "a.png", PNG),
        (picture("WEBP"), "a.webp", WEBP),
        (pdf(), "a.pdf", PDF),
        (xlsx(), "a.xlsx", XLSX),
        (docx(), "a.docx", DOCX),
        (picture(), "a.exe", JPEG),
        (picture("PNG"), "a.jpg", PNG),
    ],
)
def test_every_type_is_taken_and_known_by_its_bytes(lina, data, name, expected):
    one = attach(THING, upload(data, name), actor=lina)
    assert one.content_type == expected
    assert one.name.endswith(
        {JPEG: ".jpg", PNG: ".png", WEBP: ".webp", PDF: ".pdf", XLSX: ".xlsx", DOCX: ".docx"}[
            expected
        ]
    )
    kept = one.file.read_bytes()
    assert (len(kept), hashlib.sha256(kept).hexdigest()) == (one.size, one.sha256)
    assert one.path.startswith(f"attachments/{one.sha256[:2]}/{one.sha256}")
    assert (one.width, one.height) == ((640, 480) if one.is_picture else (None, None))
    assert one.small_file.exists() == one.is_picture
    assert not one.public


def test_papers_are_kept_byte_for_byte(lina):
    data = xlsx()
    assert attach(THING, upload(data, "a.xlsx"), actor=lina).file.read_bytes() == data


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"", "空"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "JPEG"),
        (b"<!doctype html><script>alert(1)</script>", "JPEG"),
        (picture("GIF"), "JPEG"),
        (b"GIF89a" + b"\0" * 100, "JPEG"),
        (b"MZ" + b"\0" * 100, "JPEG"),
        (b"#!/bin/sh\n", "JPEG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "HEIC"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, ".docx"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "JPEG"),
        (b"x", "JPEG"),
    ],
)
def test_what_is_not_taken_is_said_and_leaves_nothing(lina, folder, data, hint):
    with pytest.raises(FileRefused) as refusal:
        attach(THING, upload(data), actor=lina)
    assert hint in str(refusal.value)
    assert refusal.value.status == 422
    assert not Attachment.objects.exists()
    assert list(folder.rglob("*")) == []


def test_a_file_over_the_limit_is_not_read_to_its_end(lina, settings):
    settings.FILE_MAX_BYTES = 1024 * 1024
    chunks = []

    class Endless(ContentFile):
        def chunks(self, chunk_size=None):
            while True:
                chunks.append(1)
                yield b"\xff\xd8\xff" + b"\0" * 65536

    with pytest.raises(FileRefused) as refusal:
        attach(THING, Endless(b"", "a.jpg"), actor=lina)
    assert "1 MB" in str(refusal.value)
    assert len(chunks) < 20


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\li\\路灯.JPG", "路灯.jpg"),
        ("a\x00b\n.jpg", "ab.jpg"),
        ("evil\u202egpj.exe", "evilgpj.jpg"),
        ("shell.php.jpg", "shell.php.jpg"),
        ("....", "file.jpg"),
        ("", "file.jpg"),
        (".htaccess", "file.jpg"),
        ("长" * 300 + ".jpeg", "长" * 100 + ".jpg"),
        ("坏\ud800了.jpg", "坏了.jpg"),
        ("a  b\tc.png", "a b c.jpg"),
    ],
)
def test_names_lose_paths_and_invisible_characters(lina, sent, kept):
    one = attach(THING, _named(sent), actor=lina)
    one.refresh_from_db()
    assert one.name == kept


def _named(name):
    file = ContentFile(picture())
    file.name = name
    return file


def test_the_same_file_sent_again_is_the_same_attachment(lina):
    first = attach(THING, upload(picture()), actor=lina, client_id="phone-1")
    again = attach(THING, upload(picture()), actor=lina, client_id="phone-1")
    assert again.pk == first.pk
    assert Attachment.objects.count() == 1
    assert Entry.objects.filter(act="attachment.added").count() == 1


def test_other_bytes_under_the_same_id_are_refused(lina):
    attach(THING, upload(picture()), actor=lina, client_id="phone-1")
    with pytest.raises(ClientIdTaken) as refusal:
        attach(THING, upload(picture(size=(10, 10))), actor=lina, client_id="phone-1")
    assert refusal.value.status == 409
    assert Attachment.objects.count() == 1


def test_two_at_once_under_one_id_give_one_attachment(lina, monkeypatch, folder):
    first = attach(THING, upload(picture()), actor=lina, client_id="phone-1")
    real, looks = attaching._sent, []

    def blind_at_first(*arguments):
        looks.append(arguments)
        return real(*arguments) if len(looks) > 1 else None

    monkeypatch.setattr(attaching, "_sent", blind_at_first)
    second = attach(THING, upload(picture()), actor=lina, client_id="phone-1")
    assert second.pk == first.pk
    assert len([file for file in folder.rglob("*") if file.is_file()]) == 2


@pytest.mark.parametrize("client_id", ["x" * 65, "a b", "a/b", "编号", "a\n"])
def test_an_id_that_cannot_be_kept_is_refused(lina, client_id):
    with pytest.raises(Invalid):
        attach(THING, upload(picture()), actor=lina, client_id=client_id)


def test_an_unknown_kind_is_refused(lina):
    with pytest.raises(Invalid):
        attach(THING, upload(picture()), actor=lina, kind="portrait")


def test_a_matter_holds_so_many_files_and_no_more(lina, monkeypatch):
    monkeypatch.setattr("linli.documents.services.attaching.MOST_PER_MATTER", 2)
    assert MOST_PER_MATTER == 60
    for _ in range(2):
        attach(THING, upload(picture()), actor=lina)
    with pytest.raises(TooManyFiles):
        attach(THING, upload(picture()), actor=lina)


def test_it_is_recorded_and_announced(lina, monkeypatch):
    heard = []
    monkeypatch.setitem(bus._listeners, Attached, [heard.append])
    one = attach(THING, upload(picture(), "王小明家.jpg"), actor=lina, kind="before")
    assert heard == [Attached(one.pk, THING, "before", lina.key)]
    entry = Entry.objects.get(act="attachment.added")
    facts = json.loads(entry.facts)
    assert (entry.subject, facts["matter"]) == (one.subject, THING.subject)
    assert "王小明" not in entry.facts
    assert one.sha256 not in entry.facts


def test_a_verb_prepares_before_its_transaction(lina):
    prepared = prepare(upload(picture()))
    assert isinstance(prepared, Prepared)
    assert attach(THING, prepared, actor=lina).sha256 == hashlib.sha256(prepared.data).hexdigest()
