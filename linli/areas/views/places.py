"""Doors of places: list, one area, export, changes, import."""

import csv
from typing import Any, BinaryIO
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.areas import forms
from linli.areas.models import Area
from linli.areas.queries import answering, listing
from linli.areas.rules.drafts import Draft
from linli.areas.rules.shapes import drawing, read_text
from linli.areas.services import answering as answer_verbs
from linli.areas.services.importing import Report, Source
from linli.areas.services.importing import import_areas as import_verb
from linli.areas.services.saving import close_area as close_verb
from linli.areas.services.saving import save_area
from linli.kit.errors import Unseen
from linli.kit.shapes import attempt
from linli.offices.models import Actor
from linli.offices.queries import home_township, today
from linli.offices.requests import acting

CSV_COLUMNS = ("kind", "code", "name_zh", "name_en", "contact_phone", "valid_from", "lng", "lat")
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _who(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor


def _listed(request: HttpRequest, form: forms.SearchForm) -> QuerySet[Area]:
    actor = _who(request)
    wanted = form.cleaned_data if form.is_valid() else {}
    return listing.list_areas(
        actor.township if actor else home_township(),
        today(),
        kind=wanted.get("kind", ""),
        search=wanted.get("search", ""),
    )


@require_safe
def list_areas(request: HttpRequest) -> HttpResponse:
    """Show everybody the town's villages and grids."""
    form = forms.SearchForm(request.GET)
    actor, listed = _who(request), _listed(request, form)
    found = listing.page_of(listed, form.cleaned_data.get("after"))
    page = {
        "areas": found.areas,
        "after": found.after,
        "form": form,
        "may_edit": actor is not None and actor.may("admin"),
    }
    return render(request, "areas/areas.html", page)


@require_safe
def export_geojson(request: HttpRequest) -> HttpResponse:
    """Give the list with its shapes."""
    areas = _listed(request, forms.SearchForm(request.GET))
    response = HttpResponse(listing.as_geojson(areas), content_type="application/geo+json")
    response["Content-Disposition"] = 'attachment; filename="areas.geojson"'
    return response


@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    """Give the list to spreadsheets, with the mark by which they know UTF-8."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="areas.csv"'
    table = csv.writer(response)
    table.writerow((*CSV_COLUMNS, "parent"))
    listed = _listed(request, forms.SearchForm(request.GET)).select_related("parent")
    for area in listed.defer("geometry", "parent__geometry"):
        row = [getattr(area, name) for name in CSV_COLUMNS]
        table.writerow(map(_plain, (*row, area.parent.code if area.parent else "")))
    return response


def _plain(value: Any) -> Any:
    """Keep a spreadsheet from reading a name as a formula."""
    if isinstance(value, str) and value.startswith(STARTS_FORMULA):
        return f"'{value}"
    return value


@require_safe
def area(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everybody one area: its shape, its past, who answers there."""
    return _area_page(request, listing.get_area(pk))


def _area_page(
    request: HttpRequest,
    shown: Area,
    *,
    close_form: forms.OverForm | None = None,
    beat_form: forms.BeatForm | None = None,
) -> HttpResponse:
    actor, today_ = _who(request), today()
    own = actor is not None and actor.township == shown.township
    may_edit = own and actor is not None and actor.may("admin") and shown.valid_to is None
    box, path = drawing(read_text(shown.geometry).surface) if shown.geometry else ("", "")
    page = {
        "area": shown,
        "box": box,
        "path": path,
        "children": shown.children.live(today_).defer("geometry"),
        "history": listing.history_of(shown),
        "beats": answering.list_beats(shown.pk, today_),
        "colleague": own,
        "may_edit": may_edit,
        "close_form": close_form or forms.OverForm(),
        "beat_form": beat_form or (forms.BeatForm(area=shown) if may_edit else None),
    }
    wrong = close_form or beat_form
    return render(request, "areas/area.html", page, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def add_area(request: HttpRequest) -> HttpResponse:
    """Make an area."""
    actor = acting(request, "admin")
    form = forms.AreaForm(request.POST or None, actor=actor)
    made = attempt(form, _save, pk=None, actor=actor)
    if made:
        return redirect("areas:area", made.pk)
    page = {"form": form}
    return render(request, "areas/edit.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_area(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an area."""
    actor = acting(request, "admin")
    shown = _own(pk, actor)
    form = forms.AreaForm(request.POST or None, actor=actor, area=shown)
    if attempt(form, _save, pk=pk, actor=actor):
        messages.success(request, _("Saved. What it was stands in its history."))
        return redirect("areas:area", pk)
    page = {"form": form, "area": shown}
    return render(request, "areas/edit.html", page, status=422 if form.is_bound else 200)


def _own(pk: UUID, actor: Actor) -> Area:
    shown = listing.get_area(pk)
    if shown.township != actor.township:
        raise Unseen
    return shown


def _save(
    *,
    pk: UUID | None,
    actor: Actor,
    version: int | None,
    geometry: str,
    crs: str,
    parent: UUID | None,
    **words: Any,
) -> Area:
    draft = Draft(
        parent=_own(parent, actor) if parent else None,
        shape=read_text(geometry, crs) if geometry else None,
        **words,
    )
    return save_area(pk, draft, actor=actor, version=version)


@require_POST
def close_area(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End an area."""
    actor, form = acting(request, "admin"), forms.OverForm(request.POST)
    shown = _own(pk, actor)
    if attempt(form, close_verb, pk=pk, actor=actor):
        messages.success(request, _("The area is closed."))
        return redirect("areas:area", pk)
    return _area_page(request, shown, close_form=form)


@require_POST
def give_beat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let somebody answer for an area."""
    actor = acting(request, "admin")
    shown = _own(pk, actor)
    form = forms.BeatForm(request.POST, area=shown)
    if attempt(form, answer_verbs.give_beat, area=pk, actor=actor):
        return redirect("areas:area", pk)
    return _area_page(request, shown, beat_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def import_areas(request: HttpRequest) -> HttpResponse:
    """Read areas from a file, or show what it would change."""
    actor = acting(request, "admin")
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    report = attempt(form, _import, actor=actor)
    page = {"form": form, "report": report, "dry_run": form.data.get("dry_run")}
    wrong = form.is_bound and report is None
    return render(request, "areas/import.html", page, status=422 if wrong else 200)


def _import(*, actor: Actor, file: BinaryIO, dry_run: bool, **source: Any) -> Report:
    return import_verb(file.read(), Source(**source), actor=actor, dry_run=dry_run)
