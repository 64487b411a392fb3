"""Every address is in the table of doors and is tried by those who may and those who may not."""

import inspect

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client
from django.urls import get_resolver, reverse

from linli.offices.tests.people import OTHER_TOWN, TOWN
from tests.doors import DOORS, THINGS, may, may_not

pytestmark = pytest.mark.django_db
CLOSED = [name for name, door in DOORS.items() if door.who != "anyone"]
GUARDED = [name for name, door in DOORS.items() if door.who.startswith("power:")]
NAMED = [name for name in CLOSED if DOORS[name].thing and not DOORS[name].thing.startswith("no_")]


def names(patterns, space=""):
    """Yield the names of all addresses whose door is ours."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)
        elif inspect.getmodule(inspect.unwrap(pattern.callback)).__name__.startswith("linli."):
            yield f"{space}{pattern.name}"


def knock(client, name, town, post):
    """Try a door with GET and with an empty POST; at least one of them must be meant."""
    make = THINGS.get(DOORS[name].thing)
    address = reverse(name, args=make(town, post) if make else ())
    answers = [client.get(address), client.post(address)]
    assert {answer.status_code for answer in answers} != {405}
    return [answer for answer in answers if answer.status_code != 405]


def as_(post):
    """Return the browser of somebody who signed in with a second factor."""
    client = Client()
    client.force_login(post.account)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, post.account, "mfa", type="totp")
    request.session["account_authentication_methods_user"] = str(post.account.pk)
    request.session.save()
    return client


def leads_to_sign_in(answer):
    return answer.status_code == 302 and answer.url.startswith(reverse("account_login"))


def test_every_door_has_a_row_and_every_row_a_door():
    found = list(names(get_resolver().url_patterns))
    assert sorted(found) == sorted(set(DOORS))


@pytest.mark.parametrize("name", [name for name in DOORS if name not in CLOSED])
def test_anyone_may_use_a_public_door(name):
    first, *others = knock(Client(), name, TOWN, may("signed_in", TOWN))
    missing = DOORS[name].thing.startswith("no_")
    assert first.status_code == 404 if missing else first.status_code not in {401, 403, 404}
    assert not leads_to_sign_in(first)
    assert all(answer.status_code < 500 for answer in others)
    assert first.status_code < 500 or name == "site:readyz"


@pytest.mark.parametrize("name", CLOSED)
def test_nobody_is_led_to_the_sign_in(name):
    owner = may(DOORS[name].who, TOWN)
    for answer in knock(Client(), name, TOWN, owner):
        assert leads_to_sign_in(answer) or answer.status_code == 401


@pytest.mark.parametrize("name", GUARDED)
def test_whoever_lacks_the_power_is_refused(name):
    owner = may(DOORS[name].who, TOWN)
    for answer in knock(as_(may_not(DOORS[name].who, TOWN)), name, TOWN, owner):
        assert answer.status_code in {403, 404}


@pytest.mark.parametrize("name", NAMED)
def test_another_town_sees_nothing(name):
    owner, stranger = may(DOORS[name].who, TOWN), may(DOORS[name].who, OTHER_TOWN)
    for answer in knock(as_(stranger), name, TOWN, owner):
        assert answer.status_code in {403, 404, 422}  # 422: an empty form is refused unread


@pytest.mark.parametrize("name", CLOSED)
def test_whoever_may_is_let_in(name):
    post = may(DOORS[name].who, TOWN)
    missing = DOORS[name].thing.startswith("no_")
    for answer in knock(as_(post), name, TOWN, post):
        expected = {404, 422} if missing else {200, 201, 204, 302, 400, 409, 422}
        assert answer.status_code in expected
        assert not leads_to_sign_in(answer)
