"""Who opens a file: the desk that sees its matter, the reporter by token, all if it is public."""

import io
from uuid import uuid4

import pytest
from django.core import signing
from django.urls import reverse
from PIL import Image

from linli.documents import rules
from linli.documents.models import Attachment
from linli.documents.services.attaching import attach, publish_attachment
from linli.documents.tests.files import THING, pdf, picture, upload
from linli.kit.errors import Forbidden, Unseen
from linli.offices.models import Account
from linli.offices.tests.people import OTHER_TOWN, make_actor, make_office

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(client, actor):
    client.force_login(Account.objects.get(pk=actor.account), BACKEND)
    return client


def door(name, one, query=""):
    return reverse(f"documents:{name}", args=[one.pk]) + query


@pytest.fixture
def photo(lina):
    return attach(THING, upload(picture(size=(900, 600)), "路灯.jpg"), actor=lina)


@pytest.fixture
def stranger():
    return make_actor("zhao", "R06", make_office("GOV-CJ", township=OTHER_TOWN))


def test_a_colleague_sees_the_picture_and_the_small_one(client, photo, chen):
    sign_in(client, chen)
    answer = client.get(door("open", photo))
    body = b"".join(answer.streaming_content)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(body)).size == (900, 600)
    small = client.get(door("open_small", photo))
    assert max(Image.open(io.BytesIO(b"".join(small.streaming_content))).size) == 400


def test_no_browser_takes_a_file_for_a_page(client, photo, chen):
    headers = sign_in(client, chen).get(door("open", photo)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"].startswith("private")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Disposition"].startswith("inline; filename*=utf-8''")


def test_a_paper_is_downloaded_and_has_no_small_copy(client, lina):
    paper = attach(THING, upload(pdf(), "通知.pdf"), actor=lina, kind="paper")
    sign_in(client, lina)
    headers = client.get(door("open", paper)).headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Type"] == "application/pdf"
    assert client.get(door("open_small", paper)).status_code == 404


def test_another_office_another_town_and_nobody_get_404(client, photo, wang, stranger):
    for name in ("open", "open_small"):
        assert client.get(door(name, photo)).status_code == 404
    for actor in (wang, stranger):
        sign_in(client, actor)
        for name in ("open", "open_small"):
            assert client.get(door(name, photo)).status_code == 404
        assert (
            client.get(reverse("documents:of_matter", args=["thing", THING.key])).status_code == 404
        )


def test_a_reader_rule_that_forgets_the_town_does_not_open_it(client, photo, stranger, monkeypatch):
    monkeypatch.setitem(rules._readers, "thing", lambda _actor, _key: True)
    assert sign_in(client, stranger).get(door("open", photo)).status_code == 404


def test_a_kind_without_a_reader_is_seen_by_nobody(client, photo, lina, monkeypatch):
    monkeypatch.setattr(rules, "_readers", {})
    assert sign_in(client, lina).get(door("open", photo)).status_code == 404


def test_an_unknown_file_is_404(client, lina):
    sign_in(client, lina)
    assert client.get(reverse("documents:open", args=[uuid4()])).status_code == 404


def test_the_reporter_opens_photos_with_the_token(client, photo):
    token = rules.token_for("thing", THING.key)
    assert client.get(door("open", photo, f"?t={token}")).status_code == 200
    page = client.get(reverse("documents:of_matter", args=["thing", THING.key]) + f"?t={token}")
    assert f"/small/?t={token}".replace(":", "%3A") in page.content.decode()
    assert '<form method="post" action="/files' not in page.content.decode()


def test_the_token_does_not_open_the_desks_evidence(client, lina):
    evidence = attach(THING, upload(picture()), actor=lina, kind="evidence")
    token = rules.token_for("thing", THING.key)
    assert client.get(door("open", evidence, f"?t={token}")).status_code == 404
    page = client.get(reverse("documents:of_matter", args=["thing", THING.key]) + f"?t={token}")
    assert str(evidence.pk) not in page.content.decode()


@pytest.mark.parametrize("query", ["", "?t=", "?t=x", "?t=%00", "?t=a:b:c"])
def test_without_a_true_token_it_is_404(client, photo, query):
    assert client.get(door("open", photo, query)).status_code == 404


def test_a_token_for_another_matter_or_from_another_salt_is_404(client, photo):
    other = rules.token_for("thing", uuid4())
    forged = signing.dumps(["thing", str(THING.key)], salt="something else")
    for token in (other, forged):
        assert client.get(door("open", photo, f"?t={token}")).status_code == 404


