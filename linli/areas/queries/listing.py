"""Which areas there are: everybody may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from linli.areas.choices import Kind
from linli.areas.models import Area, AreaHistory
from linli.kit.errors import Unseen

PAGE = 100
PROPERTIES = ("township", "kind", "code", "name_zh", "name_en", "contact_phone", "valid_from")


def list_townships(day: date) -> QuerySet[Area]:
    """Return every township of this installation, lowest code first."""
    return Area.objects.live(day).filter(kind=Kind.TOWNSHIP)


def list_areas(
    township: str, day: date, kind: str = "", parent: UUID | None = None, search: str = ""
) -> QuerySet[Area]:
    """Return a town's areas that exist on `day`, lowest code first.

    Args:
        kind: township, village or grid; empty for all.
        parent: only what lies directly in this area.
        search: part of a name or the start of a code.
    """
    areas = Area.objects.live(day).filter(township=township)
    if kind:
        areas = areas.filter(kind=kind)
    if parent:
        areas = areas.filter(parent=parent)
    if search:
        areas = areas.filter(
            Q(name_zh__contains=search) | Q(name_en__icontains=search) | Q(code__startswith=search)
        )
    return areas


@dataclass(frozen=True)
class AreaPage:
    """One page of areas by code; `after` leads to the next, None at the end."""

    areas: Sequence[Area]
    after: UUID | None


def page_of(areas: QuerySet[Area], after: UUID | None) -> AreaPage:
    """Return a page of `areas`, without their shapes."""
    last = Area.objects.filter(pk=after).values_list("code", flat=True).first() if after else None
    if last is not None:
        areas = areas.filter(Q(code__gt=last) | Q(code=last, pk__gt=after))
    rows = list(
        areas.select_related("parent")
        .defer("geometry", "parent__geometry")
        .order_by("code", "pk")[: PAGE + 1]
    )
    return AreaPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def get_area(pk: UUID) -> Area:
    """Return an area, living or closed; Unseen where there is none."""
    area = Area.objects.select_related("parent").filter(pk=pk).first()
    if area is None:
        raise Unseen
    return area


def history_of(area: Area) -> Sequence[AreaHistory]:
    """Return what an area was, latest first."""
    return list(area.history.all())


def as_geojson(areas: Iterable[Area]) -> bytes:
    """Return a FeatureCollection in WGS-84, the shapes copied as they are stored."""
    features = [
        {
            "type": "Feature",
            "id": area.pk,
            "properties": {name: getattr(area, name) for name in PROPERTIES},
            "geometry": msgspec.Raw(area.geometry.encode() or b"null"),
        }
        for area in areas
    ]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})
