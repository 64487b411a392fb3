"""Puts the acting post on every request."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from linli.offices import queries
from linli.offices.models import Account
from linli.offices.requests import ActingRequest


class ActingMiddleware:
    """Sets `request.actor` from the session's post, or the account's first current one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        acting = cast(ActingRequest, request)
        acting.actor = None
        if request.user.is_authenticated:
            acting.actor = queries.get_actor(cast(Account, request.user), request.session)
        return self.get_response(request)
