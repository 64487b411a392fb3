"""Who may handle requests, and when an answer is due."""

from datetime import date, timedelta

from linli.offices.models import Actor
from linli.privacy.choices import ANSWER_WEEKDAYS


def may_handle_requests(actor: Actor) -> bool:
    """The data-protection officer."""
    return actor.may("privacy")


def answer_due(day: date, weekdays: int = ANSWER_WEEKDAYS) -> date:
    """Return the last day for the answer to what was asked on `day`."""
    while weekdays:
        day += timedelta(days=1)
        weekdays -= day.weekday() < 5
    return day
