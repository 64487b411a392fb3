"""Who is told what after which step: a table, and one function that follows it."""

from collections.abc import Iterator

from django.utils import timezone, translation

from linli.cases.choices import CASE
from linli.cases.models.case import Case, Dispatch, Reporter
from linli.cases.models.story import Entry
from linli.cases.services.links import make_link
from linli.channels.choices import Recipient, ToEmail, ToOffice, ToPost
from linli.channels.services import send
from linli.kit.data import read_toml
from linli.offices.models import Actor
from linli.offices.queries import get_centre

_TABLE: dict[str, list[list[str]]] = read_toml("linli.cases", "telling.toml")["steps"]


def tell(case: Case, way: str, entry: Entry, actor: Actor) -> None:
    """Queue the messages of one step: rows in this transaction, sent by the worker afterwards."""
    for who, template in _TABLE.get(way, []):
        for recipient in _recipients(case, who, actor):
            send(
                to=recipient,
                template=template,
                context=_context(case, entry, recipient),
                matter=case.matter,
                cause=f"case.{way}",
                dedupe=f"{CASE}:{entry.pk}:{who}:{template}",
                actor=actor,
            )


def _reporter(case: Case, actor: Actor) -> Iterator[Recipient]:
    reporter = Reporter.objects.filter(case=case, wants_email=True, erased_at__isnull=True).first()
    if reporter and reporter.email:
        yield ToEmail(reporter.email.open(), reporter.language)
    if case.reported_by_id and case.reported_by_id != actor.post:
        yield ToPost(case.reported_by_id)


def _lead(case: Case, _actor: Actor) -> Iterator[Recipient]:
    if case.lead_office_id:
        yield ToOffice(case.lead_office_id)


def _support(case: Case, _actor: Actor) -> Iterator[Recipient]:
    rows = Dispatch.objects.filter(case=case, leads=False, ended_at__isnull=True)
    yield from (ToOffice(office) for office in rows.values_list("office", flat=True))


def _handler(case: Case, _actor: Actor) -> Iterator[Recipient]:
    if case.handler_id:
        yield ToPost(case.handler_id)


_GROUPS = {"reporter": _reporter, "lead": _lead, "support": _support, "handler": _handler}


def _recipients(case: Case, who: str, actor: Actor) -> Iterator[Recipient]:
    if who in _GROUPS:
        return _GROUPS[who](case, actor)
    return iter([ToOffice(get_centre(case.township).pk, power=who)])


def _context(case: Case, entry: Entry, recipient: Recipient) -> dict[str, str]:
    language = getattr(recipient, "language", "") or "zh-hans"
    with translation.override(language):
        promised = timezone.localtime(case.promised_at) if case.promised_at else None
        context = {
            "number": case.number,
            "category": case.category.name,
            "office": case.lead_office.name if case.lead_office else "",
            "phone": case.lead_office.phone if case.lead_office else "",
            "due": promised.strftime("%Y-%m-%d %H:%M") if promised else "",
            "said": entry.said,
            "ending": case.get_ending_display() if case.ending else "",
        }
    context["link"] = make_link(case) if isinstance(recipient, ToEmail) else f"/desk/{case.pk}/"
    return context
