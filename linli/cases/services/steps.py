"""The duties that a case opens, and what ends them."""

from datetime import datetime, timedelta

from linli.cases.choices import Ending, Step
from linli.cases.models.case import Case
from linli.cases.queries.catalogue import get_promise
from linli.cases.workflow import stage_limit
from linli.duties.models import Duty
from linli.duties.queries import owed as duty_queries
from linli.duties.rules.openings import Opening
from linli.duties.services import moves as duties
from linli.kit import clock
from linli.offices.models import Actor
from linli.offices.queries import get_centre

_STAGE_OF_STEP = {
    Step.REGISTER: "register",
    Step.DISPATCH: "dispatch",
    Step.MEETING: "joint_meeting",
    Step.VERIFY: "verify",
    Step.OBJECTION: "verify",
}


def open_step(case: Case, step: Step, *, actor: Actor, limit: str = "") -> Duty:
    """Open a duty of the centre, with the limit of its stage where none is given."""
    limit = limit or stage_limit(_STAGE_OF_STEP[step], case.urgency)
    centre = get_centre(case.township).pk
    return duties.open_duty(
        case.matter, step=step, office=centre, limit=limit, actor=actor, urgency=case.urgency
    )


def begin_clock(case: Case, first: Duty) -> None:
    """Let a new case show when its first duty is due."""
    case.due_at, case.yellow_at = first.due_at, first.yellow_at


def opening(case: Case, step: Step, limit: str) -> Opening:
    """Return what the lead office is to owe on a step from now on."""
    if case.lead_office_id is None:
        raise ValueError(f"{case} has no office that could owe {step}")
    return Opening(
        matter=case.matter,
        step=step,
        office=case.lead_office_id,
        limit=limit,
        started_at=clock.now(),
        urgency=case.urgency,
        basis=case.category_id,
    )


def promise(case: Case, due_at: datetime | None) -> None:
    """Tell the reporter until when; a second office does not move the first promise.

    What the offices' clock runs longer than the promise is kept as the lag, so that pauses and
    extensions move both alike.
    """
    case.promised_at = due_at - case.promise_lag if due_at else None


def promise_again(case: Case, due_at: datetime) -> None:
    """Keep the promise that the reporter has, though another office begins now."""
    if case.promised_at is not None:
        case.promise_lag = max(due_at - case.promised_at, timedelta())
    promise(case, due_at)


def relimit(case: Case, *, actor: Actor) -> None:
    """Give the running duties of a case the limits of its present category and urgency."""
    terms = get_promise(case.township, case.category, case.urgency)
    limits = {
        Step.HANDLE: terms.dispose,
        Step.RESPOND: terms.respond,
        Step.SIGN: stage_limit("handle", case.urgency, "sign_within"),
    }
    for duty in duty_queries.running(case.matter):
        stage = _STAGE_OF_STEP.get(Step(duty.step))
        limit = stage_limit(stage, case.urgency) if stage else limits.get(Step(duty.step))
        if limit and (limit != duty.limit or case.urgency != duty.urgency):
            changed = duties.relimit_duty(
                case.matter, duty.step, limit, actor=actor, reason="classify", urgency=case.urgency
            )
            if duty.step == Step.HANDLE:
                promise(case, changed.due_at)


def end(case: Case, ending: Ending, *, actor: Actor) -> None:
    """Give a case its ending and let go of every duty that is left."""
    case.ending = ending
    case.answered_at = case.answered_at or clock.now()
    duties.cancel_all(case.matter, actor=actor, reason=ending)
