"""Office files and PDFs come through whole, unless something in them runs or never ends."""

import io
import time
import zipfile
import zlib

import pytest

from linli.documents.choices import DOCX, XLSX
from linli.documents.errors import FileRefused
from linli.documents.services import papers
from linli.documents.services.papers import check_pdf, office_type
from linli.documents.services.sniffing import sniff
from linli.documents.tests.files import WORD, archive, docx, pdf, picture, xlsx


def refused(data):
    with pytest.raises(FileRefused) as refusal:
        office_type(data)
    return str(refusal.value)


def test_word_and_excel_are_told_apart():
    assert (office_type(docx()), office_type(xlsx())) == (DOCX, XLSX)


def test_other_archives_are_not_taken():
    assert "压缩包" in refused(archive({"a.txt": "x"}))
    assert "压缩包" in refused(archive({"META-INF/MANIFEST.MF": "x", "a.class": "x"}))
    assert "压缩包" in refused(docx(types="application/vnd.oasis.opendocument.text"))


@pytest.mark.parametrize(
    "member",
    [
        "word/vbaProject.bin",
        "xl/VBAPROJECT.BIN",
        "xl/macrosheets/sheet1.xml",
        "word/activeX/a.bin",
        "word/embeddings/oleObject1.bin",
    ],
)
def test_macros_are_refused(member):
    assert "宏" in refused(docx({member: "x"}))


def test_a_macro_type_is_refused():
    types = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert "宏" in refused(docx(types=types))


def test_a_zip_bomb_is_refused():
    assert "展开" in refused(docx({"word/media/a.bin": b"\0" * 30_000_000}))


def test_a_bomb_of_many_parts_is_refused():
    assert "展开" in refused(docx({f"word/{n}.xml": "" for n in range(papers.MOST_MEMBERS)}))


def test_a_bomb_that_lies_about_its_size_is_refused():
    sent = bytearray(docx({"word/media/a.bin": b"\0" * 30_000_000}))
    real = (30_000_000).to_bytes(4, "little")
    lied = sent.replace(real, (10).to_bytes(4, "little"))
    assert lied != sent
    refused(bytes(lied))


def test_parts_that_lie_over_each_other_are_refused():
    target = io.BytesIO(docx())
    with zipfile.ZipFile(target, "a") as made:
        first = made.infolist()[1]
        for n in range(2000 - 10):
            twin = zipfile.ZipInfo(f"word/{n}.xml")
            twin.header_offset, twin.CRC = first.header_offset, first.CRC
            twin.compress_size, twin.file_size = first.compress_size, first.file_size
            twin.compress_type = first.compress_type
            made.filelist.append(twin)
        made._didModify = True
    refused(target.getvalue())


def test_a_locked_file_is_refused():
    sent = bytearray(docx())
    place = sent.index(b"PK\x01\x02") + 8
    sent[place] |= 1
    assert "密码" in refused(bytes(sent))


@pytest.mark.parametrize("cut", [10, 100, 200])
def test_a_cut_off_file_is_refused(cut):
    assert refused(docx()[:-cut])


def test_a_packing_that_office_never_uses_is_refused():
    for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", packing) as made:
            made.writestr("[Content_Types].xml", WORD)
        assert refused(target.getvalue())


def test_what_hangs_behind_an_archive_is_refused():
    assert refused(docx() + b"<script>alert(1)</script>")


def test_a_broken_part_is_refused():
    sent = bytearray(docx({"word/a.xml": "x" * 1000}))
    place = sent.index(b"word/a.xml") + 12
    sent[place] ^= 0xFF
    assert refused(bytes(sent))


def test_a_plain_pdf_is_taken():
    check_pdf(pdf())


@pytest.mark.parametrize(
    "body",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        b"/OpenAction << /S /Java#53cript /JS (x) >>",
        b"/AA << /O << /S /Launch /F (cmd.exe) >> >>",
        b"/Names << /EmbeddedFiles 3 0 R >>",
        b"/EF << /F 3 0 R >> /Type /EmbeddedFile",
        b"/Subtype /#52ichMedia",
    ],
)
def test_a_pdf_in_which_something_runs_is_refused(body):
    with pytest.raises(FileRefused) as refusal:
        check_pdf(pdf(body))
    assert "PDF" in str(refusal.value)


def stream_of_objects(content):
    packed = zlib.compress(content)
    head = b"3 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n"
    return head % len(packed) + packed + b"\nendstream\nendobj\n"


def test_a_program_folded_into_a_pdf_is_found():
    with pytest.raises(FileRefused):
        check_pdf(pdf(objects=stream_of_objects(b"1 0 << /S /JavaScript /JS (x) >>")))
    spelt = stream_of_objects(b"/Launch").replace(b"/ObjStm", b"/#4fbj#53tm /X (stream\n)")
    with pytest.raises(FileRefused):
        check_pdf(pdf(objects=spelt))
    check_pdf(pdf(objects=stream_of_objects(b"1 0 << /Type /Page >>")))


def test_hostile_pdfs_do_not_take_long():
    limit = 2 * 1024 * 1024
    packed = stream_of_objects(b"1 0 <<>>")
    for body in (b"/ObjStm", b"stream\n", b"/ObjStm stream\n", b"#41", b"stream\n#41#41", packed):
        began = time.monotonic()
        check_pdf(pdf(objects=body * (limit // len(body))))
        assert time.monotonic() - began < 2


def test_a_pdf_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(papers, "MOST_UNFOLDED", 1000)
    with pytest.raises(FileRefused):
        check_pdf(pdf(objects=stream_of_objects(b"\0" * 5000)))


def test_a_cut_off_pdf_is_refused():
    with pytest.raises(FileRefused):
        check_pdf(pdf()[:-20])


def test_a_pdf_in_front_of_which_something_stands_is_no_pdf():
    assert sniff(picture()[:100] + pdf()) == "image/jpeg"
    with pytest.raises(FileRefused):
        sniff(b"MZ" + pdf())
