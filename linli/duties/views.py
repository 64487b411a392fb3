"""Doors of duties: worklist, one duty, supervision, hung problems, the calendar."""

from typing import BinaryIO
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.duties import forms
from linli.duties.models import Duty
from linli.duties.queries import calendars, owed
from linli.duties.rules import access
from linli.duties.rules.calendar_files import MAX_BYTES, read_days
from linli.duties.services import calendars as calendar_services
from linli.duties.services import supervision
from linli.duties.services.calendars import Loaded
from linli.kit import clock
from linli.kit.shapes import attempt, read
from linli.offices.models import Actor
from linli.offices.queries import home_township
from linli.offices.requests import acting


@require_GET
def list_duties(request: HttpRequest) -> HttpResponse:
    """Show what is owed to the actor's sight, the nearest deadline first."""
    actor = acting(request)
    form = forms.WantedForm(request.GET)
    wanted = owed.Wanted(**form.cleaned_data) if form.is_valid() else owed.Wanted()
    listed = owed.list_duties(actor, wanted)
    page = {
        "duties": listed.duties,
        "after": listed.after,
        "wanted": wanted,
        "overview": owed.get_overview(actor),
        "urgencies": ["P1", "P2", "P3", "P4"],
        "missing": calendars.missing_years(actor.township),
    }
    return render(request, "duties/duties.html", page)


@require_GET
def duty(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one duty: its clock, its pauses and extensions, who was told."""
    actor = acting(request)
    return _duty_page(request, actor, owed.get_duty(actor, pk))


def _duty_page(
    request: HttpRequest,
    actor: Actor,
    shown: Duty,
    *,
    order_form: forms.OrderForm | None = None,
    hang_form: forms.HangForm | None = None,
) -> HttpResponse:
    page = {
        "duty": shown,
        "order_form": order_form or forms.OrderForm(),
        "hang_form": hang_form or forms.HangForm(),
        "may_supervise": access.may_supervise(actor, shown),
        "may_hang": access.may_hang(actor, shown),
    }
    wrong = order_form or hang_form
    return render(request, "duties/duty.html", page, status=422 if wrong else 200)


@require_POST
def order_supervision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Demand a written answer from the office."""
    actor, form = acting(request), forms.OrderForm(request.POST)
    shown = owed.get_duty(actor, pk)
    about = {"matter": shown.matter, "step": shown.step, "actor": actor}
    if attempt(form, supervision.order_supervision, **about):
        messages.success(request, _("The order is with the office."))
        return redirect("duties:duty", pk)
    return _duty_page(request, actor, shown, order_form=form)


@require_POST
def hang(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a problem on the public list."""
    actor, form = acting(request), forms.HangForm(request.POST)
    shown = owed.get_duty(actor, pk)
    about = {"matter": shown.matter, "step": shown.step, "actor": actor}
    if attempt(form, supervision.hang, **about):
        messages.success(request, _("It stands on the list of hung problems."))
        return redirect("duties:duty", pk)
    return _duty_page(request, actor, shown, hang_form=form)


@require_GET
def list_orders(request: HttpRequest) -> HttpResponse:
    """Show the supervision orders that wait for a reply, or those that have one."""
    answered = "answered" in request.GET
    page = {
        "orders": owed.list_orders(acting(request), answered=answered),
        "answered": answered,
    }
    return render(request, "duties/orders.html", page)


@require_http_methods(["GET", "POST"])
def reply_order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an order; answer it."""
    actor = acting(request)
    form = forms.ReplyForm(request.POST or None)
    if attempt(form, supervision.reply_order, order=pk, actor=actor):
        messages.success(request, _("The reply is written."))
        return redirect("duties:list_orders")
    order = owed.get_order(actor, pk)
    page = {"order": order, "form": form, "may_reply": access.may_reply(actor, order)}
    return render(request, "duties/order.html", page, status=422 if form.is_bound else 200)


@require_GET
def list_hung(request: HttpRequest) -> HttpResponse:
    """Show everybody which problems hang, which office owes them, and what takes them off."""
    actor: Actor | None = getattr(request, "actor", None)
    township = actor.township if actor else home_township()
    page = {
        "hung": owed.list_hung(township),
        "form": forms.LiftForm(),
        "may_lift": actor is not None and actor.may("hang"),
    }
    return render(request, "duties/hung.html", page)


@require_POST
def lift_hang(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a problem off the list."""
    actor = acting(request, "hang")
    supervision.lift_hang(pk, actor=actor, **read(forms.LiftForm(request.POST)))
    messages.success(request, _("It is off the list."))
    return redirect("duties:list_hung")


@require_GET
def of_matter(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Show every duty of one matter, to whom its own app lets read it."""
    duties = owed.list_readable(acting(request), kind, key)
    return render(request, "duties/of_matter.html", {"duties": duties})


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year's holidays and make-up workdays."""
    return _calendar_page(request, acting(request))


@require_POST
def edit_day(request: HttpRequest) -> HttpResponse:
    """Say for one day whether offices work."""
    actor, form = acting(request, "admin"), forms.DayForm(request.POST)
    loaded = attempt(form, calendar_services.edit_day, actor=actor)
    return _calendar_page(request, actor, loaded=loaded, day_form=form)


@require_POST
def load_calendar(request: HttpRequest) -> HttpResponse:
    """Read the days of a file, or show what they would change."""
    actor = acting(request, "admin")
    form = forms.CalendarFileForm(request.POST, request.FILES)
    loaded = attempt(form, _load, actor=actor)
    return _calendar_page(request, actor, loaded=loaded, file_form=form)


def _load(file: BinaryIO, *, actor: Actor, dry_run: bool) -> Loaded:
    days = read_days(file.read(MAX_BYTES + 1))
    return calendar_services.load_calendar(days, actor=actor, dry_run=dry_run)


def _calendar_page(
    request: HttpRequest,
    actor: Actor,
    *,
    loaded: Loaded | None = None,
    day_form: forms.DayForm | None = None,
    file_form: forms.CalendarFileForm | None = None,
) -> HttpResponse:
    this_year = calendars.get_calendar(actor.township).day_of(clock.now()).year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 1990 <= int(asked[:5]) < 2200 else this_year
    page = {
        "year": year,
        "days": calendars.list_days(actor.township, year),
        "known": year in calendars.get_calendar(actor.township).years,
        "missing": calendars.missing_years(actor.township),
        "may_edit": actor.may("admin"),
        "loaded": loaded,
        "day_form": day_form if day_form and not loaded else forms.DayForm(),
        "file_form": file_form if file_form and not loaded else forms.CalendarFileForm(),
    }
    wrong = loaded is None and (day_form or file_form)
    return render(request, "duties/calendar.html", page, status=422 if wrong else 200)
