"""The shapes of figures in JSON."""

from datetime import date

from ninja import Schema


class ShareOut(Schema):
    """A share with its 95 % Wilson interval; null where too few were counted."""

    numerator: int
    denominator: int
    share: float | None
    low: float | None
    high: float | None


class FigureOut(Schema):
    """One row of figures: counts of cases, hours, shares by the key of their definition."""

    key: str
    kind: str
    name_zh: str
    name_en: str
    reported: int
    registered: int
    closed: int
    should_be_closed: int
    in_time: int
    promised: int
    kept: int
    open: int
    overdue: int
    verified: int
    reworked: int
    ever_closed: int
    reopened: int
    cannot_now: int
    extended: int
    rated: int
    satisfied: int
    compared: int
    agreeing: int
    median_hours: float | None
    p90_hours: float | None
    shares: dict[str, ShareOut]


class DefinitionOut(Schema):
    """What a share or time means, in both languages."""

    key: str
    code: str
    numerator: str
    denominator: str
    name_zh: str
    name_en: str
    formula_zh: str
    formula_en: str
    guard_zh: str
    guard_en: str


class FiguresOut(Schema):
    """A table of figures; `total` is null where the public may not know so small a number."""

    by: str
    since: date | None
    until: date | None
    items: list[FigureOut]
    total: FigureOut | None
    definitions: list[DefinitionOut]
