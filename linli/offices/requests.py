"""The typed request: who acts in it, by session or by key, and how strongly they signed in."""

import hmac
import re
from datetime import timedelta
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from linli.kit import clock
from linli.kit.errors import Forbidden, SignInFirst, TooOften
from linli.offices.choices import Scope
from linli.offices.errors import NoPost, SecondFactorFirst, TokenReadsOnly, TokenRefused
from linli.offices.models import Account, Actor, ApiToken, as_actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KEY = re.compile(r"lin_([0-9A-Z]{8})[\w-]{43}", re.ASCII)
NO_DIGEST = "0" * 64
USE_NOTED_EVERY = timedelta(minutes=1)


class ActingRequest(HttpRequest):
    """A request that passed `ActingMiddleware`: `actor` is None while nobody is signed in."""

    actor: Actor | None


def acting(request: HttpRequest, power: str = "") -> Actor:
    """Return who acts; SignInFirst for nobody, Forbidden without a post or `power`.

    Powers in LINLI_SECOND_FACTOR are refused to those who signed in without a second factor.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        signed_in = hasattr(request, "user") and request.user.is_authenticated
        raise NoPost if signed_in else SignInFirst
    if power and not actor.may(power):
        raise Forbidden
    if power and needs_second_factor(actor, power):
        raise SecondFactorFirst(remedy=_("Confirm or set up"), remedy_url=_remedy(request, actor))
    return actor


def needs_second_factor(actor: Actor, power: str) -> bool:
    """Say whether `actor` must first show a second factor to use `power`."""
    return power in settings.SECOND_FACTOR_POWERS and not actor.second_factor


def gave_second_factor(request: HttpRequest) -> bool:
    """Say whether this session was opened, or confirmed, with a second factor."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def _remedy(request: HttpRequest, actor: Actor) -> str:
    kinds = set(Authenticator.objects.filter(user=actor.account).values_list("type", flat=True))
    if not kinds:
        return reverse("mfa_index")
    passkey = Authenticator.Type.WEBAUTHN in kinds
    door = "mfa_reauthenticate_webauthn" if passkey else "mfa_reauthenticate"
    back = request.get_full_path() if request.method == "GET" else "/"
    return f"{reverse(door)}?{urlencode({'next': back})}"


def from_bearer(request: HttpRequest) -> Actor | None:
    """Return who acts by the key in the Authorization header; None where there is no key.

    An unknown, expired or withdrawn key is TokenRefused; one that may only read cannot act.
    """
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    moment = clock.now()
    match = KEY.fullmatch(key.strip())
    token = match and (
        ApiToken.objects.live(moment, timezone.localdate(moment))
        .filter(prefix=match[1])
        .select_related("post__account", "post__office")
        .first()
    )
    digest = sha256(key.strip().encode(errors="replace")).hexdigest()
    same = hmac.compare_digest(token.digest if token else NO_DIGEST, digest)
    if not token or not same:
        raise TokenRefused
    if token.scope == Scope.READ and request.method not in SAFE:
        raise TokenReadsOnly
    if token.used_at is None or token.used_at < moment - USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=moment)
    return as_actor(token.post)


def api_actor(request: HttpRequest) -> Actor:
    """Authenticate an API call for django-ninja: by key, else by session with its CSRF token."""
    actor = from_bearer(request)
    if actor is None:
        actor = acting(request)
        if request.method not in SAFE and check_csrf(request) is not None:
            raise Forbidden(
                _("The page's security token is missing or old. Reload it and try again.")
            )
    request.actor = actor  # type: ignore[attr-defined]  # what ActingRequest declares
    return actor


def maybe_api_actor(request: HttpRequest) -> Actor | None:
    """Authenticate an API call that may also come from nobody: None for nobody."""
    signed_in = getattr(request, "actor", None) is not None
    return api_actor(request) if signed_in or "Authorization" in request.headers else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by an administrator, never by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse public sign-up."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords by name and address, so that nobody can lock somebody else out."""
        name = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{name}:{client_address(request)}"

    def set_password(self, user: Account, password: str) -> None:
        """Keep the password that its owner chose: it is no longer the administrator's."""
        user.set_password(password)
        user.initial_password = False
        user.save(update_fields=["password", "initial_password"])


def client_address(request: HttpRequest) -> str:
    """Return the address of whoever asks, behind the declared number of proxies."""
    return str(get_adapter().get_client_ip(request))


def attempted_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the sign-in name that is being tried; case does not make another name of it."""
    name = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(name).strip().casefold()[:60]


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None,
    credentials: dict[str, Any] | None,
) -> HttpResponse:
    """Answer somebody who guessed too often: how long to wait, and whom to ask."""
    last = (
        AccessAttempt.objects.filter(
            username=attempted_name(request, credentials), ip_address=client_address(request)
        )
        .order_by("-attempt_time")
        .first()
    )
    rest = get_cool_off(request)
    if last:
        rest -= clock.now() - last.attempt_time
    minutes = max(1, -(-int(rest.total_seconds()) // 60))
    error = TooOften(
        _(
            "Too many wrong passwords for this name. Wait %(minutes)d minutes, "
            "or ask your administrator for a new password."
        )
        % {"minutes": minutes}
    )
    return render(request, "kit/refused.html", {"error": error}, status=error.status)
