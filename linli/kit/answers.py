"""What a refusal looks like: a page for people, problem+json for machines (RFC 9457)."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.parser import Parser

from linli.kit import errors
from linli.kit.errors import Invalid, Refused, SignInFirst
from linli.kit.shapes import parse_json

PROBLEM = "application/problem+json"
_BY_STATUS: dict[int, type[Refused]] = {
    kind.status: kind
    for kind in (
        errors.Unreadable,
        errors.SignInFirst,
        errors.Forbidden,
        errors.Unseen,
        errors.WrongMethod,
        errors.TooLarge,
        errors.Invalid,
        errors.TooOften,
        errors.Failed,
    )
}
_SENTENCES = {
    "missing": _("This is needed."),
    "string_type": _("This must be text."),
    "string_too_long": _("This is too long."),
    "bool_type": _("This must be true or false."),
    "bool_parsing": _("This must be true or false."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "float_type": _("This must be a number."),
    "float_parsing": _("This must be a number."),
    "list_type": _("This must be a list of texts."),
}


def is_for_machines(request: HttpRequest) -> bool:
    """Say whether whoever asks reads JSON."""
    return request.path.startswith("/api/")


def problem(error: Refused) -> JsonResponse:
    """Return the refusal as application/problem+json."""
    body = {
        "type": "about:blank",
        "title": str(error),
        "status": error.status,
        "code": error.code,
        **error.data,
    }
    return JsonResponse(body, status=error.status, content_type=PROBLEM)


def answer(request: HttpRequest, error: Refused) -> HttpResponse:
    """Return the refusal as whoever asks can read it."""
    if is_for_machines(request):
        return problem(error)
    if isinstance(error, SignInFirst):
        back = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(reverse("account_login", query=back))
    return render(request, "kit/refused.html", {"error": error}, status=error.status)


def of_status(status: int) -> Refused:
    """Return the refusal that an HTTP status stands for."""
    error = _BY_STATUS.get(status, errors.Unreadable)()
    error.status = status
    return error


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django cannot read (handler400)."""
    too_big = isinstance(exception, RequestDataTooBig)
    return answer(request, errors.TooLarge() if too_big else errors.Unreadable())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer Django's own refusals (handler403)."""
    return answer(request, errors.Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer unknown addresses (handler404)."""
    return answer(request, errors.Unseen())


def failed(request: HttpRequest) -> HttpResponse:
    """Answer after a bug, with a page that needs neither database nor session (handler500)."""
    error = errors.Failed()
    if is_for_machines(request):
        return problem(error)
    return render(None, "kit/failed.html", {"error": error}, status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose safety token does not fit (CSRF_FAILURE_VIEW)."""
    return answer(request, errors.PageTooOld())


class StrictJson(Parser):
    """Reads only what can be stored: no lone surrogates, no NaN."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what the body says; what it raises, ninja answers with 400."""
        return parse_json(request.body)


def speak(api: NinjaAPI) -> None:
    """Let an API answer its refusals and misfits as problem+json, in the reader's language."""
    api.parser = StrictJson()
    api.add_exception_handler(Refused, _answer_refusal)
    api.add_exception_handler(ValidationError, _answer_misfit)


def _answer_refusal(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error)


def _answer_misfit(request: HttpRequest, error: Any) -> HttpResponse:
    fields: dict[str, list[str]] = {}
    for fault in error.errors:
        fields.setdefault(str(_place(fault["loc"])), []).append(_sentence(fault))
    return problem(Invalid(fields))


def _place(path: tuple[Any, ...]) -> Any:
    names = [step for step in path[1:] if isinstance(step, str)]
    return names[-1] if names else path[0]


def _sentence(fault: dict[str, Any]) -> str:
    return str(_SENTENCES.get(fault["type"], _("This cannot be used.")))
