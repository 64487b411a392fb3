"""Whatever happens to a matter in whatever order, no duty is lost and every clock is honest."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from linli.audit.queries import verify
from linli.duties.choices import DutyState
from linli.duties.models import Duty, Extension
from linli.duties.queries import calendars, owed
from linli.duties.rules.clocks import due, worked
from linli.duties.rules.deadlines import limit_of
from linli.duties.services import extensions, moves, supervision, sweeping
from linli.duties.services.calendars import edit_day
from linli.duties.tests.matters import THING, WEDNESDAY, WORKER
from linli.kit import clock
from linli.kit.errors import Refused
from linli.offices.tests.people import TOWN, make_actor, make_office

LIMITS = st.sampled_from(["30m", "24h", "4wh", "1wd", "5wd", "15d"])


class Story(RuleBasedStateMachine):
    """One step of one matter, and everybody who has a hand in it."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        calendars.forget_calendars()
        self.now = WEDNESDAY
        self.works, self.water = make_office("GOV-CJ"), make_office("GOV-SL", on_duty="24h")
        self.heads = [
            make_actor(f"{name}{number}", "R10", office)
            for number, office in enumerate((self.works, self.water))
            for name in ("li", "wang")
        ]
        self.zhao = make_actor("zhao", "R13")
        self.admin = make_actor("admin", "R22")
        self.duties = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        calendars.forget_calendars()

    def do(self, verb, *args, **kwargs):
        """Do it now; a refusal keeps nothing of it."""
        with clock.at(self.now):
            try:
                with transaction.atomic():
                    return verb(*args, **kwargs)
            except Refused:
                return None

    @rule(hours=st.integers(0, 90))
    def wait(self, hours):
        self.now += timedelta(hours=hours, minutes=7)

    @rule(limit=LIMITS)
    @precondition(lambda self: not self.live)
    def open(self, limit):
        opened = self.do(
            moves.open_duty,
            THING,
            step="handle",
            office=self.works.pk,
            limit=limit,
            actor=WORKER,
        )
        assert opened is not None

    @rule()
    @precondition(lambda self: self.running)
    def meet(self):
        met = self.do(moves.meet_duty, THING, "handle", actor=WORKER)
        assert met.late == (met.due_at < met.ended_at)

    @rule(reason=st.sampled_from(["reporter", "weather", "approval"]))
    @precondition(lambda self: self.running)
    def pause(self, reason):
        self.do(moves.pause_duty, THING, "handle", actor=WORKER, reason=reason)

    @rule()
    @precondition(lambda self: self.live and not self.running)
    def resume(self):
        assert self.do(moves.resume_duty, THING, "handle", actor=WORKER).due_at

    @rule()
    @precondition(lambda self: not self.live and self.duties)
    def reopen(self):
        used = self.used()
        revived = self.do(moves.revive_duty, THING, "handle", actor=WORKER)
        if revived is not None:
            assert self.used() == used

    @rule(number=st.integers(1, 5))
    @precondition(lambda self: self.running)
    def ask(self, number):
        duty = owed.running(THING)[0]
        asker = self.heads[0 if duty.office == self.works else 2]
        limit = f"{number}{limit_of(duty).unit}"
        self.do(extensions.ask_extension, THING, "handle", actor=asker, limit=limit, reason="待料")

    @rule(who=st.integers(0, 4), granted=st.sampled_from([True, True, False]))
    @precondition(lambda self: Extension.objects.filter(state="asked").exists())
    def decide(self, who, granted):
        asked = Extension.objects.filter(state="asked").first()
        decide = extensions.grant_extension if granted else extensions.refuse_extension
        self.do(decide, asked.pk, actor=[*self.heads, self.zhao][who])

    @rule(there=st.booleans())
    @precondition(lambda self: self.live)
    def hand(self, there):
        office = self.water if there else self.works
        assert self.do(moves.hand_duty, THING, "handle", office.pk, actor=WORKER)

    @rule(limit=LIMITS)
    @precondition(lambda self: self.live)
    def correct(self, limit):
        assert self.do(moves.relimit_duty, THING, "handle", limit, actor=WORKER, reason="class")

    @rule()
    @precondition(lambda self: self.live)
    def order(self):
        self.do(supervision.order_supervision, THING, "handle", actor=self.zhao, text="为何？")

    @rule(day=st.integers(0, 30), working=st.booleans())
    @precondition(lambda self: self.live)
    def change_the_calendar(self, day, working):
        changed = date(2026, 3, 4) + timedelta(days=day)
        self.do(edit_day, changed, actor=self.admin, working=working)

    @rule(verb=st.sampled_from([moves.meet_duty, moves.resume_duty, moves.revive_duty]))
    def blunder(self, verb):
        """Somebody tries what may not be possible now."""
        self.do(verb, THING, "handle", actor=WORKER)

    @rule(sure=st.sampled_from([False, False, False, True]))
    @precondition(lambda self: self.live)
    def cancel(self, sure):
        if sure:
            assert self.do(moves.cancel_all, THING, actor=WORKER, reason="merged")

    @rule()
    def sweep(self):
        with clock.at(self.now):
            sweeping.sweep(self.now)
        assert not Duty.objects.filter(alarm_at__lte=self.now, late=False).exists()

    @property
    def live(self):
        return bool(owed.running(THING))

    @property
    def running(self):
        return owed.next_due(THING) != (None, None)

    def used(self):
        """How much of its time the last duty has used by now, the stops taken out."""
        duty = Duty.objects.order_by("-started_at", "-pk").first()
        limit, calendar = limit_of(duty), calendars.get_calendar(TOWN)
        end = duty.ended_at or self.now
        return worked(duty.started_at, end, limit, calendar) - duty.stopped

    @invariant()
    def no_duty_is_lost_or_unowned(self):
        count = Duty.objects.count()
        assert count >= self.duties
        self.duties = count
        assert len(owed.running(THING)) <= 1

    @invariant()
    def every_clock_is_honest(self):
        calendar = calendars.get_calendar(TOWN)
        for duty in Duty.objects.all():
            limit = limit_of(duty)
            open_pauses = [pause for pause in duty.pauses.all() if pause.until is None]
            assert (duty.state == DutyState.PAUSED) == (duty.due_at is None and duty.is_live)
            assert len(open_pauses) == (duty.state == DutyState.PAUSED)
            assert duty.extensions <= 2
            assert duty.extended == timedelta() or duty.extensions
            closed = [pause for pause in duty.pauses.all() if pause.until]
            if duty.is_live:
                gaps = [worked(p.from_at, p.until, limit, calendar) for p in closed]
                assert duty.stopped == sum(gaps, timedelta())
            if duty.state == DutyState.RUNNING:
                whole = limit.plus(duty.extended + duty.stopped)
                assert duty.due_at == due(duty.started_at, whole, calendar).at
                assert duty.alarm or duty.late

    @invariant()
    def the_trail_holds(self):
        assert not list(verify())


@pytest.mark.slow
@pytest.mark.django_db
def test_no_sequence_of_verbs_loses_a_duty():
    run_state_machine_as_test(
        Story, settings=settings(max_examples=15, stateful_step_count=30, deadline=None)
    )
