from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from linli.audit.models import Entry, Salt
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, Refused, Unseen
from linli.offices import queries, services
from linli.offices.errors import OwnAccount
from linli.offices.models import Account, Post, as_actor
from linli.offices.tests.people import make_account, make_actor, make_office, make_post


def sign_in(name: str, password: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": name, "password": password})
    return client


def test_a_new_account_must_change_its_first_password(browse, root):
    answer = browse(root).post(
        reverse("offices:open_account"), {"username": "zhao", "display_name": "赵明"}
    )
    password = answer.context["password"]
    account = Account.objects.get(username="zhao")
    services.appoint(
        account.pk,
        office=root.office_id,
        role="R06",
        valid_from=queries.today(),
        actor=as_actor(root),
    )
    client = sign_in("zhao", password)
    assert client.get("/").url == reverse("account_change_password")
    assert client.get("/api/v1/nothing").wsgi_request.actor is None
    chosen = "a-long-sentence-7"
    client.post(
        reverse("account_change_password"),
        {"oldpassword": password, "password1": chosen, "password2": chosen},
    )
    assert client.get("/").wsgi_request.actor.role.code == "R06"
    assert sign_in("zhao", password).get("/").wsgi_request.user.is_anonymous


def test_the_trail_keeps_no_name(root):
    services.open_account(username="zhao", display_name="赵明", actor=as_actor(root))
    entry = Entry.objects.get(act="account.opened")
    assert "赵明" not in entry.facts
    assert "zhao" not in entry.facts


def test_a_name_that_is_taken_is_refused_in_the_form(browse, root, liwei):
    answer = browse(root).post(
        reverse("offices:open_account"), {"username": "LiWei", "display_name": "李伟"}
    )
    assert answer.status_code == 422
    assert "username" in answer.context["form"].errors


def test_closing_signs_out_everywhere(browse, root, liwei):
    client = browse(liwei)
    token, _key = services.issue_token(label="x", scope="read", days=9, actor=as_actor(liwei))
    browse(root).post(reverse("offices:close_account", args=[liwei.account_id]))
    assert client.get("/").wsgi_request.user.is_anonymous
    token.refresh_from_db()
    assert token.revoked_at
    with pytest.raises(Refused):
        services.close_account(liwei.account_id, actor=as_actor(root))


def test_a_reset_gives_a_new_password_and_opens_a_closed_account(browse, root, liwei):
    services.close_account(liwei.account_id, actor=as_actor(root))
    answer = browse(root).post(
        reverse("offices:reset_password", args=[liwei.account_id]), {"lost_second_factor": "on"}
    )
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    client = sign_in("liwei", answer.context["password"])
    assert client.get("/").url == reverse("account_change_password")


def test_nobody_changes_their_own_account(root):
    actor = as_actor(root)
    for change in (
        lambda: services.close_account(root.account_id, actor=actor),
        lambda: services.reset_password(root.account_id, actor=actor),
        lambda: services.dismiss(root.pk, actor=actor),
        lambda: services.appoint(
            root.account_id,
            office=root.office_id,
            role="R06",
            valid_from=queries.today(),
            actor=actor,
        ),
    ):
        with pytest.raises(OwnAccount):
            change()


def test_only_administrators_change_accounts(liwei):
    clerk = make_actor("clerk", "R06")
    with pytest.raises(Forbidden):
        services.open_account(username="x", display_name="x", actor=clerk)
    with pytest.raises(Forbidden):
        services.close_account(liwei.account_id, actor=clerk)
    with pytest.raises(Forbidden):
        services.dismiss(liwei.pk, actor=clerk)


def test_another_towns_administrator_sees_nothing(browse, hong, liwei):
    client = browse(hong)
    account = [liwei.account_id]
    assert client.get(reverse("offices:account", args=account)).status_code == 404
    for door in ("close_account", "reset_password", "appoint"):
        data = {"office": hong.office_id, "role": "R06", "valid_from": "2026-01-01"}
        assert client.post(reverse(f"offices:{door}", args=account), data).status_code == 404
    assert client.post(reverse("offices:dismiss", args=[liwei.pk])).status_code == 404
    listed = client.get(reverse("offices:list_accounts"))
    assert "Liwei" not in listed.content.decode()


def test_an_appointment_begins_and_ends(browse, root):
    account = make_account("wang")
    office = make_office("GOV-CJ")
    day = queries.today()
    data = {
        "office": office.pk,
        "role": "R09",
        "valid_from": day.isoformat(),
        "valid_to": (day + timedelta(days=2)).isoformat(),
    }
    browse(root).post(reverse("offices:appoint", args=[account.pk]), data)
    post = Post.objects.get(account=account)
    assert list(Post.objects.current(day).filter(account=account)) == [post]
    assert not Post.objects.current(day + timedelta(days=2)).filter(account=account)
    browse(root).post(reverse("offices:dismiss", args=[post.pk]))
    assert not Post.objects.current(day).filter(account=account)
    with pytest.raises(Refused):
        services.dismiss(post.pk, actor=as_actor(root))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "R01"}, "role"),
        ({"role": "R99"}, "role"),
        ({"office": "nothing"}, "office"),
        ({"valid_from": "31.12.2026"}, "valid_from"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
    ],
)
def test_a_wrong_appointment_is_refused_in_the_form(browse, root, wrong, field):
    account = make_account("wang")
    data = {"office": root.office_id, "role": "R09", "valid_from": "2026-01-01", **wrong}
    answer = browse(root).post(reverse("offices:appoint", args=[account.pk]), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Post.objects.filter(account=account).exists()


def test_the_same_post_is_not_given_twice(root, liwei):
    with pytest.raises(Invalid):
        services.appoint(
            liwei.account_id,
            office=liwei.office_id,
            role=liwei.role,
            valid_from=queries.today(),
            actor=as_actor(root),
        )


def test_a_closed_account_or_office_gets_no_post(root, liwei):
    actor = as_actor(root)
    office = make_office("GOV-CJ")
    services.close_office(office.pk, actor=actor)
    with pytest.raises(Refused):
        services.appoint(
            liwei.account_id, office=office.pk, role="R09", valid_from=queries.today(), actor=actor
        )
    with pytest.raises(Unseen):
        services.appoint(
            liwei.account_id, office=liwei.pk, role="R09", valid_from=queries.today(), actor=actor
        )


def test_the_list_is_searched_and_paged(browse, root):
    for number in range(queries.PAGE + 5):
        make_post(f"clerk{number:02}", "R06")
    first = queries.list_accounts(as_actor(root))
    assert len(first.accounts) == queries.PAGE
    rest = queries.list_accounts(as_actor(root), after=first.after)
    assert (len(rest.accounts), rest.after) == (6, "")
    found = browse(root).get(reverse("offices:list_accounts"), {"text": "clerk07"})
    assert [one.username for one in found.context["accounts"]] == ["clerk07"]
    assert browse(root).get(reverse("offices:list_accounts"), {"text": "\x00"}).status_code == 200


def test_three_years_after_closing_the_name_is_erased(root, liwei):
    services.open_account(username="zhao", display_name="赵明", actor=as_actor(root))
    account = Account.objects.get(username="zhao")
    services.close_account(account.pk, actor=as_actor(root))
    closed = clock.now()
    assert services.erase_closed_accounts(closed + timedelta(days=1000), 10) == 0
    assert services.erase_closed_accounts(closed + timedelta(days=1096), 10) == 1
    assert services.erase_closed_accounts(closed + timedelta(days=1096), 10) == 0
    account.refresh_from_db()
    assert (account.display_name, account.email) == ("", "")
    assert account.username.startswith("erased-")
    assert not Salt.objects.filter(entry__subject=f"account:{account.pk}").exists()


def test_whence_somebody_signed_in_is_erased_when_the_session_is_over(liwei, settings):
    sign_in("liwei", "liwei").get("/")
    seen, whole = clock.now(), timedelta(seconds=settings.SESSION_COOKIE_AGE)
    assert services.erase_ended_sessions(seen + whole - timedelta(minutes=1), 10) == 0
    assert UserSession.objects.count() == 1
    assert services.erase_ended_sessions(seen + whole + timedelta(minutes=1), 10) == 1
    assert services.erase_ended_sessions(seen + whole + timedelta(minutes=1), 10) == 0


def test_a_name_differs_by_more_than_capitals_also_for_two_at_once(liwei):
    with pytest.raises(IntegrityError):
        make_account("LIWEI")
