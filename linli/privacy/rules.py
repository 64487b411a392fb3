"""Who may handle requests, and when an answer is due."""

from datetime import date, timedelta
from uuid import UUID

from django.core import signing

from linli.offices.models import Actor
from linli.privacy.choices import ANSWER_WEEKDAYS


def may_handle_requests(actor: Actor) -> bool:
    """The data-protection officer."""
    return actor.may("privacy")


_SALT = "privacy.about"
ABOUT_SECONDS = 12 * 60 * 60


def about_token(kind: str, key: UUID) -> str:
    """Return what shows, for twelve hours, that somebody came from a matter's own page."""
    return signing.dumps([kind, str(key)], salt=_SALT)


def read_about(token: str) -> tuple[str, UUID] | None:
    """Return kind and key of the matter that a token was made for; None for any other text."""
    try:
        kind, key = signing.loads(token, salt=_SALT, max_age=ABOUT_SECONDS)
    except signing.BadSignature:
        return None
    return kind, UUID(key)


def answer_due(day: date, weekdays: int = ANSWER_WEEKDAYS) -> date:
    """Return the last day for the answer to what was asked on `day`."""
    while weekdays:
        day += timedelta(days=1)
        weekdays -= day.weekday() < 5
    return day
