"""The API is a promise: docs/openapi.json holds it, and it changes on purpose only."""

import json
import os
from pathlib import Path

from django.utils import translation

from config.api import api

SNAPSHOT = Path(__file__).parent.parent / "docs" / "openapi.json"


def described() -> str:
    """Return the API's description as the snapshot keeps it."""
    with translation.override("en"):
        schema = api.get_openapi_schema()
        text = json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True, default=str)
    return text + "\n"


def test_the_api_is_what_it_promised() -> None:
    """To change it on purpose run this test with FREEZE=1, and say so in CHANGELOG.md."""
    if os.environ.get("FREEZE"):
        SNAPSHOT.write_text(described(), encoding="utf-8")
    assert described() == SNAPSHOT.read_text(encoding="utf-8")
