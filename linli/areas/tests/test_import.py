"""Reading areas from files that other people made."""

import gzip
import json

import pytest

from linli.areas.choices import Kind
from linli.areas.models import Area, AreaHistory
from linli.areas.queries.locating import locate_many
from linli.areas.rules.shapes import MAX_BYTES, read_text
from linli.areas.services.importing import Source, import_areas
from linli.areas.tests.places import (
    SOUTH,
    STEP,
    WEST,
    admin,
    collection,
    feature,
    grid_code,
    make_area,
    shared,
    square,
    village_code,
)
from linli.audit.models import Entry
from linli.kit.coordinates import wgs84_to_bd09, wgs84_to_gcj02
from linli.kit.errors import Forbidden, Invalid
from linli.offices.tests.people import TOWN, make_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_day")]

GRIDS = Source(kind="grid", code="code", name="name", town_name="演示镇")


def grid(number: int, x: float, y: float, **properties) -> dict[str, object]:
    return feature(
        square(x, y), **{"code": grid_code(number), "name": f"网格{number}", **properties}
    )


def found(report, what: str) -> list[str]:
    return [one.where for one in report.findings if one.what == what]


def test_it_makes_grids_and_the_township_around_them():
    report = import_areas(collection(grid(1, 0, 0), grid(2, 1, 0)), GRIDS, actor=admin())
    assert (report.made, report.changed, report.same, report.findings) == (2, 0, 0, [])
    town = Area.objects.get(kind=Kind.TOWNSHIP)
    assert (town.code, town.name_zh) == (TOWN, "演示镇")
    assert read_text(town.geometry).surface.area == pytest.approx(2 * STEP**2)
    assert set(Area.objects.filter(kind=Kind.GRID).values_list("parent", flat=True)) == {town.pk}


def test_without_a_township_it_asks_for_its_name():
    with pytest.raises(Invalid) as refusal:
        import_areas(collection(grid(1, 0, 0)), Source("grid", "code", "name"), actor=admin())
    assert "town_name" in refusal.value.fields


def test_again_changes_nothing_and_by_code_changes_what_differs():
    import_areas(collection(grid(1, 0, 0), grid(2, 1, 0)), GRIDS, actor=admin())
    entries, keys = Entry.objects.count(), set(Area.objects.values_list("pk", flat=True))
    report = import_areas(collection(grid(1, 0, 0), grid(2, 1, 0)), GRIDS, actor=admin())
    assert (report.made, report.changed, report.same) == (0, 0, 2)
    assert Entry.objects.count() == entries
    moved = collection(grid(1, 0, 1), grid(2, 1, 0, name="新名"))
    report = import_areas(moved, GRIDS, actor=admin())
    assert (report.made, report.changed, report.same) == (0, 2, 0)
    assert set(Area.objects.values_list("pk", flat=True)) == keys
    assert sorted(AreaHistory.objects.values_list("name_zh", flat=True)) == ["网格1", "网格2"]


def test_a_dry_run_says_the_same_and_writes_nothing():
    data = collection(grid(1, 0, 0), grid(2, 0.5, 0))
    dry = import_areas(data, GRIDS, actor=admin(), dry_run=True)
    assert not Area.objects.exists()
    assert not Entry.objects.exists()
    assert import_areas(data, GRIDS, actor=admin()) == dry


def test_parents_are_found_by_their_code():
    village = make_area(village_code(1), kind=Kind.VILLAGE)
    source = Source("grid", "code", "name", parent="village", town_name="演示镇")
    data = collection(
        grid(1, 0, 0, village=village_code(1)), grid(2, 1, 0, village=village_code(2))
    )
    report = import_areas(data, source, actor=admin())
    assert Area.objects.get(code=grid_code(1)).parent == village
    assert found(report, "left_out") == [grid_code(2)]
    import_areas(collection(grid(1, 0, 0)), GRIDS, actor=admin())
    assert Area.objects.get(code=grid_code(1)).parent == village


