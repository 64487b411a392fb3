"""Pages that everybody may see."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.analytics.choices import By
from linli.analytics.forms import FiguresForm
from linli.analytics.queries.figures import figures as get_figures
from linli.analytics.queries.figures import for_page
from linli.cases.models.case import Case
from linli.cases.queries.cases import get_reported
from linli.cases.requests import note_wrong_code, refuse_guessing, remember, remembered
from linli.duties.queries.owed import list_hung
from linli.kit.errors import Unseen
from linli.offices.queries import home_township
from linli.transparency import queries
from linli.transparency.forms import ReceiptForm


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the public figures, what is late, and which problems hang."""
    town = home_township()
    form = FiguresForm({"by": By.MONTH, **request.GET.dict()})
    page = {"form": form, "late": queries.late_by_office(town), "hung": list_hung(town)}
    if form.is_valid():
        page |= for_page(get_figures(**form.cleaned_data, township=town))
    status = 200 if form.is_valid() else 422
    return render(request, "transparency/figures.html", page, status=status)


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Show the roots under which every day's acts are sealed."""
    return render(
        request, "transparency/trail.html", {"roots": queries.list_roots(home_township())}
    )


@require_GET
def trail_json(request: HttpRequest) -> JsonResponse:
    """Give every root, to be kept elsewhere and compared with `linli verify-trail --roots`."""
    return JsonResponse({"items": queries.list_roots()})


@never_cache
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; show the proof that the report stands in the trail."""
    form = ReceiptForm(request.POST or None)
    if form.is_valid():
        return _open(request, form)
    number = request.GET.get("number", "")
    case = _own(request, number) if number and not form.is_bound else None
    page = {"form": form, "case": case, "proof": queries.get_proof(case) if case else None}
    return render(request, "transparency/receipt.html", page, status=422 if form.errors else 200)


def _open(request: HttpRequest, form: ReceiptForm) -> HttpResponse:
    refuse_guessing(request)
    try:
        case, _actor = get_reported(**form.cleaned_data)
    except Unseen:
        note_wrong_code(request)
        form.add_error(None, _("Number or code is wrong. Compare them with what you were given."))
        return render(request, "transparency/receipt.html", {"form": form}, status=404)
    remember(request, case)
    address = f"{reverse('transparency:receipt')}?{urlencode({'number': case.number})}"
    return redirect(address)


def _own(request: HttpRequest, number: str) -> Case | None:
    """Return the case if this browser opened it with its present code."""
    case = Case.objects.filter(number=number).first()
    known = remembered(request, number)
    return case if case is not None and known == case.code_round else None


@never_cache
@require_GET
def receipt_json(request: HttpRequest) -> JsonResponse:
    """Give the receipt as a file for the checker in docs/receipts.md."""
    case = _own(request, request.GET.get("number", ""))
    proof = queries.get_proof(case) if case else None
    if case is None or proof is None:
        raise Unseen
    response = JsonResponse(proof, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="receipt-{case.number}.json"'
    return response


@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """Show the commitments of all draws and the seeds of past days."""
    page = {
        "draws": queries.list_draws(home_township()),
        "percent": round(queries.verify_share() * 100),
    }
    return render(request, "transparency/draws.html", page)
