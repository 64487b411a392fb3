import json
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from linli.kit import clock
from linli.kit.answers import problem
from linli.kit.errors import Forbidden, Invalid, SignInFirst, Unseen
from linli.offices import services
from linli.offices.errors import TokenReadsOnly, TokenRefused
from linli.offices.models import Account, ApiToken, Post, as_actor, resident
from linli.offices.requests import api_actor, from_bearer
from linli.offices.tests.people import TOWN, make_actor, make_post


def call(key: str | None, method: str = "GET", scheme: str = "Bearer"):
    headers = {"Authorization": f"{scheme} {key}"} if key is not None else {}
    return RequestFactory().generic(method, "/api/v1/cases", headers=headers)


@pytest.fixture
def key(liwei) -> str:
    return services.issue_token(label="报表", scope="read", days=30, actor=as_actor(liwei))[1]


def test_a_key_is_shown_once_and_kept_as_a_digest(browse, liwei):
    client = browse(liwei)
    data = {"label": "报表", "scope": "read", "days": "30"}
    answer = client.post(reverse("offices:tokens"), data)
    key = answer.context["key"]
    assert key in answer.content.decode()
    assert key not in client.get(reverse("offices:tokens")).content.decode()
    token = ApiToken.objects.get()
    assert key.removeprefix(f"lin_{token.prefix}") not in str(vars(token))


def test_a_key_acts_in_its_post(key, liwei):
    actor = from_bearer(call(key))
    assert (actor.post, actor.role.code, actor.second_factor) == (liwei.pk, "R06", False)
    assert api_actor(call(key)) == actor


def test_without_a_key_nobody_acts_by_key():
    assert from_bearer(call(None)) is None
    assert from_bearer(call("bGl3ZWk6eA==", scheme="Basic")) is None
    with pytest.raises(SignInFirst):
        api_actor(call(None))


@pytest.mark.parametrize("wrong", ["", "x", "lin_", "lin_ABCDEFGH" + "x" * 43, "令牌", "x" * 9000])
def test_an_unknown_key_is_refused(db, wrong):
    with pytest.raises(TokenRefused):
        from_bearer(call(wrong))


def test_a_new_first_password_ends_the_keys_too(key, liwei, root):
    services.reset_password(liwei.account_id, actor=as_actor(root))
    with pytest.raises(TokenRefused):
        from_bearer(call(key))


def test_the_prefix_alone_opens_nothing(key):
    with pytest.raises(TokenRefused):
        from_bearer(call(key[:12] + "x" * 43))


def test_an_expired_key_is_refused(key):
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(TokenRefused):
        from_bearer(call(key))


def test_a_withdrawn_key_is_refused(browse, key, liwei):
    browse(liwei).post(reverse("offices:revoke_token", args=[ApiToken.objects.get().pk]))
    with pytest.raises(TokenRefused):
        from_bearer(call(key))


def test_a_key_ends_with_its_post_and_with_its_account(key, liwei, root):
    Post.objects.filter(pk=liwei.pk).update(valid_to=liwei.valid_from)
    with pytest.raises(TokenRefused):
        from_bearer(call(key))
    Post.objects.filter(pk=liwei.pk).update(valid_to=None)
    Account.objects.filter(pk=liwei.account_id).update(is_active=False)
    with pytest.raises(TokenRefused):
        from_bearer(call(key))


def test_a_key_that_may_only_read_does_not_act(key, liwei):
    with pytest.raises(TokenReadsOnly):
        from_bearer(call(key, "POST"))
    _token, writing = services.issue_token(label="x", scope="write", days=1, actor=as_actor(liwei))
    assert from_bearer(call(writing, "POST")).post == liwei.pk


def test_its_use_is_noted_at_most_once_a_minute(key, django_assert_num_queries):
    start = clock.now()
    with clock.at(start):
        from_bearer(call(key))
    with clock.at(start + timedelta(seconds=50)), django_assert_num_queries(1):
        from_bearer(call(key))
    assert ApiToken.objects.get().used_at == start
    with clock.at(start + timedelta(seconds=70)), django_assert_num_queries(2):
        from_bearer(call(key))


def test_somebody_elses_key_cannot_be_withdrawn(browse, key, hong):
    token = ApiToken.objects.get()
    url = reverse("offices:revoke_token", args=[token.pk])
    assert browse(make_post("chen", "R06")).post(url).status_code == 404
    assert browse(hong).post(url).status_code == 404
    with pytest.raises(Unseen):
        services.revoke_token(token.pk, actor=resident(TOWN))
    token.refresh_from_db()
    assert token.revoked_at is None


def test_an_administrator_withdraws_a_key_of_the_town(key, root):
    token = ApiToken.objects.get()
    assert services.revoke_token(token.pk, actor=as_actor(root)).revoked_at
    assert services.revoke_token(token.pk, actor=as_actor(root)).revoked_at


@pytest.mark.parametrize("days", [0, 367, -1])
def test_a_key_lives_a_year_at_most(browse, liwei, days):
    with pytest.raises(Invalid):
        services.issue_token(label="x", scope="read", days=days, actor=as_actor(liwei))
    data = {"label": "x", "scope": "read", "days": days}
    assert browse(liwei).post(reverse("offices:tokens"), data).status_code == 422


def test_a_resident_has_no_keys(db):
    with pytest.raises(Forbidden):
        services.issue_token(label="x", scope="read", days=1, actor=resident(TOWN))


def test_a_session_needs_its_safety_token_to_act(db):
    actor = make_actor("liwei", "R06")
    request = call(None, "POST")
    request.actor = actor
    with pytest.raises(Forbidden):
        api_actor(request)
    request = call(None)
    request.actor = actor
    assert api_actor(request) == actor


def test_the_answer_to_a_wrong_key_is_a_problem():
    answer = problem(TokenRefused())
    assert answer.status_code == 401
    assert json.loads(answer.content)["code"] == "token_refused"
