"""The API of figures: the public's, or those of the cases that somebody sees."""

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from linli.analytics.forms import FiguresForm
from linli.analytics.queries.figures import definitions, figures
from linli.analytics.rules.merging import as_item
from linli.analytics.schemas import FiguresOut
from linli.kit.shapes import read
from linli.offices.queries import home_township
from linli.offices.requests import maybe_api_actor

router = Router(tags=["figures"])


@router.get("/figures", auth=None, response=FiguresOut)
def read_figures(
    request: HttpRequest, by: str = "office", since: str = "", until: str = ""
) -> HttpResponse:
    """Read figures by office, category, area or month, with the definition of every share.

    Without signing in they are the public's: whole months, villages but no grids, and cells with
    fewer than five reports merged. `since` and `until` are days such as 2026-01-31.
    """
    actor = maybe_api_actor(request)
    wanted = read(FiguresForm({"by": by, "since": since, "until": until}))
    town = actor.township if actor else home_township()
    found = figures(**wanted, township=town, actor=actor)
    body = {
        "by": found.by,
        "since": found.since,
        "until": found.until,
        "items": [as_item(row) for row in found.rows],
        "total": as_item(found.total) if found.total else None,
        "definitions": definitions(),
    }
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")
