"""Browsers for tests of pages: somebody signed in, somebody without an account."""

import time
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.offices.models import Account, Actor

WHERE = {"address": "小学门口东50米"}
LAMP = {**WHERE, "category": "0202", "text": "村口路灯不亮"}
XSS = '<script>alert("x")</script><img src=x onerror=alert(1)>'
SURROGATE = b"\xed\xa0\x80"


def browser(actor: Actor) -> Client:
    """Return the browser of somebody who acts in a post, signed in as strongly as they are."""
    client = Client()
    client.force_login(
        Account.objects.get(pk=actor.account),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    session = client.session
    session["post"] = str(actor.post)
    if actor.second_factor:
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
        session["account_authentication_methods_user"] = str(actor.account)
    session.save()
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def photo(name: str = "lamp.jpg") -> SimpleUploadedFile:
    """Return a small JPEG as a browser sends it."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")
