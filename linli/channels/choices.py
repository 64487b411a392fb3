"""The words that the rooms of channels share: states, recipients, and what messages say."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kit.data import read_toml

KEEP_MESSAGES_DAYS = 30  # addresses and contents of what left the house
KEEP_NOTICES_DAYS = 180


class MessageState(models.TextChoices):
    """The fate of a message."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    DROPPED = "dropped", _("Not sent")


@dataclass(frozen=True)
class ToAccount:
    """One colleague, on the desk; `account` is their account's key."""

    account: UUID


@dataclass(frozen=True)
class ToPost:
    """Whoever holds one post, on the desk; `post` is its key."""

    post: UUID


@dataclass(frozen=True)
class ToOffice:
    """Whoever holds a post in an office, on the desk.

    Args:
        office: the office's key.
        power: only those whose role has this power; everybody if absent.
    """

    office: UUID
    power: str = ""


@dataclass(frozen=True)
class ToEmail:
    """An e-mail address outside.

    Args:
        address: kept under seal, for as long as `KEEP_MESSAGES_DAYS` says.
        language: of the letter, such as zh-hans or en.
    """

    address: str
    language: str = "zh-hans"


Recipient = ToAccount | ToPost | ToOffice | ToEmail


def _places(text: str) -> set[str]:
    """Return the names in braces; ValueError for anything but plain names."""
    found = set()
    for _text, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}} is not a plain name")
        found.add(name)
    return found


@dataclass(frozen=True)
class Template:
    """What a message says, in both languages; `needs` are the facts that fill it."""

    key: str
    subject: Mapping[str, str]
    body: Mapping[str, str]
    needs: frozenset[str]

    def subject_in(self, language: str, number: str) -> str:
        """Return the subject: it names the matter by number and nothing else."""
        return " ".join(self.subject[_tongue(language)].format(number=number).split())

    def body_in(self, language: str, facts: Mapping[str, str]) -> str:
        """Return the body, filled; a line for a link is left out where there is none."""
        lines = self.body[_tongue(language)].splitlines()
        kept = (line for line in lines if facts.get("link", "-") or "{link}" not in line)
        return "\n".join(kept).format_map(facts)


def _tongue(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"


def read_template(key: str, row: Mapping[str, str]) -> Template:
    """Return a template; ValueError where the languages differ or a subject could name a person."""
    subject = {tongue: row[f"subject_{tongue}"] for tongue in ("zh", "en")}
    body = {tongue: row[f"body_{tongue}"].strip() for tongue in ("zh", "en")}
    if _places(body["zh"]) != _places(body["en"]):
        raise ValueError(f"{key}: the two languages are filled with different facts")
    if any(_places(text) - {"number"} for text in subject.values()):
        raise ValueError(f"{key}: a subject may only name the matter's number")
    return Template(key, subject, body, frozenset(_places(body["zh"]) - {"number"}))


TEMPLATES: Mapping[str, Template] = {
    key: read_template(key, row)
    for key, row in read_toml("linli.channels", "templates.toml").items()
    if key != "version"
}
