"""Doors of channels: the notices of a desk, the messages of a matter."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from linli.channels import queries, registry, rules, services
from linli.offices.models import Actor
from linli.offices.requests import acting


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show the reader's notices, unread first."""
    actor = acting(request)
    page = queries.list_notices(actor, request.GET.get("after", ""))
    unread = queries.count_unread(actor)
    found = {"notices": page.items, "after": page.after, "unread": unread}
    return render(request, "channels/notices.html", found)


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """Show how many notices wait, for the navigation."""
    unread = queries.count_unread(acting(request))
    return render(request, "channels/parts/count.html", {"unread": unread})


@require_POST
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark a notice as read and go to its matter, where asked to."""
    notice = services.mark_read(pk, actor=acting(request))
    page = rules.page_of(notice.matter_kind)
    if page and "open" in request.POST:
        return redirect(page, notice.matter_key)
    return redirect("channels:notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all notices as read."""
    services.mark_all_read(actor=acting(request))
    return redirect("channels:notices")


@require_safe
def messages(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Show every message of a matter, for its page."""
    return _messages(request, acting(request), kind, key)


@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a failed message again."""
    actor = acting(request)
    message = services.retry_message(pk, actor=actor)
    return _messages(request, actor, message.matter_kind, message.matter_key)


def _messages(request: HttpRequest, actor: Actor, kind: str, key: UUID) -> HttpResponse:
    language = getattr(request, "LANGUAGE_CODE", "zh-hans")
    rows = [
        {"message": one, "title": one.title(language), "channel": registry.get(one.channel).name}
        for one in queries.list_messages(actor, kind, key)
    ]
    page = {"rows": rows, "may_retry": rules.may_retry(actor)}
    return render(request, "channels/messages.html", page)
