"""The shape of what the API answers."""

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Schema

from linli.areas.models import Area


class AreaOut(Schema):
    """An area without its shape; `lng` and `lat` are a point inside it (WGS-84)."""

    id: UUID
    township: str
    kind: str
    code: str
    name_zh: str
    name_en: str
    parent: UUID | None
    contact_phone: str
    valid_from: date
    valid_to: date | None
    lng: float | None
    lat: float | None


class Areas(Schema):
    """Areas, lowest code first."""

    items: list[AreaOut]


def item_of(area: Area) -> dict[str, Any]:
    """Return an area as `AreaOut`."""
    return {
        "id": area.pk,
        "township": area.township,
        "kind": area.kind,
        "code": area.code,
        "name_zh": area.name_zh,
        "name_en": area.name_en,
        "parent": area.parent_id,
        "contact_phone": area.contact_phone,
        "valid_from": area.valid_from,
        "valid_to": area.valid_to,
        "lng": area.lng,
        "lat": area.lat,
    }
