"""The refusals of cases."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kit.errors import Refused


class Excluded(Refused):
    """The report is of a kind that this platform never keeps; nothing was stored.

    Args:
        call_now: somebody may be in danger this minute.
        unless_calm: it is taken where the writer says that nobody is in danger (any more).
    """

    code = "excluded"
    status = 422

    def __init__(
        self, message: Any, *, rule: str, refer_to: str, call_now: bool, unless_calm: bool
    ) -> None:
        self.refer_to, self.call_now, self.unless_calm = refer_to, call_now, unless_calm
        super().__init__(
            message, rule=rule, refer_to=refer_to, call_now=call_now, unless_calm=unless_calm
        )


class OtherBody(Refused):
    """The same client id came with another body."""

    code = "other_body"
    message = _(
        "A different report was already sent under this id. Send the new one under a new id."
    )
