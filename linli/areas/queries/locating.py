"""Where a point lies: an index of shapes per process, rebuilt when the town's areas change.

A border is a metre wide (`choices.BORDER`). A point deep inside exactly one area is in that area;
a point on borders only belongs to the area with the lowest code, so that areas which tile a town
leave nothing between them; a point deep inside several is in several, and nobody guesses which.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import shapely
from django.db import connection
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from linli.areas.choices import BORDER, MARGIN, Kind
from linli.areas.models import Area
from linli.kit import coordinates
from linli.kit.errors import Invalid
from linli.offices.queries import today

FRESH = 1.0  # seconds for which an index is trusted outside a transaction
_CHUNK = 100_000
_NONE, _SEVERAL = -1, -2
_VERSION = "SELECT version FROM areas_areaset WHERE township = %s"

Numbers = NDArray[np.float64]
Places = NDArray[np.int32]


class Located(NamedTuple):
    """The grid and the village of a point; `several` names the areas between which nobody chose."""

    grid: UUID | None
    village: UUID | None
    several: tuple[UUID, ...]


class Box(NamedTuple):
    """A bounding box in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lng: float, lat: float, margin: float = 0.0) -> bool:
        """Say whether the point lies in the box or within `margin` degrees of it."""
        return (
            self.west - margin <= lng <= self.east + margin
            and self.south - margin <= lat <= self.north + margin
        )


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    kind: str
    parent: UUID | None
    parent_kind: str | None
    geometry: str


class _Layer:
    """The areas of one kind, lowest code first."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self.ids = [row.id for row in rows]
        self.shapes: NDArray[Any] = np.asarray(
            shapely.from_geojson([row.geometry for row in rows]), dtype=object
        )
        self.edges: NDArray[Any] = shapely.boundary(self.shapes)
        shapely.prepare(self.shapes)
        shapely.prepare(self.edges)
        west, south, east, north = shapely.bounds(self.shapes).T
        self.tree = shapely.STRtree(
            shapely.box(west - BORDER, south - BORDER, east + BORDER, north + BORDER)
        )

    def at(self, lng: float, lat: float) -> list[int]:
        """Return the places (in `ids`) of the areas in which a point lies: none, one or several."""
        if not self.ids:
            return []
        point = shapely.Point(lng, lat)
        near = self.tree.query(point).tolist()
        hits = [one for one in near if shapely.intersects_xy(self.shapes[one], lng, lat)]
        if len(hits) == 1:
            return hits
        if not hits:
            return sorted(one for one in near if shapely.dwithin(self.shapes[one], point, BORDER))[
                :1
            ]
        deep = [one for one in hits if not shapely.dwithin(self.edges[one], point, BORDER)]
        return sorted(deep) or [min(hits)]

    def at_many(self, lngs: Numbers, lats: Numbers) -> tuple[Places, dict[int, tuple[UUID, ...]]]:
        """Do the same for many points: their places, and the areas of each point in several."""
        size = len(lngs)
        found = np.full(size, _NONE, dtype=np.int32)
        several: dict[int, tuple[UUID, ...]] = {}
        if not self.ids:
            return found, several
        points: NDArray[Any] = np.asarray(shapely.points(lngs, lats))
        who, area = self.tree.query(points)
        inside = shapely.intersects_xy(self.shapes[area], lngs[who], lats[who])
        count = np.bincount(who[inside], minlength=size)
        found[who[inside]] = area[inside]

        near = ~inside & (count[who] == 0)
        near[near] = shapely.dwithin(self.shapes[area[near]], points[who[near]], BORDER)
        _lowest(found, who[near], area[near])

        shared = inside & (count[who] > 1)
        _lowest(found, who[shared], area[shared])
        shared[shared] = ~shapely.dwithin(self.edges[area[shared]], points[who[shared]], BORDER)
        deep, place = who[shared], area[shared]
        _lowest(found, deep, place)
        clash = np.bincount(deep, minlength=size)[deep] > 1
        found[deep[clash]] = _SEVERAL
        for one, where in sorted(zip(deep[clash].tolist(), place[clash].tolist(), strict=True)):
            several[one] = (*several.get(one, ()), self.ids[where])
        return found, several


def _lowest(found: Places, who: NDArray[np.int64], area: NDArray[np.int64]) -> None:
    """Give each point the lowest of its areas: the last one written stays."""
    order = np.argsort(-area, kind="stable")
    found[who[order]] = area[order]


class _Index:
    """Everything that is needed to locate points in one town on one day."""

    def __init__(self, township: str, version: int, day: date) -> None:
        self.version, self.day, self.asked = version, day, monotonic()
        rows = [
            _Row(*values)
            for values in Area.objects.live(day)
            .filter(township=township)
            .exclude(geometry="")
            .order_by("code", "id")
            .values_list("id", "kind", "parent_id", "parent__kind", "geometry")
        ]
        grids = [row for row in rows if row.kind == Kind.GRID]
        self.grids = _Layer(grids)
        self.villages = _Layer([row for row in rows if row.kind == Kind.VILLAGE])
        parents = {row.parent: None for row in grids if row.parent_kind == Kind.VILLAGE}
        self.village_ids = list(dict.fromkeys([*self.villages.ids, *filter(None, parents)]))
        place: dict[UUID | None, int] = {key: at for at, key in enumerate(self.village_ids)}
        self.village_of: Places = np.asarray(
            [place.get(row.parent, _NONE) for row in grids], dtype=np.int32
        )
        town = shapely.from_geojson([row.geometry for row in rows if row.kind == Kind.TOWNSHIP])
        shapes = [*town, *self.villages.shapes, *self.grids.shapes]
        self.box = Box(*shapely.total_bounds(shapes).tolist()) if shapes else None

    def at(self, lng: float, lat: float) -> Located:
        """Locate one point."""
        grids = self.grids.at(lng, lat)
        village = int(self.village_of[grids[0]]) if len(grids) == 1 else _NONE
        villages = [village] if village != _NONE else self.villages.at(lng, lat)
        return Located(
            self.grids.ids[grids[0]] if len(grids) == 1 else None,
            self.village_ids[villages[0]] if len(villages) == 1 else None,
            (
                *(self.grids.ids[one] for one in grids if len(grids) > 1),
                *(self.villages.ids[one] for one in villages if len(villages) > 1),
            ),
        )


@dataclass(frozen=True)
class LocatedMany:
    """Many located points, without an object for each: iterate it, or take one by its number.

    Args:
        grid_ids, village_ids: the keys that the numbers in `grid` and `village` stand for.
        grid, village: a number per point; negative for a point in none or in several.
        several: the areas of each point that lies in several.
    """

    grid_ids: Sequence[UUID]
    village_ids: Sequence[UUID]
    grid: Places
    village: Places
    several: dict[int, tuple[UUID, ...]]

    def __len__(self) -> int:
        return len(self.grid)

    def __getitem__(self, one: int) -> Located:
        grid, village = int(self.grid[one]), int(self.village[one])
        return Located(
            self.grid_ids[grid] if grid >= 0 else None,
            self.village_ids[village] if village >= 0 else None,
            self.several.get(one, ()),
        )

    def __iter__(self) -> Iterator[Located]:
        return (self[one] for one in range(len(self)))


_indexes: dict[str, _Index] = {}


def _index(township: str) -> _Index:
    """Return the index; whoever is in a transaction asks if it is stale, others each second."""
    known = _indexes.get(township)
    in_verb = connection.in_atomic_block
    if known and not in_verb and monotonic() - known.asked < FRESH:
        return known
    version = get_version(township)
    day = today()
    if known and version and (known.version, known.day) == (version, day):
        known.asked = monotonic()
        return known
    _indexes[township] = index = _Index(township, version, day)
    return index


def forget(township: str) -> None:
    """Drop this process's index of a town that is being changed."""
    _indexes.pop(township, None)


