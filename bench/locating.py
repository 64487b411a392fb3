"""Point → grid: ours and bare shapely in the same run, on the same shapes and points.

    python -m bench.locating [POINTS]

86 polygons are a made-up town of Voronoi cells; 752 are the villages under ../shared/data, where
that folder is present. Bare shapely is an STRtree asked with a predicate, as its manual shows.
"""

import gzip
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.update(
    DJANGO_SETTINGS_MODULE="config.settings",
    LINLI_MODE="test",
    LINLI_VAR=tempfile.mkdtemp(),
    LINLI_DATABASE="",
)

import django
import numpy as np
import shapely

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings above
from django.db import transaction  # noqa: E402 - after setup

from linli.areas.queries import locating  # noqa: E402 - after setup
from linli.areas.services.importing import Source, import_areas  # noqa: E402 - after setup
from linli.offices.models import system  # noqa: E402 - after setup

SHARED = (
    Path(__file__).resolve().parents[2] / "shared/data/boundaries/tainan_villages_752.geojson.gz"
)
ONE_BY_ONE = 20_000


def cells(count: int) -> bytes:
    """Return a town of Voronoi cells with wavy borders (about 100 points each)."""
    random = np.random.default_rng(86)
    seeds = shapely.multipoints(random.uniform((113.0, 31.0), (113.2, 31.2), (count, 2)))
    town = shapely.box(113.0, 31.0, 113.2, 31.2)
    found = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seeds)), town)
    shapes = shapely.segmentize(found, 0.001)
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"990101001{number:06d}", "name": f"网格{number}"},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for number, shape in enumerate(shapes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def measure(label: str, township: str, data: bytes, source: Source, size: int) -> None:
    """Import the shapes, then print the figures of both."""
    start = perf_counter()
    import_areas(data, source, actor=system(township, "bench", frozenset({"admin"})))
    print(f"{label}: imported in {perf_counter() - start:.2f} s")
    shapes = read_shapes(data)
    tree = shapely.STRtree(shapes)
    west, south, east, north = shapely.total_bounds(shapes)
    random = np.random.default_rng(1)
    xs, ys = random.uniform(west, east, size), random.uniform(south, north, size)
    few = list(zip(xs[:ONE_BY_ONE].tolist(), ys[:ONE_BY_ONE].tolist(), strict=True))

    def bare(lng: float, lat: float) -> None:
        tree.query(shapely.Point(lng, lat), predicate="intersects")

    def ours(lng: float, lat: float) -> None:
        locating.locate(township, lng, lat)

    print(f"  one by one, bare      {each(bare, few):8.1f} µs")
    print(f"  one by one, ours      {each(ours, few):8.1f} µs")
    with transaction.atomic():
        print(f"  the same inside a verb{each(ours, few):8.1f} µs")
    slow = timed(lambda: tree.query(shapely.points(xs, ys), predicate="intersects"))
    fast = timed(lambda: locating.locate_many(township, xs, ys))
    print(f"  many at once, bare    {size / slow / 1e6:8.2f} million a second")
    print(f"  many at once, ours    {size / fast / 1e6:8.2f} million a second")
    print(f"  time, ours ÷ bare     {fast / slow:8.2f} (goal ≤ 1.3)")


def read_shapes(data: bytes) -> Any:
    """Return the shapes of a file as bare shapely reads them."""
    plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    texts = [json.dumps(one["geometry"]) for one in json.loads(plain)["features"]]
    return shapely.make_valid(shapely.from_geojson(texts))


def each(run: Callable[[float, float], None], few: Sequence[tuple[float, float]]) -> float:
    """Return the time per point, in microseconds."""
    return timed(lambda: [run(lng, lat) for lng, lat in few]) / len(few) * 1e6


def timed(run: Callable[[], object]) -> float:
    """Return the best of three, in seconds."""
    times = []
    for _ in range(3):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure both sets."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    call_command("migrate", verbosity=0)
    source = Source("grid", "code", "name", town_name="演示镇")
    measure("86 grids", "990101001000", cells(86), source, size)
    if SHARED.exists():
        source = Source("village", "VILLCODE", "VILLNAME", any_code=True, town_name="台南")
        measure("752 villages", "990102000000", SHARED.read_bytes(), source, size)
    else:
        print("752 villages: left out, ../shared/data is absent")


if __name__ == "__main__":
    main()
