"""Doors of the site: home, signposts, switches, health."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST, require_safe

from linli.kit.data import read_tsv
from linli.offices.services import choose_language
from linli.site import queries

A_YEAR = 365 * 24 * 60 * 60
LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page that the reader came from, never to another site."""
    address = request.POST.get("next", "")
    safe = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(address if safe else "/")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what one can do here: residents report and look up, staff find their work."""
    return render(request, "site/home.html", {"doors": queries.list_doors()})


@require_safe
def signposts(request: HttpRequest) -> HttpResponse:
    """Show what the platform does not take, and who does."""
    page = {
        "hotlines": read_tsv("linli.site", "hotlines.tsv"),
        "rows": queries.list_signposts(),
    }
    return render(request, "site/signposts.html", page)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language, in the browser and for the notices to their account."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        actor = getattr(request, "actor", None)
        if actor:
            choose_language(chosen, actor=actor)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=A_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@require_POST
def large(request: HttpRequest) -> HttpResponse:
    """Remember whether the reader wants large type."""
    response = _back(request)
    if request.POST.get("large"):
        response.set_cookie(
            "large",
            "yes",
            max_age=A_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie("large", samesite="Lax")
    return response


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nothing of the database."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the installation can do its work, and what is missing."""
    checks = queries.check_readiness()
    ready = not any(checks.values())
    body = {"ready": ready, "checks": {name: what or "ok" for name, what in checks.items()}}
    return JsonResponse(body, status=200 if ready else 503)


@require_GET
@cache_control(max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines to the public pages."""
    lines = ["User-agent: *", "Disallow: /accounts/", "Disallow: /me/", "Disallow: /api/", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
