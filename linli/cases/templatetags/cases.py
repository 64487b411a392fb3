"""Words on pages of cases: what was done, how long a limit is, how much time is left."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.cases.choices import Ending, Precision, Publicity, State, Step, Urgency
from linli.cases.forms.verbs import METHODS
from linli.cases.models.case import Case
from linli.cases.models.story import Entry
from linli.duties.models import Duty
from linli.duties.queries.owed import spell_left
from linli.duties.queries.words import spell_limit
from linli.duties.rules.clocks import Calendar

register = template.Library()

# What was done: move of flow.toml → words for everybody.
DONE = {
    "report": _("Reported"),
    "imported": _("Taken over from another list"),
    "merged_in": _("Another report of the same was merged in"),
    "answer_again_drawn": _("Answered again, waits to be verified"),
    "hide": _("Taken off the public map"),
    "show": _("Shown on the public map again"),
    "renew_code": _("New look-up code"),
    "register": _("Registered"),
    "send_back": _("More was asked of the reporter"),
    "classify": _("Category or urgency corrected"),
    "answer": _("Answered at once"),
    "refer": _("Referred to the right place"),
    "exclude": _("Not a matter for this platform: the words were erased"),
    "merge": _("Merged with another report"),
    "split": _("A part goes on as a case of its own"),
    "settle": _("Handled on the spot"),
    "settle_drawn": _("Handled on the spot; drawn for verification"),
    "dispatch": _("Dispatched"),
    "object_dispatch": _("Returned by the office: another one answers for it"),
    "object_again": _("Returned a second time: a joint meeting decides"),
    "appoint_lead": _("The joint meeting named the lead office"),
    "assign": _("Given to somebody of the office"),
    "sign": _("Signed for"),
    "contact": _("First response"),
    "assist": _("Support given"),
    "pause": _("The clock was stopped"),
    "resume": _("The clock runs again"),
    "ask_extension": _("More time was asked for"),
    "grant_extension": _("More time was granted"),
    "refuse_extension": _("More time was refused"),
    "reply": _("Answered"),
    "reply_drawn": _("Answered; drawn for verification"),
    "answer_again": _("Answered again"),
    "check_site": _("The place was looked at"),
    "close": _("Verified and closed"),
    "rework": _("Verified: not done, back to the office"),
    "rework_unhandled": _("Verified: not done, to be dispatched"),
    "add": _("The reporter added something"),
    "urge": _("The reporter urged"),
    "rate": _("The reporter rated"),
    "object": _("The reporter objected"),
    "uphold": _("Objection upheld: taken up again"),
    "uphold_unhandled": _("Objection upheld: to be dispatched"),
    "dismiss": _("Objection dismissed"),
    "reopen": _("Taken up again"),
    "reopen_unhandled": _("Taken up again: to be dispatched"),
    "withdraw": _("Withdrawn by the reporter"),
    "erase": _("Personal data erased"),
}

_ENDS = {
    "objected": _("returned: not theirs"),
    "replaced": _("sent elsewhere"),
    "done": _("support given"),
}


@register.filter
def done(way: str) -> str:
    """Return what a move did, for everybody."""
    return str(DONE.get(way, way))


@register.filter
def state_name(state: str) -> str:
    """Return the words for a state."""
    return str(State(state).label)


@register.filter
def moment(text: str) -> datetime:
    """Return the moment that a machine wrote down."""
    return datetime.fromisoformat(text)


register.filter("limit", spell_limit)


@register.filter
def term(value: str, name: str) -> str:
    """Return a term of the catalogue in words: a limit, an urgency, or how the map shows it."""
    if name in {"respond", "dispose"}:
        return spell_limit(value)
    return str((Urgency if name == "urgency" else Publicity)(value).label)


@register.simple_tag
def time_left(case: Case, calendar: Calendar, now: datetime) -> SafeString | str:
    """Return how much time is left for the next step, or since when it is late, or how it ended."""
    if case.is_closed:
        return format_html('<span class="tag">{}</span>', Ending(case.ending).label)
    if case.due_at is None:
        return format_html('<span class="quiet">{}</span>', gettext("no clock runs"))
    words = spell_left(case.due_at, now, calendar)
    if case.due_at < now:
        return format_html('<span class="tag tag-late">‼ {}</span>', words)
    if case.yellow_at is not None and case.yellow_at <= now:
        return format_html('<span class="tag tag-soon">! {} {}</span>', gettext("soon:"), words)
    return format_html('<span class="tag tag-good">{}</span>', words)


@register.simple_tag
def duty_name(duty: Duty) -> str:
    """Return what a duty of a case is about."""
    return str(Step(duty.step).label)


@register.filter
def dispatch_end(end: str) -> str:
    """Return how a dispatch ended."""
    return str(_ENDS.get(end, end))


@register.filter
def method_name(method: str) -> str:
    """Return how something was verified."""
    return str(dict(METHODS).get(method, method))


@register.filter
def precision_words(case: Case) -> str:
    """Return how sure the place is, so that nobody takes a guess for a fact."""
    return str(Precision(case.precision).label)


@register.filter
def facts(entry: Entry, names: dict[str, str]) -> Iterator[str]:
    """Yield what a step says besides its words, for colleagues; `names` spells its codes."""
    for name, value in entry.facts.items():
        if name in _FACTS and value not in ("", [], None):
            said = _spelled(name, value, names)
            yield gettext("%(name)s: %(value)s") % {"name": _FACTS[name], "value": said}


_FACTS: dict[str, Any] = {
    "lead": _("lead office"),
    "supports": _("supporting offices"),
    "office": _("office"),
    "category": _("category"),
    "urgency": _("urgency"),
    "outcome": _("outcome"),
    "into": _("into"),
    "part": _("part"),
    "part_of": _("part of"),
    "limit": _("more time"),
    "score": _("rating"),
    "rule": _("rule"),
}


def _spelled(name: str, value: Any, names: dict[str, str]) -> str:
    if name in _CHANGED and isinstance(value, list):
        return " → ".join(_spelled(name, one, names) for one in value)
    if isinstance(value, list):
        return gettext(", ").join(_spelled(name, one, names) for one in value)
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    if name == "limit":
        return spell_limit(str(value))
    return names.get(str(value), str(value))


_CHANGED = {"category", "urgency"}
_CHOICES: dict[str, Any] = {"outcome": Ending, "urgency": Urgency}
