"""Erase files: one by hand, those of a matter with it, those that no row knows."""

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import transaction

from linli.audit.services import forget, record
from linli.documents import queries, rules
from linli.documents.models import Attachment
from linli.documents.services import storing
from linli.duties.choices import Matter
from linli.kit import clock
from linli.kit.errors import Forbidden
from linli.offices.models import Actor

GRACE = 60 * 60  # seconds; by then a transaction that wrote a file has committed or died


@transaction.atomic
def erase_attachment(pk: UUID, *, actor: Actor) -> Attachment:
    """Erase a file for good; that there was one stays known."""
    attachment = queries.get_attachment(actor, pk, lock=True)
    if not rules.may_erase(actor, attachment):
        raise Forbidden
    _erase(attachment, actor)
    return attachment


@transaction.atomic
def erase_all(matter: Matter, *, actor: Actor, uploaded_by: str = "") -> int:
    """Erase every file of a matter that the caller's app lets the actor erase; returns how many.

    Args:
        uploaded_by: only what this actor added; empty for all.
    """
    found = Attachment.objects.kept().of(matter.kind, matter.key).select_for_update()
    if uploaded_by:
        found = found.filter(uploaded_by=uploaded_by)
    rows = list(found)
    for attachment in rows:
        _erase(attachment, actor)
    return len(rows)


def _erase(attachment: Attachment, actor: Actor) -> None:
    files = (attachment.file, attachment.small_file)
    attachment.name = attachment.path = attachment.sha256 = attachment.received_sha256 = ""
    attachment.public, attachment.erased_at = False, clock.now()
    attachment.save(
        update_fields=["name", "path", "sha256", "received_sha256", "public", "erased_at"]
    )
    forget(attachment.subject)
    record("attachment.erased", attachment.subject, actor=actor, matter=attachment.matter.subject)
    transaction.on_commit(lambda: storing.remove(*files))


def sweep(_now: datetime, limit: int) -> int:
    """Remove files that no row knows, left by a crash or a refused verb: `documents.orphans`.

    A file's age is the disk's, so the machine's own time counts here.
    """
    removed = 0
    files = storing.list_old(time.time() - GRACE)
    while batch := list(islice(files, limit)):
        for file in _orphans(batch):
            storing.remove(file)
            removed += 1
        if removed >= limit:
            break
    return removed


def _orphans(files: list[Path]) -> Iterator[Path]:
    known = set(
        Attachment.objects.filter(
            path__in={storing.owner_path(file) for file in files}
        ).values_list("path", flat=True)
    )
    for file in files:
        if storing.is_unfinished(file) or storing.owner_path(file) not in known:
            yield file
