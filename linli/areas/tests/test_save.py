"""Making, changing and closing areas."""

from datetime import date, timedelta

import pytest

from linli.areas.choices import Kind
from linli.areas.events import AreasChanged
from linli.areas.models import Area, AreaSet
from linli.areas.queries.listing import history_of
from linli.areas.rules.drafts import Draft
from linli.areas.rules.shapes import read_shape, read_text
from linli.areas.services.saving import close_area, save_area
from linli.areas.tests.places import (
    DAY,
    SOUTH,
    WEST,
    admin,
    grid_code,
    make_area,
    square,
    village_code,
)
from linli.audit.models import Entry
from linli.kit import bus, clock
from linli.kit.errors import Forbidden, Invalid, Refused, Stale, Unseen
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_day")]


def draft(code: str = grid_code(1), **fields) -> Draft:
    return Draft(**{"kind": Kind.GRID, "code": code, "name_zh": "桥头网格", **fields})


@pytest.fixture
def root():
    """Root is the system administrator."""
    return make_actor("root", "R22")


def test_root_makes_an_area_with_its_box_and_a_point_inside(root):
    area = save_area(None, draft(shape=read_shape(square(0, 0))), actor=root)
    area.refresh_from_db()
    assert (area.township, area.valid_from, area.version) == (TOWN, DAY, 1)
    assert (area.west, area.south) == (WEST, SOUTH)
    shape = read_text(area.geometry).surface
    assert shape.bounds == (area.west, area.south, area.east, area.north)
    assert shape.contains(shape.representative_point())
    assert area.west < area.lng < area.east
    entry = Entry.objects.get(act="area.made")
    assert entry.subject == f"area:{area.pk}"


def test_what_it_was_stays_in_its_history(root):
    area = save_area(None, draft(shape=read_shape(square(0, 0))), actor=root)
    with clock.at(clock.now() + timedelta(days=30)):
        renamed = draft(grid_code(8), name_zh="桥东网格", shape=read_shape(square(0, 1)))
        save_area(area.pk, renamed, actor=root, version=1)
    area.refresh_from_db()
    assert (area.code, area.name_zh, area.version) == (grid_code(8), "桥东网格", 2)
    (former,) = history_of(area)
    assert (former.code, former.name_zh) == (grid_code(1), "桥头网格")
    assert (former.valid_from, former.valid_to) == (DAY, DAY + timedelta(days=30))
    assert read_text(former.geometry).surface.bounds[1] == SOUTH
    assert area.changed_on == DAY + timedelta(days=30)


def test_a_new_phone_is_no_history_and_no_change_is_nothing(root):
    area = save_area(None, draft(), actor=root)
    number = AreaSet.objects.get(pk=TOWN).version
    save_area(area.pk, draft(contact_phone="0722-1234567"), actor=root)
    assert history_of(area) == []
    assert AreaSet.objects.get(pk=TOWN).version > number
    entries = Entry.objects.count()
    save_area(area.pk, draft(contact_phone="0722-1234567"), actor=root)
    assert Entry.objects.count() == entries


def test_a_draft_without_a_shape_keeps_the_shape(root):
    area = save_area(None, draft(shape=read_shape(square(0, 0))), actor=root)
    save_area(area.pk, draft(name_zh="新名"), actor=root)
    area.refresh_from_db()
    assert area.geometry
    assert area.name_zh == "新名"


def test_two_at_once_the_second_is_told_what_changed(root):
    area = save_area(None, draft(), actor=root)
    save_area(area.pk, draft(name_zh="先到"), actor=root, version=1)
    with pytest.raises(Stale) as refusal:
        save_area(area.pk, draft(name_zh="后到"), actor=root, version=1)
    assert refusal.value.data["changes"]["name_zh"] == "先到"


