"""The office that handles: sign, respond, pause, extend, answer; settled on the spot."""

from datetime import timedelta

import pytest

from linli.cases.choices import State
from linli.cases.models.case import Case, Dispatch
from linli.cases.models.story import Draw
from linli.cases.services import checking, dispatching, handling, reporting, sorting
from linli.cases.services.draws import draws, get_draw, ticket
from linli.cases.services.handling import Answer
from linli.cases.tests.test_sorting import live
from linli.cases.tests.town import CONTACT, MONDAY, Town
from linli.channels.models import Message
from linli.duties.models import Duty, Escalation
from linli.duties.services.sweeping import sweep
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, MoveRefused, Refused

SOLVED = Answer(outcome="solved", said="修好了", evidence="照片")


def handled(town: Town, **fields: object) -> Case:
    """Return a case that the lights office has signed for."""
    case = sorting.register(town.report(**fields).pk, actor=town.intake)
    case = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    return handling.sign(case.pk, actor=town.handler)


def step(case: Case, name: str) -> Duty:
    """Return the newest duty of a step."""
    return Duty.objects.filter(matter_key=case.pk, step=name).latest("started_at")


def test_signing_meets_its_duty(town: Town) -> None:
    case = handled(town)
    assert (case.state, live(case)) == (State.HANDLING, ["handle", "respond"])
    assert Dispatch.objects.get(case=case).signed_at == MONDAY


def test_another_office_cannot_sign(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights, supports=[town.roads])
    with pytest.raises(Forbidden):
        handling.sign(case.pk, actor=town.roads_handler)


def test_the_first_response_is_recorded_once(town: Town) -> None:
    case = handled(town)
    with clock.at(MONDAY + timedelta(hours=1)):
        handling.contact(case.pk, actor=town.handler, method="phone")
    with clock.at(MONDAY + timedelta(hours=2)):
        case = handling.contact(case.pk, actor=town.handler, method="site")
    assert case.contacted_at == MONDAY + timedelta(hours=1)
    assert live(case) == ["handle"]


def test_a_pause_is_told_and_moves_the_promise(town: Town) -> None:
    case = handled(town, contact=CONTACT)
    before = case.promised_at
    case = handling.pause(case.pk, actor=town.handler, reason="weather", said="等雨停")
    assert (case.state, case.promised_at, step(case, "handle").due_at) == (State.PAUSED, None, None)
    assert Message.objects.filter(matter_key=case.pk, template="paused").exists()
    with clock.at(MONDAY + timedelta(days=1)):
        case = handling.resume(case.pk, actor=town.handler)
    assert case.promised_at == before + timedelta(days=1) == step(case, "handle").due_at


def test_a_pause_for_the_reporter_ends_with_their_answer(town: Town) -> None:
    case = handled(town)
    handling.pause(case.pk, actor=town.handler, reason="reporter", said="哪一盏?")
    with clock.at(MONDAY + timedelta(hours=2)):
        case = reporting.add(case.pk, actor=town.reporter(case), said="第三盏")
    assert case.state == State.HANDLING
    assert [entry.verb for entry in case.entries.all()][-2:] == ["add", "resume"]


def test_a_pause_for_the_weather_does_not(town: Town) -> None:
    case = handled(town)
    handling.pause(case.pk, actor=town.handler, reason="weather", said="等雨停")
    assert reporting.add(case.pk, actor=town.reporter(case), said="?").state == State.PAUSED


def test_a_pause_that_is_used_up_ends_by_itself(town: Town) -> None:
    case = handled(town)
    handling.pause(case.pk, actor=town.handler, reason="weather", said="等雨停")
    later = MONDAY + timedelta(days=8)
    with clock.at(later):
        sweep(later)
    case.refresh_from_db()
    assert (case.state, case.promised_at is not None) == (State.HANDLING, True)
    assert case.entries.last().verb == "resume"


def test_an_extension_is_asked_granted_and_told(town: Town) -> None:
    case = handled(town, contact=CONTACT)
    before = case.promised_at
    handling.ask_extension(case.pk, actor=town.handler, limit="2wd", reason="缺件")
    with pytest.raises(Forbidden):
        handling.grant_extension(case.pk, actor=town.handler, said="同意")
    case = handling.grant_extension(case.pk, actor=town.head, said="配件后天到")
    assert case.promised_at > before
    assert case.extensions == 1
    assert (
        "配件后天到"
        in Message.objects.get(matter_key=case.pk, template="extension_granted").facts.open()
    )


