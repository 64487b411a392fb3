"""The channels there are: each a folder beside this file; delete the folder and it is gone."""

from typing import Any, Protocol

from linli.channels.models import Message


class Channel(Protocol):
    """A way in which messages reach their recipients."""

    key: str
    name: Any
    outside: bool  # messages leave the house, so a worker sends them, perhaps more than once

    def send(self, message: Message) -> None:
        """Deliver one message; Undelivered where that fails."""


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Offer a channel; called from `apps.ready()`."""
    if channel.key in _channels:
        raise ValueError(f"channel {channel.key!r} is registered twice")
    _channels[channel.key] = channel


def get(key: str) -> Channel:
    """Return a channel."""
    return _channels[key]
