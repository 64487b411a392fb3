"""Doors of who answers: the responsibility matrix, the admission list, beats."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.areas import forms
from linli.areas.models import Responsibility
from linli.areas.queries import answering
from linli.areas.rules import matters
from linli.areas.services import answering as verbs
from linli.kit.shapes import attempt, read
from linli.offices.models import Actor
from linli.offices.queries import home_township, today
from linli.offices.requests import acting


@require_safe
def responsibilities(request: HttpRequest) -> HttpResponse:
    """Show colleagues the matrix place × matter → offices."""
    return _matrix_page(request, acting(request))


def _matrix_page(
    request: HttpRequest, actor: Actor, form: forms.RuleForm | None = None
) -> HttpResponse:
    may_edit = actor.may("admin")
    page = {
        "rules": _named(answering.list_responsibilities(actor.township, today())),
        "may_edit": may_edit,
        "form": form or (forms.RuleForm(actor=actor) if may_edit else None),
        "over_form": forms.OverForm(),
    }
    return render(request, "areas/responsibilities.html", page, status=422 if form else 200)


def _named(rows: Iterable[Any]) -> list[tuple[Any, str]]:
    names = matters.list_names()
    return [(row, names.get(row.category, "")) for row in rows]


@require_POST
def set_responsibility(request: HttpRequest) -> HttpResponse:
    """Say who leads and who supports."""
    actor = acting(request, "admin")
    form = forms.RuleForm(request.POST, actor=actor)
    if attempt(form, _set, actor=actor):
        messages.success(request, _("The rule stands in the matrix."))
        return redirect("areas:responsibilities")
    return _matrix_page(request, actor, form)


def _set(*, actor: Actor, supports: list[UUID], **rule: Any) -> Responsibility:
    return verbs.set_responsibility(verbs.Rule(supports=tuple(supports), **rule), actor=actor)


@require_POST
def end_responsibility(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a rule."""
    actor = acting(request, "admin")
    verbs.end_responsibility(pk, actor=actor, **read(forms.OverForm(request.POST)))
    messages.success(request, _("The rule ends on that day."))
    return redirect("areas:responsibilities")


@require_safe
def admissions(request: HttpRequest) -> HttpResponse:
    """Show everybody what may be given to grid workers."""
    actor: Actor | None = getattr(request, "actor", None)
    return _list_page(request, actor)


def _list_page(
    request: HttpRequest, actor: Actor | None, form: forms.AdmissionForm | None = None
) -> HttpResponse:
    may_edit = actor is not None and actor.may("admin")
    township = actor.township if actor else home_township()
    page = {
        "tasks": _named(answering.list_admitted(township, today())),
        "may_edit": may_edit,
        "form": form or (forms.AdmissionForm(actor=actor) if actor and may_edit else None),
        "last_form": forms.LastDayForm(),
    }
    return render(request, "areas/admissions.html", page, status=422 if form else 200)


@require_POST
def admit_task(request: HttpRequest) -> HttpResponse:
    """Put a matter on the list."""
    actor = acting(request, "admin")
    form = forms.AdmissionForm(request.POST, actor=actor)
    if attempt(form, verbs.admit_task, actor=actor):
        messages.success(request, _("The matter is on the list."))
        return redirect("areas:admissions")
    return _list_page(request, actor, form)


@require_POST
def end_admission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a matter off the list early."""
    actor = acting(request, "admin")
    verbs.end_admission(pk, actor=actor, **read(forms.LastDayForm(request.POST)))
    messages.success(request, _("The matter is on the list until that day."))
    return redirect("areas:admissions")


@require_POST
def end_beat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let somebody no longer answer for an area."""
    actor = acting(request, "admin")
    beat = verbs.end_beat(pk, actor=actor, **read(forms.OverForm(request.POST)))
    messages.success(request, _("The post answers for the area until that day."))
    return redirect("areas:area", beat.area_id)
