"""Doors of the desk: worklist, one case, its verbs, its sealed contact, writing a report down."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases import requests
from linli.cases.choices import Channel, State
from linli.cases.errors import Excluded
from linli.cases.forms.filters import FilterForm
from linli.cases.forms.look import LookForm
from linli.cases.forms.report import WriteDownForm
from linli.cases.forms.verbs import VERBS
from linli.cases.models.case import Case
from linli.cases.queries import cases, desk, lists, stories
from linli.cases.queries.catalogue import get_promise, suggest_offices
from linli.cases.rules.moves import next_steps
from linli.cases.services import writing
from linli.cases.views.acting import try_verb
from linli.cases.views.reports import excluded
from linli.cases.workflow import TERMS
from linli.duties.queries.calendars import get_calendar, missing_years
from linli.kit import clock
from linli.kit.errors import Refused
from linli.kit.shapes import attempt
from linli.offices.choices import GRID_ROLES
from linli.offices.models import Actor
from linli.offices.requests import acting

ORDERS = {"": lists.most_pressing, "newest": lists.newest}
TABS = tuple(state for state in State if state != State.CLOSED)


@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Show the worklist: what is open for this post, the nearest deadline first."""
    actor, which = acting(request), request.GET.get("which", "")
    form = FilterForm(request.GET, actor=actor)
    begun = desk.begin(actor, which)
    order = ORDERS.get(request.GET.get("order", ""), lists.most_pressing)
    page: dict[str, Any] = {"form": form, "which": which, "actor": actor}
    if not form.is_valid():
        return render(request, "cases/desk.html", {**page, "cases": []}, status=422)
    wanted = form.cleaned_data
    listed = order(lists.narrow(begun, wanted), after=request.GET.get("after", ""))
    counts = lists.count_states(lists.narrow(begun, {**wanted, "state": "all"}))
    page |= {
        "cases": listed.cases,
        "after": listed.after,
        "tabs": [(state.value, state.label, counts.get(state, 0)) for state in TABS],
        "open": sum(counts.values()),
        "state": wanted["state"],
        "filtered": any(value for name, value in wanted.items() if name != "state"),
        "calendar": get_calendar(actor.township),
        "now": clock.now(),
        "missing": missing_years(actor.township),
    }
    return render(request, "cases/desk.html", page)


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """Show on the start page how much waits: a fragment or a page."""
    return render(request, "cases/counts.html", {"counts": desk.count_work(acting(request))})


@never_cache
@require_safe
def case(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the whole story of one case, and the steps that this post can take now."""
    actor = acting(request)
    shown = cases.get_case(actor, key)
    steps = next_steps(actor, shown)
    story, entries = stories.whole_story(actor, shown), cases.list_story(shown, public=False)
    page = {
        "case": shown,
        "steps": [(verb, one.label) for verb, one in VERBS.items() if verb in steps],
        "marks": stories.list_marks(shown),
        "entries": entries,
        "names": stories.spell_codes(entries, story["dispatches"]),
        "promise": get_promise(shown.township, shown.category),
        "similar": cases.list_similar(shown) if "merge" in steps else [],
        "suggestion": suggest_offices(shown) if "dispatch" in steps else None,
        "contact_left": cases.get_reporter(shown) is not None,
        "may_look": actor.may("look"),
        "calendar": get_calendar(actor.township),
        "now": clock.now(),
        **story,
    }
    return render(request, "cases/case.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    """Do a verb on a case, or show its form."""
    actor = acting(request)
    shown, back = cases.get_case(actor, key), reverse("cases:case", args=[key])
    try:
        tried = try_verb(request, verb, shown, actor, back=back)
    except Excluded as error:
        return excluded(request, error, back)
    if tried.done is not None:
        messages.success(request, _("Done: %(verb)s") % {"verb": VERBS[verb].label})
        return redirect(_after(actor, key))
    page = {
        "case": shown,
        "verb": verb,
        "label": VERBS[verb].label,
        "form": tried.form,
        "changes": tried.changes,
        "over": tried.over,
        "back": back,
    }
    return render(request, "cases/verb.html", page, status=tried.status)


def _after(actor: Actor, key: UUID) -> str:
    """Return the case's page, or the worklist where the verb took the case out of sight."""
    return reverse("cases:case", args=[key]) if cases.sees(actor, key) else reverse("cases:desk")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the sealed contact once, to whoever says why; the look stands in the trail."""
    actor = acting(request, "look")
    shown = cases.get_case(actor, key)
    form = LookForm(request.POST or None)
    contact = attempt(form, writing.look_at_contact, key=key, actor=actor)
    page = {"case": shown, "form": form, "contact": contact}
    wrong = form.is_bound and contact is None
    return render(request, "cases/look.html", page, status=422 if wrong else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_down(request: HttpRequest) -> HttpResponse:
    """Write down what somebody says at the counter, on the telephone or on the way."""
    actor = acting(request, "report")
    if request.method != "POST":
        channel = Channel.GRID if actor.role.code in GRID_ROLES else Channel.COUNTER
        form = WriteDownForm(actor=actor, initial={"client_id": uuid4(), "channel": channel})
        return render(request, "cases/write_down.html", {"form": form, "terms": TERMS})
    form = WriteDownForm(request.POST, actor=actor)
    written: Case | None = None
    status = 422
    try:
        written = attempt(form, writing.write_down, actor=actor)
    except Excluded as error:
        return excluded(request, error, reverse("cases:write_down"))
    except Refused as error:
        if error.status != 409:
            raise
        status = 409
        form.add_error(None, str(error))
    if written is None:
        page = {"form": form, "terms": TERMS}
        return render(request, "cases/write_down.html", page, status=status)
    requests.keep_receipt(request, written, [])
    return redirect("cases:reported")
