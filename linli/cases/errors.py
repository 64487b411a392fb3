"""The refusals of cases."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kit.errors import Refused


class Excluded(Refused):
    """The report is of a kind that this platform never keeps; nothing was stored."""

    code = "excluded"
    status = 422

    def __init__(self, message: Any, *, rule: str, refer_to: str) -> None:
        self.refer_to = refer_to
        super().__init__(message, rule=rule, refer_to=refer_to)


class OtherBody(Refused):
    """The same client id came with another body."""

    code = "other_body"
    message = _(
        "A different report was already sent under this id. Send the new one under a new id."
    )
