"""Who answers: the matrix, the admission list, beats."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.areas.choices import Kind
from linli.areas.models import AdmittedTask, Area, Beat, Responsibility
from linli.areas.queries.answering import (
    beat_area_ids,
    is_admitted,
    list_admitted,
    list_beats,
    list_responsibilities,
    responsible,
)
from linli.areas.services.answering import (
    Rule,
    admit_task,
    end_admission,
    end_beat,
    end_responsibility,
    give_beat,
    set_responsibility,
)
from linli.areas.services.saving import close_area
from linli.areas.tests.places import DAY, admin, grid_code, make_area, village_code
from linli.audit.models import Entry
from linli.kit.errors import Forbidden, Invalid, Refused, Unseen
from linli.kit.ids import uuid7
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_actor, make_office, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_day")]
TOMORROW, YESTERDAY = DAY + timedelta(days=1), DAY - timedelta(days=1)


@pytest.fixture
def root():
    """Root is the system administrator."""
    return make_actor("root", "R22")


@pytest.fixture
def village():
    return make_area(village_code(1), kind=Kind.VILLAGE, name_zh="柳林村")


@pytest.fixture
def grid(village):
    return make_area(grid_code(1), parent=village, name_zh="一组网格")


def rule(category: str, area=None, lead: str = "GOV-CJ", **fields) -> Rule:
    fields = {"valid_from": DAY, **fields}
    return Rule(category, area.pk if area else None, make_office(lead).pk, **fields)


def lead_of(category: str, grid=None, village=None, day: date = DAY) -> str | None:
    found = responsible(
        TOWN, category, grid.pk if grid else None, village.pk if village else None, day
    )
    return found.lead.code if found else None


def test_the_more_exact_matter_wins_then_the_more_exact_place(root, village, grid):
    assert lead_of("0202", grid, village) is None
    cells = [
        ("", None, "TOWN-ALL"),
        ("", village, "VILLAGE-ALL"),
        ("", grid, "GRID-ALL"),
        ("02", None, "TOWN-02"),
        ("02", village, "VILLAGE-02"),
        ("02", grid, "GRID-02"),
        ("0202", None, "TOWN-0202"),
        ("0202", village, "VILLAGE-0202"),
        ("0202", grid, "GRID-0202"),
    ]
    for category, area, lead in cells:
        set_responsibility(rule(category, area, lead), actor=root)
        assert lead_of("0202", grid, village) == lead
    assert lead_of("0202") == "TOWN-0202"
    assert lead_of("0202", None, village) == "VILLAGE-0202"
    assert lead_of("0203", grid, village) == "GRID-02"
    assert lead_of("0301", grid, village) == "GRID-ALL"
    assert lead_of("0301") == "TOWN-ALL"
    assert responsible(OTHER_TOWN, "0202", grid.pk, village.pk, DAY) is None


def test_it_says_who_supports_and_why(root, village):
    supports = (make_office("STA-JJ").pk, make_office("CTY-JT").pk)
    made = set_responsibility(rule("0102", village, supports=supports, note="主干道"), actor=root)
    found = responsible(TOWN, "0102", None, village.pk, DAY)
    assert {office.code for office in found.supports} == {"STA-JJ", "CTY-JT"}
    assert found.rule == made.pk
    assert "0102" in found.reason
    assert "柳林村" in found.reason
    assert Entry.objects.filter(act="responsibility.set").count() == 1


def test_an_office_that_is_closed_is_passed_over(root):
    set_responsibility(rule("", lead="OLD"), actor=root)
    set_responsibility(rule("02", lead="GONE"), actor=root)
    gone = make_office("GONE")
    gone.active = False
    gone.save(update_fields=["active"])
    assert lead_of("0202") == "OLD"


def test_a_new_rule_ends_the_former_of_the_same_cell(root, village):
    first = set_responsibility(rule("02", village, "A"), actor=root)
    set_responsibility(rule("02", village, "B", valid_from=TOMORROW), actor=root)
    first.refresh_from_db()
    assert first.valid_to == TOMORROW
    assert lead_of("0202", None, village) == "A"
    assert lead_of("0202", None, village, TOMORROW) == "B"
    with pytest.raises(Invalid) as refusal:
        set_responsibility(rule("02", village, "C"), actor=root)
    assert "valid_from" in refusal.value.fields
    with pytest.raises(Invalid):
        set_responsibility(rule("02", village, "C", valid_from=TOMORROW), actor=root)


def test_a_rule_ends_on_its_day(root):
    made = set_responsibility(rule("02"), actor=root)
    end_responsibility(made.pk, actor=root, over_from=TOMORROW)
    assert lead_of("0202") == "GOV-CJ"
    assert lead_of("0202", day=TOMORROW) is None
    with pytest.raises(Refused):
        end_responsibility(made.pk, actor=root, over_from=TOMORROW)


def test_a_rule_does_not_end_before_it_began(root):
    made = set_responsibility(rule("02"), actor=root)
    with pytest.raises(Invalid):
        end_responsibility(made.pk, actor=root, over_from=YESTERDAY)


def test_the_township_area_means_the_whole_township(root):
    town = make_area(TOWN, kind=Kind.TOWNSHIP)
    assert set_responsibility(rule("02", town), actor=root).area is None


@pytest.mark.parametrize("category", ["1", "123", "12345", "ab", "１２", "02\n", " 02"])
def test_what_is_no_matter_is_refused(root, category):
    with pytest.raises(Invalid) as refusal:
        set_responsibility(rule(category), actor=root)
    assert "category" in refusal.value.fields
    assert not Responsibility.objects.exists()


def test_offices_and_places_of_another_town_are_refused(root):
    theirs = make_office("THEIRS", township=OTHER_TOWN)
    with pytest.raises(Invalid):
        set_responsibility(Rule("02", None, theirs.pk, DAY), actor=root)
    with pytest.raises(Invalid):
        set_responsibility(rule("02", supports=(theirs.pk,)), actor=root)
    with pytest.raises(Invalid):
        set_responsibility(rule("02", supports=(make_office("GOV-CJ").pk,)), actor=root)
    with pytest.raises(Unseen):
        set_responsibility(rule("02", make_area(grid_code(1), township=OTHER_TOWN)), actor=root)


def test_the_matrix_costs_the_same_however_long(root, village):
    supports = (make_office("S1").pk, make_office("S2").pk)
    set_responsibility(rule("01", supports=supports), actor=root)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            for row in list_responsibilities(TOWN, DAY):
                _names = (
                    row.lead.name,
                    str(row.area),
                    [office.name for office in row.supports.all()],
                )
        return len(asked)

    few = cost()
    for number in range(2, 20):
        set_responsibility(rule(f"{number:02}", village, supports=supports), actor=root)
    assert cost() == few == 2
    with CaptureQueriesContext(connection) as asked:
        responsible(TOWN, "0202", None, village.pk, DAY)
    assert len(asked) == 2


def admit(category: str = "0202", *, actor, **fields) -> AdmittedTask:
    fields = {
        "basis": "事项准入清单第3项",
        "owner": make_office().pk,
        "valid_from": DAY,
        "expires_on": TOMORROW,
        **fields,
    }
    return admit_task(category, actor=actor, **fields)


def test_a_matter_is_admitted_until_its_last_day(root):
    assert not is_admitted(TOWN, "0202", DAY)
    admit(actor=root)
    assert not is_admitted(TOWN, "0202", YESTERDAY)
    assert is_admitted(TOWN, "0202", DAY)
    assert is_admitted(TOWN, "0202", TOMORROW)
    assert not is_admitted(TOWN, "0202", TOMORROW + timedelta(days=1))
    assert not is_admitted(TOWN, "0203", DAY)
    assert not is_admitted(TOWN, "02", DAY)
    assert not is_admitted(OTHER_TOWN, "0202", DAY)


def test_a_group_admits_its_matters(root):
    admit("02", actor=root)
    assert is_admitted(TOWN, "0202", DAY)
    assert not is_admitted(TOWN, "0301", DAY)


def test_the_list_shows_what_is_and_will_be_admitted(root):
    admit(actor=root)
    admit("0301", actor=root, valid_from=TOMORROW)
    assert [task.category for task in list_admitted(TOWN, DAY)] == ["0202", "0301"]
    assert [task.category for task in list_admitted(TOWN, date(2030, 1, 1))] == []


def test_an_admission_is_ended_early_and_never_stretched(root):
    task = admit(actor=root, expires_on=date(2027, 1, 1))
    end_admission(task.pk, actor=root, last_day=DAY)
    assert not is_admitted(TOWN, "0202", TOMORROW)
    for last_day in (YESTERDAY, TOMORROW):
        with pytest.raises(Invalid):
            end_admission(task.pk, actor=root, last_day=last_day)


@pytest.mark.parametrize(
    ("category", "fields", "field"),
    [
        ("", {}, "category"),
        ("020", {}, "category"),
        ("0202", {"expires_on": YESTERDAY}, "expires_on"),
        ("0202", {"owner": uuid7()}, "owner"),
    ],
)
def test_what_cannot_be_admitted_is_refused(root, category, fields, field):
    with pytest.raises(Invalid) as refusal:
        admit(category, actor=root, **fields)
    assert refusal.value.fields[field][0]


def test_a_matter_is_not_admitted_twice_at_once(root):
    admit(actor=root)
    with pytest.raises(Invalid):
        admit(actor=root, valid_from=TOMORROW, expires_on=date(2027, 1, 1))
    admit(actor=root, valid_from=date(2026, 12, 1), expires_on=date(2027, 1, 1))


def test_li_answers_for_a_village_and_the_grids_in_it(root, village, grid):
    li = make_post("li", "R05", make_office("VIL", place=village.code))
    other = make_area(grid_code(2))
    beat = give_beat(li.pk, village.pk, actor=root, valid_from=DAY)
    assert set(beat_area_ids(li.pk, DAY)) == {village.pk, grid.pk}
    assert set(beat_area_ids(li.pk, YESTERDAY)) == set()
    assert other.pk not in beat_area_ids(li.pk, DAY)
    end_beat(beat.pk, actor=root, over_from=TOMORROW)
    assert set(beat_area_ids(li.pk, TOMORROW)) == set()
    assert Entry.objects.filter(subject=f"beat:{beat.pk}").count() == 2


def test_the_keys_are_a_subquery_and_include_closed_grids(root, village, grid):
    li = make_post("li", "R05")
    give_beat(li.pk, village.pk, actor=root, valid_from=DAY)
    close_area(grid.pk, actor=root, over_from=DAY)
    with CaptureQueriesContext(connection) as asked:
        mine = Area.objects.filter(pk__in=beat_area_ids(li.pk, TOMORROW))
        assert set(mine) == {village, grid}
    assert len(asked) == 1


def test_a_grid_worker_answers_for_grids_only(root, village, grid):
    zhao = make_post("zhao", "R02")
    with pytest.raises(Invalid):
        give_beat(zhao.pk, village.pk, actor=root, valid_from=DAY)
    give_beat(zhao.pk, grid.pk, actor=root, valid_from=DAY)
    with pytest.raises(Invalid):
        give_beat(zhao.pk, grid.pk, actor=root, valid_from=TOMORROW)
    assert [one.post for one in list_beats(grid.pk, DAY)] == [zhao]
    with pytest.raises(Invalid):
        give_beat(make_post("wang", "R06").pk, grid.pk, actor=root, valid_from=DAY)


def test_posts_of_another_town_get_no_beat(root, grid):
    theirs = make_post("qian", "R02", make_office("X", township=OTHER_TOWN))
    with pytest.raises(Invalid) as refusal:
        give_beat(theirs.pk, grid.pk, actor=root, valid_from=DAY)
    assert "post" in refusal.value.fields
    assert not Beat.objects.exists()


def test_without_the_power_nobody_says_who_answers(root, grid):
    wang = make_actor("wang", "R06")
    made = set_responsibility(rule("02"), actor=root)
    task = admit(actor=root)
    beat = give_beat(make_post("zhao", "R02").pk, grid.pk, actor=root, valid_from=DAY)
    verbs = [
        lambda actor: set_responsibility(rule("03"), actor=actor),
        lambda actor: end_responsibility(made.pk, actor=actor, over_from=DAY),
        lambda actor: admit("0303", actor=actor),
        lambda actor: end_admission(task.pk, actor=actor, last_day=DAY),
        lambda actor: give_beat(uuid7(), grid.pk, actor=actor, valid_from=DAY),
        lambda actor: end_beat(beat.pk, actor=actor, over_from=DAY),
    ]
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb(wang)
    for verb in (verbs[1], verbs[3], verbs[4], verbs[5]):
        with pytest.raises(Unseen):
            verb(admin(OTHER_TOWN))
