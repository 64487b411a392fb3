"""Where a point lies."""

import gc
from datetime import date, timedelta

import numpy as np
import pytest
import shapely
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.areas.choices import BORDER, Kind
from linli.areas.models import Area, AreaSet
from linli.areas.queries import locating
from linli.areas.queries.locating import check_point, get_version, locate, locate_many, town_box
from linli.areas.rules.drafts import Draft
from linli.areas.rules.shapes import read_shape, read_text
from linli.areas.services.importing import Source, import_areas
from linli.areas.services.saving import close_area, save_area
from linli.areas.tests.places import (
    DAY,
    SOUTH,
    STEP,
    WEST,
    admin,
    grid_code,
    make_area,
    shared,
    square,
    village_code,
)
from linli.kit import clock
from linli.kit.errors import Invalid
from linli.offices.tests.people import OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at_day):
    """Everything happens on the same day."""


def spot(x: float, y: float) -> tuple[float, float]:
    return WEST + x * STEP, SOUTH + y * STEP


@pytest.fixture
def two_grids():
    """Two grids side by side in one village."""
    village = make_area(village_code(1), square(0, 0, 2), kind=Kind.VILLAGE)
    left = make_area(grid_code(1), square(0, 0), parent=village)
    right = make_area(grid_code(2), square(1, 0), parent=village)
    return village, left, right


def test_a_point_lies_in_its_grid_and_village(two_grids):
    village, left, right = two_grids
    assert locate(TOWN, *spot(0.5, 0.5)) == (left.pk, village.pk, ())
    assert locate(TOWN, *spot(1.5, 0.5)) == (right.pk, village.pk, ())


def test_a_point_in_no_grid_still_has_its_village(two_grids):
    village, *_grids = two_grids
    assert locate(TOWN, *spot(0.5, 1.5)) == (None, village.pk, ())


def test_a_point_in_none_is_said(two_grids):
    assert locate(TOWN, *spot(5, 5)) == (None, None, ())
    assert locate(OTHER_TOWN, *spot(0.5, 0.5)) == (None, None, ())


def test_a_point_on_a_shared_border_lies_in_the_lowest_code(two_grids):
    _village, left, _right = two_grids
    for y in (0.0, 0.1, 1 / 3, 0.999, 1.0):
        assert locate(TOWN, *spot(1, y)).grid == left.pk


def test_a_point_half_a_metre_outside_is_on_the_border(two_grids):
    _village, left, _right = two_grids
    lng, lat = spot(0, 0.5)
    assert locate(TOWN, lng - BORDER / 2, lat).grid == left.pk
    assert locate(TOWN, lng - BORDER * 2, lat).grid is None


def test_a_point_in_overlapping_grids_is_said_not_guessed(two_grids):
    village, left, _right = two_grids
    third = make_area(grid_code(3), square(0.5, 0, 0.5), parent=village)
    found = locate(TOWN, *spot(0.75, 0.25))
    assert found == (None, village.pk, (left.pk, third.pk))


def test_an_overlap_thinner_than_a_border_is_none(two_grids):
    village, left, _right = two_grids
    sliver = 0.0002  # of a step: 2e-6 degrees, 20 centimetres
    make_area(grid_code(3), square(-1 + sliver, 0), parent=village)
    assert locate(TOWN, *spot(sliver / 2, 0.5)).grid == left.pk
    assert locate(TOWN, *spot(sliver / 2, 0.5)).several == ()


def test_a_grid_without_a_village_finds_it_by_its_shape():
    town = make_area(TOWN, square(0, 0, 3), kind=Kind.TOWNSHIP)
    village = make_area(village_code(1), square(0, 0, 2), kind=Kind.VILLAGE, parent=town)
    grid = make_area(grid_code(1), square(0, 0), parent=town)
    assert locate(TOWN, *spot(0.5, 0.5)) == (grid.pk, village.pk, ())
    assert list(locate_many(TOWN, *zip(spot(0.5, 0.5), strict=True))) == [(grid.pk, village.pk, ())]


def test_a_village_without_a_shape_is_known_by_its_grid():
    village = make_area(village_code(1), kind=Kind.VILLAGE)
    grid = make_area(grid_code(1), square(0, 0), parent=village)
    assert locate(TOWN, *spot(0.5, 0.5)) == (grid.pk, village.pk, ())


