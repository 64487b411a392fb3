"""How a share, a length of time and a row's name are written."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.analytics.rules.merging import Row, Share
from linli.kit.text import in_chinese

register = template.Library()


@register.filter
def row_name(row: Row) -> str:
    """Return the name of a row in the reader's language."""
    return row.name_zh if in_chinese() else row.name_en


@register.filter
def hours(value: float | None) -> str:
    """Return hours, or days from three days on."""
    if value is None:
        return "—"
    if value >= 72:
        return _("%(n).1f days") % {"n": value / 24}
    return _("%(n).1f h") % {"n": value}


@register.simple_tag
def share(row: Row, key: str) -> SafeString | str:
    """Return a share in percent, its interval, and what it was counted from."""
    one: Share = row.shares[key]
    counted = f"{one.hits}/{one.of}"
    if one.value is None or one.low is None or one.high is None:
        return format_html('— <span class="quiet">({})</span>', counted) if one.of else "—"
    return format_html(
        '<strong>{}%</strong> <span class="quiet">({}–{}%) {}</span>',
        f"{one.value * 100:.1f}",
        f"{one.low * 100:.1f}",
        f"{one.high * 100:.1f}",
        counted,
    )