def test_overlaps_and_gaps_are_reported_as_shares():
    data = collection(*(grid(n, n % 3, n // 3) for n in range(9) if n != 4), grid(9, 0.5, 2))
    report = import_areas(data, GRIDS, actor=admin())
    overlaps = [one for one in report.findings if one.what == "overlap"]
    assert {one.where for one in overlaps} == {grid_code(6), grid_code(7)}
    assert all(one.share == pytest.approx(0.5, abs=0.01) for one in overlaps)
    (gap,) = [one for one in report.findings if one.what == "gap"]
    assert gap.share == pytest.approx(1, abs=0.2)
    lng, lat = (float(part) for part in gap.where.split(", "))
    assert WEST + STEP < lng < WEST + 2 * STEP
    assert SOUTH + STEP < lat < SOUTH + 2 * STEP


def test_a_gap_at_the_edge_of_a_known_township_is_reported():
    make_area(TOWN, square(0, 0, 2), kind=Kind.TOWNSHIP)
    report = import_areas(collection(grid(1, 0, 0), grid(2, 1, 0)), GRIDS, actor=admin())
    (gap,) = [one for one in report.findings if one.what == "gap"]
    assert gap.share == pytest.approx(2, abs=0.01)


def test_duplicates_are_reported():
    data = collection(grid(1, 0, 0), grid(1, 1, 0), grid(2, 0, 0))
    report = import_areas(data, GRIDS, actor=admin())
    assert found(report, "duplicate") == [grid_code(1), grid_code(2)]
    assert found(report, "overlap") == [grid_code(1)]
    assert report.made == 2


def shaped(geometry: object) -> dict[str, object]:
    return feature(geometry, code=grid_code(1), name="形")


def bowtie() -> dict[str, object]:
    ring = [[WEST, SOUTH], [WEST + STEP, SOUTH + STEP], [WEST + STEP, SOUTH], [WEST, SOUTH + STEP]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def spike() -> dict[str, object]:
    shape = square(0, 0)
    shape["coordinates"][0][1:1] = [[WEST, SOUTH - STEP], [WEST, SOUTH]]
    return shape


def test_an_invalid_ring_is_repaired_where_nothing_is_lost_and_refused_elsewhere():
    spiked = feature(spike(), code=grid_code(1), name="刺")
    crossed = feature(bowtie(), code=grid_code(2), name="蝴蝶结")
    report = import_areas(collection(spiked, crossed), GRIDS, actor=admin())
    assert found(report, "repaired") == [grid_code(1)]
    assert found(report, "left_out") == [grid_code(2)]
    area = Area.objects.get(code=grid_code(1))
    assert read_text(area.geometry).surface.area == pytest.approx(STEP**2)


@pytest.mark.parametrize(
    "broken",
    [
        shaped(None),
        shaped({"type": "Point", "coordinates": [113, 31]}),
        shaped({"type": "MultiPolygon", "coordinates": [[]]}),
        shaped({"type": "Polygon"}),
        *(
            shaped({"type": "Polygon", "coordinates": rings})
            for rings in (
                [],
                [[]],
                "x",
                [[[113, 31]] * 3],
                [[[113, 31]] * 4],
                [[["1", 31]] * 4],
                [[[True, 31]] * 4],
                [[[181, 31]] * 4],
                [[[38e6, 3e6]] * 4],
                [[[31, 113]] * 4],
                [[[10**400, 31]] * 4],
            )
        ),
        feature(square(0, 0), name="没有编码"),
        feature(square(0, 0), code="", name="空编码"),
        feature(square(0, 0), code=None, name="无编码"),
        feature(square(0, 0), code=True, name="真"),
        feature(square(0, 0), code=[1], name="表"),
        feature(square(0, 0), code="12", name="短编码"),
        feature(square(0, 0), code=grid_code(1)),
        feature(square(0, 0), code=grid_code(1), name="长" * 121),
        feature(square(0, 0), code=grid_code(1), name="坏\x00字"),
        feature(square(0, 0), code=grid_code(1), name="坏\ud800字"),
        {"type": "Feature", "geometry": square(0, 0)},
        {"type": "Feature", "geometry": square(0, 0), "properties": []},
    ],
)
def test_a_feature_that_cannot_be_used_is_left_out_with_a_sentence(broken):
    report = import_areas(collection(broken, grid(7, 3, 3)), GRIDS, actor=admin())
    (finding,) = [one for one in report.findings if one.what == "left_out"]
    assert finding.sentence
    assert (report.made, Area.objects.filter(kind=Kind.GRID).count()) == (1, 1)


def test_large_numbers_are_told_from_swapped_ones():
    metres = shaped({"type": "Polygon", "coordinates": [[[38e6, 3e6]] * 4]})
    swapped = shaped({"type": "Polygon", "coordinates": [[[31, 113]] * 4]})
    report = import_areas(collection(metres, swapped), GRIDS, actor=admin())
    first, second = (one.sentence for one in report.findings)
    assert first != second


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"type": "Feature"}',
        b'{"type": "FeatureCollection"}',
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type": "FeatureCollection", "features": {}}',
        b'{"type": "FeatureCollection", "features": [1]}',
        b'{"type": "FeatureCollection", "features": [NaN]}',
        b"[" * 100_000,
        b"\x1f\x8bbroken",
        gzip.compress(b'{"type": "FeatureCollection"}', mtime=0)[:-9],
        gzip.compress(b" " * (MAX_BYTES + 1), mtime=0),
    ],
)
def test_what_is_no_geojson_is_refused_with_a_sentence(data):
    with pytest.raises(Invalid) as refusal:
        import_areas(data, GRIDS, actor=admin())
    assert refusal.value.fields["file"][0]
    assert not Area.objects.exists()


def test_heights_are_dropped_and_numbers_are_codes():
    shape = square(0, 0)
    shape["coordinates"] = [[[*point, 51.3] for point in shape["coordinates"][0]]]
    source = Source("grid", "code", "name", any_code=True, town_name="演示镇")
    data = collection(
        feature(shape, code=47, name=" 甲\n乙 "), feature(square(1, 0), code=48.0, name="丙")
    )
    report = import_areas(data, source, actor=admin())
    assert (report.made, report.findings) == (2, [])
    area = Area.objects.get(code="47")
    assert area.name_zh == "甲 乙"
    assert read_text(area.geometry).surface.has_z is False
    assert Area.objects.filter(code="48").exists()


@pytest.mark.parametrize(("crs", "shift"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
def test_chinese_map_coordinates_are_stored_as_wgs84(crs, shift):
    shape = square(0, 0)
    shape["coordinates"] = [[list(shift(*point)) for point in shape["coordinates"][0]]]
    source = Source("grid", "code", "name", crs=crs, town_name="演示镇")
    import_areas(collection(feature(shape, code=grid_code(1), name="甲")), source, actor=admin())
    area = Area.objects.get(code=grid_code(1))
    assert (area.west, area.south) == pytest.approx((WEST, SOUTH), abs=1e-7)


def test_an_unknown_coordinate_system_is_refused():
    source = Source("grid", "code", "name", crs="utm", town_name="演示镇")
    report = import_areas(collection(grid(1, 0, 0)), source, actor=admin())
    assert found(report, "left_out") == [grid_code(1)]


def test_packed_files_and_byte_order_marks_are_read():
    data = collection(grid(1, 0, 0))
    assert import_areas(gzip.compress(data), GRIDS, actor=admin(), dry_run=True).made == 1
    assert import_areas(b"\xef\xbb\xbf" + data, GRIDS, actor=admin(), dry_run=True).made == 1


def test_a_township_is_imported_as_itself_only():
    source = Source("township", "code", "name")
    data = collection(
        feature(square(0, 0), code=TOWN, name="演示镇"),
        feature(square(1, 0), code="990199000000", name="别处"),
    )
    report = import_areas(data, source, actor=admin())
    assert report.made == 1
    assert found(report, "left_out") == ["990199000000"]


def test_without_the_power_nobody_imports():
    with pytest.raises(Forbidden):
        import_areas(collection(grid(1, 0, 0)), GRIDS, actor=make_actor("wang", "R06"))


@pytest.mark.slow
def test_the_councils_of_los_angeles():
    data = shared("la311/la_neighborhood_councils_2019.geojson.gz")
    source = Source("grid", "nc_id", "name", any_code=True, town_name="洛杉矶")
    report = import_areas(data, source, actor=admin())
    assert (report.made, found(report, "left_out")) == (99, [])
    assert len(found(report, "overlap")) == 36
    again = import_areas(data, source, actor=admin())
    assert (again.made, again.changed, again.same) == (0, 0, 99)
    city_hall = locate_many(TOWN, [-118.2427], [34.0537])[0]
    assert city_hall.grid or city_hall.several


@pytest.mark.slow
def test_the_villages_of_tainan():
    source = Source(
        "village", "VILLCODE", "VILLNAME", name_en="VILLENG", any_code=True, town_name="台南"
    )
    report = import_areas(
        shared("boundaries/tainan_villages_752.geojson.gz"), source, actor=admin()
    )
    assert (report.made, found(report, "left_out")) == (752, [])
    assert found(report, "repaired") == ["67000200010"]
    area = Area.objects.get(code="67000200010")
    assert (area.name_zh, area.name_en) == ("港墘里", "Gangqi Vil.")
    assert read_text(area.geometry).surface.is_valid
    assert json.loads(area.geometry)["type"] in {"Polygon", "MultiPolygon"}
