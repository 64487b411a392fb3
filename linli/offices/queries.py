"""Reads of offices: the actor of a session, the posts of an account."""

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from linli.kit import clock
from linli.offices.choices import CENTRE
from linli.offices.models import Account, Actor, Office, Post, as_actor


def list_posts(account: Account) -> list[Post]:
    """Return the account's current posts, oldest first."""
    today = timezone.localdate(clock.now())
    posts = Post.objects.current(today).filter(account=account)
    return list(posts.select_related("office", "account").order_by("valid_from", "pk"))


def get_actor(account: Account, session: SessionBase) -> Actor | None:
    """Return who acts in this session; None for an account without a current post."""
    posts = list_posts(account)
    chosen = session.get("post")
    post = next((one for one in posts if str(one.pk) == chosen), posts[0] if posts else None)
    if post is None:
        return None
    methods = session.get("account_authentication_methods", [])
    return as_actor(post, second_factor=any(record.get("method") == "mfa" for record in methods))


def get_centre(township: str) -> Office:
    """Return the governance centre of a township."""
    return Office.objects.get(township=township, code=CENTRE, place="")
