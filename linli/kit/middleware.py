"""Every refusal, and everything Django refuses by itself, leaves the house as a sentence."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from linli.kit import answers
from linli.kit.errors import Refused, TooLarge, WrongMethod


class Refusals:
    """Answers every Refused; a bug stays loud. Stands inside LocaleMiddleware, for the language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if answers.is_for_machines(request) and _is_too_large(request):
            return answers.problem(TooLarge())
        response = self.get_response(request)
        bare = response.get("Content-Type") != answers.PROBLEM
        if response.status_code >= 400 and bare and answers.is_for_machines(request):
            return answers.problem(answers.of_status(response.status_code))
        if response.status_code == 405:  # Django says it with an empty page
            page = answers.answer(request, WrongMethod())
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal into a response; None for everything else."""
        return answers.answer(request, error) if isinstance(error, Refused) else None


def _is_too_large(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "")
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return request.content_type == "application/json" and length.isdecimal() and int(length) > limit
