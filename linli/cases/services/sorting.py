"""Verbs of the intake desk: register, ask back, correct, answer, refer, merge, divide."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.choices import Ending, State, Step, Urgency
from linli.cases.models.case import Case
from linli.cases.models.story import Objection
from linli.cases.queries import cases
from linli.cases.queries.catalogue import get_category, get_promise
from linli.cases.rules.exclusions import exclusions
from linli.cases.services.intake import fresh_number
from linli.cases.services.keeping import wipe
from linli.cases.services.moving import Words, begin, finish, tell_story
from linli.cases.services.steps import begin_clock, end, open_step, relimit
from linli.cases.workflow import TERMS
from linli.duties.services import moves as duties
from linli.kit import clock, ids
from linli.kit.errors import Invalid, Refused
from linli.kit.text import first_words
from linli.offices.models import Actor

_PLACE_COLUMNS = (
    "lng",
    "lat",
    "source_crs",
    "tile_x",
    "tile_y",
    "precision",
    "address",
    "grid_id",
    "village_id",
)


@transaction.atomic
def register(
    key: UUID,
    *,
    actor: Actor,
    seen: int | None = None,
    category: str = "",
    urgency: str = "",
    note: str = "",
) -> Case:
    """Register a report (立案): checked, of the right kind, ready to be dispatched."""
    case = begin("register", key, actor, seen)
    facts = _reclassify(case, category, urgency)
    case.registered_at = clock.now()
    for step in (Step.REGISTER, Step.RETURNED):
        duties.meet_duty(case.matter, step, actor=actor)
    open_step(case, Step.DISPATCH, actor=actor)
    return finish(case, "register", actor, note=note, **facts)


@transaction.atomic
def send_back(key: UUID, *, actor: Actor, seen: int | None = None, said: str) -> Case:
    """Ask the reporter once for what is missing (退补一次); without an answer the desk decides."""
    case = begin("send_back", key, actor, seen)
    if TERMS.send_back_once and case.send_backs:
        raise Refused(
            _("The reporter was already asked once. Register the report, answer it or refer it.")
        )
    case.send_backs += 1
    duties.meet_duty(case.matter, Step.REGISTER, actor=actor)
    open_step(case, Step.RETURNED, actor=actor, limit=f"{TERMS.answer_days}d")
    return finish(case, "send_back", actor, said=said)


@transaction.atomic
def classify(
    key: UUID,
    *,
    actor: Actor,
    seen: int | None = None,
    category: str = "",
    urgency: str = "",
    reason: str,
) -> Case:
    """Correct category or urgency, with the reason; limits follow, starts stay."""
    case = begin("classify", key, actor, seen)
    facts = _reclassify(case, category, urgency)
    if not facts:
        raise Invalid({"category": [_("Choose another category or another urgency.")]})
    relimit(case, actor=actor)
    return finish(case, "classify", actor, said=reason, **facts)


def _reclassify(case: Case, category: str, urgency: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if category and category != case.category_id:
        facts["category"] = [case.category_id, category]
        case.category = get_category(category, "staff")
        promise = get_promise(case.township, case.category)
        case.publicity = promise.publicity
        urgency = urgency or promise.urgency
    if urgency and urgency != case.urgency:
        facts["urgency"] = [case.urgency, urgency]
        case.urgency = Urgency(urgency)
    return facts


@transaction.atomic
def answer(key: UUID, *, actor: Actor, seen: int | None = None, said: str) -> Case:
    """Answer at once (咨询即答): the question needs no handling."""
    case = begin("answer", key, actor, seen)
    duties.meet_duty(case.matter, Step.REGISTER, actor=actor)
    end(case, Ending.ANSWERED, actor=actor)
    return finish(case, "answer", actor, said=said)


@transaction.atomic
def refer(key: UUID, *, actor: Actor, seen: int | None = None, refer_to: str, said: str) -> Case:
    """Refer out: say where the matter belongs, why, and how to go there."""
    case = begin("refer", key, actor, seen)
    duties.meet_duty(case.matter, Step.REGISTER, actor=actor)
    end(case, Ending.REFERRED, actor=actor)
    return finish(case, "refer", actor, said=f"{said}\n→ {refer_to}", refer_to=refer_to)


@transaction.atomic
def exclude(key: UUID, *, actor: Actor, seen: int | None = None, rule: str) -> Case:
    """Let go of what is never kept: all that was written is erased; a closed case stays counted."""
    case = begin("exclude", key, actor, seen)
    _refuse_with_followers(case)
    if not case.is_closed:
        end(case, Ending.EXCLUDED, actor=actor)
    elif case.objected:
        _drop_objection(case, actor)
    wipe(case, actor=actor, of_all=True)
    said = next(one.tell for one in exclusions() if one.code == rule)
    return finish(case, "exclude", actor, said=said, rule=rule)


def _drop_objection(case: Case, actor: Actor) -> None:
    """Let go of the objection together with what it was about."""
    open_ones = Objection.objects.filter(case=case, decided_at__isnull=True)
    open_ones.update(decided_at=clock.now(), upheld=False)
    duties.cancel_duty(case.matter, Step.OBJECTION, actor=actor, reason="exclude")
    case.objected = False


def _refuse_with_followers(case: Case) -> None:
    if case.merged.exists():
        raise Refused(_("Other reports were merged into this one. Take those up again first."))


@transaction.atomic
def merge(key: UUID, *, actor: Actor, seen: int | None = None, into: str, note: str = "") -> Case:
    """Merge a duplicate into the report that goes on; both reporters follow that one."""
    target = next(iter(cases.by_number(actor, [into])), None)
    if target is None or target.pk == key:
        raise Invalid({"into": [_("There is no other report with this number.")]})
    cases.lock_cases([key, target.pk])
    case = begin("merge", key, actor, seen)
    target = cases.get_case(actor, target.pk, lock=True)
    if target.merged_into_id or target.is_closed:
        raise Invalid(
            {"into": [_("That report is closed or merged itself. Choose one that goes on.")]}
        )
    case.merged_into = target
    Case.objects.filter(merged_into=case).update(merged_into=target)
    end(case, Ending.MERGED, actor=actor)
    tell_story(
        target,
        "merged_in",
        actor,
        before=target.state,
        words=Words(),
        facts={"other": case.number},
    )
    return finish(case, "merge", actor, note=note, into=target.number)


@transaction.atomic
def split(key: UUID, *, actor: Actor, seen: int | None = None, category: str, text: str) -> Case:
    """Take a part out of a case: a registered case of its own, for its own office."""
    case = begin("split", key, actor, seen)
    if case.parent_id:
        raise Refused(_("This is itself a part. Divide the report that it is a part of."))
    now = clock.now()
    kind = get_category(category, "staff")
    promise = get_promise(case.township, kind)
    part = Case(
        id=ids.uuid7(now),
        township=case.township,
        number=fresh_number(now),
        category=kind,
        title=first_words(text, 60),
        text=text,
        urgency=promise.urgency,
        channel=case.channel,
        publicity=promise.publicity,
        state=State.REGISTERED,
        parent=case,
        reported_by_id=actor.post,
        reported_at=case.reported_at,
        registered_at=now,
        updated_at=now,
        **{name: getattr(case, name) for name in _PLACE_COLUMNS},
    )
    begin_clock(part, open_step(part, Step.DISPATCH, actor=actor))
    part.save(force_insert=True)
    tell_story(part, "register", actor, before="", words=Words(), facts={"part_of": case.number})
    return finish(case, "split", actor, part=part.number)


@transaction.atomic
def hide(key: UUID, *, actor: Actor, seen: int | None = None, note: str) -> Case:
    """Take a case off the public map."""
    case = begin("hide", key, actor, seen)
    case.hidden = True
    return finish(case, "hide", actor, note=note, public=False)


@transaction.atomic
def show(key: UUID, *, actor: Actor, seen: int | None = None, note: str = "") -> Case:
    """Let the public map show a case again, as its category allows."""
    case = begin("show", key, actor, seen)
    case.hidden = False
    return finish(case, "show", actor, note=note, public=False)
