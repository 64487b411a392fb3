"""The channel that stays in the house."""

from django.utils.translation import gettext_lazy as _

from linli.channels.models import Message


class Notice:
    """Shows messages on the desk of whoever they are for."""

    key = "notice"
    name = _("Notice")
    outside = False

    def send(self, message: Message) -> None:
        """Nothing to do: the list of notices reads the outbox itself."""
