"""Verbs of offices: offices, accounts, posts and keys."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.audit.services import forget, record
from linli.kit import clock
from linli.kit.data import read_tsv
from linli.kit.errors import Forbidden, Invalid, Refused, Unseen
from linli.kit.ids import code
from linli.offices import queries, rules
from linli.offices.choices import CENTRE, STAFF_ROLES, OfficeKind, Scope, Village
from linli.offices.errors import OwnAccount
from linli.offices.models import Account, Actor, ApiToken, Office, Post, system

OFFICE_FIELDS = (
    "code",
    "place",
    "name_zh",
    "name_en",
    "kind",
    "can_close",
    "on_duty",
    "upstream",
    "serves_for",
    "phone",
)
LONGEST_KEY = 366
KEEP_CLOSED = timedelta(days=3 * 365)


def _administering(actor: Actor) -> None:
    if not rules.may_administer(actor):
        raise Forbidden


@contextmanager
def _unless_taken(field: str, sentence: str) -> Iterator[None]:
    """Let the database find the twin, so that of two who come at once one gets the sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Invalid({field: [sentence]}) from error


def _account_to_change(pk: UUID, actor: Actor) -> Account:
    _administering(actor)
    account = queries.get_account(actor, pk, lock=True)
    if not rules.may_change_account(actor, account.pk):
        raise OwnAccount
    return account


@transaction.atomic
def save_office(pk: UUID | None = None, *, actor: Actor, **fields: Any) -> Office:
    """Set up an office, or change one.

    Args:
        pk: the office to change; None for a new one.
        fields: values of `OFFICE_FIELDS`.
    """
    _administering(actor)
    office = queries.get_office(actor, pk, lock=True) if pk else Office(township=actor.township)
    changed = [
        name
        for name in OFFICE_FIELDS
        if fields.get(name, getattr(office, name)) != getattr(office, name)
    ]
    for name in changed:
        setattr(office, name, fields[name])
    with _unless_taken("code", _("There is already an office with this code.")):
        if pk:
            office.save(update_fields=changed)
        else:
            office.save(force_insert=True)
    act = "office.changed" if pk else "office.opened"
    record(act, f"office:{office.pk}", actor=actor, code=office.code, fields=changed)
    return office


@transaction.atomic
def close_office(pk: UUID, *, actor: Actor) -> Office:
    """Take an office out of use; its posts end with it, what it did stays."""
    _administering(actor)
    office = queries.get_office(actor, pk, lock=True)
    if office.code == CENTRE:
        raise Refused(_("The governance centre cannot be closed: every report comes through it."))
    if not office.active:
        raise Refused(_("This office is closed already."))
    office.active = False
    office.save(update_fields=["active"])
    record("office.closed", f"office:{office.pk}", actor=actor, code=office.code)
    return office


@transaction.atomic
def seed_offices(township: str, villages: Iterable[Village], *, actor: Actor) -> int:
    """Set up the catalogue's offices that a township does not have yet; returns how many are new.

    Args:
        township: its 12-digit code.
        villages: each gets its own village bodies.
    """
    _administering(actor)
    known = set(Office.objects.filter(township=township).values_list("code", "place"))
    bodies = list(villages)
    fresh = [
        office
        for row in read_tsv("linli.offices", "departments.tsv")
        for office in _offices_of(row, township, bodies)
        if (office.code, office.place) not in known
    ]
    Office.objects.bulk_create(fresh)
    if fresh:
        codes = sorted({office.code for office in fresh})
        record("offices.seeded", f"township:{township}", actor=actor, count=len(fresh), codes=codes)
    return len(fresh)


def _offices_of(row: dict[str, str], township: str, villages: list[Village]) -> Iterable[Office]:
    details = {
        "township": township,
        "code": row["code"],
        "kind": row["kind"],
        "can_close": row["can_close"] == "yes",
        "on_duty": row["on_duty"],
        "upstream": "" if row["upstream"] == "-" else row["upstream"],
        "serves_for": row["serves_for"],
    }
    if row["kind"] != OfficeKind.VILLAGE:
        yield Office(name_zh=row["name_zh"], name_en=row["name_en"], **details)
        return
    for village in villages:
        people = "村民" if village.name_zh.endswith("村") else "居民"
        body = row["name_zh"].replace("村(居)民", people).replace("村(居)", "")
        yield Office(
            place=village.code,
            name_zh=f"{village.name_zh}{body}",
            name_en=f"{village.name_en or village.name_zh}: {row['name_en']}",
            **details,
        )


