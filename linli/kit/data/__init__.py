"""Facts that ship as dated data files beside the code: TSV and TOML."""

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_tsv(package: str, name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of `package/data/name`: tab separated, header first, no quoting."""
    text = (files(package) / "data" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def read_toml(package: str, name: str) -> dict[str, Any]:
    """Return the table in `package/data/name`."""
    return tomllib.loads((files(package) / "data" / name).read_text(encoding="utf-8"))
