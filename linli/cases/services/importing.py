"""The verb that takes in lists from elsewhere: imported matters do not move, they arrive.

Each row gives what a report gives (services/arrivals.py) and, while it is open, the duty of
whoever owes the next step.
"""

import math
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.areas.choices import MARGIN
from linli.areas.models import Area
from linli.areas.queries.locating import Located, locate_many, town_box
from linli.cases.choices import CASE, State, Step
from linli.cases.models.case import Case
from linli.cases.models.catalogue import Category
from linli.cases.queries.catalogue import get_promise
from linli.cases.rules.mappings import SourceMapping
from linli.cases.rules.source_rows import Arrival, Misfit, Reader
from linli.cases.services.arrivals import Draft, write
from linli.cases.services.catalogue import seed_catalogue
from linli.cases.workflow import stage_limit
from linli.duties.choices import Matter
from linli.duties.models import Duty
from linli.duties.rules.openings import Opening
from linli.duties.services.moves import open_many
from linli.kit import clock, ids
from linli.kit.data import read_tsv
from linli.kit.errors import Forbidden, Invalid
from linli.kit.tables import BadRow, read_rows
from linli.offices.choices import CENTRE, OfficeKind
from linli.offices.models import Actor, Office
from linli.offices.services import save_office

BATCH = 5000
TAIL = 9  # characters after the date: a list brings thousands of one day


class Fault(NamedTuple):
    """A row that was not taken in: its number, the file's column, and why."""

    row: int
    column: str
    sentence: str


@dataclass
class Imported:
    """What an import did, or would do."""

    added: int = 0
    known: int = 0
    faults: int = 0
    open: int = 0
    located: int = 0
    offices: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.added + self.known + self.faults


@dataclass(frozen=True)
class Options:
    """How to import.

    Args:
        dry_run: only say what would be done.
        all_or_nothing: one bad row, and nothing is taken in.
        limit: read only so many rows; 0 reads all.
    """

    dry_run: bool = False
    all_or_nothing: bool = False
    limit: int = 0


TAKE_THE_GOOD = Options()


def import_cases(
    file: Path,
    mapping: SourceMapping,
    *,
    actor: Actor,
    options: Options = TAKE_THE_GOOD,
    refuse: Callable[[Fault], None],
    progress: Callable[[int], object] = lambda _rows: None,
) -> Imported:
    """Take in the rows of a file; those whose number is known already stay as they are.

    Every batch is one transaction, so that an interrupted import can simply be run again.

    Args:
        refuse: is told of every row that cannot be taken in.
        progress: is told how many rows were read.
    """
    if not actor.is_system:
        raise Forbidden
    if not Category.objects.exists():
        seed_catalogue()
    run = _Import(mapping, actor, refuse)
    rows = run.read(file, options.limit)
    if not (options.dry_run or options.all_or_nothing):
        for batch in _batches(rows):
            run.take(batch)
            progress(len(batch))
        return run.done
    with transaction.atomic():
        for batch in _batches(rows):
            run.take(batch)
            progress(len(batch))
        transaction.set_rollback(options.dry_run or run.done.faults > 0)
    if options.all_or_nothing and run.done.faults:
        run.done.added = 0
    return run.done


