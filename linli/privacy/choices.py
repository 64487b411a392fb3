"""The words that the rooms of privacy share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kit.data import read_toml


class RequestKind(models.TextChoices):
    """What a person may ask for (PIPL, articles 44 to 50)."""

    ACCESS = "access", _("Give me a copy of what you keep about me")
    CORRECT = "correct", _("Correct what is wrong")
    ERASE = "erase", _("Erase what you keep about me")
    EXPLAIN = "explain", _("Explain how and why you use it")


class RequestState(models.TextChoices):
    """Where a request stands."""

    OPEN = "open", _("Waiting for an answer")
    ANSWERED = "answered", _("Answered")


_TERMS = read_toml("linli.privacy", "requests.toml")
ANSWER_WEEKDAYS: int = _TERMS["answer"]["weekdays"]
KEEP_DAYS: int = _TERMS["keep"]["days"]
INSTALLATION = "000000000000"  # the chain of what concerns every township of this installation
