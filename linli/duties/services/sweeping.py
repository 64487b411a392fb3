"""The sweep: every minute it sounds the alarms that are due and ends pauses that are used up."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.audit.services import record
from linli.duties.choices import Alarm, DutyState
from linli.duties.events import DutyEvent, DutyLate, DutyReminded, DutyYellow, PauseUsedUp
from linli.duties.models import Duty
from linli.duties.queries.calendars import get_calendar
from linli.duties.rules import access
from linli.duties.rules.deadlines import ringing
from linli.duties.services import supervision
from linli.duties.services.parts import publish_about, run_again
from linli.kit import clock
from linli.offices.models import Actor, system

log = logging.getLogger(__name__)

BATCH = 2000  # the rest waits for the next minute
_EVENTS: dict[Alarm, type[DutyEvent]] = {
    Alarm.REMIND: DutyReminded,
    Alarm.YELLOW: DutyYellow,
    Alarm.RED: DutyLate,
}


def sweep(now: datetime) -> int:
    """Sound every alarm that is due at `now`; returns for how many duties.

    One duty is one transaction: an alarm and the setting of the next are kept together, so the
    sweep may be repeated and killed. A duty whose alarm fails holds up no other; its error is
    raised last.
    """
    ringing_now = Duty.objects.filter(alarm_at__lte=now).order_by("alarm_at", "pk")
    done, errors = 0, list[Exception]()
    for key in list(ringing_now.values_list("pk", flat=True)[:BATCH]):
        try:
            with clock.at(now):
                done += _ring(key, now)
        except Exception as error:
            log.exception("the alarm of duty %s failed", key)
            errors.append(error)
    if errors:
        raise ExceptionGroup("alarms of duties failed", errors)
    return done


@transaction.atomic
def _ring(key: UUID, now: datetime) -> bool:
    ringing_now = Duty.objects.filter(pk=key, alarm_at__lte=now)
    access.lock_matters(list(ringing_now))
    duty = ringing_now.select_for_update().first()
    if duty is None:
        return False
    actor = system(duty.township)
    if duty.state == DutyState.PAUSED:
        run_again(duty, now)
        record("duty.pause_used_up", duty.matter.subject, actor=actor, **duty.facts)
        publish_about(PauseUsedUp, duty)
        return True
    alarms = ringing(duty, now, get_calendar(duty.township))
    duty.late = duty.late or Alarm.RED in alarms
    duty.save(update_fields=["late", "alarm", "alarm_at"])
    told = duty.escalations.filter(round=duty.round).values_list("kind", flat=True)
    for alarm in [one for one in alarms if one not in set(told)]:
        _sound(duty, alarm, actor)
    return True


def _sound(duty: Duty, alarm: Alarm, actor: Actor) -> None:
    if alarm == Alarm.ORDER:
        if not supervision.open_order(duty):
            supervision.put_order(
                duty, _("Say in writing why this is late and when it is done."), actor
            )
    elif alarm == Alarm.HANG:
        if not supervision.open_hang(duty):
            supervision.put_hang(duty, _("Done, and the result verified."), actor)
    else:
        supervision.escalate(duty, alarm, actor)
        publish_about(_EVENTS[alarm], duty)
