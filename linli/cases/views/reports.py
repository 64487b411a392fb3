"""Doors of residents, without an account: report, receipt, look up, follow, act on one's own."""

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import qrcode
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from linli.cases import requests
from linli.cases.choices import CASE, State
from linli.cases.errors import Excluded, OtherBody
from linli.cases.forms.report import LookupForm, PhotosForm, ReportForm, sealed
from linli.cases.forms.verbs import VERBS
from linli.cases.models.case import Case
from linli.cases.queries import cases, stories
from linli.cases.queries.catalogue import get_promise, list_promises
from linli.cases.rules.moves import next_steps, objection_open_until
from linli.cases.services import intake, links
from linli.cases.views.acting import try_verb
from linli.cases.workflow import TERMS
from linli.documents.queries import list_attachments
from linli.documents.rules import token_for
from linli.documents.services.attaching import attach
from linli.kit.errors import Refused, Unseen
from linli.kit.shapes import attempt
from linli.offices.models import Actor, resident
from linli.offices.queries import get_centre, home_township
from linli.privacy.rules import about_token

MOST_PHOTOS = 4
ASKS_TWICE = ("withdraw", "erase")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Take a report in three parts; photos that cannot be used do not lose the words."""
    actor = resident(home_township())
    if request.method != "POST":
        form = ReportForm(actor=actor, initial={"client_id": uuid4()})
        return _report_page(request, form)
    form = ReportForm(_without_unwanted_point(request), actor=actor)
    try:
        case = attempt(form, intake.report, actor=actor)
    except Excluded as error:
        return excluded(request, error, reverse("cases:report"))
    except OtherBody:
        form.data["client_id"] = str(uuid4())  # type: ignore[index]  # a copy of the POST
        form.add_error(None, _("You sent this form before. Send it again to make a second report."))
        return _report_page(request, form, status=409)
    if case is None:
        return _report_page(request, form, status=422)
    requests.remember(request, case)
    requests.keep_receipt(request, case, _attach_photos(request, case))
    return redirect("cases:reported")


def _without_unwanted_point(request: HttpRequest) -> Any:
    data = request.POST.copy()
    if "no_point" in data:
        data["lng"] = data["lat"] = data["crs"] = ""
    return data


def _report_page(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    page = {
        "form": form,
        "photos": PhotosForm(),
        "promises": list_promises(home_township(), "public"),
        "terms": TERMS,
    }
    return render(request, "cases/report.html", page, status=status)


def excluded(request: HttpRequest, error: Excluded, back: str) -> HttpResponse:
    """Say where to go with what is never kept; what was typed is not readable on this page either.

    A report, which goes back to its own form, may be sent again where nobody is in danger.
    """
    number = error.refer_to if error.refer_to.isdecimal() else ""
    again = error.unless_calm and back == request.path
    page = {
        "error": error,
        "number": number,
        "back": back,
        "again": sealed(_without_unwanted_point(request)) if again else "",
    }
    return render(request, "cases/excluded.html", page, status=error.status)


def _attach_photos(request: HttpRequest, case: Case) -> list[dict[str, str]]:
    """Keep the photos of a report that is safe already; return which could not be used, and why."""
    actor, photos = cases.as_reporter(case), request.FILES.getlist("photos")
    many = _("Only four photos are taken at once.")
    refused = [{"name": str(one.name), "why": many} for one in photos[MOST_PHOTOS:]]
    for place, photo in enumerate(photos[:MOST_PHOTOS]):
        try:
            attach(case.matter, photo, actor=actor, client_id=f"{case.version}-{place}")
        except Refused as error:
            refused.append({"name": str(photo.name), "why": str(error)})
    return refused


@never_cache
@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    """Show number and code of what this browser just reported, to be noted or printed."""
    receipt = requests.receipt(request)
    if not receipt:
        return redirect("cases:look_up")
    case = stories.get_numbered(receipt["number"])
    code = cases.lookup_code(case)
    page = {
        "case": case,
        "code": f"{code[:4]} {code[4:]}",
        "refused": receipt["refused"],
        "promise": get_promise(case.township, case.category),
        "qr": _qr(f"{settings.PUBLIC_ADDRESS}{_look_up_address(case.number)}"),
        "terms": TERMS,
        "follows": requests.remembered(request, case.number) is not None,
    }
    return render(request, "cases/receipt.html", page)


def _look_up_address(number: str) -> str:
    return f"{reverse('cases:look_up')}?{urlencode({'number': number})}"


def _qr(text: str) -> str:
    picture = qrcode.make(text, image_factory=SvgPathImage, border=2)
    return "data:image/svg+xml;base64," + b64encode(picture.to_string()).decode()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Open a report by its number and code, and let this browser follow it."""
    if request.method != "POST":
        form = LookupForm(initial={"number": request.GET.get("number", "")})
        return render(request, "cases/look_up.html", {"form": form})
    requests.refuse_guessing(request)
    form = LookupForm(request.POST)
    try:
        found = attempt(form, cases.get_reported)
    except Unseen:
        requests.note_wrong_code(request)
        found = None
        sentence = _("Number and code do not belong together. Check both on your receipt.")
        form.add_error(None, sentence)
    if found is None:
        return render(request, "cases/look_up.html", {"form": form}, status=422)
    requests.remember(request, found[0])
    return redirect("cases:follow", found[0].number)


