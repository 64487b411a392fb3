"""What a browser without an account may: follow the reports it opened, guess ten times."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from linli.cases.models.case import Case
from linli.kit.errors import TooOften
from linli.offices.requests import client_address

WRONG_TRIES = 10
WINDOW = 15 * 60  # seconds
_OPENED, _RECEIPT = "reports", "receipt"


def remember(request: HttpRequest, case: Case) -> None:
    """Let this browser follow a case for which it showed the code or a link."""
    opened = request.session.get(_OPENED, {})
    request.session[_OPENED] = {**opened, case.number: case.code_round}


def remembered(request: HttpRequest, number: str) -> int | None:
    """Return the round of the code with which this browser opened a case; None if it did not."""
    found: int | None = request.session.get(_OPENED, {}).get(number)
    return found


def keep_receipt(request: HttpRequest, case: Case, refused: list[dict[str, str]]) -> None:
    """Let this browser show number and code of what it just reported."""
    request.session[_RECEIPT] = {"number": case.number, "refused": refused}


def receipt(request: HttpRequest) -> dict[str, Any]:
    """Return what this browser reported last: number, and the photos that could not be used."""
    found: dict[str, Any] = request.session.get(_RECEIPT, {})
    return found


def forget(request: HttpRequest) -> None:
    """Let the next person at this browser see nothing of it."""
    for name in (_OPENED, _RECEIPT):
        request.session.pop(name, None)


def refuse_guessing(request: HttpRequest) -> None:
    """Raise TooOften after ten wrong codes from one address, until it is quiet for 15 minutes."""
    if cache.get(_tries(request), 0) >= WRONG_TRIES:
        raise TooOften


def note_wrong_code(request: HttpRequest) -> None:
    """Count a wrong number or code; the window begins anew with each."""
    cache.set(_tries(request), cache.get(_tries(request), 0) + 1, WINDOW)


def _tries(request: HttpRequest) -> str:
    return f"cases.wrong-code:{client_address(request)}"