def test_it_sees_changes_at_once_and_closings_on_their_day(two_grids):
    village, left, right = two_grids
    assert locate(TOWN, *spot(0.5, 0.5)).grid == left.pk
    moved = Draft(
        kind=Kind.GRID,
        code=left.code,
        name_zh=left.name_zh,
        parent=village,
        shape=read_shape(square(0, 1)),
    )
    save_area(left.pk, moved, actor=admin())
    assert locate(TOWN, *spot(0.5, 0.5)).grid is None
    assert locate(TOWN, *spot(0.5, 1.5)).grid == left.pk
    close_area(right.pk, actor=admin(), over_from=DAY + timedelta(days=1))
    assert locate(TOWN, *spot(1.5, 0.5)).grid == right.pk
    with clock.at(clock.now() + timedelta(days=1)):
        assert locate(TOWN, *spot(1.5, 0.5)).grid is None


def test_a_grid_that_starts_later_is_not_there_yet(two_grids):
    make_area(grid_code(9), square(0, 1), valid_from=date(2027, 1, 1))
    assert locate(TOWN, *spot(0.5, 1.5)).grid is None


def test_a_change_that_was_rolled_back_leaves_no_trace():
    point = spot(0.5, 0.5)
    first = make_area(grid_code(1), square(3, 0))
    with transaction.atomic():
        lost = make_area(grid_code(2), square(0, 0))
        assert locate(TOWN, *point).grid == lost.pk
        transaction.set_rollback(True)
    make_area(grid_code(3), square(0, 1))
    assert locate(TOWN, *point).grid is None
    assert locate(TOWN, *spot(3.5, 0.5)).grid == first.pk


def test_the_number_of_the_present_state_grows(two_grids):
    before = AreaSet.objects.get(pk=TOWN).version
    make_area(grid_code(7), square(3, 0))
    assert AreaSet.objects.get(pk=TOWN).version == get_version(TOWN) > before


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_asks_once_a_second(monkeypatch):
    make_area(grid_code(1), square(0, 0))
    locate(TOWN, *spot(0.5, 0.5))
    with CaptureQueriesContext(connection) as asked:
        for _ in range(50):
            locate(TOWN, *spot(0.5, 0.5))
    assert len(asked) == 0
    monkeypatch.setattr(locating, "FRESH", 0)
    with CaptureQueriesContext(connection) as asked:
        locate(TOWN, *spot(0.5, 0.5))
    assert len(asked) == 1


def test_inside_a_verb_it_asks_one_tiny_question(two_grids):
    locate(TOWN, *spot(0.5, 0.5))
    with CaptureQueriesContext(connection) as asked:
        locate(TOWN, *spot(0.5, 0.5))
        locate_many(TOWN, *np.random.default_rng(1).uniform(0, 1, (2, 1000)))
    assert len(asked) == 2


@pytest.mark.parametrize(
    "point", [(float("nan"), 31.0), (113.0, float("inf")), (200.0, 31.0), (113.0, 91.0)]
)
def test_what_is_no_place_is_refused(point):
    with pytest.raises(Invalid):
        locate(TOWN, *point)
    with pytest.raises(Invalid):
        check_point(TOWN, *point)


def test_many_nowhere_is_nowhere(two_grids):
    nan, inf = float("nan"), float("inf")
    found = locate_many(TOWN, [nan, inf, 500.0, WEST + STEP / 2], [31.0, 31.0, 31.0, nan])
    assert [one.grid for one in found] == [None] * 4
    assert len(locate_many(TOWN, [], [])) == 0


def tile_town(columns: int = 10, rows: int = 9) -> list[Area]:
    """Make 86 slanted grids that share their corners, the last four missing."""
    random = np.random.default_rng(86)
    corners = np.stack(np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0)), axis=-1)
    corners[1:-1, 1:-1] += random.uniform(-0.3, 0.3, corners[1:-1, 1:-1].shape)
    features = []
    for number in range(86):
        y, x = divmod(number, columns)
        around = [(y, x), (y, x + 1), (y + 1, x + 1), (y + 1, x), (y, x)]
        ring = [list(spot(*corners[at].tolist())) for at in around]
        features.append((grid_code(number), {"type": "Polygon", "coordinates": [ring]}))
    return [make_area(code, shape) for code, shape in features]


def brute(shapes: list[tuple[object, object]], lng: float, lat: float) -> tuple[object, tuple]:
    """Locate as the rule is written, without any index."""
    point = shapely.Point(lng, lat)
    hits = [key for key, shape in shapes if shape.intersects(point)]
    if len(hits) == 1:
        return hits[0], ()
    if not hits:
        near = [key for key, shape in shapes if shape.distance(point) <= BORDER]
        return (near[0] if near else None), ()
    surfaces = dict(shapes)
    deep = [key for key in hits if surfaces[key].boundary.distance(point) > BORDER]
    if len(deep) > 1:
        return None, tuple(deep)
    return (deep or hits)[0], ()


