"""Doors of files: open one, list those of a matter, add, publish, erase."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from linli.documents import queries, rules
from linli.documents.choices import JPEG
from linli.documents.forms import PublishForm, UploadForm
from linli.documents.models import Attachment
from linli.documents.services import attaching, erasing
from linli.duties.choices import Matter
from linli.kit.errors import Unseen
from linli.kit.shapes import read
from linli.offices.models import Actor
from linli.offices.requests import acting

TOKEN = "t"  # noqa: S105 - the name of the reporter's token in an address
CACHE_SECONDS = 60 * 60


def _who(request: HttpRequest) -> Actor | None:
    return getattr(request, "actor", None)


def _seen(request: HttpRequest, pk: UUID) -> Attachment:
    return queries.get_attachment(_who(request), pk, token=request.GET.get(TOKEN, ""))


def _sent(file: Path, content_type: str, name: str, *, download: bool) -> FileResponse:
    """Stream a file so that no browser takes it for a page of ours."""
    response = FileResponse(
        file.open("rb"), as_attachment=download, filename=name, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={CACHE_SECONDS}"
    return response


@require_safe
def open_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """Show a picture, hand out a paper."""
    one = _seen(request, pk)
    return _sent(one.file, one.content_type, one.name, download=not one.is_picture)


@require_safe
def open_small(request: HttpRequest, pk: UUID) -> FileResponse:
    """Show the small copy of a picture."""
    one = _seen(request, pk)
    if not one.is_picture:
        raise Unseen
    return _sent(one.small_file, JPEG, f"small-{pk}.jpg", download=False)


def _panel(request: HttpRequest, kind: str, key: UUID, **page: Any) -> dict[str, Any]:
    actor, token = _who(request), request.GET.get(TOKEN, "")
    return {
        "kind": kind,
        "key": key,
        "attachments": queries.list_attachments(actor, kind, key, token=token),
        "query": f"?{urlencode({TOKEN: token})}" if token else "",
        "may_add": rules.may_add(actor, kind, key),
        "may_publish": actor is not None and actor.may("classify"),
        "form": UploadForm(),
        **page,
    }


@require_safe
def of_matter(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Show the files of a matter, and the form for those who may add: a fragment or a page."""
    token = request.GET.get(TOKEN, "")
    if not rules.may_read(_who(request), kind, key) and not rules.token_opens(token, kind, key):
        raise Unseen
    return render(request, "documents/of_matter.html", _panel(request, kind, key))


@require_POST
def attach(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Add a file to a matter."""
    actor = acting(request)
    if not rules.may_add(actor, kind, key):
        raise Unseen
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        page = _panel(request, kind, key, form=form)
        return render(request, "documents/of_matter.html", page, status=422)
    upload = form.cleaned_data.pop("file")
    attaching.attach(Matter(kind, key, actor.township), upload, actor=actor, **form.cleaned_data)
    return _back(request, kind, key)


@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let everybody see a file, or take it back."""
    public = read(PublishForm(request.POST))["public"]
    one = attaching.publish_attachment(pk, actor=acting(request), public=public)
    return _back(request, one.matter_kind, one.matter_key)


@require_POST
def erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Erase a file for good."""
    one = erasing.erase_attachment(pk, actor=acting(request))
    return _back(request, one.matter_kind, one.matter_key)


def _back(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Show the matter's files anew: in place for htmx, as a page otherwise."""
    if request.headers.get("HX-Request"):
        return render(request, "documents/of_matter.html", _panel(request, kind, key))
    return redirect(reverse("documents:of_matter", args=[kind, key]))
