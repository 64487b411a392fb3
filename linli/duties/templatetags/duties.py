"""Words on pages of duties: how much time is left, where the matter is."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from linli.duties.models import Duty
from linli.duties.queries.calendars import get_calendar
from linli.duties.queries.owed import spell_left
from linli.duties.queries.words import spell_limit
from linli.duties.rules import access
from linli.kit import clock

register = template.Library()
register.filter("limit", spell_limit)


@register.simple_tag
def time_left(duty: Duty) -> SafeString | str:
    """Return how much time is left on a running duty, or since when it is late; else its state."""
    if duty.due_at is None or duty.ended_at is not None:
        return format_html('<span class="tag">{}</span>', duty.get_state_display())
    now = clock.now()
    near = duty.yellow_at is not None and duty.yellow_at <= now
    tone = "tag-late" if duty.due_at < now else "tag-soon" if near else "tag-good"
    words = spell_left(duty.due_at, now, get_calendar(duty.township))
    return format_html('<span class="tag {}">{}</span>', tone, words)


@register.simple_tag
def matter_link(duty: Duty) -> SafeString | str:
    """Return the matter's number, as a link where its app has a page for it."""
    url, number = access.page_of(duty.matter_kind), duty.matter_number or str(duty.matter_key)
    if not url:
        return number
    return format_html('<a href="{}">{}</a>', reverse(url, args=[duty.matter_key]), number)


@register.simple_tag
def step_name(kind: str, step: str) -> str:
    """Return what the matter's app calls a step."""
    return access.step_name(kind, step)
