"""Who sees a file and who adds one: the app of the matter says, by predicate; nobody else may."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from linli.documents.choices import REPORTER_KINDS
from linli.documents.models import Attachment
from linli.offices.models import Actor

Predicate = Callable[[Actor, UUID], bool]

TOKEN_SECONDS = 12 * 60 * 60
_SALT = "linli.documents"
_readers: dict[str, Predicate] = {}
_writers: dict[str, Predicate] = {}


def register_reader(kind: str, predicate: Predicate) -> None:
    """Say who sees the files of matters of `kind`; called from `apps.ready()`.

    Args:
        kind: the app's noun, such as `case`.
        predicate: answers for an actor and the matter's key.
    """
    _register(_readers, kind, predicate)


def register_writer(kind: str, predicate: Predicate) -> None:
    """Say who may add, publish and erase files of matters of `kind`; called from `apps.ready()`."""
    _register(_writers, kind, predicate)


def _register(table: dict[str, Predicate], kind: str, predicate: Predicate) -> None:
    if kind in table:
        raise ValueError(f"{kind!r} is registered twice")
    table[kind] = predicate


def may_read(actor: Actor | None, kind: str, key: UUID) -> bool:
    """Say whether `actor` sees the files of a matter; a kind without a reader is seen by nobody."""
    return actor is not None and kind in _readers and _readers[kind](actor, key)


def may_add(actor: Actor | None, kind: str, key: UUID) -> bool:
    """Say whether `actor` may add files to a matter."""
    return actor is not None and kind in _writers and _writers[kind](actor, key)


def may_erase(actor: Actor, attachment: Attachment) -> bool:
    """Whoever may add to the matter."""
    return actor.township == attachment.township and may_add(
        actor, attachment.matter_kind, attachment.matter_key
    )


def may_publish(actor: Actor, attachment: Attachment) -> bool:
    """Whoever classifies matters and may add to this one."""
    return actor.may("classify") and may_erase(actor, attachment)


def token_for(kind: str, key: UUID) -> str:
    """Return what opens a matter's photos for its reporter for twelve hours."""
    return signing.dumps([kind, str(key)], salt=_SALT)


def token_opens(token: str, kind: str, key: UUID) -> bool:
    """Say whether `token` was made for this matter and is not too old."""
    try:
        return bool(signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS) == [kind, str(key)])
    except signing.BadSignature:
        return False


@dataclass(frozen=True)
class View:
    """How somebody stands to the files of one matter.

    Args:
        township: the township whose files their post sees; empty where it sees none.
        reporter: they hold the reporter's token.
    """

    township: str
    reporter: bool

    def shows(self, attachment: Attachment) -> bool:
        """Say whether they may open this file of the matter."""
        if attachment.erased_at:
            return False
        if attachment.public or attachment.township == self.township:
            return True
        return self.reporter and attachment.kind in REPORTER_KINDS


def view_of(actor: Actor | None, kind: str, key: UUID, token: str = "") -> View:
    """Return how somebody stands to the files of a matter."""
    sees = actor is not None and may_read(actor, kind, key)
    return View(
        township=actor.township if actor is not None and sees else "",
        reporter=bool(token) and token_opens(token, kind, key),
    )