def open_account(
    *, username: str, display_name: str, email: str = "", actor: Actor
) -> tuple[Account, str]:
    """Open an account; returns it with its first password, shown once and to be changed."""
    password = _first_password()
    account = Account(
        username=username,
        display_name=display_name,
        email=email,
        township=actor.township,
        initial_password=True,
    )
    account.set_password(password)
    return add_account(account, actor=actor), password


@transaction.atomic
def add_account(account: Account, *, actor: Actor) -> Account:
    """Open an account whose password is hashed already: `open_account`, the sample town."""
    _administering(actor)
    with _unless_taken("username", _("This sign-in name is taken.")):
        account.save(force_insert=True)
    names = ("username", "display_name", "email")
    record(
        "account.opened",
        f"account:{account.pk}",
        actor=actor,
        personal={name: getattr(account, name) for name in names},
    )
    return account


def _first_password() -> str:
    return "-".join(code(4) for _place in range(4))


@transaction.atomic
def close_account(pk: UUID, *, actor: Actor) -> Account:
    """Close an account: it is signed out everywhere, and its keys open nothing any more."""
    account = _account_to_change(pk, actor)
    if not account.is_active:
        raise Refused(_("This account is closed already."))
    account.is_active = False
    account.closed_at = clock.now()
    account.set_unusable_password()
    account.save(update_fields=["is_active", "closed_at", "password"])
    tokens = _revoke_all(account)
    record("account.closed", f"account:{account.pk}", actor=actor, tokens=tokens)
    return account


def _revoke_all(account: Account) -> int:
    live = ApiToken.objects.filter(post__account=account, revoked_at__isnull=True)
    return live.update(revoked_at=clock.now())


@transaction.atomic
def reset_password(
    pk: UUID, *, lost_second_factor: bool = False, actor: Actor
) -> tuple[Account, str]:
    """Give an account, open or closed, a new first password; sessions and keys are over.

    Args:
        pk: the account.
        lost_second_factor: also remove its passkeys, codes and app, so that new ones can be set up.
    """
    account = _account_to_change(pk, actor)
    reopened = not account.is_active
    password = _first_password()
    account.set_password(password)
    account.initial_password = True
    account.is_active = True
    account.closed_at = None
    account.save(update_fields=["password", "initial_password", "is_active", "closed_at"])
    removed = Authenticator.objects.filter(user=account).delete()[0] if lost_second_factor else 0
    record(
        "account.reset",
        f"account:{account.pk}",
        actor=actor,
        tokens=_revoke_all(account),
        second_factors_removed=removed,
        reopened=reopened,
    )
    return account, password


@transaction.atomic
def erase_closed_accounts(moment: datetime, limit: int) -> int:
    """Erase who held accounts that were closed three years before `moment`; returns how many.

    The accounts and their posts stay, without a name: what was done in them stands in the trail.
    """
    due = Account.objects.filter(closed_at__lt=moment - KEEP_CLOSED).exclude(display_name="")
    accounts = list(due.order_by("closed_at").select_for_update()[:limit])
    for account in accounts:
        account.username = f"erased-{account.pk.hex}"
        account.display_name = account.email = account.language = ""
        account.save(update_fields=["username", "display_name", "email", "language"])
        forget(f"account:{account.pk}")
        record("account.erased", f"account:{account.pk}", actor=system(account.township))
    keys = [account.pk for account in accounts]
    for model in (Authenticator, EmailAddress, UserSession):
        model.objects.filter(user__in=keys).delete()
    return len(accounts)


def erase_ended_sessions(moment: datetime, limit: int) -> int:
    """Erase whence and with what somebody signed in, when the session is over; returns how many."""
    begin = moment - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    ended = UserSession.objects.filter(last_seen_at__lt=begin).values("pk")[:limit]
    erased: int = UserSession.objects.filter(pk__in=ended).delete()[0]
    return erased