def test_an_old_token_is_404(client, photo, monkeypatch):
    token = rules.token_for("thing", THING.key)
    monkeypatch.setattr(rules, "TOKEN_SECONDS", -1)
    assert client.get(door("open", photo, f"?t={token}")).status_code == 404


def test_a_published_photo_is_seen_by_everybody_until_it_is_taken_back(client, photo, lina):
    publish_attachment(photo.pk, actor=lina)
    assert client.get(door("open", photo)).status_code == 200
    publish_attachment(photo.pk, actor=lina, public=False)
    assert client.get(door("open", photo)).status_code == 404


def test_who_may_only_see_does_not_publish(photo, chen, wang):
    with pytest.raises(Forbidden):
        publish_attachment(photo.pk, actor=chen)
    with pytest.raises(Unseen):
        publish_attachment(photo.pk, actor=wang)


def test_another_town_does_not_take_back_what_is_public(photo, lina, stranger, monkeypatch):
    publish_attachment(photo.pk, actor=lina)
    monkeypatch.setitem(rules._writers, "thing", lambda _actor, _key: True)
    with pytest.raises(Forbidden):
        publish_attachment(photo.pk, actor=stranger, public=False)


def attach_door():
    return reverse("documents:attach", args=["thing", THING.key])


def test_li_na_adds_a_file_without_javascript(client, lina):
    sign_in(client, lina)
    page = client.get(reverse("documents:of_matter", args=["thing", THING.key])).content.decode()
    assert f'action="{attach_door()}"' in page
    answer = client.post(
        attach_door(), {"file": upload(picture()), "kind": "after", "client_id": "a"}
    )
    assert answer.status_code == 302
    assert Attachment.objects.get().kind == "after"
    again = client.post(
        attach_door(), {"file": upload(picture()), "kind": "after", "client_id": "a"}
    )
    assert (again.status_code, Attachment.objects.count()) == (302, 1)
    other = {"file": upload(pdf()), "kind": "after", "client_id": "a"}
    assert client.post(attach_door(), other).status_code == 409


def test_htmx_gets_the_part(client, lina):
    body = {"file": upload(picture()), "kind": "photo"}
    answer = sign_in(client, lina).post(attach_door(), body, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert str(Attachment.objects.get().pk) in answer.content.decode()


def test_bad_uploads_are_422_with_a_sentence(client, lina):
    sign_in(client, lina)
    assert client.post(attach_door(), {"kind": "photo"}).status_code == 422
    assert client.post(attach_door(), {"file": upload(picture()), "kind": "x"}).status_code == 422
    empty = client.post(attach_door(), {"file": upload(b""), "kind": "photo"})
    assert empty.status_code == 422
    assert "空" in empty.content.decode()
    html = client.post(attach_door(), {"file": upload(b"<html>", "a.jpg"), "kind": "photo"})
    assert html.status_code == 422
    assert not Attachment.objects.exists()


def test_a_name_with_markup_is_shown_as_text(client, lina):
    attach(THING, upload(pdf(), "<script>alert(1)<script>.pdf"), actor=lina)
    page = sign_in(client, lina).get(reverse("documents:of_matter", args=["thing", THING.key]))
    assert "<script>alert" not in page.content.decode()


def test_who_may_only_see_gets_no_form_and_cannot_add(client, photo, chen):
    sign_in(client, chen)
    page = client.get(reverse("documents:of_matter", args=["thing", THING.key])).content.decode()
    assert str(photo.pk) in page
    assert "multipart" not in page
    body = {"file": upload(picture()), "kind": "photo"}
    assert client.post(attach_door(), body).status_code == 404
    assert client.post(door("erase", photo)).status_code == 403
    assert client.post(door("publish", photo), {"public": "yes"}).status_code == 403


def test_li_na_publishes_and_erases(client, photo, lina):
    sign_in(client, lina)
    assert client.post(door("publish", photo), {"public": "yes"}).status_code == 302
    photo.refresh_from_db()
    assert photo.public
    assert client.post(door("erase", photo)).status_code == 302
    assert client.get(door("open", photo)).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(client, photo):
    for address in (attach_door(), door("erase", photo), door("publish", photo)):
        answer = client.post(address)
        assert answer.status_code == 302
        assert "login" in answer.headers["Location"]