def test_it_tells_others(root):
    heard = []
    listener = heard.append
    bus.listen(AreasChanged, listener)
    try:
        save_area(None, draft(), actor=root)
    finally:
        bus._listeners[AreasChanged].remove(listener)
    assert heard == [AreasChanged(TOWN)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "12345"}, "code"),
        ({"code": "99010100000100１"}, "code"),
        ({"name_zh": ""}, "name_zh"),
        ({"kind": Kind.TOWNSHIP, "code": OTHER_TOWN}, "code"),
        ({"kind": Kind.VILLAGE, "code": grid_code(1)}, "code"),
    ],
)
def test_what_no_area_can_be_is_refused(root, fields, field):
    with pytest.raises(Invalid) as refusal:
        save_area(None, draft(**fields), actor=root)
    assert refusal.value.fields[field][0]
    assert not Area.objects.exists()


def test_any_code_is_taken_where_the_importer_says_so(root):
    assert save_area(None, draft("NC-47", any_code=True), actor=root).code == "NC-47"


def test_a_live_code_is_taken_once_per_kind(root):
    first = save_area(None, draft(), actor=root)
    with pytest.raises(Invalid) as refusal:
        save_area(None, draft(name_zh="另一个"), actor=root)
    assert "桥头网格" in refusal.value.fields["code"][0]
    other = save_area(None, draft(grid_code(2)), actor=root)
    with pytest.raises(Invalid):
        save_area(other.pk, draft(), actor=root)
    make_area(grid_code(1), township=OTHER_TOWN)
    close_area(first.pk, actor=root, over_from=DAY + timedelta(days=1))
    with pytest.raises(Invalid):
        save_area(None, draft(), actor=root)
    again = save_area(None, draft(valid_from=DAY + timedelta(days=1)), actor=root)
    assert again.pk != first.pk


def test_a_grid_lies_in_a_village_and_nowhere_else(root):
    town = make_area(TOWN, kind=Kind.TOWNSHIP)
    village = make_area(village_code(1), kind=Kind.VILLAGE, parent=town)
    grid = save_area(None, draft(parent=village), actor=root)
    for parent in (grid, make_area(village_code(1), kind=Kind.VILLAGE, township=OTHER_TOWN)):
        with pytest.raises(Invalid) as refusal:
            save_area(None, draft(grid_code(2), parent=parent), actor=root)
        assert "parent" in refusal.value.fields


def test_a_closed_area_stays_as_it_is(root):
    area = save_area(None, draft(), actor=root)
    close_area(area.pk, actor=root, over_from=DAY)
    area.refresh_from_db()
    assert area.valid_to == DAY
    with pytest.raises(Refused):
        save_area(area.pk, draft(name_zh="晚了"), actor=root)
    with pytest.raises(Refused):
        close_area(area.pk, actor=root, over_from=DAY)


def test_closing_before_it_began_or_over_living_grids_is_refused(root):
    village = make_area(village_code(1), kind=Kind.VILLAGE)
    with pytest.raises(Invalid):
        close_area(village.pk, actor=root, over_from=DAY - timedelta(days=1))
    make_area(grid_code(1), parent=village)
    with pytest.raises(Refused):
        close_area(village.pk, actor=root, over_from=date(2027, 1, 1))


def test_without_the_power_nobody_changes_areas(root):
    area = save_area(None, draft(), actor=root)
    wang = make_actor("wang", "R06")
    with pytest.raises(Forbidden):
        save_area(None, draft(grid_code(2)), actor=wang)
    with pytest.raises(Forbidden):
        save_area(area.pk, draft(name_zh="改"), actor=wang)
    with pytest.raises(Forbidden):
        close_area(area.pk, actor=wang, over_from=DAY)


def test_another_town_has_no_such_area(root):
    area = save_area(None, draft(), actor=root)
    with pytest.raises(Unseen):
        save_area(area.pk, draft(), actor=admin(OTHER_TOWN))
    with pytest.raises(Unseen):
        close_area(area.pk, actor=admin(OTHER_TOWN), over_from=DAY)
