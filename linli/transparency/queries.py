"""Reads for everybody: what is late, the published roots, receipts, draws."""

from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.db.models import Count
from django.utils import timezone

from linli.audit.models import Entry, Root
from linli.audit.queries import get_receipt
from linli.cases.models.case import Case
from linli.cases.models.story import Draw
from linli.cases.workflow import TERMS
from linli.duties.models import Duty
from linli.kit import clock

ACTS = ("case.report", "case.imported")
DAYS_ON_A_PAGE = 400


def late_by_office(township: str) -> list[dict[str, Any]]:
    """Return how many steps each office owes past their deadline, the most first."""
    late = Duty.objects.filter(township=township).late(clock.now())
    named = late.order_by().values("office__name_zh", "office__name_en", "office__code")
    rows = named.annotate(late=Count("pk")).order_by("-late", "office__code")
    return [
        {"name_zh": row["office__name_zh"], "name_en": row["office__name_en"], "late": row["late"]}
        for row in rows
    ]


def list_roots(township: str = "") -> list[dict[str, Any]]:
    """Return the published roots, the newest first: of one township, or of all of them."""
    roots = Root.objects.filter(township=township) if township else Root.objects.all()
    columns = ("township", "day", "first", "last", "root", "head", "published_at")
    rows = roots.order_by("-day", "township").values(*columns)
    return list(rows[:DAYS_ON_A_PAGE] if township else rows)


def get_proof(case: Case) -> dict[str, Any] | None:
    """Return the receipt of a report for machines; None while its day has no root yet.

    `entry` holds the eight parts whose hash is the leaf, in their order: so the receipt says what
    was recorded, not only that something was.
    """
    subject = case.matter.subject
    entry = Entry.objects.filter(subject=subject, act__in=ACTS).order_by("id").first()
    receipt = get_receipt(subject, entry.act) if entry else None
    if entry is None or receipt is None:
        return None
    return {
        "number": case.number,
        "township": receipt.township,
        "day": receipt.day,
        "root": receipt.root,
        "leaf": receipt.leaf,
        "index": receipt.index,
        "size": receipt.size,
        "path": list(receipt.path),
        "entry": _parts(entry),
    }


def _parts(entry: Entry) -> list[str]:
    """Return what `Entry.computed_hash` joins with U+001F and hashes."""
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    place = [entry.township, str(entry.seq), moment]
    return [*place, entry.actor, entry.act, entry.subject, entry.facts, entry.previous]


@dataclass(frozen=True)
class DrawShown:
    """A day's draw: its commitment at once, its seed from the day after."""

    day: date
    commitment: str
    seed: str


def list_draws(township: str) -> list[DrawShown]:
    """Return the draws, the newest first; the seed of today's stays secret."""
    today = timezone.localdate(clock.now())
    rows = Draw.objects.filter(township=township).order_by("-day")[:DAYS_ON_A_PAGE]
    return [DrawShown(row.day, row.commitment, row.seed if row.day < today else "") for row in rows]


def verify_share() -> float:
    """Return the share of answers that is drawn for verification."""
    return TERMS.verify_share
