"""A refusal is a class with a code, a status and a sentence; `kit.answers` answers with it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Something was asked for that the rules do not allow now.

    Args:
        message: one sentence that says what to do; the class's own if absent.
        data: facts for machines, shown in the API's answer.
    """

    code = "refused"
    status = 409
    message: Any = _("This cannot be done now.")

    def __init__(self, message: Any = None, **data: Any) -> None:
        if message is not None:
            self.message = message
        self.data = data
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class Unreadable(Refused):
    """The request itself cannot be read: broken JSON, bytes that are not UTF-8, a broken form."""

    code = "unreadable"
    status = 400
    message = _("This cannot be read. Please go back and send it again.")


class PageTooOld(Refused):
    """The page's safety token is missing or does not belong to this visitor."""

    code = "page_too_old"
    status = 403
    message = _(
        "This page was open for too long, or cookies are switched off. "
        "Go back, reload the page and send it again."
    )


class WrongMethod(Refused):
    """The address exists but does not answer to this method."""

    code = "wrong_method"
    status = 405
    message = _("This address cannot be used in this way. Go back and use the button on the page.")


class TooLarge(Refused):
    """More was sent than is taken at once."""

    code = "too_large"
    status = 413
    message = _("This is too large. Please send less text or smaller files.")


class Failed(Refused):
    """A fault of the system itself, which the log explains."""

    code = "failed"
    status = 500
    message = _("Something went wrong on our side; nothing was saved. Please try again later.")


class Unseen(Refused):
    """The thing does not exist for this reader."""

    code = "not_found"
    status = 404
    message = _(
        "There is no such thing, or it is not yours to see. Check the address or the number."
    )


class Forbidden(Refused):
    """The reader may see the thing but not do this with it."""

    code = "forbidden"
    status = 403
    message = _(
        "Your post does not allow this. Ask your office head, or act in another of your posts."
    )


class SignInFirst(Refused):
    """Nobody is signed in."""

    code = "sign_in"
    status = 401
    message = _("Please sign in first.")


class MoveRefused(Refused):
    """The flow has no such move from the present state."""

    code = "move_refused"
    message = _(
        "This step is not possible any more: somebody has moved the matter on. "
        "Reload and look again."
    )


class Stale(Refused):
    """The thing changed since the reader loaded it; `data["changes"]` says what."""

    code = "stale"
    message = _(
        "Somebody changed this while you were looking at it. Read what changed, then decide again."
    )


class Invalid(Refused):
    """Input that cannot be used; `fields` has a list of sentences for each field."""

    code = "invalid"
    status = 422
    message = _("Some of what was entered cannot be used. Please correct it.")

    def __init__(self, fields: Mapping[str, list[str]] | None = None, message: Any = None) -> None:
        self.fields = dict(fields or {})
        super().__init__(message, fields=self.fields)


class TooOften(Refused):
    """A limit per address or account was reached."""

    code = "too_often"
    status = 429
    message = _("Too many tries. Please wait a few minutes.")
