"""Verbs of the office that handles: sign, respond, pause, extend, reply."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.cases.choices import Channel, Ending, State, Step, Urgency
from linli.cases.models.case import Case, Dispatch
from linli.cases.services.draws import draws
from linli.cases.services.moving import begin, finish
from linli.cases.services.steps import end, open_step, promise
from linli.duties.queries.calendars import get_calendar
from linli.duties.queries.owed import asked_extension, running
from linli.duties.services import extensions
from linli.duties.services import moves as duties
from linli.kit import clock
from linli.kit.errors import Invalid, Refused
from linli.offices.choices import GRID_ROLES
from linli.offices.models import Actor

LONGEST_WAIT = timedelta(days=366)


@transaction.atomic
def settle(key: UUID, *, actor: Actor, seen: int | None = None, before: str, after: str) -> Case:
    """Handle a small thing on the spot (就地处置): what was found and done; it may be drawn."""
    case = begin("settle", key, actor, seen)
    if actor.role.code in GRID_ROLES:
        _check_small(case)
    case.channel = case.channel or Channel.GRID
    end(case, Ending.ON_SPOT, actor=actor)
    case.drawn = draws(case)
    if case.drawn:
        open_step(case, Step.VERIFY, actor=actor)
    said = _("Found: %(before)s\nDone: %(after)s") % {"before": before, "after": after}
    return finish(case, "settle_drawn" if case.drawn else "settle", actor, said=said)


def _check_small(case: Case) -> None:
    """Refuse what one grid worker cannot settle: danger, and what others must close."""
    if case.urgency == Urgency.P1:
        raise Refused(_("Danger is not settled by one person. Keep people away, call the centre."))
    if case.category.close_level != "village":
        raise Refused(_("This must be closed by an office. Report it, and the centre sends it on."))


@transaction.atomic
def sign(key: UUID, *, actor: Actor, seen: int | None = None) -> Case:
    """Sign for a case (签收): this office takes it."""
    case = begin("sign", key, actor, seen)
    case.signed_at = clock.now()
    Dispatch.objects.filter(case=case, leads=True, ended_at__isnull=True).update(
        signed_at=case.signed_at
    )
    duties.meet_duty(case.matter, Step.SIGN, actor=actor)
    return finish(case, "sign", actor)


@transaction.atomic
def contact(
    key: UUID, *, actor: Actor, seen: int | None = None, method: str, said: str = ""
) -> Case:
    """Record the first response: a call, a message, or having been at the place."""
    case = begin("contact", key, actor, seen)
    case.contacted_at = case.contacted_at or clock.now()
    duties.meet_duty(case.matter, Step.RESPOND, actor=actor)
    return finish(case, "contact", actor, said=said, method=method)


@transaction.atomic
def assist(key: UUID, *, actor: Actor, seen: int | None = None, note: str) -> Case:
    """A supporting office says what it did; its part ends."""
    case = begin("assist", key, actor, seen)
    now = clock.now()
    rows = Dispatch.objects.filter(
        case=case, office=actor.office, leads=False, ended_at__isnull=True
    )
    rows.update(ended_at=now, end="done", signed_at=now)
    duties.meet_duty(case.matter, Step.SUPPORT, actor=actor, office=actor.office)
    return finish(case, "assist", actor, note=note, public=False)


@transaction.atomic
def pause(key: UUID, *, actor: Actor, seen: int | None = None, reason: str, said: str) -> Case:
    """Stop the clock for a reason that the reporter sees; never longer than the limit itself."""
    case = begin("pause", key, actor, seen)
    duties.pause_duty(case.matter, Step.HANDLE, actor=actor, reason=reason, note=said)
    case.promised_at = None
    return finish(case, "pause", actor, said=said, reason=reason)


@transaction.atomic
def resume(key: UUID, *, actor: Actor, seen: int | None = None, said: str = "") -> Case:
    """Let the clock run again; the promised time moves by as long as it stood still."""
    case = begin("resume", key, actor, seen)
    let_clock_run(case, actor=actor)
    return finish(case, "resume", actor, said=said)


def let_clock_run(case: Case, *, actor: Actor) -> None:
    """End the pause of the handling; the promised time is there again."""
    duties.resume_duty(case.matter, Step.HANDLE, actor=actor)
    handling = next(duty for duty in running(case.matter) if duty.step == Step.HANDLE)
    promise(case, handling.due_at)


@transaction.atomic
def ask_extension(
    key: UUID, *, actor: Actor, seen: int | None = None, limit: str, reason: str
) -> Case:
    """Ask for more time; the head of the office grants the first, the leader on duty the second."""
    case = begin("ask_extension", key, actor, seen)
    extensions.ask_extension(case.matter, Step.HANDLE, actor=actor, limit=limit, reason=reason)
    return finish(case, "ask_extension", actor, note=reason, public=False, limit=limit)


@transaction.atomic
def grant_extension(key: UUID, *, actor: Actor, seen: int | None = None, said: str) -> Case:
    """Grant the extension that was asked for; the reporter is told why and until when."""
    case = begin("grant_extension", key, actor, seen)
    duty = extensions.grant_extension(asked(case), actor=actor)
    promise(case, duty.due_at)
    case.extensions += 1
    return finish(case, "grant_extension", actor, said=said, number=case.extensions)


@transaction.atomic
def refuse_extension(key: UUID, *, actor: Actor, seen: int | None = None, note: str) -> Case:
    """Refuse the extension that was asked for; the clock stays."""
    case = begin("refuse_extension", key, actor, seen)
    extensions.refuse_extension(asked(case), actor=actor)
    return finish(case, "refuse_extension", actor, note=note, public=False)


def asked(case: Case) -> UUID:
    """Return the key of the extension that waits for a decision; Refused where none does."""
    extension = asked_extension(case.matter)
    if extension is None:
        raise Refused(_("No extension is waiting for a decision."))
    return extension.pk


@dataclass(frozen=True)
class Answer:
    """What an office answers.

    Args:
        outcome: one of choices.OUTCOMES.
        said: the answer in plain words, for the reporter.
        evidence: what shows it, for the verifier (or the files on the case).
        next_on: for «cannot be solved now», the day of the next answer.
    """

    outcome: str
    said: str
    evidence: str = ""
    next_on: date | None = None

    def next_day(self) -> date | None:
        """Return the day of the next answer; Invalid where one is needed and absent or past."""
        if self.outcome != Ending.CANNOT_NOW:
            return None
        today = timezone.localdate(clock.now())
        if self.next_on is None or self.next_on <= today:
            raise Invalid({"next_on": [_("Say on which day the reporter gets the next answer.")]})
        if self.next_on > today + LONGEST_WAIT:
            raise Invalid({"next_on": [_("The next answer comes within a year.")]})
        return self.next_on


@transaction.atomic
def reply(key: UUID, *, actor: Actor, seen: int | None = None, answer: Answer) -> Case:
    """Answer (反馈) with one of six honest outcomes; then the draw decides on a check."""
    case = begin("reply", key, actor, seen)
    if case.parts.exclude(state=State.CLOSED).exists():
        raise Refused(_("Parts of this case are still open. Answer when they are closed."))
    case.ending, case.next_answer_on = Ending(answer.outcome), answer.next_day()
    case.answered_at = clock.now()
    case.contacted_at = case.contacted_at or case.answered_at
    for step in (Step.RESPOND, Step.HANDLE):
        duties.meet_duty(case.matter, step, actor=actor)
    duties.cancel_steps(case.matter, [Step.SUPPORT], actor=actor, reason="answered")
    case.drawn = draws(case)
    if case.drawn:
        open_step(case, Step.VERIFY, actor=actor)
    else:
        promise_next_answer(case, actor=actor)
    way = "reply_drawn" if case.drawn else "reply"
    return finish(case, way, actor, said=answer.said, note=answer.evidence, outcome=answer.outcome)


def promise_next_answer(case: Case, *, actor: Actor) -> None:
    """Open the duty to answer again on the day that was named."""
    if case.next_answer_on is None or case.lead_office_id is None:
        return
    duties.open_duty(
        case.matter,
        step=Step.ANSWER_AGAIN,
        office=case.lead_office_id,
        due_at=get_calendar(case.township).closing(case.next_answer_on),
        actor=actor,
        urgency=case.urgency,
    )


@transaction.atomic
def answer_again(key: UUID, *, actor: Actor, seen: int | None = None, answer: Answer) -> Case:
    """Answer on the named day: solved by now (and checked as any answer), or when next."""
    case = begin("answer_again", key, actor, seen)
    duties.meet_duty(case.matter, Step.ANSWER_AGAIN, actor=actor)
    case.ending, case.next_answer_on = Ending(answer.outcome), answer.next_day()
    drawn = case.ending != Ending.CANNOT_NOW and draws(case)
    if drawn:
        case.drawn, case.closed_at = True, None
        open_step(case, Step.VERIFY, actor=actor)
    else:
        case.closed_at = clock.now()
        promise_next_answer(case, actor=actor)
    return finish(
        case,
        "answer_again_drawn" if drawn else "answer_again",
        actor,
        said=answer.said,
        note=answer.evidence,
        outcome=answer.outcome,
    )
