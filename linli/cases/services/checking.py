"""Verbs after the answer: verify, close, send back, decide objections, take up again."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.choices import Step
from linli.cases.models.case import Case
from linli.cases.models.story import Objection, Verification
from linli.cases.queries.catalogue import get_promise
from linli.cases.services.handling import promise_next_answer
from linli.cases.services.moving import begin, finish
from linli.cases.services.steps import open_step, opening, promise
from linli.duties.models import Duty
from linli.duties.queries.owed import was_owed
from linli.duties.services import moves as duties
from linli.kit import clock
from linli.kit.errors import Refused
from linli.offices.models import Actor


@transaction.atomic
def check_site(key: UUID, *, actor: Actor, seen: int | None = None, note: str) -> Case:
    """Look at the place for the verifier; the case stays where it is."""
    case = begin("check_site", key, actor, seen)
    return finish(case, "check_site", actor, note=note, public=False)


@transaction.atomic
def close(
    key: UUID,
    *,
    actor: Actor,
    seen: int | None = None,
    method: str,
    reached: bool = False,
    note: str = "",
) -> Case:
    """Close a case (核查结案): somebody who did not handle it found that the answer is true.

    Args:
        method: how it was verified: site, phone, photo.
        reached: whether the reporter was reached and confirmed.
        note: what was found, for colleagues.
    """
    case = begin("close", key, actor, seen)
    _verified(case, actor, method=method, confirmed=True, reached=reached)
    duties.meet_duty(case.matter, Step.VERIFY, actor=actor)
    promise_next_answer(case, actor=actor)
    return finish(case, "close", actor, note=note, method=method)


@transaction.atomic
def rework(
    key: UUID,
    *,
    actor: Actor,
    seen: int | None = None,
    method: str,
    reached: bool = False,
    said: str,
) -> Case:
    """Send back what is not done (退回返工): the office's clock goes on from where it stood."""
    case = begin("rework", key, actor, seen)
    _verified(case, actor, method=method, confirmed=False, reached=reached)
    duties.meet_duty(case.matter, Step.VERIFY, actor=actor)
    case.reworks += 1
    way = _take_up(case, "rework", actor)
    return finish(case, way, actor, said=said, method=method)


def _verified(case: Case, actor: Actor, *, method: str, confirmed: bool, reached: bool) -> None:
    Verification.objects.create(
        case=case,
        township=case.township,
        claimed=case.ending,
        method=method,
        confirmed=confirmed,
        reached=reached,
        post_id=actor.post,
        at=clock.now(),
    )


def _take_up(case: Case, verb: str, actor: Actor) -> str:
    """Give the case back to its office with its clock, or to the dispatcher if it had none."""
    case.ending, case.closed_at, case.next_answer_on, case.drawn = "", None, None, None
    case.merged_into = None
    duties.cancel_duty(case.matter, Step.ANSWER_AGAIN, actor=actor, reason=verb)
    if case.lead_office_id is None:
        case.answered_at = None
        open_step(case, Step.DISPATCH, actor=actor)
        return f"{verb}_unhandled"
    promise(case, _handle_again(case, actor).due_at)
    return verb


def _handle_again(case: Case, actor: Actor) -> Duty:
    """Let the handling go on with its clock; an imported case never had one and gets a new one."""
    if was_owed(case.matter, Step.HANDLE):
        return duties.revive_duty(case.matter, Step.HANDLE, actor=actor)
    terms = get_promise(case.township, case.category, case.urgency)
    (opened,) = duties.open_many([opening(case, Step.HANDLE, terms.dispose)], actor=actor)
    return opened


@transaction.atomic
def uphold(key: UUID, *, actor: Actor, seen: int | None = None, said: str) -> Case:
    """Uphold the reporter's objection: the case is taken up again and keeps its clock."""
    case = begin("uphold", key, actor, seen)
    _decide(case, upheld=True, answer=said)
    duties.meet_duty(case.matter, Step.OBJECTION, actor=actor)
    case.reopenings += 1
    return finish(case, _take_up(case, "uphold", actor), actor, said=said)


@transaction.atomic
def dismiss(key: UUID, *, actor: Actor, seen: int | None = None, said: str) -> Case:
    """Dismiss the reporter's objection, with reasons and with where to go next."""
    case = begin("dismiss", key, actor, seen)
    _decide(case, upheld=False, answer=said)
    duties.meet_duty(case.matter, Step.OBJECTION, actor=actor)
    return finish(case, "dismiss", actor, said=said)


def _decide(case: Case, *, upheld: bool, answer: str) -> None:
    objection = Objection.objects.filter(case=case, decided_at__isnull=True).first()
    if objection is None:
        raise Refused(_("No objection is waiting for a decision."))
    objection.decided_at, objection.upheld, objection.answer = clock.now(), upheld, answer
    objection.save(update_fields=["decided_at", "upheld", "answer"])
    case.objected = False


@transaction.atomic
def reopen(key: UUID, *, actor: Actor, seen: int | None = None, said: str) -> Case:
    """Take a closed case up again on the centre's own account; it keeps its clock."""
    case = begin("reopen", key, actor, seen)
    case.reopenings += 1
    return finish(case, _take_up(case, "reopen", actor), actor, said=said)
