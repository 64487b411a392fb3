"""The verb of staff who write a report down for somebody, or for themselves."""

from django.db import transaction

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.services.handling import settle
from linli.cases.services.intake import Report, report
from linli.kit.errors import Forbidden
from linli.offices.models import Actor


@transaction.atomic
def write_down(what: Report, *, actor: Actor, before: str = "", after: str = "") -> Case:
    """Write a report down; with `before` and `after` it was handled on the spot, all or nothing.

    Args:
        before: what was found.
        after: what was done.
    """
    if not actor.may("report"):
        raise Forbidden
    case = report(what, actor=actor)
    if after and case.state == State.REPORTED:
        case = settle(case.pk, actor=actor, before=before, after=after)
    return case


def look_at_contact(case: Case, *, actor: Actor, reason: str) -> dict[str, str]:
    """Return the sealed contact of a case, each look recorded; empty where there is none."""