def get_version(township: str) -> int:
    """Return the number of the present state of a town's areas; 0 before the first verb."""
    with (
        connection.cursor() as cursor
    ):  # every verb with a place asks: the ORM takes 15 times as long
        cursor.execute(_VERSION, [township])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def locate(township: str, lng: float, lat: float) -> Located:
    """Return where a WGS-84 point lies; Invalid for what is no place on earth."""
    coordinates.check(lng, lat)
    return _index(township).at(lng, lat)


def locate_many(township: str, lngs: Sequence[float], lats: Sequence[float]) -> LocatedMany:
    """Return where many WGS-84 points lie; NaN lies nowhere."""
    index = _index(township)
    xs, ys = np.asarray(lngs, dtype=np.float64), np.asarray(lats, dtype=np.float64)
    grid = np.full(len(xs), _NONE, dtype=np.int32)
    village = np.full(len(xs), _NONE, dtype=np.int32)
    several: dict[int, tuple[UUID, ...]] = {}
    for start in range(0, len(xs), _CHUNK):
        part = slice(start, start + _CHUNK)
        grid[part], clashes = index.grids.at_many(xs[part], ys[part])
        sure = grid[part] >= 0
        village[part][sure] = index.village_of[grid[part][sure]]
        open_ = np.flatnonzero(village[part] == _NONE)
        found, more = index.villages.at_many(xs[part][open_], ys[part][open_])
        village[part][open_] = found
        for one, areas in more.items():
            clashes[int(open_[one])] = (*clashes.get(int(open_[one]), ()), *areas)
        several.update((start + one, areas) for one, areas in clashes.items())
    return LocatedMany(index.grids.ids, index.village_ids, grid, village, several)


def town_box(township: str) -> Box | None:
    """Return the box around a town; None while no shape of it is known."""
    return _index(township).box


def check_point(township: str, lng: float, lat: float) -> None:
    """Refuse a WGS-84 point that cannot be in the town, with a sentence that says what to do."""
    coordinates.check(lng, lat)
    if lng == 0 and lat == 0:
        sentence = _("The place was not found by the device. Please choose it on the map.")
        raise Invalid({"point": [sentence]})
    box = town_box(township)
    if box and not box.holds(lng, lat, MARGIN):
        sentence = _("This place lies outside the town. Please choose a place inside it.")
        raise Invalid({"point": [sentence]})