def test_tiling_grids_leave_nothing_between_them():
    grids = tile_town()
    shapes = [(grid.pk, read_text(grid.geometry).surface) for grid in grids]
    random = np.random.default_rng(7)
    spots = []
    for _key, shape in shapes:
        ring = shape.exterior
        places = random.uniform(0, ring.length, 20)
        spots.extend(ring.interpolate(place).coords[0] for place in places)
        spots.extend(ring.coords)
    for (lng, lat), many in zip(spots, locate_many(TOWN, *zip(*spots, strict=True)), strict=True):
        assert many.grid is not None
        assert many == locate(TOWN, lng, lat)


@pytest.mark.slow
def test_a_hundred_thousand_points_agree_with_brute_force():
    grids = tile_town()
    third = make_area("990101099999999", square(3.2, 3.2, 2.5))
    shapes = [(grid.pk, read_text(grid.geometry).surface) for grid in [*grids, third]]
    random = np.random.default_rng(3)
    lngs = random.uniform(WEST - STEP, WEST + 11 * STEP, 100_000)
    lats = random.uniform(SOUTH - STEP, SOUTH + 10 * STEP, 100_000)
    found = locate_many(TOWN, lngs, lats)
    inside = np.array([shapely.intersects_xy(shape, lngs, lats) for _key, shape in shapes])
    hits = inside.sum(axis=0)
    first = inside.argmax(axis=0)
    gc.disable()
    for one in range(100_000):
        located = found[one]
        if hits[one] == 1:
            assert located.grid == shapes[first[one]][0]
            assert located.several == ()
        else:
            assert (located.grid, located.several) == brute(shapes, lngs[one], lats[one])
    gc.enable()
    for one in range(0, 100_000, 20):
        assert locate(TOWN, lngs[one], lats[one]) == found[one]
    assert len(found.several) > 1000


@pytest.mark.slow
def test_one_and_many_agree_on_the_real_villages():
    source = Source("village", "VILLCODE", "VILLNAME", any_code=True, town_name="台南")
    import_areas(shared("boundaries/tainan_villages_752.geojson.gz"), source, actor=admin())
    west, south, east, north = town_box(TOWN)
    random = np.random.default_rng(5)
    lngs, lats = random.uniform(west, east, 3000), random.uniform(south, north, 3000)
    found = locate_many(TOWN, lngs, lats)
    assert [locate(TOWN, *point) for point in zip(lngs, lats, strict=True)] == list(found)
    assert sum(one.village is not None for one in found) > 1000


def test_the_box_of_a_town(two_grids):
    assert town_box(OTHER_TOWN) is None
    assert town_box(TOWN) == pytest.approx((WEST, SOUTH, WEST + 2 * STEP, SOUTH + 2 * STEP))


def test_a_point_outside_the_town_is_refused_with_a_sentence(two_grids):
    check_point(TOWN, *spot(1, 1))
    check_point(TOWN, *spot(-1.9, 0))
    check_point(OTHER_TOWN, 20.0, 20.0)
    with pytest.raises(Invalid) as refusal:
        check_point(TOWN, *spot(-2.1, 0))
    assert refusal.value.fields["point"][0]
    with pytest.raises(Invalid):
        check_point(OTHER_TOWN, 0.0, 0.0)


def test_one_and_many_agree_where_everything_overlaps():
    first = make_area(village_code(1), square(0, 0, 3), kind=Kind.VILLAGE)
    make_area(village_code(2), square(2, 1, 3), kind=Kind.VILLAGE)
    make_area(grid_code(1), square(0, 0, 2), parent=first)
    make_area(grid_code(2), square(1, 1, 2))
    make_area(grid_code(3), square(2.5, 1.5, 1))
    random = np.random.default_rng(11)
    places = random.integers(-2, 12, (2, 2000)) / 2 + random.choice([0, 0.0001, 0.3], (2, 2000))
    lngs, lats = WEST + places[0] * STEP, SOUTH + places[1] * STEP
    found = list(locate_many(TOWN, lngs, lats))
    assert [locate(TOWN, *point) for point in zip(lngs, lats, strict=True)] == found
    kinds = {(one.grid is None, one.village is None, len(one.several)) for one in found}
    assert {(False, False, 0), (True, True, 0), (True, False, 2), (True, True, 4)} <= kinds
