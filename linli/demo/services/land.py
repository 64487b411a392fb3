"""The sample town's land: 86 grids in 20 villages that tile the town, the same every time."""

from collections.abc import Iterable
from random import Random
from typing import Any, cast

from shapely import MultiPoint, Polygon, set_precision, union_all, voronoi_polygons
from shapely.geometry import mapping

TOWN = "990101000000"
TOWN_NAME = "洛阳镇（演示）"
VILLAGES, GRIDS = 20, 86
SEED = 61
STEP = 1e-6  # degrees to which corners are rounded, about ten centimetres
OUTLINE = Polygon(
    [
        (113.06, 31.44),
        (113.15, 31.42),
        (113.23, 31.46),
        (113.26, 31.53),
        (113.24, 31.60),
        (113.17, 31.64),
        (113.09, 31.62),
        (113.04, 31.55),
    ]
)


def _cells(random: Random) -> list[Polygon]:
    """Divide the outline into 86 cells of like size: Voronoi cells after a few Lloyd steps."""
    west, south, east, north = OUTLINE.bounds
    seeds: list[tuple[float, float]] = []
    while len(seeds) < GRIDS:
        point = (random.uniform(west, east), random.uniform(south, north))
        if OUTLINE.contains(MultiPoint([point])):
            seeds.append(point)
    cells: list[Polygon] = []
    for _round in range(4):
        cells = [
            cast(Polygon, cell.intersection(OUTLINE))
            for cell in voronoi_polygons(MultiPoint(seeds), extend_to=OUTLINE).geoms
        ]
        seeds = [(cell.centroid.x, cell.centroid.y) for cell in cells]
    return cells


def _groups(cells: list[Polygon]) -> list[list[Polygon]]:
    """Group the cells into 20 villages, each in one piece: neighbours join the smallest village."""
    ordered = sorted(cells, key=lambda cell: (-cell.centroid.y, cell.centroid.x))
    step = len(ordered) / VILLAGES
    villages = [[ordered[int(number * step)]] for number in range(VILLAGES)]
    free = [cell for cell in ordered if all(cell is not one[0] for one in villages)]
    while free:
        for village in sorted(villages, key=len):
            edge = union_all(village)
            near = [cell for cell in free if edge.intersection(cell).length > 0]
            if near:
                chosen = min(near, key=lambda cell: cell.distance(village[0].centroid))
                village.append(chosen)
                free.remove(chosen)
                break
    return villages


def _feature(code: str, name: str, shape: Any, parent: str = "") -> dict[str, Any]:
    properties = {"code": code, "name": name, "parent": parent}
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape)}


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def make_land(names: list[str]) -> dict[str, dict[str, Any]]:
    """Return GeoJSON for the kinds township, village and grid.

    Args:
        names: of the 20 villages, from north to south.
    """
    rounded = [set_precision(cell, STEP, mode="pointwise") for cell in _cells(Random(SEED))]  # noqa: S311 - the same town every time
    villages, grids = [], []
    for number, cells in enumerate(_groups(rounded), start=1):
        code, name = f"{TOWN[:9]}{199 + number:03}", names[number - 1]
        villages.append(_feature(code, name, union_all(cells), TOWN))
        grids += [
            _feature(f"{code}{place:03}", f"{name}第{place}网格", cell, code)
            for place, cell in enumerate(cells, start=1)
        ]
    town = _feature(TOWN, TOWN_NAME, union_all(rounded))
    return {
        "township": _collection([town]),
        "village": _collection(villages),
        "grid": _collection(grids),
    }
