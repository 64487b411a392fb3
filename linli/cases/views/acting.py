"""How a page does a verb: one form, one service; whatever is refused, what was typed stays."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.cases.forms.verbs import VERBS, VerbForm
from linli.cases.models.case import Case
from linli.cases.queries.cases import changes_since, did_just_now, get_case
from linli.cases.rules.moves import is_reporter, may
from linli.cases.workflow import can
from linli.kit.errors import Forbidden, MoveRefused, Refused, Stale, Unseen
from linli.kit.shapes import attempt
from linli.offices.models import Actor

PREFILLED = ("into",)


@dataclass(frozen=True)
class Try:
    """What became of a verb: the case where it was done, else the form to show with its status.

    Args:
        over: others moved the case on, so that the form shows what was typed and sends nothing.
    """

    form: VerbForm
    done: Case | None = None
    status: int = 200
    changes: list[dict[str, Any]] = field(default_factory=list)
    over: bool = False


def try_verb(request: HttpRequest, verb: str, case: Case, actor: Actor, *, back: str) -> Try:
    """Offer a verb on GET, do it on POST.

    Args:
        back: the address of the case's page, for refusals that leave nothing to correct.

    Raises:
        Unseen: 404, there is no such verb.
        MoveRefused: 409, the state has no such move (any more).
        Forbidden: 403, the actor does not have it.
        Excluded: 422, the words are of a kind that is never kept.
    """
    if request.method == "POST" and verb in VERBS and not can(case.state, verb):
        return _overtaken(request, verb, case, actor, back)
    _check(verb, case, actor, back)
    if request.method == "POST":
        return _do(request, verb, case, actor, back)
    prefilled = {name: request.GET[name] for name in PREFILLED if name in request.GET}
    return Try(VERBS[verb].form(actor=actor, case=case, initial=prefilled))


def _do(request: HttpRequest, verb: str, case: Case, actor: Actor, back: str) -> Try:
    form = VERBS[verb].form(request.POST, actor=actor, case=case)
    try:
        done = attempt(form, VERBS[verb].do, key=case.pk, actor=actor)
    except Stale as error:
        now = get_case(actor, case.pk)
        if did_just_now(now, verb, actor) or not can(now.state, verb):
            return _overtaken(request, verb, now, actor, back)
        _check(verb, now, actor, back)
        form.data = {**form.data.dict(), "seen": error.data["version"]}  # type: ignore[attr-defined]  # a QueryDict
        return Try(form, status=409, changes=error.data["changes"])
    except MoveRefused as error:
        error.data.update(_way(back))
        raise
    except Refused as error:
        if error.status != 409:
            raise
        form.add_error(None, str(error))
        return Try(form, status=409)
    return Try(form, done, status=200 if done else 422)


def _overtaken(request: HttpRequest, verb: str, case: Case, actor: Actor, back: str) -> Try:
    """Say what others did since the form was opened, and keep what was typed into it."""
    form = VERBS[verb].form(request.POST, actor=actor, case=case)
    if did_just_now(case, verb, actor):
        return Try(form, case)
    seen = request.POST.get("seen", "")[:9]
    public = is_reporter(actor, case)
    changes = changes_since(case, int(seen), public=public) if seen.isdecimal() else []
    if not (changes and may(actor, case, verb)):
        raise MoveRefused(**_way(back))
    return Try(form, status=409, changes=changes, over=True)


def _check(verb: str, case: Case, actor: Actor, back: str) -> None:
    if verb not in VERBS:
        raise Unseen
    if not can(case.state, verb):
        raise MoveRefused(**_way(back))
    if not may(actor, case, verb):
        raise Forbidden(**_way(back))


def _way(back: str) -> dict[str, str]:
    return {"remedy": _("Back to the report"), "remedy_url": back}
