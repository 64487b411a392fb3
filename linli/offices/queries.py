"""Reads of offices: who acts, posts, offices, accounts, keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kit import clock
from linli.kit.errors import Refused, Unseen
from linli.offices.choices import CENTRE
from linli.offices.models import Account, Actor, ApiToken, Office, Post, as_actor

PAGE = 50


def today() -> date:
    """Return the town's present day, by which posts begin and end."""
    return timezone.localdate(clock.now())


def list_posts(account: Account) -> list[Post]:
    """Return the account's current posts, oldest first."""
    posts = Post.objects.current(today()).filter(account=account)
    return list(posts.select_related("office", "account").order_by("valid_from", "pk"))


def get_actor(account: Account, chosen: str | None, *, second_factor: bool) -> Actor | None:
    """Return the account in its chosen post, else in its first; None without a current post."""
    posts = list_posts(account)
    post = next((one for one in posts if str(one.pk) == chosen), posts[0] if posts else None)
    return as_actor(post, second_factor=second_factor) if post else None


def get_centre(township: str) -> Office:
    """Return the governance centre of a township; Refused where the town is not set up yet."""
    centre = Office.objects.filter(township=township, code=CENTRE, place="").first()
    if centre is None:
        raise Refused(_("This town is not set up yet: its governance centre is missing."))
    return centre


def list_offices(township: str, *, active: bool | None = None) -> list[Office]:
    """Return the offices of a township; with `active` only those in use, or the closed ones."""
    offices = Office.objects.filter(township=township)
    return list(offices if active is None else offices.filter(active=active))


def get_office(actor: Actor, pk: UUID, *, lock: bool = False) -> Office:
    """The one way to reach an office that one administers; Unseen for another township's."""
    offices = Office.objects.filter(township=actor.township)
    office = (offices.select_for_update() if lock else offices).filter(pk=pk).first()
    if office is None:
        raise Unseen
    return office


@dataclass(frozen=True)
class AccountPage:
    """One page of accounts by sign-in name; `after` leads to the next, empty at the end."""

    accounts: Sequence[Account]
    after: str


def list_accounts(actor: Actor, *, text: str = "", after: str = "") -> AccountPage:
    """Return a page of the township's accounts with their current posts."""
    accounts = Account.objects.filter(township=actor.township, username__gt=after)
    if text:
        accounts = accounts.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    posts = Post.objects.current(today()).select_related("office").order_by("valid_from", "pk")
    page = list(
        accounts.order_by("username").prefetch_related(
            Prefetch("posts", queryset=posts, to_attr="current_posts")
        )[: PAGE + 1]
    )
    return AccountPage(page[:PAGE], page[PAGE - 1].username if len(page) > PAGE else "")


def get_account(actor: Actor, pk: UUID, *, lock: bool = False) -> Account:
    """The one way to reach an account that one administers; Unseen for another township's."""
    accounts = Account.objects.filter(township=actor.township)
    account = (accounts.select_for_update() if lock else accounts).filter(pk=pk).first()
    if account is None:
        raise Unseen
    return account


def list_all_posts(account: Account) -> list[Post]:
    """Return every post that the account holds or held, newest first."""
    return list(account.posts.select_related("office", "account").order_by("-valid_from", "-pk"))


def list_tokens(actor: Actor) -> list[ApiToken]:
    """Return the keys of the actor's account that are not withdrawn, newest first."""
    tokens = ApiToken.objects.filter(post__account=actor.account, revoked_at__isnull=True)
    return list(tokens.select_related("post__office", "post__account").order_by("-pk"))


def home_township() -> str:
    """Return the township that the public pages speak for: LINLI_TOWNSHIP, else the first one."""
    if settings.TOWNSHIP:
        return str(settings.TOWNSHIP)
    centre = Office.objects.filter(code=CENTRE, place="").order_by("township").first()
    return centre.township if centre else ""
