"""The intake desk: register, ask back, correct, answer, refer, merge, divide, let go."""

from datetime import timedelta

import pytest

from linli.audit.models import Entry as TrailEntry
from linli.audit.queries import verify
from linli.cases.choices import State
from linli.cases.models.case import Case, Reporter
from linli.cases.queries.cases import list_similar
from linli.cases.services import dispatching, reporting, sorting
from linli.cases.tests.town import CONTACT, MONDAY, Town
from linli.channels.models import Message
from linli.duties.models import Duty
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, MoveRefused, Refused, Stale, Unseen


def live(case: Case) -> list[str]:
    """Return the steps that are owed on a case."""
    return sorted(Duty.objects.live().of(case.matter).values_list("step", flat=True))


def test_registering_hands_over_to_the_dispatcher(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    assert (case.state, live(case)) == (State.REGISTERED, ["dispatch"])


def test_registering_may_correct_the_category(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake, category="0201")
    assert (case.category_id, case.urgency, case.publicity) == ("0201", "P1", "exact")


@pytest.mark.parametrize("who", ["dispatcher", "verifier", "supervisor"])
def test_only_intake_registers(town: Town, who: str) -> None:
    with pytest.raises(Forbidden):
        sorting.register(town.report().pk, actor=getattr(town, who))


def test_other_offices_do_not_even_see_it(town: Town) -> None:
    with pytest.raises(Unseen):
        sorting.register(town.report().pk, actor=town.handler)


def test_registering_twice_is_refused(town: Town) -> None:
    case = town.report()
    sorting.register(case.pk, actor=town.intake)
    with pytest.raises(MoveRefused):
        sorting.register(case.pk, actor=town.intake)


def test_a_stale_look_is_told_what_changed(town: Town) -> None:
    case = town.report()
    reporting.add(case.pk, actor=town.reporter(case), said="灯杆编号 12")
    with pytest.raises(Stale) as refusal:
        sorting.register(case.pk, actor=town.intake, seen=case.version)
    assert [change["verb"] for change in refusal.value.data["changes"]] == ["add"]


def test_asking_back_stops_the_clock_until_the_answer(town: Town) -> None:
    case = sorting.send_back(town.report().pk, actor=town.intake, said="哪个路口?")
    assert (case.state, live(case)) == (State.RETURNED, ["returned"])
    with clock.at(MONDAY + timedelta(days=1)):
        case = reporting.add(case.pk, actor=town.reporter(case), said="小学门口")
    assert (case.state, live(case)) == (State.REPORTED, ["register"])
    assert case.due_at == MONDAY + timedelta(days=1, hours=2)


def test_without_an_answer_the_desk_decides(town: Town) -> None:
    case = sorting.send_back(town.report().pk, actor=town.intake, said="哪个路口?")
    assert case.due_at == MONDAY.replace(day=8, hour=18)
    with clock.at(MONDAY + timedelta(days=8)):
        case = sorting.register(case.pk, actor=town.intake)
    assert (case.state, live(case)) == (State.REGISTERED, ["dispatch"])


def test_the_reporter_is_asked_back_once(town: Town) -> None:
    case = sorting.send_back(town.report().pk, actor=town.intake, said="哪里?")
    reporting.add(case.pk, actor=town.reporter(case), said="这里")
    with pytest.raises(Refused):
        sorting.send_back(case.pk, actor=town.intake, said="到底哪里?")


def test_correcting_gives_running_duties_the_new_limit(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    case = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    before = case.promised_at
    case = sorting.classify(case.pk, actor=town.intake, urgency="P1", reason="线掉地上了")
    assert case.urgency == "P1"
    limits = dict(Duty.objects.live().of(case.matter).values_list("step", "limit"))
    assert limits == {"sign": "15m", "respond": "30m", "handle": "4h"}
    assert case.promised_at == MONDAY + timedelta(hours=4) < before


def test_correcting_nothing_is_refused(town: Town) -> None:
    with pytest.raises(Invalid):
        sorting.classify(town.report().pk, actor=town.intake, reason="看错了")


def test_a_question_is_answered_at_once(town: Town) -> None:
    case = sorting.answer(town.report(contact=CONTACT).pk, actor=town.intake, said="周一来办")
    assert (case.state, case.ending, live(case)) == (State.CLOSED, "answered", [])
    assert Message.objects.filter(matter_key=case.pk, template="answered").exists()


def test_referring_says_where(town: Town) -> None:
    case = sorting.refer(
        town.report().pk, actor=town.intake, refer_to="12345", said="国道由交通部门管"
    )
    assert (case.ending, "12345" in case.entries.last().said) == ("referred", True)


def test_merging_closes_the_second_and_tells_its_reporter(town: Town) -> None:
    first, second = town.report(), town.report("灯又不亮", contact=CONTACT)
    assert [other for other, _ in list_similar(second)] == [first]
    merged = sorting.merge(second.pk, actor=town.intake, into=first.number)
    assert (merged.state, merged.ending, merged.merged_into) == (State.CLOSED, "merged", first)
    assert live(merged) == []
    assert Message.objects.filter(matter_key=second.pk, template="merged").exists()


@pytest.mark.parametrize("into", ["260601-ZZZZZ", "self"])
def test_merging_into_nothing_is_refused(town: Town, into: str) -> None:
    case = town.report()
    with pytest.raises(Invalid):
        sorting.merge(case.pk, actor=town.intake, into=case.number if into == "self" else into)


def test_merging_in_a_circle_is_refused(town: Town) -> None:
    first, second = town.report(), town.report()
    sorting.merge(second.pk, actor=town.intake, into=first.number)
    with pytest.raises(Invalid):
        sorting.merge(first.pk, actor=town.intake, into=second.number)


def test_a_part_becomes_a_case_of_its_own(town: Town) -> None:
    whole = sorting.register(town.report("灯不亮,路也塌了").pk, actor=town.intake)
    sorting.split(whole.pk, actor=town.intake, category="0102", text="路塌了")
    part = whole.parts.get()
    assert (part.state, part.urgency, part.grid, live(part)) == (
        State.REGISTERED,
        "P1",
        town.grid,
        ["dispatch"],
    )


def test_letting_go_erases_what_was_written(town: Town) -> None:
    case = town.report("某人的事", contact=CONTACT)
    case = sorting.exclude(case.pk, actor=town.intake, rule="health")
    case.refresh_from_db()
    assert (case.text, case.title, case.ending) == ("", case.category.name_zh, "excluded")
    assert not Reporter.objects.get(case=case).phone
    assert "某人的事" not in "".join(TrailEntry.objects.values_list("facts", flat=True))
    assert list(verify()) == []
