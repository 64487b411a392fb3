"""Lists and maps of cases by one filter; keyset pages, so that page 900 costs what page 1 costs."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, Q, QuerySet
from django.utils import timezone

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.queries.cases import BELONGING
from linli.kit import clock
from linli.kit.errors import Invalid

Cases = QuerySet[Case]
MAX_LIMIT = 100


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _by_state(cases: Cases, state: str) -> Cases:
    if state == "all":
        return cases
    return cases.filter(state=state) if state else cases.exclude(state=State.CLOSED)


def _by_due(cases: Cases, due: str) -> Cases:
    now = clock.now()
    if due == "late":
        return cases.filter(due_at__lt=now)
    if due == "soon":
        return cases.filter(yellow_at__lte=now, due_at__gte=now)
    tomorrow = _midnight(timezone.localdate(now) + timedelta(days=1))
    return cases.filter(due_at__lt=tomorrow)


def _by_text(cases: Cases, text: str) -> Cases:
    words = Q()
    for word in text.split():
        words &= (
            Q(title__icontains=word)
            | Q(text__icontains=word)
            | Q(address__icontains=word)
            | Q(number__icontains=word)
        )
    return cases.filter(words)


def narrow(cases: Cases, wanted: dict[str, Any]) -> Cases:
    """Apply a cleaned filter: the same for list, map, export, print and figures.

    Args:
        cases: what the reader may see.
        wanted: cleaned data of forms.filters.FilterForm.
    """
    cases = _by_state(cases, wanted.get("state") or "")
    for name, column in _COLUMNS.items():
        if value := wanted.get(name):
            cases = cases.filter(**{column: value})
    if area := wanted.get("area"):
        cases = cases.filter(Q(grid=area) | Q(village=area))
    if due := wanted.get("due"):
        cases = _by_due(cases, due)
    if since := wanted.get("since"):
        cases = cases.filter(reported_at__gte=_midnight(since))
    if until := wanted.get("until"):
        cases = cases.filter(reported_at__lt=_midnight(until + timedelta(days=1)))
    return _by_text(cases, wanted["text"]) if wanted.get("text") else cases


_COLUMNS = {
    "office": "lead_office",
    "category": "category",
    "group": "category__group",
    "urgency": "urgency",
}


def _whole(cases: Cases) -> Cases:
    return cases.select_related(*BELONGING).defer("text", "grid__geometry", "village__geometry")


@dataclass(frozen=True)
class Page:
    """One page of cases, and the key after which the next begins (empty at the end)."""

    cases: list[Case]
    after: str


def newest(cases: Cases, *, after: str = "", limit: int = 50) -> Page:
    """Return a page of cases, newest first.

    Args:
        after: the key of the last case of the page before; empty for the first page.
        limit: 1 to 100 rows.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid({"limit": [f"1–{MAX_LIMIT}"]})
    if after:
        cases = cases.filter(pk__lt=_key(after))
    rows = list(_whole(cases).order_by("-pk")[: limit + 1])
    return Page(rows[:limit], str(rows[limit - 1].pk) if len(rows) > limit else "")


def most_pressing(cases: Cases, *, after: str = "", limit: int = 50) -> Page:
    """Return a page of open cases, the earliest deadline first, those without one last."""
    if after:
        moment, _, key = after.partition("~")
        last = _key(key)
        if moment:
            due = _moment(moment)
            later = Q(due_at__gt=due) | Q(due_at=due, pk__gt=last) | Q(due_at__isnull=True)
        else:
            later = Q(due_at__isnull=True, pk__gt=last)
        cases = cases.filter(later)
    ordered = _whole(cases).order_by(F("due_at").asc(nulls_last=True), "pk")
    rows = list(ordered[: limit + 1])
    if len(rows) <= limit:
        return Page(rows, "")
    end = rows[limit - 1]
    return Page(rows[:limit], f"{end.due_at.isoformat() if end.due_at else ''}~{end.pk}")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"after": ["after"]}) from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 - refused below
    if moment.tzinfo is None or not 1900 <= moment.year <= 2200:
        raise Invalid({"after": ["after"]})
    return moment


@dataclass(frozen=True)
class Box:
    """What a map shows: degrees, and the zoom of web maps."""

    west: float
    south: float
    east: float
    north: float
    zoom: int


POINTS_FROM_ZOOM = 16
CLUSTER_PIXELS = 64
MAX_POINTS = 2000


def clusters(cases: Cases, box: Box) -> list[dict[str, Any]]:
    """Return the clusters of a box: a place in the middle and how many cases.

    A cell is 64 pixels wide at the box's zoom; tiles of zoom 18 are grouped by whole division.
    """
    cell = 2 ** (18 - min(box.zoom, POINTS_FROM_ZOOM)) // (256 // CLUSTER_PIXELS) or 1
    rows = (
        _inside(cases, box)
        .annotate(cx=F("tile_x") / cell, cy=F("tile_y") / cell)
        .values("cx", "cy")
        .annotate(count=Count("pk"), lng=Avg("lng"), lat=Avg("lat"))
        .order_by()[:MAX_POINTS]
    )
    return [{"count": row["count"], "lng": row["lng"], "lat": row["lat"]} for row in rows]


def points(cases: Cases, box: Box) -> list[dict[str, Any]]:
    """Return the cases of a box one by one, newest first, at most 2,000."""
    rows = _inside(cases, box).order_by("-pk")
    columns = rows.values("id", "number", "lng", "lat", "category_id", "state")
    return [dict(row) for row in columns[:MAX_POINTS]]


def _inside(cases: Cases, box: Box) -> Cases:
    return cases.filter(
        lng__gte=box.west, lng__lte=box.east, lat__gte=box.south, lat__lte=box.north
    )


def count_states(cases: Cases) -> dict[str, int]:
    """Return how many cases stand in each state, closed ones left out, in one query."""
    rows = cases.exclude(state=State.CLOSED).values_list("state").annotate(n=Count("pk"))
    return dict(rows.order_by())
