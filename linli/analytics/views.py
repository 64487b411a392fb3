"""Pages of figures for the desk."""

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.analytics.choices import By
from linli.analytics.forms import FiguresForm
from linli.analytics.queries.figures import Figures, figures, for_page
from linli.analytics.queries.mornings import morning as get_morning
from linli.analytics.rules.merging import Row, as_item
from linli.offices.models import Actor
from linli.offices.requests import acting

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _asked(request: HttpRequest, actor: Actor) -> tuple[FiguresForm, Figures | None]:
    form = FiguresForm({"by": By.OFFICE, **request.GET.dict()})
    if not form.is_valid():
        return form, None
    return form, figures(**form.cleaned_data, township=actor.township, actor=actor)


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show the figures of the cases that the actor sees."""
    form, found = _asked(request, acting(request))
    page = {"form": form, **(for_page(found) if found else {})}
    return render(request, "analytics/desk.html", page, status=200 if found else 422)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Give the same table as CSV that spreadsheets open as it is meant."""
    form, found = _asked(request, acting(request))
    if found is None:
        return render(request, "analytics/desk.html", {"form": form}, status=422)
    text = io.StringIO()
    writer = csv.writer(text)
    rows = [*found.rows, *([found.total] if found.total else [])]
    lines = [_flat(row) for row in rows]
    writer.writerow(lines[0] if lines else [])
    writer.writerows([_guarded(value) for value in line.values()] for line in lines)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{found.by}.csv"'
    return response


def _flat(row: Row) -> dict[str, Any]:
    item = as_item(row)
    shares = item.pop("shares")
    return {
        **item,
        **{
            f"{key}_{part}": share[part]
            for key, share in shares.items()
            for part in ("share", "low", "high")
        },
    }


def _guarded(value: Any) -> Any:
    """Keep a spreadsheet from reading a text as a formula."""
    text = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if text else value


@require_GET
def morning(request: HttpRequest) -> HttpResponse:
    """Show the morning brief: a part of the home page, or a page of its own."""
    brief = get_morning(acting(request))
    return render(request, "analytics/morning.html", {"brief": brief})