def test_the_second_extension_needs_the_leader_and_there_is_no_third(town: Town) -> None:
    case = handled(town)
    for who in (town.head, town.leader):
        handling.ask_extension(case.pk, actor=town.handler, limit="1wd", reason="缺件")
        if who is town.leader:
            with pytest.raises(Forbidden):
                handling.grant_extension(case.pk, actor=town.head, said="同意")
        handling.grant_extension(case.pk, actor=who, said="同意")
    with pytest.raises(Refused):
        handling.ask_extension(case.pk, actor=town.handler, limit="1wd", reason="还缺")


def test_granting_what_was_not_asked_is_refused(town: Town) -> None:
    with pytest.raises(Refused):
        handling.grant_extension(handled(town).pk, actor=town.head, said="同意")


def test_a_refused_extension_leaves_the_promise(town: Town) -> None:
    case = handled(town)
    handling.ask_extension(case.pk, actor=town.handler, limit="1wd", reason="忙")
    after = handling.refuse_extension(case.pk, actor=town.head, note="今天就去")
    assert after.promised_at == case.promised_at


def test_an_answer_meets_the_duties(town: Town) -> None:
    case = handling.reply(handled(town).pk, actor=town.handler, answer=SOLVED)
    assert case.ending == "solved"
    assert live(case) == (["verify"] if case.state == State.VERIFYING else [])


@pytest.mark.parametrize("next_on", [None, MONDAY.date()])
def test_cannot_be_solved_now_needs_a_coming_day(town: Town, next_on: object) -> None:
    answer = Answer(outcome="cannot_now", said="缺经费", next_on=next_on)
    with pytest.raises(Invalid):
        handling.reply(handled(town).pk, actor=town.handler, answer=answer)


def test_the_named_day_becomes_a_duty(town: Town) -> None:
    answer = Answer(outcome="cannot_now", said="缺经费", next_on=MONDAY.date() + timedelta(days=30))
    case = handling.reply(handled(town).pk, actor=town.handler, answer=answer)
    if case.state == State.VERIFYING:
        case = checking.close(case.pk, actor=town.verifier, method="phone")
    assert live(case) == ["answer_again"]
    with clock.at(MONDAY + timedelta(days=30)):
        case = handling.answer_again(case.pk, actor=town.handler, answer=SOLVED)
        if case.state == State.VERIFYING:
            case = checking.close(case.pk, actor=town.verifier, method="phone")
    assert (case.ending, live(case)) == ("solved", [])


def test_a_whole_waits_for_its_parts(town: Town) -> None:
    case = handled(town)
    sorting.split(case.pk, actor=town.intake, category="0102", text="路塌了")
    with pytest.raises(Refused):
        handling.reply(case.pk, actor=town.handler, answer=SOLVED)


def test_danger_is_always_verified(town: Town) -> None:
    assert (
        handling.reply(handled(town, category="0201").pk, actor=town.handler, answer=SOLVED).state
        == State.VERIFYING
    )


def test_everybody_can_recompute_the_draw(town: Town) -> None:
    cases = [
        Case(township=town.village.township, number=f"260601-{n:05}", urgency="P3")
        for n in range(400)
    ]
    drawn = [case.number for case in cases if draws(case)]
    seed = Draw.objects.get().seed
    assert drawn == [case.number for case in cases if ticket(seed, case.number) < 0.2]
    assert 50 < len(drawn) < 120
    assert get_draw(town.village.township, MONDAY.date()).seed == seed


def test_the_grid_worker_settles_small_things(town: Town) -> None:
    case = town.report(actor=town.grid_worker)
    case = handling.settle(case.pk, actor=town.grid_worker, before="灯罩脏", after="擦了")
    assert case.ending == "on_spot"
    assert case.state in {State.CLOSED, State.VERIFYING}


def test_the_grid_worker_does_not_settle_danger(town: Town) -> None:
    case = town.report("井盖没了", category="0201", actor=town.grid_worker)
    with pytest.raises(Refused):
        handling.settle(case.pk, actor=town.grid_worker, before="x", after="y")


def test_a_late_office_is_warned_ordered_and_hung(town: Town) -> None:
    case = handled(town)
    for hours in range(0, 24 * 25, 3):
        later = MONDAY + timedelta(hours=hours)
        with clock.at(later):
            sweep(later)
    kinds = list(
        Escalation.objects.filter(duty=step(case, "handle"))
        .order_by("at")
        .values_list("kind", flat=True)
    )
    assert kinds == ["remind", "yellow", "red", "order", "hang"]
    assert Message.objects.filter(matter_key=case.pk, template="duty_late").exists()


def test_pausing_twice_is_refused(town: Town) -> None:
    case = handled(town)
    handling.pause(case.pk, actor=town.handler, reason="weather", said="等雨停")
    with pytest.raises(MoveRefused):
        handling.pause(case.pk, actor=town.handler, reason="weather", said="还下")
