"""A duty is opened, met, paused, resumed, handed on, corrected, revived: its clock stays honest."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.audit.models import Entry
from linli.duties.choices import Alarm, DutyState
from linli.duties.events import DutyCancelled, DutyMet, DutyOpened, DutyPaused, DutyResumed
from linli.duties.models import Duty, Pause
from linli.duties.queries import calendars, owed
from linli.duties.rules.openings import Opening
from linli.duties.services import moves
from linli.duties.tests.matters import (
    WEDNESDAY,
    WORKER,
    another,
    at,
    local,
    meet_at,
    open_handle,
    pause_at,
    refused,
    resume_at,
)
from linli.kit import clock
from linli.kit.errors import Invalid, MoveRefused, Refused, Unseen
from linli.offices.tests.people import OTHER_TOWN, make_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def test_an_office_owes_a_step_from_now_until_its_limit_ends(works, matter, heard):
    duty = open_handle(works)
    assert (duty.state, local(duty.due_at)) == (DutyState.RUNNING, "2026-03-11 18:00")
    assert duty.first_due_at == duty.due_at
    assert not duty.provisional
    (event,) = heard
    assert isinstance(event, DutyOpened)
    assert (event.matter, event.step, event.office) == (matter, "handle", works.pk)
    assert owed.running(matter) == [duty]
    assert owed.next_due(matter) == (duty.due_at, duty.yellow_at)


def test_opening_asks_the_database_for_two_things(works, matter):
    calendars.get_calendar(matter.township)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        open_handle(works)
    assert len(asked) == 2, [query["sql"] for query in asked]


def test_meeting_asks_the_database_for_two_things(works):
    open_handle(works)
    with CaptureQueriesContext(connection) as asked:
        meet_at("2026-03-05 10:00")
    assert len(asked) == 2, [query["sql"] for query in asked]


def test_a_move_leaves_the_trail_to_the_matters_own_verb(works):
    duty = open_handle(works)
    assert not Entry.objects.exists()
    assert duty.facts == {
        "duty": str(duty.pk),
        "step": "handle",
        "office": str(works.pk),
        "state": "running",
        "limit": "5wd",
        "due_at": duty.due_at.isoformat(),
        "late": False,
    }


def test_the_same_step_is_not_owed_twice(works, water):
    open_handle(works)
    with refused(MoveRefused):
        open_handle(water)
    assert Duty.objects.get().office == works


def test_two_steps_and_two_matters_run_side_by_side(works, matter):
    open_handle(works)
    moves.open_duty(matter, step="respond", office=works.pk, limit="4wh", actor=WORKER)
    open_handle(works, matter=another())
    assert [duty.step for duty in owed.running(matter)] == ["respond", "handle"]


def test_an_office_on_duty_day_and_night_counts_every_hour(water, works):
    duty = moves.open_duty(
        another(),
        step="sign",
        office=water.pk,
        limit="4wh",
        actor=WORKER,
        start=at("2026-03-06 17:00"),
    )
    assert (duty.limit, local(duty.due_at)) == ("4h", "2026-03-06 21:00")


def test_a_deadline_may_be_given_instead_of_counted(works):
    duty = open_handle(works, "", due_at=at("2026-03-20 09:15"))
    assert local(duty.due_at) == "2026-03-20 09:15"
    pause_at("2026-03-05 10:00")
    assert local(resume_at("2026-03-06 10:00").due_at) == "2026-03-21 09:15"


@pytest.mark.parametrize(
    "nonsense",
    [
        {"limit": "soon"},
        {"limit": ""},
        {"limit": "5wd", "due_at": at("2026-03-20 09:15")},
        {"limit": "5wd", "start": at("1066-01-01 00:00")},
        {"limit": "5wd", "start": at("9999-01-01 00:00")},
    ],
)
def test_nonsense_is_refused_with_a_sentence(works, nonsense):
    with refused(Invalid) as refusal:
        open_handle(works, **nonsense)
    assert all(sentences for sentences in refusal.value.fields.values())
    assert not Duty.objects.exists()


def test_an_office_of_another_township_owes_nothing_here(matter):
    with refused(Invalid):
        open_handle(make_office("GOV-CJ", township=OTHER_TOWN))
    with refused(Invalid):
        moves.open_duty(matter, step="handle", office=matter.key, limit="1wd", actor=WORKER)


def test_nobody_of_another_township_moves_a_duty(works, matter, stranger):
    open_handle(works)
    for move in (moves.meet_duty, moves.resume_duty, moves.revive_duty):
        with refused(Unseen):
            move(matter, "handle", actor=stranger)
    with refused(Unseen):
        moves.cancel_all(matter, actor=stranger, reason="x")


def test_met_in_time_and_met_late(works, heard):
    open_handle(works)
    assert not meet_at("2026-03-11 18:00").late
    other = another()
    open_handle(works, matter=other)
    late = meet_at("2026-03-11 18:01", other)
    assert late.late
    assert (late.state, local(late.ended_at), late.alarm) == ("met", "2026-03-11 18:01", "")
    assert [type(event) for event in heard].count(DutyMet) == 2


def test_meeting_what_is_not_owed_does_nothing(matter):
    assert moves.meet_duty(matter, "handle", actor=WORKER) is None
    assert moves.cancel_duty(matter, "handle", actor=WORKER, reason="x") is None
    assert moves.resume_duty(matter, "handle", actor=WORKER) is None


def test_a_step_can_be_owed_again_after_it_was_met(works, matter):
    open_handle(works)
    meet_at("2026-03-05 10:00")
    open_handle(works)
    assert len(owed.list_for(matter)) == 2


def test_cancelling_frees_everybody(works, matter, heard):
    open_handle(works)
    moves.open_duty(matter, step="sign", office=works.pk, limit="4wh", actor=WORKER)
    pause_at("2026-03-05 10:00")
    with clock.at(at("2026-03-06 10:00")):
        assert len(moves.cancel_all(matter, actor=WORKER, reason="merged")) == 2
    assert owed.running(matter) == []
    assert not Pause.objects.filter(until=None).exists()
    assert [e.reason for e in heard if isinstance(e, DutyCancelled)] == ["merged", "merged"]


def test_a_pause_stops_the_clock_and_moves_the_deadline_by_what_was_worked(works, heard):
    open_handle(works)
    paused = pause_at("2026-03-05 10:00")
    assert (paused.state, paused.due_at, paused.pause_reason) == ("paused", None, "weather")
    assert paused.alarm == Alarm.RESUME
    duty = resume_at("2026-03-09 09:00")  # Friday and Monday were not worked on it
    assert local(duty.due_at) == "2026-03-13 18:00"
    assert duty.stopped == timedelta(days=2)
    pause = Pause.objects.get()
    assert (pause.reason, pause.note, local(pause.until)) == ("weather", "下雨", "2026-03-09 09:00")
    assert [type(event) for event in heard][1:] == [DutyPaused, DutyResumed]


def test_a_pause_of_working_hours_moves_the_deadline_by_hours(works):
    open_handle(works, "8wh")
    pause_at("2026-03-04 11:00")
    assert local(resume_at("2026-03-04 14:30").due_at) == "2026-03-05 12:00"


def test_a_pause_over_the_weekend_gives_nothing(works):
    due_at = open_handle(works).due_at
    pause_at("2026-03-06 18:00")
    assert resume_at("2026-03-08 20:00").due_at == due_at


def test_all_pauses_together_last_once_the_limit_at_most(works):
    open_handle(works, "2wd")
    assert local(pause_at("2026-03-05 10:00").alarm_at) == "2026-03-09 18:00"
    resume_at("2026-03-06 10:00")  # one of two days is used
    assert local(pause_at("2026-03-06 11:00").alarm_at) == "2026-03-09 18:00"
    duty = resume_at("2026-03-12 10:00")  # came too late: the clock ran since the 9th
    assert duty.paused_for == timedelta(days=2)
    assert local(duty.due_at) == "2026-03-10 18:00"
    with refused(Refused):
        pause_at("2026-03-10 09:00")


def test_a_late_clock_cannot_be_stopped(works):
    open_handle(works, "1wd")
    with refused(Refused):
        pause_at("2026-03-05 18:01")


@pytest.mark.parametrize("reason", ["", "holiday", "closed"])
def test_a_pause_needs_a_reason_of_the_list(works, reason):
    open_handle(works)
    with refused(Invalid):
        pause_at("2026-03-05 10:00", reason=reason)


def test_a_paused_duty_runs_again_before_it_is_met(works):
    open_handle(works)
    pause_at("2026-03-05 10:00")
    with refused(MoveRefused):
        meet_at("2026-03-05 11:00")
    with refused(MoveRefused):
        pause_at("2026-03-05 11:00")


def test_reopening_keeps_the_clock(works, matter):
    open_handle(works)  # until the 11th
    meet_at("2026-03-06 10:00")
    with clock.at(at("2026-03-12 09:00")):
        duty = moves.revive_duty(matter, "handle", actor=WORKER)
    # The days 9 to 12 passed while it was closed: the 11th becomes the 17th.
    assert (duty.state, local(duty.due_at), duty.late) == ("running", "2026-03-17 18:00", False)
    assert duty.paused_for == timedelta()
    assert [pause.reason for pause in duty.pauses.all()] == ["closed"]


def test_reopening_what_was_met_late_is_late_at_once(works, matter):
    open_handle(works)
    assert meet_at("2026-03-13 10:00").late
    with clock.at(at("2026-03-20 09:00")):
        duty = moves.revive_duty(matter, "handle", actor=WORKER)
    assert duty.late
    assert local(duty.due_at) == "2026-03-18 18:00"  # still two working days late
    assert duty.alarm == Alarm.RED


def test_only_a_met_duty_is_revived(works, matter):
    with refused(MoveRefused):
        moves.revive_duty(matter, "handle", actor=WORKER)
    open_handle(works)
    with refused(MoveRefused):
        moves.revive_duty(matter, "handle", actor=WORKER)
    moves.cancel_duty(matter, "handle", actor=WORKER, reason="merged")
    with refused(MoveRefused):
        moves.revive_duty(matter, "handle", actor=WORKER)


def test_handing_on_keeps_the_clock(works, water, matter):
    due_at = open_handle(works).due_at
    with clock.at(at("2026-03-06 10:00")):
        duty = moves.hand_duty(matter, "handle", water.pk, actor=WORKER)
    duty.refresh_from_db()
    assert (duty.office, duty.due_at) == (water, due_at)
    with refused(Invalid):
        moves.hand_duty(matter, "handle", matter.key, actor=WORKER)


def test_a_corrected_limit_counts_from_the_same_start(works, matter):
    open_handle(works)
    duty = moves.relimit_duty(matter, "handle", "24h", actor=WORKER, reason="urgent", urgency="P2")
    assert (local(duty.due_at), duty.urgency) == ("2026-03-05 10:00", "P2")
    assert local(duty.first_due_at) == "2026-03-11 18:00"
    duty.refresh_from_db()
    assert duty.limit == "24h"


def test_a_corrected_limit_counts_the_pauses_in_its_own_unit(works, matter):
    open_handle(works)
    pause_at("2026-03-04 11:00")
    resume_at("2026-03-04 14:30")
    with clock.at(at("2026-03-04 15:00")):
        duty = moves.relimit_duty(matter, "handle", "8wh", actor=WORKER, reason="class")
    assert duty.paused_for == timedelta(hours=2)
    assert local(duty.due_at) == "2026-03-05 12:00"


def test_a_corrected_limit_of_a_paused_duty_shortens_its_pause(works, matter):
    open_handle(works)
    pause_at("2026-03-05 10:00")
    with clock.at(at("2026-03-05 11:00")):
        duty = moves.relimit_duty(matter, "handle", "1wd", actor=WORKER, reason="class")
    assert (duty.state, local(duty.alarm_at)) == ("paused", "2026-03-06 18:00")


def test_the_same_limit_again_changes_nothing(works, matter, heard):
    before = open_handle(works)
    after = moves.relimit_duty(matter, "handle", "5wd", actor=WORKER, reason="class")
    assert (after.round, after.due_at, len(heard)) == (before.round, before.due_at, 1)


def test_many_at_once_are_the_same_rows_as_one_by_one(works, water):
    openings = [
        Opening(
            matter=another(n),
            step="handle",
            office=office.pk,
            limit=limit,
            started_at=WEDNESDAY,
            urgency=urgency,
        )
        for n, (office, limit, urgency) in enumerate(
            [(works, "5wd", "P3"), (water, "4wh", "P3"), (works, "30m", "P1"), (works, "15d", "P4")]
        )
    ]
    bulk = moves.open_many(openings, actor=WORKER)
    for row, opening in zip(bulk, openings, strict=True):
        one = moves.open_duty(
            another(),
            step="handle",
            office=opening.office,
            limit=opening.limit,
            urgency=opening.urgency,
            actor=WORKER,
        )
        names = (
            "limit",
            "due_at",
            "remind_at",
            "yellow_at",
            "alarm",
            "alarm_at",
            "state",
            "late",
            "first_due_at",
            "provisional",
            "started_at",
            "urgency",
            "office_id",
            "round",
        )
        assert [getattr(row, name) for name in names] == [getattr(one, name) for name in names]


def test_duties_of_the_past_arrive_met_and_say_whether_they_were_late(works):
    past = [
        Opening(
            matter=another(),
            step="handle",
            office=works.pk,
            limit="1wd",
            started_at=at("2025-01-06 10:00"),
            met_at=at(met),
        )
        for met in ("2025-01-07 17:00", "2025-01-08 09:00")
    ]
    rows = moves.open_many(past, actor=WORKER)
    assert [(row.state, row.late) for row in rows] == [("met", False), ("met", True)]


def test_erasing_words_leaves_the_clocks(works, matter):
    open_handle(works)
    pause_at("2026-03-05 10:00")
    moves.erase_words(matter, actor=WORKER)
    duty = Duty.objects.get()
    assert (duty.matter_title, duty.pauses.get().note) == ("", "")
    assert (duty.state, duty.matter_number) == ("paused", "T-0007")


@pytest.mark.parametrize(
    "impossible",
    [
        {"due_at": None},
        {"paused_at": WEDNESDAY},
        {"state": "paused"},
        {"state": "met"},
        {"state": "met", "ended_at": WEDNESDAY},
        {"alarm_at": None},
        {"extensions": 3},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_impossible_rows(works, impossible):
    duty = open_handle(works)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(**impossible)
