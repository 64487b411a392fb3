"""Predicates of the verbs: who may do each with a case that they see; no writes."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from linli.areas.queries.answering import beat_area_ids
from linli.cases.choices import Ending
from linli.cases.models.case import Case, Dispatch
from linli.cases.models.story import Entry, Verification
from linli.cases.workflow import TERMS, VERBS, WAYS, can
from linli.duties.queries.owed import asked_extension
from linli.kit import clock
from linli.offices.models import Actor

Rule = Callable[[Actor, Case], bool]

_HANDLING = (
    "settle",
    "sign",
    "contact",
    "assist",
    "assign",
    "pause",
    "resume",
    "reply",
    "answer_again",
)
HANDLING_WAYS = [way for verb in _HANDLING for way in WAYS.get(verb, (verb,))]
OBJECTED = "objected"


def reporter_key(case_key: object) -> str:
    """Return the actor key of whoever reported a case and holds its code."""
    return f"reporter:{case_key}"


def is_reporter(actor: Actor, case: Case) -> bool:
    """Holds the lookup code of this case."""
    return actor.key == reporter_key(case.pk)


def is_lead(actor: Actor, case: Case) -> bool:
    """Sits in the office that leads."""
    return actor.office is not None and actor.office == case.lead_office_id


def is_handler(actor: Actor, case: Case) -> bool:
    """Sits in the lead office, or was given the case."""
    return is_lead(actor, case) or (actor.post is not None and actor.post == case.handler_id)


def may_see(actor: Actor, case: Case) -> bool:
    """The rule for one that CaseQuerySet.visible_to is the filter for."""
    if actor.township != case.township:
        return False
    if actor.level == "town":
        return True
    own = actor.post is not None and actor.post in {case.reported_by_id, case.handler_id}
    if actor.level == "dept":
        return (
            own
            or is_lead(actor, case)
            or Dispatch.objects.filter(case=case, office=actor.office).exists()
        )
    if actor.level in {"village", "grid"} and actor.post:
        places = [place for place in (case.grid_id, case.village_id) if place]
        beat = beat_area_ids(actor.post, timezone.localdate(clock.now()))
        return (
            own
            or (actor.level == "village" and is_lead(actor, case))
            or bool(places and beat.filter(pk__in=places).exists())
        )
    return own and actor.level == "public"


def by_handler(actor: Actor) -> Q:
    """Match the steps of handling that the actor's account or office did."""
    by = Q(post__account=actor.account) | Q(office=actor.office)
    return Q(verb__in=HANDLING_WAYS) & by


def took_part(actor: Actor, case: Case) -> bool:
    """Handled the case, or sits in an office that did: such a person never verifies it."""
    handled = Dispatch.objects.filter(case=case, office=actor.office).exclude(end=OBJECTED)
    acted = Entry.objects.filter(by_handler(actor), case=case)
    return actor.account is None or handled.exists() or acted.exists()


def objection_open_until(case: Case) -> object:
    """Return the moment until which the reporter may object; None while the case is open."""
    return case.closed_at + timedelta(days=TERMS.objection_days) if case.closed_at else None


def _power(power: str) -> Rule:
    return lambda actor, _case: actor.may(power)


def _lead(power: str) -> Rule:
    return lambda actor, case: actor.may(power) and is_lead(actor, case)


def _handler(actor: Actor, case: Case) -> bool:
    return actor.may("handle") and is_handler(actor, case)


def _supports(actor: Actor, case: Case) -> bool:
    supporting = Dispatch.objects.filter(
        case=case, office=actor.office, leads=False, ended_at__isnull=True
    )
    return actor.may("handle") and supporting.exists()


def may_grant(actor: Actor, case: Case) -> bool:
    """The head of the lead office grants the first extension, the leader on duty any."""
    return actor.may("grant_second") or (actor.may("grant_first") and is_lead(actor, case))


def may_close(actor: Actor, case: Case) -> bool:
    """A verifier who had no part in the handling."""
    return actor.may("verify") and not took_part(actor, case)


def may_check_site(actor: Actor, case: Case) -> bool:
    """A grid worker who had no part in the handling looks at the place."""
    return actor.may("verify_on_site") and not took_part(actor, case)


