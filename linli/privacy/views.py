"""Doors of privacy: the register for everybody, asking for everybody, answering for the officer."""

import csv
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kit import clock
from linli.kit.shapes import read
from linli.offices.requests import acting
from linli.privacy import queries, services
from linli.privacy.choices import ANSWER_WEEKDAYS, RequestState
from linli.privacy.forms import AnswerForm, AskForm, LookForm
from linli.privacy.models import SubjectRequest
from linli.privacy.requests import count_ask


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show what personal data is kept and why."""
    return render(request, "privacy/register.html", {"rows": queries.register()})


@require_safe
def register_json(request: HttpRequest) -> HttpResponse:
    """Give the register to programs."""
    return JsonResponse({"items": [asdict(row) for row in queries.register()]})


@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    """Give the register to spreadsheets, with the mark by which they know UTF-8."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="register.csv"'
    table = csv.writer(response)
    table.writerow(field.name for field in fields(queries.Row))
    table.writerows(asdict(row).values() for row in queries.register())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a request; no account is needed."""
    centres, page = queries.list_centres(), {"weekdays": ANSWER_WEEKDAYS}
    if request.method != "POST":
        form = AskForm(initial={"about": request.GET.get("about", "")}, centres=centres)
        return render(request, "privacy/ask.html", {**page, "form": form})
    form = AskForm(request.POST, centres=centres)
    if not form.is_valid():
        return render(request, "privacy/ask.html", {**page, "form": form}, status=422)
    count_ask(request)
    asked = services.ask(**form.cleaned_data)
    return render(request, "privacy/asked.html", {"asked": asked}, status=201)


def _page(one: SubjectRequest) -> dict[str, Any]:
    return {"one": one, "look_form": LookForm(), "answer_form": AnswerForm(), "today": _today()}


def _today() -> date:
    return timezone.localdate(clock.now())


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Show the officer what waits for an answer, and what was answered last."""
    found = queries.list_requests(acting(request, "privacy"))
    page = {
        "open": found.filter(state=RequestState.OPEN).order_by("due_on", "created_at"),
        "answered": found.filter(state=RequestState.ANSWERED).order_by("-answered_at")[:100],
        "today": _today(),
    }
    return render(request, "privacy/requests.html", page)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one request, its seals closed."""
    one = queries.get_request(acting(request, "privacy"), pk)
    return render(request, "privacy/request.html", _page(one))


@require_POST
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the seals of one request."""
    actor = acting(request, "privacy")
    opened = services.read_request(pk, actor=actor, **read(LookForm(request.POST)))
    return render(request, "privacy/request.html", {**_page(opened.request), "opened": opened})


@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the answer and close the request."""
    actor = acting(request, "privacy")
    one = queries.get_request(actor, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        page = {**_page(one), "answer_form": form}
        return render(request, "privacy/request.html", page, status=422)
    services.answer(pk, form.cleaned_data["text"], actor=actor)
    return redirect("privacy:show", pk)


@require_POST
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give out what is kept about the matter of an access request."""
    kept = services.export(pk, actor=acting(request, "privacy"))
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{pk}.json"'
    return response
