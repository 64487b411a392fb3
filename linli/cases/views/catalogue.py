"""Doors of the catalogue: what can be reported, how soon it is handled, a town's own terms."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.forms.catalogue import LocalRuleForm
from linli.cases.models.catalogue import Category
from linli.cases.queries.catalogue import (
    find_office,
    get_listed,
    get_promise,
    list_local_rules,
    list_promises,
)
from linli.cases.services.catalogue import save_local_rule
from linli.kit.shapes import attempt
from linli.offices.models import Actor
from linli.offices.queries import home_township, today
from linli.offices.requests import acting


def _reader(request: HttpRequest) -> tuple[Actor | None, str]:
    actor: Actor | None = getattr(request, "actor", None)
    return actor, actor.township if actor else home_township()


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show everybody what can be reported and what this town promises for it."""
    _actor, township = _reader(request)
    return render(request, "cases/catalogue.html", {"promises": list_promises(township)})


@require_http_methods(["GET", "HEAD", "POST"])
def category(request: HttpRequest, code: str) -> HttpResponse:
    """Show one category; an administrator gives it the town's own terms."""
    shown = get_listed(code)
    if request.method == "POST":
        return _change(request, shown)
    return _category_page(request, shown, None)


def _change(request: HttpRequest, shown: Category) -> HttpResponse:
    actor = acting(request, "admin")
    form = LocalRuleForm(request.POST)
    if "preview" in request.POST:
        return _category_page(request, shown, form, status=200 if form.is_valid() else 422)
    if attempt(form, save_local_rule, category=shown, actor=actor) is None:
        return _category_page(request, shown, form, status=422)
    messages.success(request, _("Saved. What runs already keeps its limits."))
    return redirect("cases:category", shown.pk)


def _category_page(
    request: HttpRequest, shown: Category, form: LocalRuleForm | None, status: int = 200
) -> HttpResponse:
    actor, township = _reader(request)
    promise = get_promise(township, shown)
    now = {name: getattr(promise, name) for name in ("urgency", "respond", "dispose", "publicity")}
    previewed = form is not None and form.is_valid()
    page = {
        "category": shown,
        "promise": promise,
        "lead": find_office(township, shown.lead, None),
        "rules": list_local_rules(township, shown),
        "form": None,
        "changes": _changes(form, now) if form and previewed else [],
        "begins": form.cleaned_data["valid_from"] if form and previewed else None,
    }
    if actor is not None and actor.may("admin"):
        page["form"] = form or LocalRuleForm(initial={**now, "valid_from": today()})
    return render(request, "cases/category.html", page, status=status)


def _changes(form: LocalRuleForm, now: dict[str, str]) -> list[dict[str, Any]]:
    """Return what a valid form would change: label, before, after."""
    terms = form.cleaned_data["terms"]
    return [
        {"name": name, "label": form.fields[name].label, "before": now[name], "after": terms[name]}
        for name in now
        if now[name] != terms[name]
    ]