def may_decide(actor: Actor, case: Case) -> bool:
    """Somebody of the centre without a part in the handling decides an objection."""
    if not (actor.may("decide_objection") and case.objected):
        return False
    checked = Verification.objects.filter(case=case, post__account=actor.account)
    return not took_part(actor, case) and not checked.exists()


def may_reopen(actor: Actor, case: Case) -> bool:
    """The centre takes up a closed case again on its own account."""
    kept = case.ending not in {Ending.EXCLUDED, Ending.WITHDRAWN}
    return kept and not case.objected and (actor.may("supervise") or actor.may("decide_objection"))


def may_object(actor: Actor, case: Case) -> bool:
    """The reporter, within the window, once at a time."""
    if not is_reporter(actor, case) or case.objected or case.closed_at is None:
        return False
    if case.ending in {Ending.WITHDRAWN, Ending.EXCLUDED, Ending.MERGED}:
        return False
    return clock.now() <= case.closed_at + timedelta(days=TERMS.objection_days)


def may_rate(actor: Actor, case: Case) -> bool:
    """The reporter, once there is something to rate."""
    return is_reporter(actor, case) and case.ending not in {Ending.WITHDRAWN, Ending.EXCLUDED}


def may_add(actor: Actor, case: Case) -> bool:
    """The reporter, or the desk for somebody who called."""
    return is_reporter(actor, case) or actor.may("register")


def may_answer_again(actor: Actor, case: Case) -> bool:
    """The lead office on the date that it named, while no objection waits."""
    named = case.ending == Ending.CANNOT_NOW and not case.objected
    return named and actor.may("reply") and is_lead(actor, case)


def may_resume(actor: Actor, case: Case) -> bool:
    """The lead office, or the worker when the pauses are used up."""
    return actor.is_system or (actor.may("handle") and is_lead(actor, case))


def may_erase(actor: Actor, case: Case) -> bool:
    """The reporter, or the worker on schedule."""
    return is_reporter(actor, case) or actor.is_system


RULES: Mapping[str, Rule] = {
    "register": _power("register"),
    "send_back": _power("return"),
    "classify": _power("classify"),
    "answer": _power("answer"),
    "refer": _power("refer"),
    "exclude": _power("refer"),
    "hide": _power("classify"),
    "show": _power("classify"),
    "renew_code": is_reporter,
    "merge": _power("merge"),
    "split": _power("split"),
    "settle": _power("settle"),
    "dispatch": _power("dispatch"),
    "object_dispatch": _lead("object_dispatch"),
    "appoint_lead": _power("meet"),
    "assign": _lead("assign"),
    "sign": _lead("sign"),
    "contact": _handler,
    "assist": _supports,
    "pause": _lead("handle"),
    "resume": may_resume,
    "ask_extension": _lead("ask_extension"),
    "grant_extension": may_grant,
    "refuse_extension": may_grant,
    "reply": _lead("reply"),
    "answer_again": may_answer_again,
    "check_site": may_check_site,
    "close": may_close,
    "rework": may_close,
    "uphold": may_decide,
    "dismiss": may_decide,
    "reopen": may_reopen,
    "add": may_add,
    "urge": is_reporter,
    "rate": may_rate,
    "object": may_object,
    "withdraw": is_reporter,
    "erase": may_erase,
}

if set(RULES) != set(VERBS):
    raise ValueError(f"flow.toml and RULES differ: {set(RULES) ^ set(VERBS)}")


def _extension_waits(case: Case) -> bool:
    return asked_extension(case.matter) is not None


# What a button needs besides state and actor: without it there is nothing to do, as the verb says.
USEFUL: Mapping[str, Callable[[Case], bool]] = {
    "ask_extension": lambda case: not _extension_waits(case),
    "grant_extension": _extension_waits,
    "refuse_extension": _extension_waits,
    "hide": lambda case: not case.hidden,
    "show": lambda case: case.hidden,
}


def _useful(case: Case, verb: str) -> bool:
    return verb not in USEFUL or USEFUL[verb](case)


def may(actor: Actor, case: Case, verb: str) -> bool:
    """Say whether the actor may do `verb` with a case that they see (the state is asked apart)."""
    return RULES[verb](actor, case)


def next_steps(actor: Actor, case: Case) -> list[str]:
    """Return the verbs that the actor can do now: the only buttons on the page."""
    possible = (verb for verb in VERBS if can(case.state, verb) and may(actor, case, verb))
    return [verb for verb in possible if _useful(case, verb)]
