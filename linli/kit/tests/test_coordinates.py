"""The three coordinate systems, distances and tiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kit import coordinates as c
from linli.kit.errors import Invalid

# Well inside the box: a point at its rim may be shifted out of it, where nothing is shifted back.
inside = st.tuples(st.floats(73.5, 136.5), st.floats(2.0, 54.5))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
CLOSE = 1e-7


def near(a, b, within=CLOSE):
    return abs(a[0] - b[0]) < within and abs(a[1] - b[1]) < within


def test_it_shifts_as_the_published_vector_says():
    gcj = c.wgs84_to_gcj02(113.0, 31.5)
    assert near(gcj, (113.005928, 31.497937), 5e-7)
    assert near(c.gcj02_to_bd09(*gcj), (113.01245, 31.503866), 5e-7)
    assert near(c.wgs84_to_bd09(113.0, 31.5), (113.01245, 31.503866), 5e-7)
    assert c.metres((113.0, 31.5), (gcj[0], 31.5)) == pytest.approx(563, abs=2)
    assert c.metres((113.0, 31.5), (113.0, gcj[1])) == pytest.approx(229, abs=1)


@given(inside)
def test_gcj02_comes_back(point):
    assert near(c.gcj02_to_wgs84(*c.wgs84_to_gcj02(*point)), point)


@given(inside)
def test_bd09_comes_back(point):
    assert near(c.bd09_to_gcj02(*c.gcj02_to_bd09(*point)), point)
    assert near(c.bd09_to_wgs84(*c.wgs84_to_bd09(*point)), point)


@given(inside)
def test_gcj02_moves_a_point_less_than_two_kilometres(point):
    assert 0 < c.metres(point, c.wgs84_to_gcj02(*point)) < 2000


@given(anywhere)
def test_nothing_is_shifted_outside_the_box(point):
    if not c.in_china(*point):
        assert c.wgs84_to_gcj02(*point) == point


@given(anywhere, st.sampled_from(c.Crs.values))
def test_every_place_on_earth_has_an_answer(point, crs):
    lng, lat = c.to_wgs84(*point, crs)
    assert c.metres(point, (max(-180, min(180, lng)), max(-90, min(90, lat)))) < 5000


@pytest.mark.parametrize(
    "point",
    [
        (float("nan"), 30.0),
        (110.0, float("nan")),
        (float("inf"), 30.0),
        (110.0, float("-inf")),
        (180.0001, 30.0),
        (110.0, -90.0001),
        (1e308, 1e308),
    ],
)
@pytest.mark.parametrize("crs", c.Crs.values)
def test_what_is_no_place_is_refused_with_a_sentence(point, crs):
    with pytest.raises(Invalid) as refusal:
        c.to_wgs84(*point, crs)
    assert refusal.value.fields["point"][0]
    with pytest.raises(Invalid):
        c.tile(*point, 10)
    with pytest.raises(Invalid):
        c.metres(point, (0.0, 0.0))


def test_an_unknown_system_is_refused_with_the_known_ones():
    with pytest.raises(Invalid) as refusal:
        c.to_wgs84(113.0, 31.5, "utm50")
    assert "gcj02" in refusal.value.fields["crs"][0]


def test_distances():
    assert c.metres((113.0, 31.5), (113.0, 31.5)) == 0
    assert c.metres((0.0, 0.0), (180.0, 0.0)) == pytest.approx(20_015_115, abs=20)
    assert c.metres((116.397, 39.909), (121.474, 31.230)) == pytest.approx(1_068_000, rel=0.005)


@given(anywhere, anywhere)
def test_a_distance_is_the_same_both_ways(a, b):
    assert c.metres(a, b) == pytest.approx(c.metres(b, a), abs=1e-6)


def test_tiles_of_known_places():
    assert c.tile(113.0, 31.5, 0) == (0, 0)
    assert c.tile(0.0001, -0.0001, 1) == (1, 1)
    assert c.tile(-0.0001, 0.0001, 1) == (0, 0)
    assert c.tile(13.37771496361961, 52.51628011262304, 17) == (70406, 42987)


@given(anywhere, st.integers(0, 22))
def test_a_tile_lies_in_its_parent(point, zoom):
    x, y = c.tile(*point, zoom)
    assert 0 <= x < 2**zoom
    assert 0 <= y < 2**zoom
    deeper = c.tile(*point, zoom + 1)
    assert (deeper[0] // 2, deeper[1] // 2) == (x, y)
