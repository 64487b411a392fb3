"""After the answer: somebody else verifies, the reporter may object, and nothing resets a clock."""

from datetime import timedelta

import pytest

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.models.story import Verification
from linli.cases.queries.cases import list_verifiable
from linli.cases.rules.moves import may, may_close
from linli.cases.services import checking, dispatching, handling, reporting, sorting
from linli.cases.tests.test_handling import SOLVED, handled, step
from linli.cases.tests.test_sorting import live
from linli.cases.tests.town import MONDAY, Town
from linli.duties.models import Duty
from linli.kit import clock
from linli.kit.errors import Forbidden, MoveRefused
from linli.offices.models import as_actor
from linli.offices.tests.people import make_actor, make_post

DAY = timedelta(days=1)


def answered(town: Town) -> Case:
    """Return a dangerous thing that was answered after an hour and waits for its verifier."""
    case = handled(town, category="0201")
    with clock.at(MONDAY + timedelta(hours=1)):
        return handling.reply(case.pk, actor=town.handler, answer=SOLVED)


def closed(town: Town) -> Case:
    """Return a case that was verified and closed after two hours."""
    case = answered(town)
    with clock.at(MONDAY + timedelta(hours=2)):
        return checking.close(case.pk, actor=town.verifier, method="site", reached=True)


def test_it_closes(town: Town) -> None:
    case = closed(town)
    assert (case.state, case.closed_at, live(case)) == (
        State.CLOSED,
        MONDAY + timedelta(hours=2),
        [],
    )
    assert Verification.objects.get(case=case).confirmed


def test_whoever_handled_it_never_closes_it(town: Town) -> None:
    case = answered(town)
    two_hats = make_post("chen", "R11", town.lights)
    with pytest.raises(Forbidden):
        checking.close(case.pk, actor=as_actor(two_hats), method="site")


def test_nobody_of_that_office_closes_it(town: Town) -> None:
    case = answered(town)
    colleague = make_actor("colleague", "R11", town.lights)
    assert not may_close(colleague, case)
    assert list(list_verifiable(colleague)) == []


def test_rule_and_filter_of_verifying_are_one(town: Town) -> None:
    for _ in range(3):
        answered(town)
    people = [town.verifier, town.caller, town.handler, make_actor("c", "R11", town.lights)]
    for person in people:
        one_by_one = {case.pk for case in Case.objects.all() if may(person, case, "close")}
        assert set(list_verifiable(person).values_list("pk", flat=True)) == one_by_one


def test_work_that_is_not_done_goes_back_with_its_clock(town: Town) -> None:
    case = answered(town)
    with clock.at(MONDAY + timedelta(hours=3)):
        case = checking.rework(case.pk, actor=town.verifier, method="site", said="盖子还在晃")
    handle = step(case, "handle")
    assert (case.state, case.reworks, handle.started_at) == (State.HANDLING, 1, MONDAY)
    assert case.promised_at == handle.due_at == MONDAY + timedelta(hours=4 + 2)


def test_an_objection_is_decided_by_somebody_else(town: Town) -> None:
    case = closed(town)
    with clock.at(MONDAY + DAY):
        case = reporting.object_(case.pk, actor=town.reporter(case), said="还是没修好")
        assert (case.objected, live(case)) == (True, ["objection"])
        with pytest.raises(Forbidden):
            checking.uphold(case.pk, actor=town.handler, said="x")
        case = checking.uphold(case.pk, actor=town.caller, said="确实没修好")
    assert (case.state, case.reopenings, case.ending, case.objected) == (
        State.HANDLING,
        1,
        "",
        False,
    )
    assert live(case) == ["handle"]


def test_an_objection_may_be_dismissed_with_reasons(town: Town) -> None:
    case = closed(town)
    reporting.object_(case.pk, actor=town.reporter(case), said="颜色不好看")
    case = checking.dismiss(case.pk, actor=town.caller, said="功能已恢复,可向县里复查")
    assert (case.state, case.objected, live(case)) == (State.CLOSED, False, [])


def test_the_window_is_seven_days(town: Town) -> None:
    case = closed(town)
    with clock.at(case.closed_at + 7 * DAY + timedelta(minutes=1)), pytest.raises(Forbidden):
        reporting.object_(case.pk, actor=town.reporter(case), said="太晚了")
    with clock.at(case.closed_at + 7 * DAY):
        assert reporting.object_(case.pk, actor=town.reporter(case), said="还在晃").objected


def test_one_objection_at_a_time(town: Town) -> None:
    case = closed(town)
    reporting.object_(case.pk, actor=town.reporter(case), said="一")
    with pytest.raises(Forbidden):
        reporting.object_(case.pk, actor=town.reporter(case), said="二")


def test_deciding_nothing_is_refused(town: Town) -> None:
    with pytest.raises(Forbidden):
        checking.uphold(closed(town).pk, actor=town.caller, said="x")


def test_an_answer_without_handling_is_taken_up_by_the_dispatcher(town: Town) -> None:
    case = sorting.answer(town.report().pk, actor=town.intake, said="下周修")
    reporting.object_(case.pk, actor=town.reporter(case), said="这不是答复")
    case = checking.uphold(case.pk, actor=town.caller, said="转承办单位")
    assert (case.state, live(case)) == (State.REGISTERED, ["dispatch"])
    assert dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights).lead_office


def test_the_centre_takes_up_a_closed_case(town: Town) -> None:
    case = closed(town)
    with clock.at(MONDAY + DAY):
        case = checking.reopen(case.pk, actor=town.supervisor, said="又坏了")
    assert (case.state, case.closed_at, case.reopenings) == (State.HANDLING, None, 1)


def test_reopening_does_not_give_fresh_time(town: Town) -> None:
    case = handled(town, category="0201")
    late = MONDAY + timedelta(hours=10)
    with clock.at(late):
        handling.reply(case.pk, actor=town.handler, answer=SOLVED)
        checking.close(case.pk, actor=town.verifier, method="site")
    with clock.at(late + DAY):
        case = checking.reopen(case.pk, actor=town.supervisor, said="又坏了")
    assert case.promised_at < late + DAY


def test_closing_twice_is_refused(town: Town) -> None:
    with pytest.raises(MoveRefused):
        checking.close(closed(town).pk, actor=town.verifier, method="site")


def test_a_withdrawn_report_cannot_be_objected_to(town: Town) -> None:
    case = town.report()
    case = reporting.withdraw(case.pk, actor=town.reporter(case))
    with pytest.raises(Forbidden):
        reporting.object_(case.pk, actor=town.reporter(case), said="反悔了")


def test_an_imported_case_is_taken_up_with_a_clock_of_its_own(town: Town) -> None:
    case = closed(town)
    Duty.objects.of(case.matter).delete()
    with clock.at(MONDAY + DAY):
        case = checking.reopen(case.pk, actor=town.supervisor, said="又坏了")
    assert (case.promised_at, live(case)) == (MONDAY + DAY + timedelta(hours=4), ["handle"])
