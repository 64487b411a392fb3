"""Verbs of privacy: look, ask, answer, export, erase what is due, seal anew."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.audit.services import forget, record
from linli.kit import clock, queue
from linli.kit.errors import Forbidden, Invalid, Unseen
from linli.offices.errors import SecondFactorFirst
from linli.offices.models import Actor, resident, system
from linli.privacy import queries, rules
from linli.privacy.choices import INSTALLATION, KEEP_DAYS, RequestKind
from linli.privacy.models import Sealed, SealedField, SubjectRequest
from linli.privacy.workflow import REQUEST_FLOW

logger = logging.getLogger(__name__)

Eraser = Callable[[datetime, int], int]
Exporter = Callable[[Actor, UUID], dict[str, Any]]

BATCH = 500
MOST_BATCHES = 100_000
_erasers: dict[str, Eraser] = {}
_exporters: dict[str, Exporter] = {}


@transaction.atomic
def look(row: models.Model, field: str, *, actor: Actor, reason: str, power: str = "look") -> str:
    """Show one sealed value to one person, who says why; the look stands in the trail.

    Args:
        row: what the caller's app lets the actor see.
        field: the name of its sealed field.
        reason: four characters or more; kept in the trail, so it names no person.
        power: what the actor's role needs.
    """
    if not actor.may(power):
        raise Forbidden
    if not actor.second_factor:
        raise SecondFactorFirst
    reason = " ".join(reason.split())
    if not 4 <= len(reason) <= 200:
        raise Invalid({"reason": [_("Say in 4 to 200 characters why you need to see this.")]})
    sealed = getattr(row, field)
    if not isinstance(sealed, Sealed):
        raise TypeError(f"{field} is not a sealed field")
    value = sealed.open()
    record("privacy.looked", _subject_of(row), actor=actor, field=field, reason=reason)
    return value


def _subject_of(row: models.Model) -> str:
    return str(getattr(row, "subject", "") or f"{row._meta.model_name}:{row.pk}")


@transaction.atomic
def ask(
    *,
    township: str,
    kind: str,
    text: str,
    contact: str,
    about: tuple[str, UUID] | None = None,
) -> SubjectRequest:
    """Take a person's request about their own data; it is due as `data/requests.toml` says.

    Args:
        township: whose governance centre answers, 12 digits.
        kind: one of `RequestKind`.
        text: what the person wants.
        contact: where the answer goes.
        about: kind and key of the matter, where the person comes from its page.
    """
    now = clock.now()
    request = SubjectRequest(
        township=township,
        kind=RequestKind(kind),
        matter_kind=about[0] if about else "",
        matter_key=about[1] if about else None,
        text=text,
        contact=contact,
        due_on=rules.answer_due(timezone.localdate(now)),
        created_at=now,
    )
    request.save(force_insert=True)
    record(
        "privacy.asked",
        request.subject,
        actor=resident(township),
        personal={"text": text, "contact": contact},
        kind=request.kind,
        due=request.due_on.isoformat(),
    )
    return request


@dataclass(frozen=True)
class Opened:
    """A request with its seals open, for the one who answers it."""

    request: SubjectRequest
    text: str
    contact: str
    answer: str


@transaction.atomic
def read_request(pk: UUID, *, actor: Actor, reason: str) -> Opened:
    """Open a request to answer it."""
    request = queries.get_request(actor, pk)
    text, contact, answer = (
        look(request, field, actor=actor, reason=reason, power="privacy")
        for field in ("text", "contact", "answer")
    )
    return Opened(request, text, contact, answer)


@transaction.atomic
def answer(pk: UUID, text: str, *, actor: Actor) -> SubjectRequest:
    """Keep the answer that was sent to the person, and close the request."""
    request = queries.get_request(actor, pk, lock=True)
    request.state = REQUEST_FLOW.target(request.state, "answer")
    request.answer = text
    request.answered_by, request.answered_at = actor.key, clock.now()
    request.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record("privacy.answered", request.subject, actor=actor, personal={"answer": text})
    return request


def register_exporter(kind: str, exporter: Exporter) -> None:
    """Say how what is kept about a matter of this kind is given out; called from `apps.ready()`.

    Args:
        kind: the app's noun, such as `case`.
        exporter: answers for the officer and the matter's key; Unseen for another township's.
    """
    if kind in _exporters:
        raise ValueError(f"exporter {kind!r} is registered twice")
    _exporters[kind] = exporter


@transaction.atomic
def export(pk: UUID, *, actor: Actor) -> dict[str, Any]:
    """Return what is kept about the matter of an access request, to be handed to the person."""
    request = queries.get_request(actor, pk)
    if not actor.second_factor:
        raise SecondFactorFirst
    exporter = _exporters.get(request.matter_kind)
    if request.kind != RequestKind.ACCESS or request.matter_key is None or exporter is None:
        raise Unseen(_("This request names no matter that can be given out as a file."))
    kept = exporter(actor, request.matter_key)
    matter = f"{request.matter_kind}:{request.matter_key}"
    record("privacy.exported", request.subject, actor=actor, matter=matter)
    return kept


def register_eraser(name: str, eraser: Eraser) -> None:
    """Say how an app erases what is due; called from `apps.ready()`.

    Args:
        name: app.what, such as `cases.contacts`.
        eraser: erases at most so many rows that are due at a moment, inside one transaction, and
            returns how many; 0 when nothing is left.
    """
    if name in _erasers:
        raise ValueError(f"eraser {name!r} is registered twice")
    _erasers[name] = eraser


def erase_due(now: datetime | None = None) -> dict[str, int]:
    """Run every eraser until nothing is due, and record how many rows each erased.

    One that fails does not stop the others; all failures are raised together at the end, so that
    the job is retried and seen. Each batch commits for itself: what is erased stays erased.
    """
    moment = now or clock.now()
    counts: dict[str, int] = {}
    failures: list[Exception] = []
    for name, eraser in sorted(_erasers.items()):
        counts[name] = 0
        try:
            _erase_all(name, eraser, moment, counts)
        except Exception as error:
            logger.exception("the eraser %s failed", name)
            error.add_note(f"in the eraser {name}")
            failures.append(error)
    failed = [error.__notes__[-1].removeprefix("in the eraser ") for error in failures]
    record(
        "privacy.erased",
        "retention:" + moment.date().isoformat(),
        actor=system(INSTALLATION),
        counts=counts,
        failed=failed,
    )
    if failures:
        raise ExceptionGroup("erasure is not complete", failures)
    return counts


def _erase_all(name: str, eraser: Eraser, moment: datetime, counts: dict[str, int]) -> None:
    for _batch in range(MOST_BATCHES):
        queue.renew()
        with transaction.atomic():
            erased = eraser(moment, BATCH)
        if not erased:
            return
        counts[name] += erased
    raise RuntimeError(f"{name} never says that nothing is left")


def erase_requests(now: datetime, limit: int) -> int:
    """Erase what people wrote and were told, once it has been kept long enough after the answer."""
    due = SubjectRequest.objects.filter(answered_at__lt=now - timedelta(days=KEEP_DAYS))
    rows = list(due.exclude(text="", contact="", answer="").order_by("answered_at")[:limit])
    for row in rows:
        forget(row.subject)
    keys = [row.pk for row in rows]
    SubjectRequest.objects.filter(pk__in=keys).update(text="", contact="", answer="")
    return len(rows)


def reseal() -> int:
    """Seal every value anew that is not under the present key and profile; returns how many rows.

    Afterwards old keys can be taken away. Runs beside the living system, in short transactions.
    """
    return sum(
        _reseal_table(model, fields)
        for model in apps.get_models()
        if (fields := [f.name for f in model._meta.local_fields if isinstance(f, SealedField)])
    )


def _reseal_table(model: type[models.Model], fields: list[str]) -> int:
    count, last = 0, None
    while True:
        with transaction.atomic():
            rows = model._default_manager.order_by("pk").select_for_update()
            if last is not None:
                rows = rows.filter(pk__gt=last)
            batch = list(rows[:BATCH])
            old = [row for row in batch if not all(getattr(row, f).is_current for f in fields)]
            for row in old:
                for field in fields:
                    setattr(row, field, getattr(row, field).open())
            model._default_manager.bulk_update(old, fields)
        if not batch:
            return count
        count, last = count + len(old), batch[-1].pk
