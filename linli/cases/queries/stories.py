"""What a page tells of one case: to whoever reported it, and to the desk."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from linli.cases.choices import Ending, Stage, State, Step
from linli.cases.models.case import Case, Dispatch
from linli.cases.models.catalogue import Category
from linli.cases.models.story import Entry, Objection, Verification
from linli.cases.queries.cases import as_reporter, get_case, get_reporter, list_story
from linli.duties.models import Duty
from linli.duties.queries import owed
from linli.kit.errors import Unseen
from linli.offices.models import Actor

_WORKING = {State.HANDLING, State.PAUSED, State.MEETING, State.RETURNED}
_NOT_ANSWERED = {Ending.WITHDRAWN, Ending.EXCLUDED, Ending.MERGED}


def get_followed(number: str, code_round: int) -> tuple[Case, Actor]:
    """Return the case with this number and its reporter, while the code of that round holds."""
    found = Case.objects.filter(number=number, code_round=code_round).first()
    if found is None:
        raise Unseen
    actor = as_reporter(found)
    return get_case(actor, found.pk), actor


def get_numbered(number: str) -> Case:
    """Return the case with exactly this number, for the receipt of whoever just reported it."""
    found = Case.objects.select_related("category", "village").filter(number=number).first()
    if found is None:
        raise Unseen
    return found


@dataclass(frozen=True)
class Mark:
    """One of the seven steps as its bar shows it: done, now, waiting or skipped."""

    label: str
    how: str


def list_marks(case: Case) -> list[Mark]:
    """Return the seven steps of a case; what never happened is said to be skipped, not done."""
    answered = case.is_closed and case.ending not in _NOT_ANSWERED
    happened = {
        Stage.COLLECT: True,
        Stage.REGISTER: case.registered_at is not None,
        Stage.DISPATCH: case.dispatched_at is not None,
        Stage.HANDLE: case.signed_at is not None or case.ending == Ending.ON_SPOT,
        Stage.FEEDBACK: answered or case.state == State.VERIFYING,
        Stage.VERIFY: answered and bool(case.drawn),
        Stage.EVALUATE: case.score is not None,
    }
    steps = list(Stage)
    here = steps.index(Stage(case.stage))
    return [
        Mark(str(step.label), _how(case, place - here, happened=happened[step]))
        for place, step in enumerate(steps)
    ]


def _how(case: Case, ahead: int, *, happened: bool) -> str:
    if ahead == 0 and case.state in _WORKING:
        return "now"
    if ahead > 0:
        return "done" if happened and case.is_closed else "waiting"
    return "done" if happened else "skipped"


def list_clocks(case: Case) -> list[Duty]:
    """Return the handling of a case as a duty, with the pauses and extensions that moved it."""
    return [duty for duty in owed.list_for(case.matter) if duty.step == Step.HANDLE]


def list_steps_of_other(case: Case) -> list[Entry]:
    """Return what was done on the case that goes on, without the words of its reporter."""
    entries = Entry.objects.filter(case=case, public=True, by_reporter=False)
    return list(entries.exclude(verb="report").select_related("office"))


def whole_story(actor: Actor, case: Case) -> dict[str, Any]:
    """Return what stands beside a case on its page: duties, dispatches, objections, relatives."""
    return {
        "duties": owed.list_for(case.matter),
        "dispatches": list(Dispatch.objects.filter(case=case).select_related("office")),
        "objections": list(Objection.objects.filter(case=case).order_by("pk")),
        "verifications": list(
            Verification.objects.filter(case=case).select_related("post__account").order_by("pk")
        ),
        "relatives": _relatives(actor, case),
    }


def spell_codes(entries: list[Entry], dispatches: list[Dispatch]) -> dict[str, str]:
    """Return the names of the offices and categories whose codes stand in the facts of a story."""
    told = (entry.facts.get("category", []) for entry in entries)
    codes = {code for one in told for code in ([one] if isinstance(one, str) else one)}
    names = {one.office.code: one.office.name for one in dispatches}
    return names | {one.pk: one.name for one in Category.objects.filter(pk__in=codes)}


def _relatives(actor: Actor, case: Case) -> list[tuple[str, Case]]:
    related = Q(parent=case) | Q(merged_into=case) | Q(pk__in=[case.parent_id, case.merged_into_id])
    rows = Case.objects.visible_to(actor).filter(related).order_by("pk")
    return [(_relation(case, other), other) for other in rows]


def _relation(case: Case, other: Case) -> str:
    if other.pk == case.parent_id:
        return "parent"
    if other.pk == case.merged_into_id:
        return "into"
    return "part" if other.parent_id == case.pk else "merged"


def export_case(actor: Actor, key: UUID) -> dict[str, Any]:
    """Return all that is kept about whoever reported a case, for the person who asks for it."""
    case = Case.objects.filter(pk=key, township=actor.township).select_related("category").first()
    if case is None:
        raise Unseen
    reporter = get_reporter(case)
    names = ("name", "phone", "email")
    return {
        "number": case.number,
        "category": case.category.name,
        "reported_at": case.reported_at.isoformat(),
        "text": case.text,
        "address": case.address,
        "place": [case.lng, case.lat],
        "contact": {name: getattr(reporter, name).open() for name in names} if reporter else {},
        "story": [
            {"at": entry.at.isoformat(), "what": entry.verb, "said": entry.said}
            for entry in list_story(case, public=True)
        ],
    }
