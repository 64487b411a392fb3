"""The small print of the trunk: what nobody would miss until it is gone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from linli.areas.models import Area
from linli.cases.choices import State
from linli.cases.models.case import Case, Reporter
from linli.cases.models.story import Objection
from linli.cases.queries.cases import list_similar
from linli.cases.services import checking, dispatching, handling, keeping, reporting, sorting
from linli.cases.services.handling import Answer
from linli.cases.services.intake import Place, Report, report
from linli.cases.tests.test_checking import closed
from linli.cases.tests.test_handling import SOLVED, handled, step
from linli.cases.tests.test_report import LAMP
from linli.cases.tests.test_sorting import live
from linli.cases.tests.town import CONTACT, MONDAY, Town
from linli.channels.models import Message
from linli.duties.models import Duty, Pause
from linli.duties.services.calendars import edit_day
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, Refused
from linli.offices.models import system
from linli.offices.tests.people import OTHER_TOWN

DAY = timedelta(days=1)


def test_urgent_things_are_always_verified(town: Town) -> None:
    for _ in range(6):
        case = handling.reply(handled(town, category="0203").pk, actor=town.handler, answer=SOLVED)
        assert (case.urgency, case.state) == ("P2", State.VERIFYING)


def test_a_contact_is_kept_while_an_objection_waits(town: Town) -> None:
    case = handled(town, category="0201", contact=CONTACT)
    handling.reply(case.pk, actor=town.handler, answer=SOLVED)
    case = checking.close(case.pk, actor=town.verifier, method="site")
    reporting.object_(case.pk, actor=town.reporter(case), said="没好")
    assert keeping.erase_contacts(MONDAY + 60 * DAY, 100) == 0
    assert Reporter.objects.get(case=case).phone


def test_a_contact_is_kept_until_the_next_answer_is_given(town: Town) -> None:
    case = handled(town, contact=CONTACT)
    later = Answer("cannot_now", "缺钱", "", MONDAY.date() + 90 * DAY)
    case = handling.reply(case.pk, actor=town.handler, answer=later)
    if case.state == State.VERIFYING:
        checking.close(case.pk, actor=town.verifier, method="site")
    assert keeping.erase_contacts(MONDAY + 60 * DAY, 100) == 0


def test_every_word_is_erased_after_the_years(town: Town) -> None:
    case = handled(town, category="0201")
    handling.pause(case.pk, actor=town.handler, reason="weather", said="张三说等雨停")
    handling.resume(case.pk, actor=town.handler)
    handling.reply(case.pk, actor=town.handler, answer=SOLVED)
    checking.close(case.pk, actor=town.verifier, method="site", note="问过张三")
    reporting.object_(case.pk, actor=town.reporter(case), said="张三不满意")
    checking.dismiss(case.pk, actor=town.caller, said="已向张三说明")
    assert keeping.erase_texts(MONDAY + 366 * 5 * DAY, 10) == 1
    objection = Objection.objects.get(case=case)
    words = [objection.reason, objection.answer, *Pause.objects.values_list("note", flat=True)]
    for entry in case.entries.all():
        words += [entry.said, entry.note]
    assert "张三" not in "".join(words)


@pytest.mark.parametrize("ending", ["excluded", "withdrawn"])
def test_what_was_let_go_is_not_taken_up_again(town: Town, ending: str) -> None:
    case = town.report()
    if ending == "excluded":
        sorting.exclude(case.pk, actor=town.intake, rule="health")
    else:
        reporting.withdraw(case.pk, actor=town.reporter(case))
    with pytest.raises(Forbidden):
        checking.reopen(case.pk, actor=town.supervisor, said="x")


def test_the_centre_does_not_take_up_what_an_objection_decides(town: Town) -> None:
    case = closed(town)
    reporting.object_(case.pk, actor=town.reporter(case), said="没好")
    with pytest.raises(Forbidden):
        checking.reopen(case.pk, actor=town.supervisor, said="x")


def test_only_reports_of_about_a_month_are_alike(town: Town) -> None:
    old = town.report()
    for days, alike in ((29, True), (31, False)):
        with clock.at(MONDAY + days * DAY):
            new = town.report()
            assert (old in [other for other, _ in list_similar(new)]) is alike
    assert [other for other, _ in list_similar(old)] != []


def test_reopening_ends_the_wait_for_the_named_day(town: Town) -> None:
    later = Answer("cannot_now", "缺钱", "", MONDAY.date() + 30 * DAY)
    case = handling.reply(handled(town).pk, actor=town.handler, answer=later)
    if case.state == State.VERIFYING:
        checking.close(case.pk, actor=town.verifier, method="site")
    with clock.at(MONDAY + DAY):
        case = checking.reopen(case.pk, actor=town.supervisor, said="有钱了")
    assert (live(case), case.next_answer_on) == (["handle"], None)


def test_supporting_offices_are_told_what_they_owe(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights, supports=[town.roads])
    told = Message.objects.get(matter_key=case.pk, office=town.roads.pk)
    assert "协办" in told.facts.open() or "Support" in told.facts.open()


def test_nobody_is_told_of_their_own_report(town: Town) -> None:
    case = town.report(actor=town.grid_worker)
    own = Message.objects.filter(matter_key=case.pk, account=town.grid_worker.account)
    assert not own.exists()
    sorting.answer(case.pk, actor=town.intake, said="好")
    assert own.filter(template="answered").exists()


def test_a_resident_does_not_choose_the_urgency(town: Town) -> None:
    assert report(replace(LAMP, urgency="P1"), actor=town.resident).urgency == "P3"
    assert report(replace(LAMP, urgency="P1"), actor=town.intake).urgency == "P1"


def test_a_part_is_as_old_as_its_whole(town: Town) -> None:
    whole = sorting.register(town.report().pk, actor=town.intake)
    with clock.at(MONDAY + DAY):
        sorting.split(whole.pk, actor=town.intake, category="0102", text="路塌了")
    assert whole.parts.get().reported_at == whole.reported_at


def test_a_village_of_another_town_is_refused(town: Town) -> None:
    far = Area.objects.create(
        township=OTHER_TOWN,
        kind="village",
        code="990102001000",
        name_zh="别村",
        valid_from=date(2020, 1, 1),
        changed_on=date(2020, 1, 1),
    )
    with pytest.raises(Invalid):
        report(Report("0202", "路灯不亮", Place(village=far.pk)), actor=town.resident)


def test_the_office_that_the_meeting_named_cannot_object(town: Town) -> None:
    case = sorting.register(town.report().pk, actor=town.intake)
    for office, handler in ((town.lights, town.handler), (town.roads, town.roads_handler)):
        dispatching.dispatch(case.pk, actor=town.dispatcher, lead=office)
        dispatching.object_dispatch(case.pk, actor=handler, reason="不归我们")
    dispatching.appoint_lead(case.pk, actor=town.leader, lead=town.roads, note="定了")
    with pytest.raises(Refused):
        dispatching.object_dispatch(case.pk, actor=town.roads_handler, reason="还是不归")


def test_the_first_response_is_owed_once(town: Town) -> None:
    case = handled(town)
    handling.contact(case.pk, actor=town.handler, method="phone")
    dispatching.object_dispatch(case.pk, actor=town.handler, reason="不归我们")
    case = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.roads)
    assert live(case) == ["handle", "sign"]


def test_a_new_holiday_moves_the_promise(town: Town) -> None:
    case = handled(town)
    before = case.promised_at
    edit_day(MONDAY.date() + DAY, actor=system(case.township), working=False)
    case.refresh_from_db()
    assert case.promised_at == before + DAY == step(case, "handle").due_at
    earliest = Duty.objects.live().of(case.matter).order_by("due_at").first()
    assert case.due_at == earliest.due_at


def test_a_case_says_who_reported_it_only_to_whoever_may_look(town: Town) -> None:
    case = town.report(contact=CONTACT)
    plain = str(Case.objects.select_related("reporter").get(pk=case.pk).reporter.__dict__)
    assert "13800000000" not in plain
    assert "zhang@example.org" not in plain
