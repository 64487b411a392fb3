"""The API of the trunk: the same forms and verbs as the pages, in JSON."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from linli.cases.forms.filters import FilterForm
from linli.cases.forms.report import ReportForm, StaffReportForm
from linli.cases.forms.verbs import VERBS
from linli.cases.models.case import Case
from linli.cases.models.catalogue import Category
from linli.cases.queries import cases, lists
from linli.cases.requests import note_wrong_code, refuse_guessing
from linli.cases.rules.moves import is_reporter, next_steps
from linli.cases.schemas import (
    CaseOut,
    CasePage,
    Categories,
    LookupIn,
    MapOut,
    ReportOut,
    category_of,
    row_of,
    story_of,
)
from linli.cases.services.intake import report
from linli.kit.errors import Invalid, Unseen
from linli.kit.shapes import documented, from_json, read, read_json
from linli.offices.models import Actor, resident
from linli.offices.queries import home_township
from linli.offices.requests import api_actor, maybe_api_actor

router = Router(tags=["cases"])
CODE_HEADER = "Linli-Code"


def as_json(body: Any, status: int = 200) -> HttpResponse:
    """Answer with JSON, written by msgspec: lists are the hot path."""
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")


def _who(request: HttpRequest, key: UUID) -> Actor:
    """Return whoever acts on a case: its reporter by code, or somebody signed in."""
    code = request.headers.get(CODE_HEADER)
    if code is None:
        return api_actor(request)
    case = Case.objects.filter(pk=key).first()
    return _with_code(request, case.number if case else "", code)[1]


def _with_code(request: HttpRequest, number: str, code: str) -> tuple[Case, Actor]:
    """Return a case and its reporter; ten wrong codes from one address, and it is asked to wait."""
    refuse_guessing(request)
    try:
        return cases.get_reported(number, code)
    except Unseen:
        note_wrong_code(request)
        raise


def _whole(case: Case, actor: Actor) -> HttpResponse:
    public = is_reporter(actor, case)
    story = cases.list_story(case, public=public)
    return as_json(story_of(case, story, next_steps(actor, case), public=public))


@router.post(
    "/reports",
    auth=None,
    response={201: ReportOut},
    openapi_extra=documented(StaffReportForm, "ReportIn"),
)
def report_in(request: HttpRequest) -> HttpResponse:
    """Report something, with or without an account; `client_id` makes it idempotent."""
    actor = maybe_api_actor(request) or resident(home_township())
    form = StaffReportForm if actor.may("report") else ReportForm
    case = report(**from_json(form, read_json(request), actor=actor), actor=actor)
    answer = {
        "id": case.pk,
        "number": case.number,
        "code": cases.lookup_code(case),
        "reported_at": case.reported_at,
    }
    return as_json(answer, status=201)


@router.post("/reports/lookup", auth=None, response=CaseOut)
def look_up(request: HttpRequest, body: LookupIn) -> HttpResponse:
    """Read the story of a report by its number and code."""
    case, actor = _with_code(request, body.number, body.code)
    return _whole(cases.get_case(actor, case.pk), actor)


@router.get("/cases", auth=api_actor, response=CasePage)
def list_cases(
    request: HttpRequest,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=lists.MAX_LIMIT)] = 50,
    order: str = "newest",
) -> HttpResponse:
    """List the cases that you may see, by the filters of the desk.

    Filters: state (a state, or `all`; open ones if absent), category, group, area, office,
    urgency, due (late, soon, today), text, since, until. `order` is `newest` or `pressing`.
    """
    actor = api_actor(request)
    wanted = read(FilterForm(request.GET, actor=actor))
    visible = lists.narrow(Case.objects.visible_to(actor), wanted)
    pages = {"newest": lists.newest, "pressing": lists.most_pressing}
    if order not in pages:
        raise Invalid({"order": [_("Choose newest or pressing.")]})
    page = pages[order](visible, after=after, limit=limit)
    return as_json({"items": [row_of(case) for case in page.cases], "after": page.after})


@router.get("/cases/{key}", auth=None, response=CaseOut)
def get_case(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read one case with its story and the steps that you can take next."""
    actor = _who(request, key)
    return _whole(cases.get_case(actor, key), actor)


def _verb_door(name: str) -> Callable[[HttpRequest, UUID], HttpResponse]:
    verb = VERBS[name]

    def act(request: HttpRequest, key: UUID) -> HttpResponse:
        actor = _who(request, key)
        case = cases.get_case(actor, key)
        done = verb.do(
            key, actor=actor, **from_json(verb.form, read_json(request), actor=actor, case=case)
        )
        return _whole(done, actor)

    act.__name__ = act.__qualname__ = f"case_{name}"
    act.__doc__ = f"{(verb.do.__doc__ or name).splitlines()[0]}"
    return act


for _name in VERBS:
    router.post(
        f"/cases/{{key}}/{_name}",
        auth=None,
        response=CaseOut,
        openapi_extra=documented(VERBS[_name].form, f"{_name.title().replace('_', '')}In"),
    )(_verb_door(_name))


@router.get("/categories", auth=None, response=Categories)
def list_categories(request: HttpRequest) -> HttpResponse:
    """List what can be reported."""
    rows = Category.objects.filter(active=True).select_related("group")
    return as_json({"items": [category_of(row) for row in rows]})


@router.get("/map", auth=None, response=MapOut)
def read_map(
    request: HttpRequest, bbox: str, zoom: Annotated[int, Query(ge=0, le=22)] = 14
) -> HttpResponse:
    """Read what a map shows: `bbox` is west,south,east,north in WGS-84 degrees.

    Without signing in: what is public, no more exactly than its category allows.
    """
    box = _box(bbox, zoom)
    actor = maybe_api_actor(request)
    visible: lists.Cases
    if actor is None:
        visible = Case.objects.public_points().filter(township=home_township())
        wanted: dict[str, Any] = {"state": "all"}
    else:
        visible = Case.objects.visible_to(actor)
        wanted = read(FilterForm(request.GET, actor=actor))
    visible = lists.narrow(visible, wanted)
    if box.zoom >= lists.POINTS_FROM_ZOOM:
        return as_json({"kind": "points", "items": lists.points(visible, box)})
    return as_json({"kind": "clusters", "items": lists.clusters(visible, box)})


def _box(text: str, zoom: int) -> lists.Box:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = east = float("nan")
        south = north = 0.0
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid({"bbox": [_("Give four numbers: west,south,east,north in degrees.")]})
    return lists.Box(west, south, east, north, zoom)
