"""Places for tests: a town of square grids, villages, files from elsewhere."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from linli.areas.choices import Kind
from linli.areas.models import Area
from linli.areas.rules.drafts import Draft
from linli.areas.rules.shapes import read_shape
from linli.areas.services.saving import save_area
from linli.offices.models import Actor, system
from linli.offices.tests.people import TOWN

DAY = date(2026, 11, 2)
WEST, SOUTH, STEP = 113.0, 31.0, 0.01
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def admin(township: str = TOWN) -> Actor:
    """Return somebody who may change areas, without an account."""
    return system(township, "import", frozenset({"admin"}))


def square(x: float, y: float, side: float = 1) -> dict[str, object]:
    """Return a square as GeoJSON; one unit is about a kilometre."""
    west, south = WEST + x * STEP, SOUTH + y * STEP
    east, north = west + side * STEP, south + side * STEP
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_area(
    code: str,
    geometry: dict[str, object] | None = None,
    *,
    kind: str = Kind.GRID,
    township: str = TOWN,
    **fields: object,
) -> Area:
    """Make an area with the verb that people use."""
    draft = Draft(
        kind=kind,
        code=code,
        name_zh=str(fields.pop("name_zh", f"区{code[-3:]}")),
        shape=read_shape(geometry) if geometry else None,
        valid_from=fields.pop("valid_from", DAY),
        **fields,
    )
    return save_area(None, draft, actor=admin(township))


def grid_code(number: int, village: int = 1) -> str:
    """Return the code of a grid of a village."""
    return f"9901010{village:05d}{number:03d}"


def village_code(number: int) -> str:
    """Return the code of a village."""
    return f"9901010{number:05d}"


def feature(geometry: object, **properties: object) -> dict[str, object]:
    """Return a GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object) -> bytes:
    """Return a FeatureCollection as it lies in a file."""
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def shared(path: str) -> bytes:
    """Return a file that nobody here wrote; skip where it is absent."""
    file = SHARED / path
    if not file.exists():
        pytest.skip(f"{path} is not on this machine: the shared data folder is absent")
    return file.read_bytes()


def shared_features(path: str) -> list[dict[str, object]]:
    """Return the features of such a file."""
    return json.loads(gzip.decompress(shared(path)))["features"]
