"""What every page needs: links from slots, times, lengths, names in the reader's language."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from linli.kit import clock, slots
from linli.kit.text import in_chinese

register = template.Library()

ANYBODY_SIGNED_IN = "staff"


def _visible(context: template.Context, slot: str) -> Iterator[slots.Fill]:
    actor = getattr(context.get("request"), "actor", None)
    for fill in slots.fills(slot):
        if not fill.power or (actor and fill.power in {ANYBODY_SIGNED_IN, *actor.role.powers}):
            yield fill


@register.simple_tag
def town_name() -> str:
    """Return the name of this installation's town."""
    return str(settings.TOWN_NAME)


@register.simple_tag(takes_context=True)
def slot_links(context: template.Context, slot: str) -> SafeString:
    """Return a list item with a link for every fill of `slot` that the reader may use."""
    request = context.get("request")
    here = request.path if request else ""
    links = [(reverse(fill.url), fill.label) for fill in _visible(context, slot)]
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        (
            (url, SafeString(' aria-current="page"') if url == here else "", label)
            for url, label in links
        ),
    )


@register.simple_tag(takes_context=True)
def slot_panels(context: template.Context, slot: str, *keys: Any) -> SafeString:
    """Return a self-loading section for every fill of `slot`; without JavaScript it is a link."""
    panels = [(reverse(fill.url, args=keys), fill.label or "") for fill in _visible(context, slot)]
    return format_html_join(
        "",
        '<section class="panel" hx-get="{0}" hx-trigger="load"><a href="{0}">{1}</a></section>',
        panels,
    )


@register.simple_tag
def local_time(value: datetime | None) -> SafeString | str:
    """Return a moment in the town's time; the year only where it is not this year's."""
    if value is None:
        return "—"
    local = timezone.localtime(value)
    this_year = local.year == timezone.localtime(clock.now()).year
    if in_chinese():
        pattern = "n月j日 H:i" if this_year else "Y年n月j日 H:i"
    else:
        pattern = "j M, H:i" if this_year else "j M Y, H:i"
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        date_format(local, pattern),
    )


@register.filter
def duration(value: timedelta | None) -> str:
    """Return a length of time in its two largest units, without a sign."""
    if value is None:
        return "—"
    minutes = round(abs(value.total_seconds()) / 60)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)d day", "%(n)d days", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if not days and (minutes or not hours):
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes})
    return " ".join(parts)


@register.simple_tag
def name_of(thing: Any) -> str:
    """Return the name of a thing or a row of data in the reader's language, Chinese if need be."""

    def part(name: str) -> str:
        if isinstance(thing, Mapping):
            return str(thing.get(name) or "")
        return str(getattr(thing, name, "") or "")

    return part("name_zh") if in_chinese() else part("name_en") or part("name_zh")
