"""Do areas tile the town: overlaps and gaps between shapes, as shares of area."""

from collections.abc import Iterator, Mapping

import numpy as np
import shapely

from linli.areas.rules.shapes import Surface

TOLERANCE = 0.001


def overlaps(
    shapes: Mapping[str, Surface], tolerance: float = TOLERANCE
) -> Iterator[tuple[str, str, float]]:
    """Yield each pair of codes whose shapes overlap, with the share of the smaller one.

    Args:
        tolerance: share of the smaller area that may overlap unnoticed.
    """
    codes, surfaces = list(shapes), np.asarray(list(shapes.values()), dtype=object)
    left, right = shapely.STRtree(surfaces).query(surfaces, predicate="intersects")
    left, right = left[left < right], right[left < right]
    common = shapely.area(shapely.intersection(surfaces[left], surfaces[right]))
    area = shapely.area(surfaces)
    shares = common / np.minimum(area[left], area[right])
    for a, b, share in sorted(zip(left.tolist(), right.tolist(), shares.tolist(), strict=True)):
        if share > tolerance:
            yield codes[a], codes[b], share


def gaps(
    shapes: Mapping[str, Surface], town: Surface | None, tolerance: float = TOLERANCE
) -> Iterator[tuple[tuple[float, float], float]]:
    """Yield a point inside each gap, with its share of an average area.

    Args:
        town: what the shapes should cover; holes between them count without it too.
        tolerance: share of an average area that may be missing unnoticed.
    """
    covered = shapely.union_all(list(shapes.values()))
    parts = shapely.get_parts(covered)
    filled = [shapely.Polygon(part.exterior) for part in parts]
    whole = shapely.union_all([*filled, *([town] if town else [])])
    average = covered.area / len(shapes)
    for gap in shapely.get_parts(shapely.difference(whole, covered)):
        if gap.area > tolerance * average:
            inside = gap.representative_point()
            yield (inside.x, inside.y), gap.area / average
