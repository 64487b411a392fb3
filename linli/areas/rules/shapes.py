"""Shapes from elsewhere (GeoJSON, RFC 7946): read strictly, repaired where nothing is lost."""

import gzip
import io
import json
import re
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry import MultiPolygon, Polygon

from linli.kit import coordinates
from linli.kit.coordinates import Crs, Point
from linli.kit.errors import Invalid

MAX_BYTES = 64 * 1024 * 1024
MAX_AREA_CHANGE = 0.001  # share of the area that a repair may add or remove

Surface = Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class Shape:
    """A valid surface in WGS-84.

    Args:
        surface: what it covers.
        repaired: a sentence that says what was wrong as it came; empty if nothing was.
    """

    surface: Surface
    repaired: str = ""

    def text(self) -> str:
        """Return the shape as GeoJSON text."""
        return str(shapely.to_geojson(self.surface))


def _refuse(field: str, sentence: Any) -> Invalid:
    return Invalid({field: [str(sentence)]})


def read_features(data: bytes) -> list[dict[str, Any]]:
    """Return the features of a FeatureCollection, gzipped or not; Invalid for everything else."""
    try:
        found = json.loads(_unpack(data).decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refuse("file", _("This file is not GeoJSON: it cannot be read as JSON.")) from error
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise _refuse("file", _("This file is not a GeoJSON FeatureCollection."))
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise _refuse("file", _("This file has no features."))
    if not all(isinstance(one, dict) and one.get("type") == "Feature" for one in features):
        raise _refuse("file", _("This file has entries that are not GeoJSON features."))
    return features


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _unpack(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        unpacked = data
    else:
        try:
            with gzip.open(io.BytesIO(data)) as packed:
                unpacked = packed.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise _refuse(
                "file", _("This packed file is damaged. Please pack it again.")
            ) from error
    if len(unpacked) > MAX_BYTES:
        sentence = _("This file is larger than %(size)d MB. Please split it.")
        raise _refuse("file", sentence % {"size": MAX_BYTES // 1024 // 1024})
    return unpacked


def read_shape(geometry: Any, crs: str = Crs.WGS84) -> Shape:
    """Return a Polygon or MultiPolygon object as a valid shape; Invalid with the reason otherwise.

    Args:
        geometry: a parsed GeoJSON geometry; heights are dropped.
        crs: the coordinate system that its numbers are in.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise _refuse("geometry", _("The shape must be a Polygon or a MultiPolygon."))
    rings = geometry.get("coordinates")
    parts = [rings] if kind == "Polygon" else rings
    if not isinstance(parts, list) or not parts:
        raise _refuse("geometry", _("The shape is empty."))
    polygons = [_polygon(part, crs) for part in parts]
    return _valid(polygons[0] if kind == "Polygon" else MultiPolygon(polygons))


def read_text(text: str, crs: str = Crs.WGS84) -> Shape:
    """Return a shape typed or pasted as GeoJSON text: a geometry, or a feature that has one."""
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refuse("geometry", _("This is not GeoJSON: it cannot be read as JSON.")) from error
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    return read_shape(found, crs)


def _polygon(rings: Any, crs: str) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise _refuse("geometry", _("The shape is empty."))
    shell, *holes = [_ring(ring, crs) for ring in rings]
    return Polygon(shell, holes)


def _ring(ring: Any, crs: str) -> list[Point]:
    if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
        raise _refuse(
            "geometry",
            _("A ring must have at least four points, and its last point must equal its first."),
        )
    return [_point(position, crs) for position in ring]


def _point(position: Any, crs: str) -> Point:
    numbers = position[:2] if isinstance(position, list) else []
    if len(numbers) != 2 or any(type(number) not in {int, float} for number in numbers):
        raise _refuse("geometry", _("A point must be a pair of numbers: longitude, latitude."))
    if any(abs(number) > 360 for number in numbers):
        raise _refuse(
            "geometry",
            _("These are not degrees but large numbers, as of a projection: export as WGS-84."),
        )
    try:
        return coordinates.to_wgs84(float(numbers[0]), float(numbers[1]), crs)
    except Invalid as error:
        if "point" not in error.fields:
            raise
        raise _refuse(
            "geometry",
            _("A point lies outside ±180, ±90 degrees (first longitude, then latitude)."),
        ) from error


def _valid(surface: Surface) -> Shape:
    if surface.is_valid:
        return Shape(surface)
    where = re.search(r"\[(.*)\]", shapely.is_valid_reason(surface))
    reason = _("its outline crosses or touches itself near %(place)s") % {
        "place": where.group(1) if where else "?"
    }
    repaired = _surface(shapely.make_valid(surface))
    if repaired is None or abs(repaired.area - surface.area) > MAX_AREA_CHANGE * repaired.area:
        sentence = _("The shape cannot be used: %(reason)s, and a repair would change its area.")
        raise _refuse("geometry", sentence % {"reason": reason})
    return Shape(repaired, str(_("Repaired: %(reason)s.") % {"reason": reason}))


def _surface(found: Any) -> Surface | None:
    """Keep the surfaces of what a repair left; None where there are none."""
    parts = [part for part in shapely.get_parts(found) if isinstance(part, Polygon | MultiPolygon)]
    polygons = [one for part in parts for one in shapely.get_parts(part) if one.area > 0]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def drawing(surface: Surface, side: int = 320) -> tuple[str, str]:
    """Return the viewBox and the path of a sketch of `surface`, north up, `side` units wide."""
    west, south, east, north = surface.bounds
    squeeze = coordinates.metres((west, south), (east, south)) / max(east - west, 1e-12)
    squeeze /= coordinates.metres((west, south), (west, north)) / max(north - south, 1e-12)
    scale = side / max((east - west) * squeeze, north - south)

    def spot(position: Any) -> str:
        x, y = (position[0] - west) * squeeze * scale, (north - position[1]) * scale
        return f"{x:.1f} {y:.1f}"

    def steps(ring: Any) -> str:
        spots = [spot(position) for position in ring.coords]
        kept = [spots[0], *(b for a, b in pairwise(spots) if a != b)]
        return "M" + "L".join(kept) + "Z"

    rings = [
        ring for part in shapely.get_parts(surface) for ring in (part.exterior, *part.interiors)
    ]
    width, height = (east - west) * squeeze * scale, (north - south) * scale
    return f"0 0 {width:.0f} {height:.0f}", "".join(map(steps, rings))