@transaction.atomic
def choose_language(language: str, *, actor: Actor) -> None:
    """Remember the language in which the account's notices are written."""
    if actor.account is None:
        raise Forbidden
    Account.objects.filter(pk=actor.account).update(language=language)


@transaction.atomic
def appoint(
    account: UUID,
    *,
    office: UUID,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
    actor: Actor,
) -> Post:
    """Give somebody a role in an office.

    Args:
        account, office: keys, of the actor's township.
        role: a staff role of the catalogue.
        valid_from: the first day.
        valid_to: the first day on which the post is over; None for an open end.
    """
    holder = _account_to_change(account, actor)
    place = queries.get_office(actor, office)
    if not (place.active and holder.is_active):
        raise Refused(_("The account or the office is closed. Choose one that is in use."))
    if role not in STAFF_ROLES:
        raise Invalid({"role": [_("Choose a role for staff.")]})
    if valid_to and valid_to <= valid_from:
        raise Invalid({"valid_to": [_("A post ends after it began.")]})
    same = Post.objects.filter(account=holder, office=place, role=role)
    if same.current(valid_from).exists() or same.filter(valid_from=valid_from).exists():
        raise Invalid({"role": [_("They hold this post already.")]})
    post = Post.objects.create(
        account=holder, office=place, role=role, valid_from=valid_from, valid_to=valid_to
    )
    record(
        "post.appointed",
        f"post:{post.pk}",
        actor=actor,
        account=holder.pk,
        office=place.code,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return post


@transaction.atomic
def dismiss(pk: UUID, *, day: date | None = None, actor: Actor) -> Post:
    """End a post.

    Args:
        pk: the post.
        day: the first day on which it is over; today, at once, if absent.
    """
    _administering(actor)
    posts = Post.objects.select_for_update(of=("self",)).select_related("office", "account")
    post = posts.filter(pk=pk, office__township=actor.township).first()
    if post is None:
        raise Unseen
    if not rules.may_change_account(actor, post.account_id):
        raise OwnAccount
    if post.valid_to and post.valid_to <= queries.today():
        raise Refused(_("This post is over already."))
    post.valid_to = max(day or queries.today(), post.valid_from)
    post.save(update_fields=["valid_to"])
    record("post.dismissed", f"post:{post.pk}", actor=actor, valid_to=post.valid_to)
    return post


@transaction.atomic
def switch_post(pk: UUID, *, actor: Actor) -> Post:
    """Let somebody act in another of their current posts; the door keeps it in the session."""
    post = Post.objects.current(queries.today()).filter(pk=pk, account=actor.account).first()
    if post is None:
        raise Unseen
    record("post.switched", f"post:{post.pk}", actor=actor, before=actor.post)
    return post


@transaction.atomic
def issue_token(*, label: str, scope: str, days: int, actor: Actor) -> tuple[ApiToken, str]:
    """Make a key that acts in the actor's present post; returns it with its text, shown once.

    Args:
        label: what it is for, in its owner's words.
        scope: a `Scope`.
        days: how long it lives, at most 366.
    """
    if actor.post is None:
        raise Forbidden
    if not 1 <= days <= LONGEST_KEY:
        raise Invalid({"days": [_("A key lives between 1 and 366 days.")]})
    prefix = code(8)
    key = f"lin_{prefix}{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        post_id=actor.post,
        label=label,
        prefix=prefix,
        digest=sha256(key.encode()).hexdigest(),
        scope=Scope(scope),
        expires_at=clock.now() + timedelta(days=days),
    )
    record("token.issued", f"token:{token.pk}", actor=actor, scope=scope, days=days)
    return token, key


@transaction.atomic
def revoke_token(pk: UUID, *, actor: Actor) -> ApiToken:
    """Withdraw a key; it opens nothing from now on."""
    tokens = ApiToken.objects.select_for_update(of=("self",))
    token = tokens.select_related("post__office").filter(pk=pk).first()
    if token is None or not rules.may_revoke(actor, token):
        raise Unseen
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record("token.revoked", f"token:{token.pk}", actor=actor)
    return token
