"""The figures: a fixed number of statements, whatever the number of cases and rows.

Medians are counted by the database too, with a window over the handling times: no row travels.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Count,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
    Window,
)
from django.db.models.functions import RowNumber, TruncMonth
from django.utils import timezone

from linli.analytics.choices import FEW_REPORTS, INDICATORS, SHARES, By
from linli.analytics.rules.merging import NO_TIMES, Row, Times, add_up, merge_few
from linli.areas.choices import Kind
from linli.cases.choices import Ending, State
from linli.cases.models.case import Case
from linli.kit import clock
from linli.kit.text import in_chinese
from linli.offices.models import Actor

Cases = QuerySet[Case]
TOTAL, OTHER = ("合计", "Total"), ("其他", "Others")
NOT_KNOWN = {"office": ("未派遣", "Not dispatched"), "area": ("位置不明", "Place not known")}
_ANSWERED = Q(state__in=[State.VERIFYING, State.CLOSED], answered_at__isnull=False)
_OWED = ~Q(ending__in=[Ending.WITHDRAWN, Ending.MERGED, Ending.EXCLUDED])
_CLOSED = Q(state=State.CLOSED)
_BOTH = _CLOSED & Q(answered_at__isnull=False, promised_at__isnull=False)
_COMPARED = Q(lng__isnull=False) & ~Q(source_area="")


@dataclass(frozen=True)
class Figures:
    """A table of figures; `total` is None where the public may not know so small a number."""

    by: str
    since: date | None
    until: date | None
    rows: list[Row]
    total: Row | None


@dataclass(frozen=True)
class Breakdown:
    """How rows are found: the grouping, and the columns that name them."""

    kind: str
    key: str
    names: tuple[str, ...]


_BREAKDOWNS: dict[str, tuple[Breakdown, ...]] = {
    By.OFFICE: (
        Breakdown(
            "office",
            "lead_office_id",
            (
                "lead_office__code",
                "lead_office__name_zh",
                "lead_office__name_en",
                "lead_office__place",
            ),
        ),
    ),
    By.CATEGORY: (
        Breakdown(
            "category", "category_id", ("category_id", "category__name_zh", "category__name_en")
        ),
    ),
    By.AREA: (
        Breakdown(
            "village", "village_id", ("village__code", "village__name_zh", "village__name_en")
        ),
        Breakdown("grid", "grid_id", ("grid__code", "grid__name_zh", "grid__name_en")),
    ),
    By.MONTH: (Breakdown("month", "month", ("month",)),),
}


def figures(
    by: str,
    *,
    township: str,
    actor: Actor | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Figures:
    """Return the figures of what was reported between two days.

    Without an actor they are the public's: whole months, villages but no grids, small cells merged.
    With one they are those of the cases that the actor sees.
    """
    public = actor is None
    if public:
        since, until = _whole_months(since, until)
    seen = Case.objects.visible_to(actor) if actor else Case.objects.filter(township=township)
    cases = _between(seen, since, until)
    rows: list[Row] = []
    counted: list[Row] = []
    for breakdown in _BREAKDOWNS[by]:
        if breakdown.kind == Kind.GRID and public:
            continue
        counted = _rows(cases, breakdown)
        rows += merge_few(counted, OTHER) if public else counted
    whole = _times(cases.annotate(whole=Value(1)), "whole")
    total = add_up(counted, "total", TOTAL, whole.get(1, NO_TIMES))
    few = public and total.counts["reported"] < FEW_REPORTS
    return Figures(by, since, until, [] if few else rows, None if few else total)


def _whole_months(since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """Widen a span to whole months: two spans that differ by a day would tell of that day."""
    first = since.replace(day=1) if since else None
    last = (until.replace(day=28) + timedelta(days=4)).replace(day=1) if until else None
    return first, last - timedelta(days=1) if last else None


def _between(cases: Cases, since: date | None, until: date | None) -> Cases:
    if since:
        cases = cases.filter(reported_at__gte=_midnight(since))
    if until:
        cases = cases.filter(reported_at__lt=_midnight(until + timedelta(days=1)))
    return cases


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _counts(now: datetime) -> dict[str, Count]:
    late = ~_CLOSED & ~_ANSWERED & Q(promised_at__lt=now)
    filters = {
        "reported": None,
        "registered": Q(registered_at__isnull=False),
        "closed": _CLOSED,
        "should_be_closed": _OWED & (late | (_ANSWERED & Q(promised_at__isnull=False))),
        "in_time": _OWED & _ANSWERED & Q(answered_at__lte=F("promised_at")),
        "promised": _BOTH,
        "kept": _BOTH & Q(answered_at__lte=F("promised_at")),
        "open": ~_CLOSED,
        "overdue": ~_CLOSED & Q(due_at__lt=now),
        "verified": Q(drawn=True) | Q(reworks__gt=0),
        "reworked": Q(reworks__gt=0),
        "ever_closed": _CLOSED | Q(reopenings__gt=0),
        "reopened": Q(reopenings__gt=0),
        "cannot_now": Q(ending=Ending.CANNOT_NOW) & _CLOSED,
        "extended": Q(extensions__gt=0, registered_at__isnull=False),
        "rated": Q(score__isnull=False),
        "satisfied": Q(score__gte=4),
        "compared": _COMPARED,
        "agreeing": _COMPARED & Q(grid__code=F("source_area")),
    }
    return {f"n_{name}": Count("pk", filter=wanted) for name, wanted in filters.items()}


def _rows(cases: Cases, breakdown: Breakdown) -> list[Row]:
    if breakdown.key == "month":
        cases = cases.annotate(month=TruncMonth("reported_at"))
    columns = dict.fromkeys((breakdown.key, *breakdown.names))
    found = cases.order_by().values(*columns).annotate(**_counts(clock.now()))
    times = _times(cases, breakdown.key)
    rows = [_row(line, breakdown, times) for line in found]
    if breakdown.key == "month":
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.counts["reported"], row.key))


def _row(line: dict[str, Any], breakdown: Breakdown, times: dict[Any, Times]) -> Row:
    counts = {name[2:]: value for name, value in line.items() if name.startswith("n_")}
    code, *names = (line[name] for name in breakdown.names)
    if isinstance(code, datetime):
        code = f"{timezone.localtime(code):%Y-%m}"
        names = [code, code]
    elif code is None:
        code, names = "", [*NOT_KNOWN["office" if breakdown.kind == "office" else "area"]]
    return Row(
        key=code,
        kind=breakdown.kind,
        name_zh=names[0],
        name_en=names[1] or names[0],
        counts=counts,
        times=times.get(line[breakdown.key], NO_TIMES),
        of_town=breakdown.kind == "office" and not line["lead_office__place"],
    )


class _Hours(Func):
    """Hours from the second moment to the first; a subtraction calls Python for every row."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s) / 3600)"
    arg_joiner = " - "
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite counts in days."""
        template = "((julianday(%(expressions)s)) * 24)"
        joiner = ") - julianday("
        return super().as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)


def _times(cases: Cases, key: str) -> dict[Any, Times]:
    """Return median and P90 of each group by nearest rank: the smallest time that so many took."""
    ranked = (
        cases.filter(_ANSWERED & _OWED)
        .annotate(spent=_Hours("answered_at", "reported_at"))
        .annotate(
            place=Window(RowNumber(), partition_by=F(key), order_by="spent"),
            size=Window(Count("pk"), partition_by=F(key)),
        )
        .annotate(half=F("place") * 2 - F("size"), most=F("place") * 10 - F("size") * 9)
        .filter(Q(half__gte=0, half__lt=2) | Q(most__gte=0, most__lt=10))
        .order_by()
        .values_list(key, "spent", "half", "most")
    )
    found: dict[Any, dict[str, float]] = {}
    for group, hours, half, most in ranked:
        found.setdefault(group, {}).update(_named(round(hours, 2), half, most))
    return {group: Times(**known) for group, known in found.items()}


def _named(hours: float, half: int, most: int) -> Iterable[tuple[str, float]]:
    if 0 <= half < 2:
        yield "median", hours
    if 0 <= most < 10:
        yield "p90", hours


def definitions() -> list[dict[str, str]]:
    """Return what every indicator means, in both languages, for machines."""
    return [
        {
            "key": one.key,
            "code": one.code,
            "numerator": one.hits,
            "denominator": one.of,
            **one.words,
        }
        for one in INDICATORS.values()
    ]


def as_bars(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the reported cases of each row for kit/parts/bars.html."""
    shown = list(rows)
    most = max((row.counts["reported"] for row in shown), default=0) or 1
    return [
        {
            "label": row.name_zh if _chinese() else row.name_en,
            "value": row.counts["reported"],
            "percent": round(100 * row.counts["reported"] / most),
            "tone": "",
        }
        for row in shown
    ]


def _chinese() -> bool:
    return in_chinese()


def for_page(found: Figures) -> dict[str, Any]:
    """Return what analytics/parts/table.html and definitions.html show of figures."""
    used = found.total.counts if found.total else {}
    return {
        "figures": found,
        "what": By(found.by).label,
        "rows": [*found.rows, *([found.total] if found.total else [])],
        "bars": as_bars(found.rows),
        "shares": [one for one in SHARES.values() if used.get(one.of)],
        "indicators": list(INDICATORS.values()),
    }
