"""The typed request: who acts in it."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from linli.kit.errors import Forbidden, SignInFirst
from linli.offices.models import Actor


class ActingRequest(HttpRequest):
    """A request that passed `ActingMiddleware`: `actor` is None while nobody is signed in."""

    actor: Actor | None


def acting(request: HttpRequest, power: str = "") -> Actor:
    """Return who acts; SignInFirst for nobody, Forbidden where the role lacks `power`."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInFirst
    if power and not actor.may(power):
        raise Forbidden
    return actor


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by an administrator, never by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Refuse public sign-up."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        """Lead to the desk."""
        return super().get_login_redirect_url(request)
