import pytest
from django.test import Client
from django.urls import reverse

from linli.offices.tests.people import make_post


def test_the_reader_chooses_the_language(client, db):
    assert "有什么可以帮您" in client.get("/").content.decode()
    client.post("/language/", {"language": "en", "next": "/signposts/"})
    page = client.get("/signposts/").content.decode()
    assert '<html lang="en"' in page
    assert "Where to go with what" in page


def test_the_language_is_kept_with_the_account(client, db):
    account = make_post("liwei", "R06").account
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/language/", {"language": "en"})
    account.refresh_from_db()
    assert account.language == "en"


def test_an_unknown_language_changes_nothing(client, db):
    answer = client.post("/language/", {"language": "xx\r\nSet-Cookie: a=b"})
    assert not answer.cookies


def test_the_reader_chooses_large_type(client, db):
    client.post("/large/", {"large": "yes"})
    assert 'class="large"' in client.get("/").content.decode()
    client.post("/large/", {"large": ""})
    assert 'class="large"' not in client.get("/").content.decode()


@pytest.mark.parametrize("door", ["/language/", "/large/"])
@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:1", "nowhere", ""],
)
def test_a_switch_leads_to_no_other_site(client, door, elsewhere):
    answer = client.post(door, {"language": "en", "large": "yes", "next": elsewhere})
    assert answer.url == "/"


def test_a_switch_leads_back(client):
    assert client.post("/large/", {"next": "/signposts/?a=1"}).url == "/signposts/?a=1"


@pytest.mark.parametrize("door", ["/language/", "/large/"])
def test_a_switch_needs_post_and_the_safety_token(door, db):
    assert Client().get(door).status_code == 405
    assert Client(enforce_csrf_checks=True).post(door, {"language": "en"}).status_code == 403


def test_every_page_forbids_inline_script_and_style(client, db):
    for door in ("/", "/signposts/", reverse("account_login")):
        policy = client.get(door).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
