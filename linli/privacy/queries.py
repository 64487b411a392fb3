"""Reads of privacy: the processing register, requests of a township."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.apps import AppConfig, apps
from django.db import models

from linli.kit.data import read_toml
from linli.kit.errors import Forbidden, Unseen
from linli.kit.text import in_chinese
from linli.offices.choices import CENTRE, ROLES
from linli.offices.models import Actor, Office
from linli.privacy.models import SealedField, SubjectRequest
from linli.privacy.rules import may_handle_requests

_FILE = "processing.toml"


@dataclass(frozen=True)
class Row:
    """One personal field: what is kept, why, on which basis, who sees it, how long, how it goes."""

    app: str
    field: str
    what: str
    purpose: str
    basis: str
    readers: str
    retention: str
    erasure: str
    sealed: bool


def _apps() -> Iterator[tuple[AppConfig, dict[str, Any]]]:
    for app in apps.get_app_configs():
        if app.name.startswith("linli.") and (files(app.name) / "data" / _FILE).is_file():
            yield app, read_toml(app.name, _FILE)


def _said(entry: dict[str, Any], name: str) -> str:
    language = "zh" if in_chinese() else "en"
    return str(entry.get(f"{name}_{language}") or entry[name])


def register() -> list[Row]:
    """Return every personal field of every installed app, in the reader's language."""
    return [
        _row(app, name, entry)
        for app, table in _apps()
        for name, entry in table.get("personal", {}).items()
    ]


def _row(app: AppConfig, name: str, entry: dict[str, Any]) -> Row:
    model_name, field_name = name.split(".")
    field = app.get_model(model_name)._meta.get_field(field_name)
    return Row(
        app=app.label,
        field=name,
        what=str(getattr(field, "verbose_name", field_name)),
        purpose=_said(entry, "purpose"),
        basis=_said(entry, "basis"),
        readers=", ".join(ROLES[code].name for code in entry["readers"]),
        retention=_said(entry, "retention"),
        erasure=_said(entry, "erasure"),
        sealed=isinstance(field, SealedField),
    )


def list_centres() -> list[Office]:
    """Return the governance centres that a person can turn to."""
    return list(Office.objects.filter(code=CENTRE, place="", active=True).order_by("township"))


def list_requests(actor: Actor) -> models.QuerySet[SubjectRequest]:
    """Return the requests of the actor's township; Forbidden without the power."""
    if not may_handle_requests(actor):
        raise Forbidden
    return SubjectRequest.objects.filter(township=actor.township)


def get_request(actor: Actor, pk: UUID, *, lock: bool = False) -> SubjectRequest:
    """The one way to reach a request."""
    requests = list_requests(actor)
    if lock:
        requests = requests.select_for_update()
    found = requests.filter(pk=pk).first()
    if found is None:
        raise Unseen
    return found
