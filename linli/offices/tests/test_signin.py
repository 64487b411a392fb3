"""Passwords, lock-out, sessions, second factors."""

import os
import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from linli.kit.errors import Forbidden
from linli.offices.errors import SecondFactorFirst
from linli.offices.models import as_actor
from linli.offices.requests import acting, client_address

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def sign_in(client: Client, name: str, password: str, **extra):
    return client.post(LOGIN, {"login": name, "password": password, **extra})


def test_a_right_password_opens_the_start_page(client, liwei):
    assert sign_in(client, "liwei", "liwei").url == "/"
    assert client.get("/").wsgi_request.actor.post == liwei.pk


def test_a_wrong_password_says_so_in_the_form(client, liwei):
    answer = sign_in(client, "liwei", "wrong")
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\x00b", "\u202e", "名字"])
def test_odd_names_are_a_sentence(client, db, name):
    assert sign_in(client, name, "x").status_code == 200


def test_a_session_gets_a_new_key_at_sign_in(client, liwei):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client, "liwei", "liwei")
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_sign_in_leads_to_no_other_site(client, liwei, elsewhere):
    assert sign_in(client, "liwei", "liwei", next=elsewhere).url == "/"


def test_sign_in_leads_back(client, liwei):
    assert sign_in(client, "liwei", "liwei", next="/me/").url == "/me/"


@pytest.fixture
def guarded(settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3


def test_guessing_locks_the_name_out_and_says_how_long(guarded, liwei):
    for _guess in range(2):
        assert sign_in(Client(), "liwei", "wrong").status_code == 200
    answer = sign_in(Client(), "LiWei", "wrong")
    assert answer.status_code == 429
    assert re.search(r"1[0-5] ?分钟", answer.content.decode())
    assert sign_in(Client(), "liwei", "liwei").status_code == 429
    assert AccessAttempt.objects.get().failures_since_start == 3


def test_lock_out_is_of_one_name_at_one_address(guarded, liwei, root):
    for _guess in range(3):
        sign_in(Client(), "liwei", "wrong")
    assert sign_in(Client(), "root", "root").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "liwei", "liwei").status_code == 302


def test_the_right_password_forgets_wrong_ones(guarded, liwei):
    for _round in range(3):
        sign_in(Client(), "liwei", "wrong")
        assert sign_in(Client(), "liwei", "liwei").status_code == 302


def test_the_address_behind_a_proxy_is_the_callers(settings):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6, 1.2.3.4"})
    assert client_address(request) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_address(request) == "1.2.3.4"


def test_other_sessions_are_signed_out(liwei):
    here, there = Client(), Client()
    sign_in(here, "liwei", "liwei")
    sign_in(there, "liwei", "liwei")
    there.get("/")
    assert here.get(reverse("usersessions_list")).context["session_count"] == 2
    here.post(reverse("usersessions_list"))
    assert there.get("/").wsgi_request.user.is_anonymous
    assert here.get("/").wsgi_request.user.is_authenticated


def set_up_app(account) -> bytes:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(account, secret)
    return secret


def code_for(secret: str) -> str:
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))
    )


def test_an_app_is_asked_for_its_code(client, liwei):
    secret = set_up_app(liwei.account)
    assert sign_in(client, "liwei", "liwei").url == reverse("mfa_authenticate")
    assert client.get("/").wsgi_request.user.is_anonymous
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert client.get("/").wsgi_request.actor.second_factor


def test_codes_cannot_be_guessed_from_many_addresses(liwei):
    secret = set_up_app(liwei.account)
    for number in range(10):
        guesser = Client(REMOTE_ADDR=f"10.0.0.{number}")
        sign_in(guesser, "liwei", "liwei")
        guesser.post(reverse("mfa_authenticate"), {"code": "000000"})
    sign_in(guesser, "liwei", "liwei")
    guesser.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert guesser.get("/").wsgi_request.user.is_anonymous


def test_wrong_passwords_elsewhere_lock_nobody_out(liwei):
    for _guess in range(12):
        sign_in(Client(REMOTE_ADDR="10.0.0.9"), "liwei", "wrong")
    assert sign_in(Client(), "liwei", "liwei").url == "/"
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "liwei", "liwei").status_code == 200


def test_no_cache_keeps_what_somebody_signed_in_sees(client, liwei, browse):
    browser = browse(liwei)
    for door in ("/", "/me/", "/admin/accounts/", "/nowhere"):
        assert "no-store" in browser.get(door).headers["Cache-Control"]
    assert "Cache-Control" not in client.get("/signposts/").headers


def test_a_recovery_code_opens_once(client, liwei):
    set_up_app(liwei.account)
    code = RecoveryCodes.activate(liwei.account).get_unused_codes()[0]
    sign_in(client, "liwei", "liwei")
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get("/").wsgi_request.actor.second_factor
    again = Client()
    sign_in(again, "liwei", "liwei")
    assert again.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_power_that_needs_a_second_factor_leads_to_it(client, settings, root):
    settings.SECOND_FACTOR_POWERS = frozenset({"admin"})
    sign_in(client, "root", "root")
    answer = client.get(reverse("offices:list_offices"))
    assert answer.status_code == 403
    assert f'href="{reverse("mfa_index")}"' in answer.content.decode()
    set_up_app(root.account)
    again = client.get(reverse("offices:list_offices")).content.decode()
    assert f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2Foffices%2F" in again


def test_confirming_with_the_app_opens_the_door(client, settings, root):
    settings.SECOND_FACTOR_POWERS = frozenset({"admin"})
    sign_in(client, "root", "root")
    secret = set_up_app(root.account)
    client.post(reverse("mfa_reauthenticate"), {"code": code_for(secret)})
    assert client.get(reverse("offices:list_offices")).status_code == 200


def test_acting_asks_for_power_then_for_the_second_factor(liwei, rf, settings):
    request = rf.get("/")
    request.actor = as_actor(liwei)
    with pytest.raises(Forbidden):
        acting(request, "admin")
    with pytest.raises(SecondFactorFirst):
        acting(request, "look")
    request.actor = as_actor(liwei, second_factor=True)
    assert acting(request, "look").role.code == "R06"


def test_a_lost_phone_is_removed_with_the_reset(browse, root, liwei):
    set_up_app(liwei.account)
    url = reverse("offices:reset_password", args=[liwei.account_id])
    browse(root).post(url)
    assert Authenticator.objects.filter(user=liwei.account).exists()
    browse(root).post(url, {"lost_second_factor": "on"})
    assert not Authenticator.objects.filter(user=liwei.account).exists()


def test_passwords_are_hashed_with_argon2_outside_tests():
    outside = {"LINLI_MODE": "local", "DJANGO_SETTINGS_MODULE": "config.settings"}
    program = "from config import settings; print(settings.PASSWORD_HASHERS[0])"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **outside},
        capture_output=True,
        text=True,
    )
    assert answer.stdout.strip().endswith(".Argon2PasswordHasher")
