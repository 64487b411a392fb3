"""Doors of the site: home, signposts, switches, health."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST, require_safe

from linli.kit.data import read_tsv
from linli.site import queries

A_YEAR = 365 * 24 * 60 * 60
LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page that the reader came from, never to another site."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(address if safe else "/")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what one can do here: residents report and look up, staff find their work."""
    return render(request, "site/home.html")


@require_safe
def signposts(request: HttpRequest) -> HttpResponse:
    """Show what the platform does not take, and who does."""
    return render(
        request, "site/signposts.html", {"rows": read_tsv("linli.site", "exclusions.tsv")}
    )


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
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
    faults = [check.what for check in checks if check.what]
    body = {"ready": not faults, "checks": {check.name: check.what or "ok" for check in checks}}
    return JsonResponse(body, status=503 if faults else 200)


@require_GET
@cache_control(max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines to the public pages."""
    lines = ["User-agent: *", "Disallow: /accounts/", "Disallow: /me/", "Disallow: /api/", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
