"""No order of verbs makes a late case punctual, loses a report, or lets people check themselves."""

from datetime import timedelta

import pytest

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.queries.cases import get_reported, list_verifiable, lookup_code
from linli.cases.rules.moves import may_close
from linli.cases.services import checking, dispatching, handling, reporting, sorting
from linli.cases.services.handling import Answer
from linli.cases.services.intake import Place
from linli.cases.tests.test_checking import answered, closed
from linli.cases.tests.test_handling import SOLVED, handled, step
from linli.cases.tests.test_sorting import live
from linli.cases.tests.town import CONTACT, MONDAY, Town
from linli.channels.models import Message
from linli.duties.models import Duty
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, Refused, Unseen
from linli.offices.models import Office, as_actor
from linli.offices.tests.people import make_actor, make_post

DAY = timedelta(days=1)


def test_sending_it_to_another_office_keeps_the_first_promise(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    first = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights).promised_at
    with clock.at(MONDAY + 40 * DAY):
        case = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.roads)
        assert case.promised_at == first
        assert step(case, "handle").due_at > MONDAY + 40 * DAY
        handling.sign(case.pk, actor=town.roads_handler)
        case = handling.reply(case.pk, actor=town.roads_handler, answer=SOLVED)
    assert case.answered_at > case.promised_at


def test_a_refused_dispatch_keeps_the_first_promise(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    first = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights).promised_at
    dispatching.object_dispatch(case.pk, actor=town.handler, reason="不归我们")
    with clock.at(MONDAY + DAY):
        case = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.roads)
    assert case.promised_at == first


def test_a_pause_moves_promise_and_clock_alike_after_a_second_dispatch(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    first = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights).promised_at
    with clock.at(MONDAY + DAY):
        dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.roads)
        handling.sign(case.pk, actor=town.roads_handler)
        handling.pause(case.pk, actor=town.roads_handler, reason="weather", said="雨")
    with clock.at(MONDAY + 2 * DAY):
        case = handling.resume(case.pk, actor=town.roads_handler)
    assert first < case.promised_at < step(case, "handle").due_at


def test_whoever_settled_a_drawn_case_does_not_close_it(town: Town) -> None:
    case = town.report("占道打场晒粮", category="0107", actor=town.grid_worker)
    case = handling.settle(case.pk, actor=town.grid_worker, before="晒粮", after="清走了")
    assert case.state == State.VERIFYING
    own = make_post("wang", "R11")
    office = make_actor("colleague", "R11", Office.objects.get(pk=town.grid_worker.office))
    for person in (as_actor(own), office):
        assert not may_close(person, case)
        assert case not in list_verifiable(person)
    assert may_close(town.verifier, case)


def test_whoever_answered_a_drawn_case_does_not_close_it(town: Town) -> None:
    case = answered(town)
    other_hat = make_post("chen", "R11")
    assert not may_close(as_actor(other_hat), case)
    assert case not in list_verifiable(as_actor(other_hat))


def test_grid_workers_settle_only_what_a_village_may_close(town: Town) -> None:
    case = town.report("桥栏杆坏", category="0103", actor=town.grid_worker)
    with pytest.raises(Refused):
        handling.settle(case.pk, actor=town.grid_worker, before="坏", after="好")


def test_whoever_closed_it_does_not_decide_the_objection(town: Town) -> None:
    case = answered(town)
    case = checking.close(case.pk, actor=town.caller, method="phone")
    reporting.object_(case.pk, actor=town.reporter(case), said="没好")
    with pytest.raises(Forbidden):
        checking.dismiss(case.pk, actor=town.caller, said="好了")
    assert checking.uphold(case.pk, actor=town.leader, said="再看").state == State.HANDLING


def test_a_report_that_others_joined_is_not_withdrawn(town: Town) -> None:
    first, second = town.report(), town.report(contact=CONTACT)
    sorting.merge(second.pk, actor=town.intake, into=first.number)
    with pytest.raises(Refused):
        reporting.withdraw(first.pk, actor=town.reporter(first))
    with pytest.raises(Refused):
        sorting.exclude(first.pk, actor=town.intake, rule="health")
    again = checking.reopen(second.pk, actor=town.supervisor, said="单独办")
    assert (again.state, again.merged_into, live(again)) == (State.REGISTERED, None, ["dispatch"])
    assert sorting.exclude(first.pk, actor=town.intake, rule="health").ending == "excluded"


def test_merging_tells_both_and_moves_followers_along(town: Town) -> None:
    cases = [town.report(contact=CONTACT) for _ in range(3)]
    sorting.merge(cases[2].pk, actor=town.intake, into=cases[1].number)
    sorting.merge(cases[1].pk, actor=town.intake, into=cases[0].number)
    assert Case.objects.get(pk=cases[2].pk).merged_into == cases[0]
    told = Message.objects.filter(template="merged", channel="email")
    assert set(told.values_list("matter_key", flat=True)) == {case.pk for case in cases}
    assert [entry.verb for entry in cases[0].entries.all()] == ["report", "merged_in"]


