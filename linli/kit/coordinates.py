"""Places on the earth: three Chinese coordinate systems, distances, map tiles.

WGS-84 is what is stored. GCJ-02 (Gaode, Tencent, WeChat) is WGS-84 shifted by some hundred metres;
BD-09 (Baidu) is GCJ-02 shifted once more. Nothing is shifted outside China's bounding box.
"""

from collections.abc import Callable
from math import asinh, atan2, cos, floor, hypot, inf, isfinite, pi, radians, sin, sqrt, tan

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kit.errors import Invalid

Point = tuple[float, float]

EARTH = 6_371_008.8  # mean radius, metres
_AXIS = 6_378_245.0  # Krasovsky 1940: semi-major axis, metres
_ECCENTRICITY = 0.00669342162296594323  # the same ellipsoid: eccentricity squared
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_PRECISION = 1e-9  # degrees, a tenth of a millimetre
_STEPS = 30
_BAIDU = pi * 3000 / 180
_BAIDU_LNG, _BAIDU_LAT = 0.0065, 0.006
MERCATOR_LAT = 85.051128779806604  # where the square web-mercator map ends


class Crs(models.TextChoices):
    """The coordinate system that a point came in."""

    WGS84 = "wgs84", _("WGS-84 / CGCS2000 (GPS)")
    GCJ02 = "gcj02", _("GCJ-02 (Gaode, Tencent, WeChat)")
    BD09 = "bd09", _("BD-09 (Baidu)")


def check(lng: float, lat: float) -> Point:
    """Return the point; Invalid unless both are numbers within ±180 and ±90 degrees."""
    if not (isfinite(lng) and isfinite(lat) and -180 <= lng <= 180 and -90 <= lat <= 90):
        raise Invalid(
            {"point": [str(_("This is not a place on the earth. Please choose the place again."))]}
        )
    return lng, lat


def in_china(lng: float, lat: float) -> bool:
    """Say whether a point lies in the box within which GCJ-02 is shifted."""
    return _WEST <= lng <= _EAST and _SOUTH <= lat <= _NORTH


def wgs84_to_gcj02(lng: float, lat: float) -> Point:
    """Shift a WGS-84 point as Chinese maps do."""
    check(lng, lat)
    if not in_china(lng, lat):
        return lng, lat
    x, y = lng - 105, lat - 35
    root, short = 0.1 * sqrt(abs(x)), (sin(6 * pi * x) + sin(2 * pi * x)) * 40 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 2 * root + short
    north += (sin(pi * y) * 20 + sin(pi * y / 3) * 40) * 2 / 3
    north += (sin(pi * y / 12) * 160 + sin(pi * y / 30) * 320) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + root + short
    east += (sin(pi * x) * 20 + sin(pi * x / 3) * 40) * 2 / 3
    east += (sin(pi * x / 12) * 150 + sin(pi * x / 30) * 300) * 2 / 3
    bend = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (bend * sqrt(bend))
    parallel = _AXIS / sqrt(bend) * cos(radians(lat))
    return lng + east * 180 / pi / parallel, lat + north * 180 / pi / meridian


def gcj02_to_wgs84(lng: float, lat: float) -> Point:
    """Undo the shift of GCJ-02, to better than 1e-7 degrees (a centimetre)."""
    return _undo(wgs84_to_gcj02, lng, lat)


def gcj02_to_bd09(lng: float, lat: float) -> Point:
    """Shift a GCJ-02 point as Baidu does."""
    check(lng, lat)
    if not in_china(lng, lat):
        return lng, lat
    far = hypot(lng, lat) + 0.00002 * sin(lat * _BAIDU)
    angle = atan2(lat, lng) + 0.000003 * cos(lng * _BAIDU)
    return far * cos(angle) + _BAIDU_LNG, far * sin(angle) + _BAIDU_LAT


def bd09_to_gcj02(lng: float, lat: float) -> Point:
    """Undo Baidu's shift, to better than 1e-7 degrees."""
    return _undo(gcj02_to_bd09, lng, lat)


def wgs84_to_bd09(lng: float, lat: float) -> Point:
    """Shift a WGS-84 point twice."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lng, lat))


def bd09_to_wgs84(lng: float, lat: float) -> Point:
    """Undo both shifts, to better than 1e-7 degrees."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lng, lat))


def to_wgs84(lng: float, lat: float, crs: str) -> Point:
    """Return a point of any of the three systems in WGS-84.

    Args:
        crs: one of `Crs`; Invalid for any other word.
    """
    if crs == Crs.WGS84:
        return check(lng, lat)
    if crs == Crs.GCJ02:
        return gcj02_to_wgs84(lng, lat)
    if crs == Crs.BD09:
        return bd09_to_wgs84(lng, lat)
    names = ", ".join(Crs.values)
    raise Invalid(
        {"crs": [str(_("The coordinate system must be one of: %(names)s.") % {"names": names})]}
    )


def _undo(shift: Callable[[float, float], Point], lng: float, lat: float) -> Point:
    """Find the point that `shift` moves to the given one, by correcting a guess."""
    x, y = check(lng, lat)
    best, nearest = (x, y), inf
    for _step in range(_STEPS):
        there = shift(x, y)
        miss_x, miss_y = lng - there[0], lat - there[1]
        miss = max(abs(miss_x), abs(miss_y))
        if miss < nearest:
            best, nearest = (x, y), miss
        if miss < _PRECISION:
            break
        x, y = x + miss_x, y + miss_y
    return best


def metres(a: Point, b: Point) -> float:
    """Return the great-circle distance between two WGS-84 points (haversine), in metres."""
    (lng_a, lat_a), (lng_b, lat_b) = check(*a), check(*b)
    north, east = radians(lat_b - lat_a), radians(lng_b - lng_a)
    half = sin(north / 2) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(east / 2) ** 2
    return 2 * EARTH * atan2(sqrt(half), sqrt(max(0.0, 1 - half)))


def tile(lng: float, lat: float, zoom: int) -> tuple[int, int]:
    """Return the web-mercator tile (x from west, y from north) in which a point lies.

    Args:
        zoom: 0 is one tile for the whole earth, each step doubles both numbers.
    """
    check(lng, lat)
    side = 2**zoom
    capped = max(-MERCATOR_LAT, min(MERCATOR_LAT, lat))
    x = floor((lng + 180) / 360 * side)
    y = floor((1 - asinh(tan(radians(capped))) / pi) / 2 * side)
    return min(max(x, 0), side - 1), min(max(y, 0), side - 1)
