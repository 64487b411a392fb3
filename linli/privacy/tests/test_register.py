"""The processing register: every personal field of every app, for everybody to read."""

import csv
import io

import pytest
from django.utils.translation import override

from linli.privacy import queries

pytestmark = pytest.mark.django_db


def test_every_row_says_everything_in_both_languages():
    for language in ("zh-hans", "en"):
        with override(language):
            rows = [row for row in queries.register() if row.app == "privacy"]
            assert {row.field for row in rows} == {
                "SubjectRequest.text",
                "SubjectRequest.contact",
                "SubjectRequest.answer",
            }
            for row in rows:
                assert all(
                    (row.what, row.purpose, row.basis, row.readers, row.retention, row.erasure)
                )
                assert row.sealed


def test_anybody_reads_the_page(client):
    page = client.get("/privacy/").content.decode()
    assert "核对身份并把答复送给申请人" in page
    assert "个人信息保护负责人" in page


def test_it_speaks_english(client):
    page = client.get("/privacy/", headers={"accept-language": "en"}).content.decode()
    assert "to check who asks and to send the answer" in page


def test_programs_read_it(client):
    items = client.get("/privacy/register.json").json()["items"]
    assert "SubjectRequest.contact" in {item["field"] for item in items}


def test_spreadsheets_read_it(client):
    body = client.get("/privacy/register.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert "SubjectRequest.contact" in {row["field"] for row in rows}
