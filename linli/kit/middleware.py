"""One place turns a refusal into an answer: a page for people, problem+json for machines (RFC 9457)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from linli.kit.errors import Refused, SignInFirst


def problem(error: Refused) -> JsonResponse:
    """Return the refusal as application/problem+json."""
    body = {
        "type": "about:blank",
        "title": str(error),
        "status": error.status,
        "code": error.code,
        **error.data,
    }
    return JsonResponse(body, status=error.status, content_type="application/problem+json")


class Refusals:
    """Answers every Refused; a bug stays loud."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal into a response; None for everything else."""
        if not isinstance(error, Refused):
            return None
        if request.path.startswith("/api/"):
            return problem(error)
        if isinstance(error, SignInFirst):
            return redirect(
                f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
            )
        return render(request, "kit/refused.html", {"error": error}, status=error.status)