def test_letting_go_of_a_closed_case_keeps_it_counted(town: Town) -> None:
    case = closed(town)
    with clock.at(MONDAY + DAY):
        reporting.object_(case.pk, actor=town.reporter(case), said="没好")
        case = sorting.exclude(case.pk, actor=town.intake, rule="health")
    assert (case.ending, case.objected, live(case), case.text) == ("solved", False, [], "")
    assert case.entries.last().said
    with pytest.raises(Forbidden):
        checking.uphold(case.pk, actor=town.caller, said="x")


def test_the_answer_on_the_named_day_is_checked_like_any_answer(town: Town) -> None:
    case = handled(town, category="0201")
    far = MONDAY.date() + 30 * DAY
    handling.reply(case.pk, actor=town.handler, answer=Answer("cannot_now", "缺钱", "", far))
    case = checking.close(case.pk, actor=town.verifier, method="phone")
    assert case.due_at == MONDAY.replace(month=7, day=1, hour=18)
    with clock.at(MONDAY + 30 * DAY):
        case = handling.answer_again(case.pk, actor=town.handler, answer=SOLVED)
        assert (case.state, live(case)) == (State.VERIFYING, ["verify"])
        case = checking.close(case.pk, actor=town.verifier, method="site")
        assert reporting.object_(case.pk, actor=town.reporter(case), said="没好").objected


def test_the_named_day_lies_within_a_year(town: Town) -> None:
    far = MONDAY.date() + timedelta(days=400)
    with pytest.raises(Invalid):
        handling.reply(
            handled(town).pk, actor=town.handler, answer=Answer("cannot_now", "缺钱", "", far)
        )


def test_a_paused_case_still_takes_the_first_response(town: Town) -> None:
    case = handled(town)
    handling.pause(case.pk, actor=town.handler, reason="weather", said="雨")
    assert handling.contact(case.pk, actor=town.handler, method="phone").state == State.PAUSED
    assert live(case) == ["handle"]


def test_each_supporting_office_owes_its_part(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    power = make_actor("gong", "R09", Office.objects.get(code="UTL-GD"))
    case = dispatching.dispatch(
        case.pk,
        actor=town.dispatcher,
        lead=town.lights,
        supports=[town.roads, Office.objects.get(code="UTL-GD")],
    )
    assert live(case) == ["handle", "respond", "sign", "support", "support"]
    handling.sign(case.pk, actor=town.handler)
    handling.assist(case.pk, actor=power, note="断电配合")
    left = Duty.objects.live().get(matter_key=case.pk, step="support")
    assert left.office == town.roads
    handling.reply(case.pk, actor=town.handler, answer=SOLVED)
    assert not Duty.objects.live().filter(matter_key=case.pk, step="support").exists()


def test_danger_wakes_the_desk_at_once(town: Town) -> None:
    case = town.report("井盖没了", category="0201")
    assert Message.objects.filter(matter_key=case.pk, template="urgent_report").exists()
    assert not Message.objects.filter(template="urgent_report").exclude(matter_key=case.pk)


def test_urging_before_the_dispatch_reaches_the_desk(town: Town) -> None:
    case = town.report()
    reporting.urge(case.pk, actor=town.reporter(case))
    notice = Message.objects.get(matter_key=case.pk, template="urged")
    assert notice.power == "register"


def test_a_part_is_erased_with_its_whole(town: Town) -> None:
    whole = sorting.register(town.report("张三家路灯").pk, actor=town.intake)
    sorting.split(whole.pk, actor=town.intake, category="0102", text="张三家5号门口塌了")
    reporting.erase(whole.pk, actor=town.reporter(whole))
    part = whole.parts.get()
    assert (part.text, part.title) == ("", part.category.name_zh)
    assert "张三" not in "".join(Duty.objects.values_list("matter_title", flat=True))


def test_a_case_that_is_let_go_keeps_no_point(town: Town) -> None:
    case = town.report(place=Place(lng=113.002, lat=31.502, address="张三家"))
    sorting.exclude(case.pk, actor=town.intake, rule="health")
    case.refresh_from_db()
    assert (case.lng, case.tile_x, case.address) == (None, None, "")


def test_a_new_code_makes_the_old_one_useless(town: Town) -> None:
    case = town.report()
    old = lookup_code(case)
    case = reporting.renew_code(case.pk, actor=town.reporter(case))
    assert get_reported(case.number, lookup_code(case))[0] == case
    for code in (old, lookup_code(case)[:4] + "0000", lookup_code(case)[:-1]):
        with pytest.raises(Unseen):
            get_reported(case.number, code)


def test_a_case_is_taken_off_the_public_map(town: Town) -> None:
    case = town.report()
    assert case in Case.objects.all().public_points()
    sorting.hide(case.pk, actor=town.intake, note="不宜公开")
    assert case not in Case.objects.all().public_points()
    sorting.show(case.pk, actor=town.intake)
    assert case in Case.objects.all().public_points()
