"""Administration of offices."""

from uuid import UUID

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kit.shapes import attempt
from linli.offices import queries, services
from linli.offices.forms import OfficeForm
from linli.offices.requests import acting


@require_GET
def list_offices(request: HttpRequest) -> HttpResponse:
    """Show the township's offices; the closed ones on demand."""
    actor = acting(request, "admin")
    closed = "closed" in request.GET
    page = {
        "offices": queries.list_offices(actor.township, active=not closed),
        "closed": closed,
    }
    return render(request, "offices/offices.html", page)


@require_http_methods(["GET", "POST"])
def add_office(request: HttpRequest) -> HttpResponse:
    """Set up an office."""
    actor = acting(request, "admin")
    form = OfficeForm(request.POST or None)
    if attempt(form, services.save_office, actor=actor):
        return redirect("offices:list_offices")
    page = {"form": form}
    return render(request, "offices/office.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit_office(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an office."""
    actor = acting(request, "admin")
    office = queries.get_office(actor, pk)
    form = OfficeForm(request.POST or None, initial=model_to_dict(office))
    if attempt(form, services.save_office, pk=pk, actor=actor):
        messages.success(request, _("Saved."))
        return redirect("offices:list_offices")
    page = {"form": form, "office": office}
    return render(request, "offices/office.html", page, status=422 if form.is_bound else 200)


@require_POST
def close_office(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an office out of use."""
    office = services.close_office(pk, actor=acting(request, "admin"))
    messages.success(request, _("%(office)s is closed.") % {"office": office.name})
    return redirect("offices:list_offices")
