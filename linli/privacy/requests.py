"""How often one address may ask."""

from django.core.cache import cache
from django.http import HttpRequest

from linli.kit.errors import TooOften
from linli.offices.requests import client_address

MOST, WINDOW = 10, 60 * 60  # requests, seconds


def count_ask(request: HttpRequest) -> None:
    """Raise TooOften for the eleventh request from one address within an hour."""
    key = f"privacy.asked:{client_address(request)}"
    cache.add(key, 0, WINDOW)
    if cache.incr(key) > MOST:
        raise TooOften
