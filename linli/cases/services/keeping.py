"""Erasing what is no longer needed: on request, on exclusion, on schedule."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.audit.services import forget, record
from linli.cases.choices import CASE, Ending, State
from linli.cases.models.case import Case, Dispatch, Reporter
from linli.cases.models.story import Entry, Objection
from linli.cases.rules.moves import reporter_key
from linli.cases.workflow import TERMS
from linli.channels.services import erase_messages
from linli.documents.services.erasing import erase_all
from linli.duties.services.moves import erase_words, retitle
from linli.kit import clock
from linli.offices.models import Actor, system

_WIPED = [
    *("title", "text", "address", "erased_at", "emptied_at", "body_digest"),
    *("lng", "lat", "tile_x", "tile_y"),
]


def wipe(case: Case, *, actor: Actor, of_all: bool = False) -> None:
    """Erase what is personal of a case: the reporter's words, contact and files, and the salts.

    Args:
        of_all: the words of the offices too.
    """
    now = clock.now()
    case.title, case.text, case.address = case.category.name_zh, "", ""
    case.erased_at, case.body_digest = case.erased_at or now, ""
    if of_all:
        case.emptied_at, case.lng, case.lat, case.tile_x, case.tile_y = now, None, None, None, None
    case.save(update_fields=_WIPED)
    words = Q() if of_all else Q(by_reporter=True) | Q(verb="add")
    Entry.objects.filter(words, case=case).update(said="", note="")
    Objection.objects.filter(case=case).update(reason="")
    _forget_contact(Reporter.objects.filter(case=case), now)
    uploader = "" if of_all else reporter_key(case.pk)
    erase_all(case.matter, actor=actor, uploaded_by=uploader)
    erase_messages(CASE, case.pk, actor=actor)
    retitle(case.matter, actor=actor)
    if of_all:
        Dispatch.objects.filter(case=case).update(reason="", end_reason="")
        Objection.objects.filter(case=case).update(answer="")
        erase_words(case.matter, actor=actor)
    forget(case.matter.subject)
    for part in case.parts.select_related("category"):
        wipe(part, actor=actor, of_all=of_all)


def _forget_contact(reporters: QuerySet[Reporter], now: datetime) -> int:
    return reporters.update(name="", phone="", email="", wants_email=False, erased_at=now)


@transaction.atomic
def erase_contacts(now: datetime, limit: int) -> int:
    """Erase contacts N days after closing and the objection window; returns how many."""
    days = TERMS.erase_contact_days + TERMS.objection_days
    due = (
        Reporter.objects.select_related("case")
        .filter(
            erased_at__isnull=True,
            case__state=State.CLOSED,
            case__objected=False,
        )
        .exclude(case__ending=Ending.CANNOT_NOW)
    )
    due = due.filter(
        case__closed_at__lt=now - timedelta(days=days),
    )
    reporters = list(due.order_by("pk")[:limit])
    _forget_contact(Reporter.objects.filter(pk__in=[one.pk for one in reporters]), now)
    for one in reporters:
        record("case.contact_erased", one.case.matter.subject, actor=system(one.township))
    return len(reporters)


@transaction.atomic
def erase_texts(now: datetime, limit: int) -> int:
    """Erase the free text of cases closed years ago; returns how many."""
    before = now - timedelta(days=365 * TERMS.erase_text_years)
    due = Case.objects.filter(state=State.CLOSED, emptied_at__isnull=True, closed_at__lt=before)
    cases = list(due.select_related("category").order_by("pk")[:limit])
    for case in cases:
        actor = system(case.township)
        wipe(case, actor=actor, of_all=True)
        record("case.text_erased", case.matter.subject, actor=actor)
    return len(cases)
