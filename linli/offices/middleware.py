"""Puts the acting post on every request; a password from the administrator is changed first."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from linli.offices import queries
from linli.offices.requests import ActingRequest, gave_second_factor

OPEN_TO_INITIAL_PASSWORDS = ("/accounts/", "/language/", "/large/", "/api/")


class ActingMiddleware:
    """Sets `request.actor` from the session's post, or the account's first current one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        acting = cast(ActingRequest, request)
        acting.actor = None
        if request.user.is_authenticated:
            account = request.user
            if account.initial_password:
                if not request.path.startswith(OPEN_TO_INITIAL_PASSWORDS):
                    return redirect("account_change_password")
            else:
                acting.actor = queries.get_actor(
                    account,
                    request.session.get("post"),
                    second_factor=gave_second_factor(request),
                )
        response = self.get_response(request)
        if request.user.is_authenticated or acting.actor:
            keep_private(response)
        return response


def keep_private(response: HttpResponse) -> None:
    """Let no cache and no back button show it to the next one at this counter."""
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
