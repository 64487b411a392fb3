"""The API of areas: everybody may read them."""

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from ninja import Router

from linli.areas.choices import Kind
from linli.areas.queries import listing
from linli.areas.queries.locating import get_version
from linli.areas.schemas import Areas, item_of
from linli.kit.errors import Invalid
from linli.offices.queries import home_township, today
from linli.offices.requests import maybe_api_actor

router = Router(tags=["areas"])
GEOJSON = "application/geo+json"


@router.get("/areas", auth=None, response=Areas)
def list_areas(
    request: HttpRequest,
    kind: str = "",
    parent: UUID | None = None,
    township: str = "",
    format: str = "",  # noqa: A002 - the name in the address
) -> HttpResponse:
    """List the living areas of a township, lowest code first.

    `kind` is township, village or grid; `parent` keeps what lies directly in one area; `township`
    is your own, or the home township, if absent. With `format=geojson` or `Accept:
    application/geo+json` the answer is a FeatureCollection in WGS-84.
    """
    if kind not in {"", *Kind.values}:
        raise Invalid({"kind": [_("Choose township, village or grid.")]})
    if format not in {"", "json", "geojson"}:
        raise Invalid({"format": [_("Choose json or geojson.")]})
    if township and not (township.isascii() and township.isdecimal()):
        raise Invalid({"township": [_("A township's code has digits only.")]})
    actor = maybe_api_actor(request)
    town = township or (actor.township if actor else home_township())
    shapes = format == "geojson" or (not format and GEOJSON in request.headers.get("Accept", ""))
    etag = f'"{town}-{get_version(town)}-{today()}-{kind}-{parent or ""}-{shapes:d}"'
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or _answer(town, kind, parent, shapes=shapes)
    response["ETag"], response["Vary"] = etag, "Accept"
    response["Cache-Control"] = "no-cache"
    return response


def _answer(town: str, kind: str, parent: UUID | None, *, shapes: bool) -> HttpResponse:
    areas = listing.list_areas(town, today(), kind, parent)
    if shapes:
        return HttpResponse(listing.as_geojson(areas), content_type=GEOJSON)
    body: dict[str, Any] = {"items": [item_of(area) for area in areas.defer("geometry")]}
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")
