"""What a case does when its clock moves without one of its own verbs."""

from django.db import transaction

from linli.cases.choices import CASE, State, Step
from linli.cases.models.case import Case
from linli.cases.services.handling import resume
from linli.cases.services.steps import promise
from linli.duties.events import DutyEvent, PauseUsedUp
from linli.duties.queries.owed import next_due
from linli.offices.models import system


@transaction.atomic
def follow_clock(event: DutyEvent) -> None:
    """Copy a deadline that moved: the calendar was changed, or more time was granted."""
    if event.matter.kind != CASE:
        return
    case = Case.objects.get(pk=event.matter.key)
    case.due_at, case.yellow_at = next_due(event.matter)
    if event.step == Step.HANDLE:
        promise(case, event.due_at)
    case.save(update_fields=["due_at", "yellow_at", "promised_at"])


def end_pause(event: PauseUsedUp) -> None:
    """Let a case go on whose pauses are used up."""
    paused = event.matter.kind == CASE and event.step == Step.HANDLE
    if paused and Case.objects.filter(pk=event.matter.key, state=State.PAUSED).exists():
        resume(event.matter.key, actor=system(event.matter.township))
