"""Who is told what after which step: a table, and one function that follows it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import translation

from linli.cases.choices import CASE, State, Step
from linli.cases.models.case import Case, Dispatch, Reporter
from linli.cases.models.story import Entry
from linli.cases.services.links import make_link
from linli.cases.workflow import TERMS
from linli.channels.choices import Recipient, ToEmail, ToOffice, ToPost
from linli.channels.services import send
from linli.duties.events import DutyEvent
from linli.duties.queries.words import spell_limit
from linli.kit.data import read_toml
from linli.offices.models import Actor, system
from linli.offices.queries import get_centre

_TABLE: dict[str, list[list[str]]] = read_toml("linli.cases", "telling.toml")["steps"]
_ALARMS: dict[str, str] = read_toml("linli.cases", "telling.toml")["alarms"]


def tell(case: Case, way: str, entry: Entry, actor: Actor) -> None:
    """Queue the messages of one step: rows in this transaction, sent by the worker afterwards."""
    urgent = _TABLE.get(f"{way}:{case.urgency}", [])
    for who, template in [*_TABLE.get(way, []), *urgent]:
        for recipient in _recipients(case, who, actor):
            send(
                to=recipient,
                template=template,
                context=_context(case, entry, who, recipient),
                matter=case.matter,
                cause=f"case.{way}",
                dedupe=f"{CASE}:{entry.pk}:{who}:{template}",
                actor=actor,
            )


def _reporter(case: Case, actor: Actor) -> Iterator[Recipient]:
    reporter: Reporter | None = getattr(case, "reporter", None)
    if reporter and reporter.wants_email and reporter.email:
        yield ToEmail(reporter.email.open(), reporter.language)
    if case.reported_by_id and case.reported_by_id != actor.post:
        yield ToPost(case.reported_by_id)


def _lead(case: Case, _actor: Actor) -> Iterator[Recipient]:
    """Yield who handles in the office that leads, or the intake desk while none does."""
    if case.lead_office_id:
        yield ToOffice(case.lead_office_id, power="handle")
    else:
        yield ToOffice(get_centre(case.township).pk, power="register")


def _support(case: Case, _actor: Actor) -> Iterator[Recipient]:
    rows = Dispatch.objects.filter(case=case, leads=False, ended_at__isnull=True)
    offices = rows.values_list("office", flat=True)
    yield from (ToOffice(office, power="handle") for office in offices)


def _handler(case: Case, _actor: Actor) -> Iterator[Recipient]:
    if case.handler_id:
        yield ToPost(case.handler_id)


_GROUPS = {"reporter": _reporter, "lead": _lead, "support": _support, "handler": _handler}


def _recipients(case: Case, who: str, actor: Actor) -> Iterator[Recipient]:
    if who in _GROUPS:
        return _GROUPS[who](case, actor)
    where, _, power = who.rpartition(":")
    office = case.lead_office_id if where == "lead" else get_centre(case.township).pk
    return iter([ToOffice(office, power=power)] if office else [])


def _context(case: Case, entry: Entry, who: str, recipient: Recipient) -> dict[str, Any]:
    language = recipient.language if isinstance(recipient, ToEmail) else "zh-hans"
    window = timedelta(days=TERMS.objection_days)
    with translation.override(language):
        office = case.lead_office or entry.office
        return {
            "link": make_link(case) if isinstance(recipient, ToEmail) else "",
            "office": entry.facts.get("refer_to") or (office.name if office else ""),
            "due": (case.promised_at if entry.verb in _PROMISING else case.due_at) or "—",
            "until": case.closed_at + window if case.closed_at else "—",
            "next": case.next_answer_on or "—",
            "more": spell_limit(entry.facts.get("limit", "")),
            "question": entry.said,
            "reason": entry.said or entry.note,
            "other": entry.facts.get("into") or entry.facts.get("other", ""),
            "step": (
                Step.SUPPORT if who == "support" else _OWED.get(case.state, Step.HANDLE)
            ).label,
        }


_PROMISING = {"dispatch", "appoint_lead", "resume", "grant_extension"}
_OWED: dict[str, Step] = {State.DISPATCHED: Step.SIGN, State.HANDLING: Step.HANDLE}


# Who in an office does an owed step; whoever does not see cases is told nothing of them.
_OWES: dict[str, str] = {
    Step.REGISTER: "register",
    Step.RETURNED: "register",
    Step.DISPATCH: "dispatch",
    Step.MEETING: "meet",
    Step.VERIFY: "verify",
    Step.OBJECTION: "decide_objection",
}


def tell_alarm(event: DutyEvent) -> None:
    """Pass on what the sweep found to whoever does the step in the office that owes it."""
    if event.matter.kind != CASE:
        return
    send(
        to=ToOffice(event.office, power=_OWES.get(event.step, "handle")),
        template=_ALARMS[type(event).__name__],
        context={
            "step": Step(event.step).label,
            "due": event.due_at or "—",
            "condition": getattr(event, "condition", ""),
        },
        matter=event.matter,
        cause=f"duty.{type(event).__name__}",
        dedupe=f"{event.duty}:{type(event).__name__}:{event.due_at}",
        actor=system(event.matter.township),
    )
