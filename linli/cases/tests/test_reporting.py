"""The reporter, who holds number and code: add, urge, rate, withdraw, erase; and one-use links."""

from datetime import timedelta

import pytest

from linli.audit.models import Entry as TrailEntry
from linli.audit.models import Salt
from linli.audit.queries import verify
from linli.cases.choices import State
from linli.cases.errors import Excluded
from linli.cases.models.case import Case, Reporter
from linli.cases.queries.cases import get_case
from linli.cases.queries.stories import export_case
from linli.cases.services import handling, keeping, links, reporting
from linli.cases.tests.test_handling import SOLVED, handled
from linli.cases.tests.test_sorting import live
from linli.cases.tests.town import CONTACT, MONDAY, Town
from linli.kit import clock
from linli.kit.errors import MoveRefused, Refused, Unseen
from linli.offices.tests.people import OTHER_TOWN, make_actor, make_office


def test_one_reporter_does_not_act_on_anothers_report(town: Town) -> None:
    mine, theirs = town.report(), town.report()
    with pytest.raises(Unseen):
        reporting.add(theirs.pk, actor=town.reporter(mine), said="x")


def test_adding_tells_the_office(town: Town) -> None:
    case = handled(town)
    case = reporting.add(case.pk, actor=town.reporter(case), said="是第三盏")
    entry = case.entries.last()
    assert (entry.verb, entry.said, entry.by_reporter) == ("add", "是第三盏", True)


def test_adding_what_is_never_kept_is_refused(town: Town) -> None:
    case = town.report()
    with pytest.raises(Excluded):
        reporting.add(case.pk, actor=town.reporter(case), said="我不想活了")


def test_urging_is_possible_once_a_day(town: Town) -> None:
    case = town.report()
    reporting.urge(case.pk, actor=town.reporter(case))
    with pytest.raises(Refused):
        reporting.urge(case.pk, actor=town.reporter(case))
    with clock.at(MONDAY + timedelta(hours=25)):
        assert reporting.urge(case.pk, actor=town.reporter(case)).urged == 2


def test_rating_waits_for_the_end(town: Town) -> None:
    case = handled(town)
    with pytest.raises(MoveRefused):
        reporting.rate(case.pk, actor=town.reporter(case), score=1)


def test_withdrawing_frees_everybody(town: Town) -> None:
    case = handled(town)
    case = reporting.withdraw(case.pk, actor=town.reporter(case))
    assert (case.state, case.ending, live(case)) == (State.CLOSED, "withdrawn", [])


def test_erasing_keeps_what_offices_owe(town: Town) -> None:
    case = handled(town, contact=CONTACT, text="我家门口的灯,住三组")
    reporting.add(case.pk, actor=town.reporter(case), said="我叫张三")
    reporting.erase(case.pk, actor=town.reporter(case))
    case.refresh_from_db()
    assert (case.text, case.address, case.state) == ("", "", State.HANDLING)
    assert not Reporter.objects.get(case=case).email
    assert "张三" not in "".join(case.entries.values_list("said", flat=True))
    assert not Salt.objects.filter(entry__subject=case.matter.subject).exists()
    assert list(verify()) == []
    assert live(case) == ["handle", "respond"]
    assert handling.reply(case.pk, actor=town.handler, answer=SOLVED).ending == "solved"


def test_what_was_added_later_can_be_erased_too(town: Town) -> None:
    case = town.report()
    reporting.erase(case.pk, actor=town.reporter(case))
    reporting.add(case.pk, actor=town.intake, said="来电 13800000000")
    reporting.erase(case.pk, actor=town.reporter(case))
    assert "138" not in "".join(case.entries.values_list("said", flat=True))


def test_contacts_are_erased_on_schedule(town: Town) -> None:
    case = town.report(contact=CONTACT)
    case = reporting.withdraw(case.pk, actor=town.reporter(case))
    days = timedelta(days=37)
    assert keeping.erase_contacts(MONDAY + days - timedelta(hours=1), 100) == 0
    assert keeping.erase_contacts(MONDAY + days + timedelta(hours=1), 100) == 1
    reporter = Reporter.objects.get(case=case)
    assert (bool(reporter.phone), reporter.erased_at is not None) == (False, True)
    assert TrailEntry.objects.filter(act="case.contact_erased").exists()
    assert list(verify()) == []


def test_texts_are_erased_after_five_years(town: Town) -> None:
    case = town.report()
    reporting.withdraw(case.pk, actor=town.reporter(case))
    assert keeping.erase_texts(MONDAY + timedelta(days=365 * 5 - 1), 100) == 0
    assert keeping.erase_texts(MONDAY + timedelta(days=365 * 5 + 1), 100) == 1
    case.refresh_from_db()
    assert (case.text, case.title) == ("", case.category.name_zh)


def test_a_link_survives_being_looked_at_and_is_used_once(town: Town) -> None:
    case = town.report()
    token = links.make_link(case).rstrip("/").rsplit("/", 1)[1]
    for _ in range(3):
        assert links.find_link(token).case == case
    assert links.use_link(token) == case
    with pytest.raises(Unseen):
        links.use_link(token)


def test_a_link_grows_old(town: Town) -> None:
    token = links.make_link(town.report()).rstrip("/").rsplit("/", 1)[1]
    with clock.at(MONDAY + timedelta(days=91)), pytest.raises(Unseen):
        links.use_link(token)


def test_nobody_sees_a_case_through_the_code_of_another_town(town: Town) -> None:
    case = town.report()
    assert get_case(town.reporter(case), case.pk) == case
    Case.objects.filter(pk=case.pk).update(township="990102000000")
    with pytest.raises(Unseen):
        get_case(town.reporter(case), case.pk)


def test_the_officer_hands_out_what_is_kept_to_its_own_town_only(town: Town) -> None:
    case = town.report("路灯不亮", contact=CONTACT)
    officer = make_actor("bao", "R20", second_factor=True)
    kept = export_case(officer, case.pk)
    assert (kept["text"], kept["contact"]["phone"]) == ("路灯不亮", "13800000000")
    stranger = make_actor("far", "R20", make_office("GOV-ZZ", township=OTHER_TOWN))
    with pytest.raises(Unseen):
        export_case(stranger, case.pk)
