"""Who may see the messages of a matter, read a notice, send a failed message again."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from linli.channels.models import Message
from linli.offices.models import Actor


@dataclass(frozen=True)
class Reader:
    """What a higher app says about its kind of matter."""

    may_see: Callable[[Actor, UUID], bool]
    page: str


_readers: dict[str, Reader] = {}


def register_reader(kind: str, may_see: Callable[[Actor, UUID], bool], *, page: str = "") -> None:
    """Say who sees the matters of a kind, and their page's URL name; called from `apps.ready()`."""
    if kind in _readers:
        raise ValueError(f"reader {kind!r} is registered twice")
    _readers[kind] = Reader(may_see, page)


def page_of(kind: str) -> str:
    """Return the URL name of a matter's page; empty where nobody named one."""
    return _readers[kind].page if kind in _readers else ""


def may_see_matter(actor: Actor, kind: str, key: UUID) -> bool:
    """Ask the app whose matter it is; nobody sees what no app answers for."""
    return kind in _readers and _readers[kind].may_see(actor, key)


def may_read_notice(actor: Actor, message: Message) -> bool:
    """The account it is for, or whoever acts in its office with its power."""
    if actor.account is None or message.township != actor.township:
        return False
    if message.account is not None:
        return message.account == actor.account
    in_office = message.office is not None and message.office == actor.office
    return in_office and (not message.power or actor.may(message.power))


def may_retry(actor: Actor) -> bool:
    """Whoever answers people or dispatches matters."""
    return actor.may("answer") or actor.may("dispatch")
