"""The shape of what the API answers."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from linli.cases.models.case import Case
from linli.cases.models.catalogue import Category
from linli.cases.models.story import Entry


class Named(Schema):
    """A code and its name in the reader's language."""

    code: str
    name: str


class PlaceOut(Schema):
    """Where, in WGS-84; `precision` says how sure the grid is."""

    lng: float | None
    lat: float | None
    precision: str
    address: str
    village: Named | None
    grid: Named | None


class CaseRow(Schema):
    """A case in a list."""

    id: UUID
    number: str
    title: str
    category: Named
    group: str
    urgency: str
    state: str
    ending: str
    place: PlaceOut
    lead_office: Named | None
    reported_at: datetime
    due_at: datetime | None
    yellow_at: datetime | None
    promised_at: datetime | None
    closed_at: datetime | None
    version: int


class EntryOut(Schema):
    """A step of the story."""

    at: datetime
    verb: str
    before: str
    after: str
    office: str
    said: str
    note: str = ""


class CaseOut(CaseRow):
    """One case with its story and what can be done next."""

    text: str
    stage: str
    channel: str
    next_answer_on: date | None
    next_steps: list[str]
    story: list[EntryOut]


class CasePage(Schema):
    """A page of cases; ask for the next with `after`."""

    items: list[CaseRow]
    after: str


class ReportOut(Schema):
    """The answer to a report: the same for the same `client_id` and body."""

    id: UUID
    number: str
    code: str
    reported_at: datetime


class CategoryOut(Schema):
    """A category that can be reported."""

    code: str
    name: str
    group: str
    group_name: str
    hint: str
    urgency: str
    respond: str
    dispose: str
    reporter: str
    publicity: str
    needs_consent: bool


class Categories(Schema):
    """The catalogue."""

    items: list[CategoryOut]


class MapOut(Schema):
    """Clusters where the map shows much, points where it shows little."""

    kind: str
    items: list[dict[str, Any]]


class LookupIn(Schema):
    """Number and code of a report."""

    number: str
    code: str


def _named(thing: Any) -> dict[str, str] | None:
    return {"code": thing.code, "name": thing.name} if thing is not None else None


def row_of(case: Case) -> dict[str, Any]:
    """Return a case as the list shows it; category, office and areas must be loaded."""
    return {
        "id": case.pk,
        "number": case.number,
        "title": case.title,
        "category": _named(case.category),
        "group": case.category.group_id,
        "urgency": case.urgency,
        "state": case.state,
        "ending": case.ending,
        "place": {
            "lng": case.lng,
            "lat": case.lat,
            "precision": case.precision,
            "address": case.address,
            "village": _named(case.village),
            "grid": _named(case.grid),
        },
        "lead_office": _named(case.lead_office),
        "reported_at": case.reported_at,
        "due_at": case.due_at,
        "yellow_at": case.yellow_at,
        "promised_at": case.promised_at,
        "closed_at": case.closed_at,
        "version": case.version,
    }


def entry_of(entry: Entry, *, public: bool) -> dict[str, Any]:
    """Return a step of the story; `public` leaves out what is for colleagues."""
    return {
        "at": entry.at,
        "verb": entry.verb,
        "before": entry.before,
        "after": entry.after,
        "office": entry.office.name if entry.office else "",
        "said": entry.said,
        "note": "" if public else entry.note,
    }


def story_of(case: Case, entries: list[Entry], steps: list[str], *, public: bool) -> dict[str, Any]:
    """Return one case with its story."""
    return {
        **row_of(case),
        "text": case.text,
        "stage": case.stage,
        "channel": case.channel,
        "next_answer_on": case.next_answer_on,
        "next_steps": steps,
        "story": [entry_of(entry, public=public) for entry in entries],
    }


def category_of(category: Category) -> dict[str, Any]:
    """Return a category as programs see it."""
    return {
        "code": category.pk,
        "name": category.name,
        "group": category.group_id,
        "group_name": category.group.name,
        "hint": category.hint,
        "urgency": category.urgency,
        "respond": category.respond,
        "dispose": category.dispose,
        "reporter": category.reporter,
        "publicity": category.publicity,
        "needs_consent": category.needs_consent,
    }
