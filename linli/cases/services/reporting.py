"""Verbs of the reporter, who holds number and code: add, urge, rate, object, withdraw, erase."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.choices import Ending, State, Step
from linli.cases.models.case import Case
from linli.cases.models.story import Entry, Objection
from linli.cases.rules.exclusions import refuse_excluded
from linli.cases.services.handling import let_clock_run
from linli.cases.services.keeping import wipe
from linli.cases.services.moving import begin, finish
from linli.cases.services.steps import end, open_step
from linli.duties.choices import PauseReason
from linli.duties.services import moves as duties
from linli.kit import clock
from linli.kit.errors import Refused
from linli.offices.models import Actor

URGE_AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def add(key: UUID, *, actor: Actor, seen: int | None = None, said: str) -> Case:
    """Add something; a report that waited for it goes on, a pause that waited for it ends."""
    refuse_excluded(said)
    case = begin("add", key, actor, seen)
    if case.state == State.RETURNED:
        duties.cancel_duty(case.matter, Step.RETURNED, actor=actor, reason="add")
        duties.revive_duty(case.matter, Step.REGISTER, actor=actor)
    finish(case, "add", actor, said=said)
    if case.state == State.PAUSED and _waits_for_reporter(case):
        let_clock_run(case, actor=actor)
        finish(case, "resume", actor)
    return case


def _waits_for_reporter(case: Case) -> bool:
    paused = Entry.objects.filter(case=case, verb="pause").order_by("-id").first()
    return paused is not None and paused.facts.get("reason") == PauseReason.REPORTER


@transaction.atomic
def urge(key: UUID, *, actor: Actor, seen: int | None = None, said: str = "") -> Case:
    """Urge, once a day: the office and the centre hear of it."""
    refuse_excluded(said)
    case = begin("urge", key, actor, seen)
    recent = Entry.objects.filter(case=case, verb="urge", at__gt=clock.now() - URGE_AGAIN_AFTER)
    if recent.exists():
        raise Refused(
            _("You urged within the last day; it was passed on. You can urge again tomorrow.")
        )
    case.urged += 1
    return finish(case, "urge", actor, said=said)


@transaction.atomic
def rate(key: UUID, *, actor: Actor, seen: int | None = None, score: int, said: str = "") -> Case:
    """Rate how it was handled; a later rating replaces the earlier one."""
    refuse_excluded(said)
    case = begin("rate", key, actor, seen)
    case.score = score
    return finish(case, "rate", actor, said=said, score=score)


@transaction.atomic
def object_(key: UUID, *, actor: Actor, seen: int | None = None, said: str) -> Case:
    """Say within seven days that it is not solved; somebody who did not handle it decides."""
    refuse_excluded(said)
    case = begin("object", key, actor, seen)
    Objection.objects.create(case=case, township=case.township, reason=said, made_at=clock.now())
    case.objected = True
    open_step(case, Step.OBJECTION, actor=actor)
    return finish(case, "object", actor, said=said)


@transaction.atomic
def withdraw(key: UUID, *, actor: Actor, seen: int | None = None, said: str = "") -> Case:
    """Withdraw the report; if others reported the same, it goes on for them."""
    refuse_excluded(said)
    case = begin("withdraw", key, actor, seen)
    if case.merged.exists():
        raise Refused(_("Others reported the same, so it goes on. You can erase your own data."))
    end(case, Ending.WITHDRAWN, actor=actor)
    return finish(case, "withdraw", actor, said=said)


@transaction.atomic
def erase(key: UUID, *, actor: Actor, seen: int | None = None) -> Case:
    """Erase contact, words and files of the reporter; what the offices owe and did stays."""
    case = begin("erase", key, actor, seen)
    wipe(case, actor=actor)
    return finish(case, "erase", actor)


@transaction.atomic
def renew_code(key: UUID, *, actor: Actor, seen: int | None = None) -> Case:
    """Give the report a new look-up code: the old one, perhaps seen by others, opens nothing."""
    case = begin("renew_code", key, actor, seen)
    case.code_round += 1
    return finish(case, "renew_code", actor)