@never_cache
@require_safe
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Tell whoever reported it the whole story, and offer what they can do now."""
    followed = _followed(request, number)
    if followed is None:
        return redirect(_look_up_address(number))
    case, actor = followed
    return _follow_page(request, case, actor)


def _followed(request: HttpRequest, number: str) -> tuple[Case, Actor] | None:
    """Return what this browser opened; None where it did not, or where the code is new since."""
    code_round = requests.remembered(request, number)
    try:
        return None if code_round is None else stories.get_followed(number, code_round)
    except Unseen:
        return None


def _follow_page(request: HttpRequest, case: Case, actor: Actor) -> HttpResponse:
    steps = next_steps(actor, case)
    entries = cases.list_story(case, public=True)
    asked = [one.said for one in entries if one.verb == "send_back"]
    token = token_for(CASE, case.pk)
    page = {
        "case": case,
        "marks": stories.list_marks(case),
        "entries": entries,
        "about": about_token(CASE, case.pk),
        "question": asked[-1] if asked and case.state == State.RETURNED else "",
        "clocks": stories.list_clocks(case),
        "centre": get_centre(case.township),
        "promise": get_promise(case.township, case.category),
        "photos": [
            one for one in list_attachments(None, CASE, case.pk, token=token) if one.is_picture
        ],
        "token": token,
        "into": case.merged_into,
        "into_entries": stories.list_steps_of_other(case.merged_into) if case.merged_into else [],
        "object_until": objection_open_until(case) if "object" in steps else None,
        "asks": [_ask(verb, actor, case) for verb in VERBS if verb in steps],
    }
    return render(request, "cases/follow.html", page)


def _ask(verb: str, actor: Actor, case: Case) -> dict[str, Any]:
    """Return what the page of a report offers: a form, or a link to a page that asks again."""
    form = VERBS[verb].form(actor=actor, case=case, auto_id=f"id_{verb}_%s")
    return {
        "verb": verb,
        "label": VERBS[verb].label,
        "form": form,
        "twice": verb in ASKS_TWICE,
        "photos": PhotosForm(auto_id=f"id_{verb}_%s") if verb == "add" else None,
        "first": verb == "add" and case.state == State.RETURNED,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act_on_own(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Do one of the reporter's verbs: add, urge, rate, object, withdraw, erase."""
    followed = _followed(request, number)
    if followed is None:
        return redirect(_look_up_address(number))
    case, actor = followed
    back = reverse("cases:follow", args=[number])
    try:
        tried = try_verb(request, verb, case, actor, back=back)
    except Excluded as error:
        return excluded(request, error, back)
    if tried.done is None:
        page = {
            "case": case,
            "verb": verb,
            "label": VERBS[verb].label,
            "form": tried.form,
            "changes": tried.changes,
            "over": tried.over,
            "photos": PhotosForm() if verb == "add" else None,
        }
        return render(request, "cases/own_verb.html", page, status=tried.status)
    if verb == "renew_code":
        requests.remember(request, tried.done)
        requests.keep_receipt(request, tried.done, [])
        return redirect("cases:reported")
    messages.success(request, _("Done. Below you see what became of it."))
    for one in _attach_photos(request, tried.done) if verb == "add" else []:
        messages.warning(request, _("%(name)s was not kept: %(why)s") % one)
    return redirect("cases:follow", number)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget on this computer which reports were opened, for the next person at it."""
    requests.forget(request)
    messages.success(
        request, _("This computer has forgotten your report. Number and code open it again.")
    )
    return redirect("cases:look_up")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link of a message opens; only its button uses it up: scanners may look."""
    try:
        case = links.use_link(token) if request.method == "POST" else links.find_link(token).case
    except Unseen as error:
        error.data.update(remedy=_("Look up a report"), remedy_url=reverse("cases:look_up"))
        raise
    if request.method != "POST":
        return render(request, "cases/link.html", {"case": case})
    requests.remember(request, case)
    return redirect("cases:follow", case.number)
