"""Whatever is refused, by us or by Django, is answered in a sentence: a page or problem+json."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from ninja import NinjaAPI, Schema

from linli.kit import answers, errors

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
REFUSALS = {
    "stale": errors.Stale(changes=["state"]),
    "unseen": errors.Unseen(),
    "forbidden": errors.Forbidden(),
    "invalid": errors.Invalid({"name": ["Too long."]}),
    "often": errors.TooOften(),
    "nobody": errors.SignInFirst(),
    "gone": Http404(),
    "denied": PermissionDenied(),
    "bug": RuntimeError("no"),
}

api = NinjaAPI(urls_namespace="answers")
answers.speak(api)


class LampIn(Schema):
    name: str
    poles: int | None = None


@api.post("lamps")
def add_lamp(request, body: LampIn):
    return {"name": body.name}


@api.get("refuse/{what}")
def refuse_api(request, what: str):
    raise REFUSALS[what]


def refuse(request, what):
    raise REFUSALS[what]


@csrf_exempt
def read_form(request):
    return HttpResponse(request.POST.get("name", ""))


@require_POST
def press(request):
    return HttpResponse("pressed")


urlpatterns = [
    path("refuse/<what>", refuse),
    path("api/plain/refuse/<what>", refuse),
    path("api/plain/press", press),
    path("api/test/", api.urls),
    path("read", read_form),
    path("press", press),
    path("", include("config.urls")),
]
handler400 = "linli.kit.answers.bad_request"
handler403 = "linli.kit.answers.forbidden"
handler404 = "linli.kit.answers.not_found"
handler500 = "linli.kit.answers.failed"


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def problem(response, status, code):
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["title"]
    return body


CODES = {
    "stale": (409, "stale"),
    "unseen": (404, "not_found"),
    "forbidden": (403, "forbidden"),
    "invalid": (422, "invalid"),
    "often": (429, "too_often"),
    "nobody": (401, "sign_in"),
    "gone": (404, "not_found"),
    "denied": (403, "forbidden"),
    "bug": (500, "failed"),
}


@pytest.mark.parametrize("address", ["/api/test/refuse/", "/api/plain/refuse/"])
@pytest.mark.parametrize("what", REFUSALS)
def test_machines_get_a_problem(client, what, address):
    problem(client.get(address + what), *CODES[what])


@pytest.mark.parametrize("what", [what for what in REFUSALS if what != "nobody"])
def test_people_get_a_page(client, what):
    response = client.get(f"/refuse/{what}")
    assert response.status_code == CODES[what][0]
    assert "</html>" in response.text


def test_people_who_are_not_signed_in_are_led_there_and_back(client):
    response = client.get("/refuse/nobody?page=2")
    assert response.url == "/accounts/login/?next=%2Frefuse%2Fnobody%3Fpage%3D2"


def test_a_button_is_not_an_address_to_be_led_back_to(client):
    assert client.post("/refuse/nobody").url == "/accounts/login/"


def test_the_problem_says_what_changed_and_which_field(client):
    assert problem(client.get("/api/test/refuse/stale"), 409, "stale")["changes"] == ["state"]
    body = problem(client.get("/api/test/refuse/invalid"), 422, "invalid")
    assert body["fields"] == {"name": ["Too long."]}


def test_the_sentence_is_in_the_readers_language(client):
    english = client.get("/api/plain/refuse/often", headers={"accept-language": "en"}).json()
    chinese = client.get("/api/plain/refuse/often", headers={"accept-language": "zh-hans"}).json()
    assert english["title"] == "Too many tries. Please wait a few minutes."
    assert chinese["title"] != english["title"]


@pytest.mark.parametrize(
    "address", ["/nowhere", "/api/nowhere", "/api/test/nowhere", "/\x00", "/%ff"]
)
def test_unknown_addresses_are_answered_in_words(client, address):
    response = client.get(address)
    assert response.status_code == 404
    if address.startswith("/api/"):
        problem(response, 404, "not_found")


def post(client, body, **headers):
    return client.post("/api/test/lamps", body, content_type="application/json", **headers)


def test_a_good_body_is_taken(client):
    assert post(client, {"name": "gate"}).json() == {"name": "gate"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\xfa",
        b'{"name": "\xff"}',
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"name": "\\ud800"}',
        b'{"name": "\\uDFFF"}',
        b'{"name": "x", "poles": NaN}',
        b'{"name": "x", "poles": 1e999}',
    ],
)
def test_a_body_that_is_not_json_is_refused_in_words(client, body):
    response = post(client, body)
    assert response.status_code in {400, 422}
    problem(
        response, response.status_code, "invalid" if response.status_code == 422 else "unreadable"
    )


@pytest.mark.parametrize("body", [[], 7, "name", None, [{"name": "x"}]])
def test_a_body_that_is_no_object_is_refused_in_words(client, body):
    problem(post(client, json.dumps(body)), 422, "invalid")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name"}),
        ({"name": 1}, {"name"}),
        ({"name": ["x"], "poles": {}}, {"name", "poles"}),
    ],
)
def test_fields_that_do_not_fit_are_named(client, body, fields):
    response = post(client, json.dumps(body), headers={"accept-language": "en"})
    found = problem(response, 422, "invalid")["fields"]
    assert set(found) == fields
    assert all(line.endswith(".") for lines in found.values() for line in lines)


def test_a_body_of_ten_megabytes_is_refused_unread(client):
    problem(post(client, b" " * 10_000_000), 413, "too_large")
    assert client.post("/read", {"name": "x" * 10_000_000}).status_code == 413
    page = client.post("/read", "name=" + "x" * 10_000_000, "application/x-www-form-urlencoded")
    assert page.status_code == 413


def test_a_form_of_ten_thousand_fields_is_refused(client):
    assert client.post("/read", {f"f{n}": "" for n in range(10_000)}).status_code == 400


def test_a_broken_form_is_refused(client):
    assert client.post("/read", b"--x", "multipart/form-data; boundary=").status_code == 400


def test_the_wrong_method_is_said(client):
    problem(client.get("/api/plain/press"), 405, "wrong_method")
    problem(client.put("/api/test/lamps"), 405, "wrong_method")
    page = client.get("/press")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "</html>" in page.text


def test_a_form_without_its_token_is_refused_in_words():
    strict = Client(enforce_csrf_checks=True)
    assert "</html>" in strict.post("/press").text
    problem(strict.post("/api/plain/press"), 403, "page_too_old")
