"""The sweep reminds, warns, marks late, orders and hangs: each once, also after a long sleep."""

import json
from datetime import timedelta

import pytest

from linli.audit.models import Entry
from linli.audit.queries import verify
from linli.duties.events import (
    DutyLate,
    DutyReminded,
    DutyResumed,
    DutyYellow,
    PauseUsedUp,
    ProblemHung,
    SupervisionOrdered,
)
from linli.duties.models import Duty, Escalation, Pause
from linli.duties.services import extensions, supervision, sweeping
from linli.duties.tasks import sweep_duties
from linli.duties.tests.matters import (
    THING,
    another,
    at,
    local,
    meet_at,
    open_handle,
    pause_at,
    resume_at,
)
from linli.kit import bus, clock, queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def sweep(text):
    return sweeping.sweep(at(text))


def kinds():
    return list(Escalation.objects.order_by("at", "pk").values_list("kind", flat=True))


def test_a_neglected_duty_meets_every_alarm_at_its_time(works, heard):
    duty = open_handle(works)  # from the 4th 10:00 until the 11th 18:00
    assert local(duty.remind_at) == "2026-03-10 16:42"  # 80 % of 46.5 working hours
    assert local(duty.yellow_at) == "2026-03-11 14:00"
    steps = [
        ("2026-03-10 16:41", "2026-03-10 16:42", DutyReminded),
        ("2026-03-11 13:59", "2026-03-11 14:00", DutyYellow),
        ("2026-03-11 17:59", "2026-03-11 18:00", DutyLate),
        ("2026-03-13 17:59", "2026-03-13 18:00", SupervisionOrdered),
        ("2026-03-25 17:59", "2026-03-25 18:00", ProblemHung),
    ]
    for before, moment, event in steps:
        assert sweep(before) == 0
        assert sweep(moment) == 1
        assert isinstance(heard[-1], event)
        assert sweep(moment) == 0
    assert kinds() == ["remind", "yellow", "red", "order", "hang"]
    duty.refresh_from_db()
    assert (duty.late, duty.alarm, duty.alarm_at) == (True, "", None)
    assert sweep("2027-01-01 00:00") == 0


def test_urgent_duties_are_reminded_at_half_time_of_the_clock(works):
    duty = open_handle(works, "4h", urgency="P1")
    assert (local(duty.remind_at), local(duty.yellow_at)) == (
        "2026-03-04 12:00",
        "2026-03-04 13:00",
    )


def test_after_a_long_sleep_overtaken_warnings_are_left_out(works):
    open_handle(works)
    assert sweep("2026-03-20 08:00") == 1
    assert kinds() == ["red", "order"]
    assert sweep("2026-03-20 08:01") == 0


def test_what_is_met_or_cancelled_is_left_in_peace(works):
    open_handle(works)
    meet_at("2026-03-06 10:00")
    assert sweep("2026-05-01 08:00") == 0


def test_it_stands_in_the_trail_and_the_trail_holds(works):
    open_handle(works)
    sweep("2026-03-13 18:00")
    entries = Entry.objects.filter(subject=THING.subject).order_by("seq")
    assert [entry.act for entry in entries] == ["duty.red", "duty.order"]
    assert {entry.actor for entry in entries} == {"system:worker"}
    assert json.loads(entries[0].facts)["late"] is True
    assert not list(verify())


def test_a_used_up_pause_ends_by_itself_at_its_own_time(works, heard):
    open_handle(works, "1wd")
    pause_at("2026-03-05 10:00")  # at most until Friday 18:00
    assert sweep("2026-03-06 17:59") == 0
    assert sweep("2026-03-08 12:00") == 1
    duty = Duty.objects.get()
    assert (duty.state, local(duty.due_at)) == ("running", "2026-03-06 18:00")
    assert local(Pause.objects.get().until) == "2026-03-06 18:00"
    assert [type(event) for event in heard[-2:]] == [DutyResumed, PauseUsedUp]
    assert Entry.objects.get().act == "duty.pause_used_up"


def test_a_paused_duty_is_not_reminded(works):
    open_handle(works)
    pause_at("2026-03-06 10:00")
    assert sweep("2026-03-11 18:00") == 0
    resume_at("2026-03-12 10:00")
    assert sweep("2026-03-12 10:01") == 0
    assert kinds() == []


def test_a_new_deadline_is_warned_about_again(works, li, wang):
    open_handle(works)
    sweep("2026-03-11 14:00")
    with clock.at(at("2026-03-11 15:00")):
        asked = extensions.ask_extension(THING, "handle", actor=li, limit="5wd", reason="待料")
        extensions.grant_extension(asked.pk, actor=wang)
    sweep("2026-03-18 17:59")
    assert kinds() == ["yellow", "yellow"]
    assert list(Escalation.objects.values_list("round", flat=True)) == [1, 2]


def test_an_order_that_waits_already_is_not_doubled(works, qian):
    open_handle(works)
    with clock.at(at("2026-03-12 09:00")):
        supervision.order_supervision(THING, "handle", actor=qian, text="说明原因")
    sweep("2026-03-16 09:00")
    assert kinds().count("order") == 1


def test_one_broken_listener_does_not_hold_up_the_others(works, monkeypatch):
    broken = open_handle(works)
    open_handle(works, matter=another())

    def fail(event):
        if event.duty == broken.pk:
            raise RuntimeError("mail is down")

    monkeypatch.setitem(bus._listeners, DutyReminded, [fail])
    with pytest.raises(ExceptionGroup):
        sweep("2026-03-10 17:00")
    assert kinds() == ["remind"]
    broken.refresh_from_db()
    assert broken.alarm == "remind"
    monkeypatch.setitem(bus._listeners, DutyReminded, [])
    assert sweep("2026-03-10 17:01") == 1
    assert kinds() == ["remind", "remind"]


def test_no_sweep_is_longer_than_its_batch(works, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for number in range(5):
        open_handle(works, matter=another(number))
    assert [sweep("2026-03-10 17:00") for _minute in range(4)] == [2, 2, 1, 0]


def test_the_worker_sweeps_every_minute(works):
    open_handle(works)
    name = sweep_duties.name
    moment = at("2026-03-10 17:00")
    assert queue._rules[name](moment) == moment + timedelta(seconds=60)
    with clock.at(moment):
        sweep_duties()
    assert kinds() == ["remind"]
