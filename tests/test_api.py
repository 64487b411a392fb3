"""Whatever is sent to the API, the answer is JSON with a sentence, and never a fault of ours."""

from uuid import UUID

import pytest
from django.test import Client

from config.api import api
from linli.offices.tests.people import make_account, make_office, make_post

pytestmark = pytest.mark.django_db
BODIES = {
    "nothing": b"",
    "broken": b'{"text": ',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "a list": b"[]",
    "a number": b"7",
    "a lone surrogate": b'{"text": "\\ud800", "client_id": "\\udfff"}',
    "not a number": b'{"lng": NaN, "lat": Infinity}',
    "too deep": b"[" * 50_000,
    "too long a number": b'{"version": ' + b"9" * 5000 + b"}",
    "the wrong kinds": b'{"text": ["x"], "version": "x", "lng": {}, "category": 7}',
    "ten megabytes": b'"' + b"x" * 10_000_000 + b'"',
}
VALUES = [
    "",
    "x",
    "-1",
    "9" * 30,
    "\x00",
    "%",
    "'",
    "0001-01-01",
    "9999-12-31",
    "nan",
    "1,2,3",
    "灯" * 999,
]
PLACES = {"uuid": str(UUID(int=7)), "integer": "7"}


def operations():
    """Yield method, address and parameters of every operation."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            address, asked = path, []
            for one in operation.get("parameters", []):
                if one["in"] == "path":
                    kind = one["schema"].get("format") or one["schema"].get("type")
                    address = address.replace(f"{{{one['name']}}}", PLACES.get(kind, "x"))
                else:
                    asked.append(one["name"])
            yield method, address, asked


OPERATIONS = list(operations())
WRITES = [(method, address) for method, address, _ in OPERATIONS if method != "get"]
READS = [(address, asked) for method, address, asked in OPERATIONS if method == "get"]


@pytest.fixture(params=["nobody", "a dispatcher", "somebody without a post"])
def client(request):
    client = Client(raise_request_exception=False)
    if request.param == "a dispatcher":
        client.force_login(make_post("dispatcher", "R08", make_office("GOV-ZZ")).account)
    if request.param == "somebody without a post":
        client.force_login(make_account("nobody"))
    return client


def refused(answer, sent=""):
    assert 400 <= answer.status_code < 500, sent
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"]


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_no_body_breaks_it(client, method, address):
    for name, body in BODIES.items():
        refused(getattr(client, method)(address, body, content_type="application/json"), name)


@pytest.mark.parametrize(("method", "address"), WRITES)
def test_no_other_kind_of_body_is_taken(client, method, address):
    for kind in ("text/xml", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        refused(getattr(client, method)(address, b"<x/>", content_type=kind))


@pytest.mark.parametrize(("address", "asked"), READS)
def test_no_question_breaks_it(client, address, asked):
    for name in asked:
        for value in VALUES:
            answer = client.get(address, {name: value})
            assert answer.status_code < 500, (name, value)
            if answer.status_code >= 400:
                refused(answer)


@pytest.mark.parametrize("address", sorted({address for _, address, _ in OPERATIONS}))
def test_no_other_method_is_taken(client, address):
    for method in ("put", "delete", "patch", "trace"):
        refused(getattr(client, method)(address))