def _batches(rows: Iterator[Arrival]) -> Iterator[list[Arrival]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


class _Import:
    """One run over one file."""

    def __init__(
        self, mapping: SourceMapping, actor: Actor, refuse: Callable[[Fault], None]
    ) -> None:
        self.mapping, self.actor, self.tell = mapping, actor, refuse
        self.done = Imported()
        self.box = town_box(actor.township)
        self.promises = {
            category.pk: get_promise(actor.township, category) for category in self._categories()
        }
        self.offices: dict[str, UUID] = {}
        self.now = clock.now()

    def _categories(self) -> list[Category]:
        """Return the categories that the mapping can give; Invalid for one that does not exist."""
        codes = {*self.mapping.categories.values(), *filter(None, [self._default_category()])}
        found = Category.objects.in_bulk(codes)
        if missing := sorted(codes - set(found)):
            sentence = _("There is no category %(codes)s.") % {"codes": ", ".join(missing)}
            raise Invalid({"mapping": [sentence]}, sentence)
        if not found:
            sentence = _("The mapping names no category.")
            raise Invalid({"mapping": [sentence]}, sentence)
        return list(found.values())

    def _default_category(self) -> str:
        return self.mapping.default.get("category", "")

    def refuse(self, fault: Fault) -> None:
        """Count and tell of a row that cannot be taken in."""
        self.done.faults += 1
        self.tell(fault)

    def read(self, file: Path, limit: int) -> Iterator[Arrival]:
        """Yield what can be read of the file."""
        reader = Reader(self.mapping, self.now)
        rows = read_rows(file, self.mapping.file_columns, self.mapping.file)
        for row in islice(rows, limit) if limit else rows:
            if isinstance(row, BadRow):
                self.refuse(Fault(row.number, "", row.sentence))
                continue
            try:
                arrival = reader.read(row.number, row.cells)
                self._check_inside(arrival)
            except Misfit as misfit:
                self.refuse(Fault(row.number, misfit.column, misfit.sentence))
            else:
                yield arrival

    def _check_inside(self, arrival: Arrival) -> None:
        if arrival.point is None:
            return
        column = self.mapping.columns["lng"]
        if arrival.point == (0, 0):
            raise Misfit(column, _("The place is 0, 0: it was not known."))
        if self.box and not self.box.holds(*arrival.point, MARGIN):
            raise Misfit(column, _("The place lies outside the town."))

    @transaction.atomic
    def take(self, batch: Sequence[Arrival]) -> None:
        """Write one batch: everything of it, or nothing."""
        fresh = self._fresh(batch)
        self._ensure_offices(fresh)
        fresh = [arrival for arrival in fresh if self._has_office(arrival)]
        if not fresh:
            return
        drafts = [self._draft(arrival) for arrival in fresh]
        for draft, duty in self._owe([draft for draft in drafts if not draft.arrival.ending]):
            draft.due_at, draft.yellow_at = duty.due_at, duty.yellow_at
            if duty.step == Step.HANDLE:
                draft.promised_at = draft.promised_at or duty.due_at
        places = self._places(fresh)
        write(drafts, places, mapping=self.mapping, actor=self.actor)
        self.done.located += sum(place.grid is not None for place in places)
        self.done.added += len(drafts)
        self.done.open += sum(not draft.arrival.ending for draft in drafts)

    def _fresh(self, batch: Sequence[Arrival]) -> list[Arrival]:
        """Keep the rows whose number is not known yet, neither here nor in this batch."""
        source = Case.objects.filter(township=self.actor.township, source=self.mapping.source)
        numbers = {arrival.number for arrival in batch}
        rows = source.exclude(source="").filter(source_number__in=numbers)  # as the index says it
        known = set(rows.values_list("source_number", flat=True))
        fresh = []
        for arrival in batch:
            if arrival.number not in known:
                known.add(arrival.number)
                fresh.append(arrival)
        self.done.known += len(batch) - len(fresh)
        return fresh

    def _ensure_offices(self, arrivals: Iterable[Arrival]) -> None:
        """Know the offices of a batch; set up those that are missing, where the mapping says so."""
        wanted = {self._code(arrival.office) for arrival in arrivals if arrival.office}
        if missing := {*wanted, CENTRE} - set(self.offices):
            rows = Office.objects.filter(township=self.actor.township, place="", code__in=missing)
            self.offices.update(rows.values_list("code", "pk"))
        if self.mapping.create_offices:
            for code in sorted({*wanted, CENTRE} - set(self.offices)):
                self.offices[code] = save_office(actor=self.actor, **self._names(code)).pk
                self.done.offices.append(code)

    def _code(self, value: str) -> str:
        return self.mapping.offices.get(value, {}).get("code", value)[:20]

    def _names(self, code: str) -> dict[str, Any]:
        """Return the columns of an office that is set up: the centre as the catalogue has it."""
        if code == CENTRE:
            rows = read_tsv("linli.offices", "departments.tsv")
            row = next(row for row in rows if row["code"] == CENTRE)
            return {name: row[name] for name in ("code", "name_zh", "name_en", "kind", "on_duty")}
        names = next(
            (row for value, row in self.mapping.offices.items() if self._code(value) == code), {}
        )
        return {
            "code": code,
            "name_zh": names.get("name_zh", code),
            "name_en": names.get("name_en", code),
            "kind": OfficeKind.OWN,
        }

    def _has_office(self, arrival: Arrival) -> bool:
        column = self.mapping.columns.get("office", "")
        if arrival.office and self._code(arrival.office) not in self.offices:
            sentence = _("There is no office “%(code)s”.") % {"code": self._code(arrival.office)}
            self.refuse(Fault(arrival.row, column, sentence))
        elif arrival.state == State.HANDLING and not arrival.office:
            sentence = _("An open matter needs the office that handles it.")
            self.refuse(Fault(arrival.row, column, sentence))
        elif not arrival.ending and CENTRE not in self.offices:
            sentence = _("The town has no governance centre yet. Run seed-offices first.")
            self.refuse(Fault(arrival.row, "", sentence))
        else:
            return True
        return False

    def _draft(self, arrival: Arrival) -> Draft:
        promise = self.promises[arrival.category]
        day = timezone.localtime(arrival.reported_at)
        return Draft(
            key=ids.uuid7(arrival.reported_at),
            number=f"{day:%y%m%d}-{ids.spell(secrets.token_bytes(6), TAIL)}",
            title=arrival.title or promise.category.name_zh,
            promise=promise,
            urgency=self.mapping.urgency or promise.urgency,
            office=self.offices[self._code(arrival.office)] if arrival.office else None,
            promised_at=arrival.promised_at,
            arrival=arrival,
        )

    def _owe(self, drafts: list[Draft]) -> Iterator[tuple[Draft, Duty]]:
        """Open the duty that each open matter arrives with."""
        openings = [self._opening(draft) for draft in drafts]
        return zip(drafts, open_many(openings, actor=self.actor), strict=True)

    def _opening(self, draft: Draft) -> Opening:
        arrival = draft.arrival
        matter = Matter(CASE, draft.key, self.actor.township, draft.number, draft.title)
        due, limit, office, step = None, "", self.offices.get(CENTRE), Step.HANDLE
        if arrival.state == State.HANDLING:
            office = draft.office
            if arrival.promised_at and arrival.promised_at > arrival.reported_at:
                due = arrival.promised_at
            else:
                limit = draft.promise.dispose
        else:
            step = Step.REGISTER if arrival.state == State.REPORTED else Step.DISPATCH
            limit = stage_limit(step, draft.urgency)
        if office is None:
            raise ValueError(draft)  # `_has_office` lets no such row through
        return Opening(
            matter=matter,
            step=step,
            office=office,
            limit=limit,
            due_at=due,
            started_at=arrival.reported_at,
            urgency=draft.urgency,
        )

    def _places(self, arrivals: Sequence[Arrival]) -> list[Located]:
        """Locate a batch; of several grids the one is taken which the list itself names."""
        points = [arrival.point or (math.nan, math.nan) for arrival in arrivals]
        lngs, lats = zip(*points, strict=True)
        found = locate_many(self.actor.township, lngs, lats)
        shared = {key for areas in found.several.values() for key in areas}
        named = {area.code: area.pk for area in Area.objects.filter(pk__in=shared)}
        return [
            place._replace(grid=named[arrival.area])
            if place.several and named.get(arrival.area) in place.several
            else place
            for arrival, place in zip(arrivals, found, strict=True)
        ]
