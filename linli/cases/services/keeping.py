"""Erasing what is no longer needed: on request, on exclusion, on schedule."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.audit.services import forget, record
from linli.cases.choices import CASE, State
from linli.cases.models.case import Case, Dispatch, Reporter
from linli.cases.models.story import Entry, Objection
from linli.cases.workflow import TERMS
from linli.channels.services import erase_messages
from linli.documents.services.erasing import erase_all
from linli.duties.services.moves import erase_words, retitle
from linli.kit import clock
from linli.offices.models import Actor, system


def wipe(case: Case, *, actor: Actor, of_all: bool = False) -> None:
    """Erase what is personal of a case: the reporter's words, contact and files, and the salts.

    Args:
        of_all: the words of the offices too.
    """
    now = clock.now()
    case.title, case.text, case.address = case.category.name_zh, "", ""
    case.erased_at = case.erased_at or now
    case.emptied_at = now if of_all else case.emptied_at
    case.save(update_fields=["title", "text", "address", "erased_at", "emptied_at"])
    words = Q() if of_all else Q(by_reporter=True)
    Entry.objects.filter(words, case=case).update(said="", note="")
    Objection.objects.filter(case=case).update(reason="")
    _forget_contact(Reporter.objects.filter(case=case), now)
    erase_all(case.matter, actor=actor)
    erase_messages(CASE, case.pk, actor=actor)
    retitle(case.matter, actor=actor)
    if of_all:
        Dispatch.objects.filter(case=case).update(reason="", end_reason="")
        erase_words(case.matter, actor=actor)
    forget(case.matter.subject)


def _forget_contact(reporters: QuerySet[Reporter], now: datetime) -> int:
    return reporters.update(name="", phone="", email="", wants_email=False, erased_at=now)


@transaction.atomic
def erase_contacts(now: datetime, limit: int) -> int:
    """Erase contacts N days after closing and the objection window; returns how many."""
    days = TERMS.erase_contact_days + TERMS.objection_days
    due = Reporter.objects.select_related("case").filter(
        erased_at__isnull=True,
        case__state=State.CLOSED,
        case__objected=False,
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
