"""How every verb opens and ends: fetch locked, ask the rule, move, save, record, announce."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from linli.audit.services import record
from linli.cases.choices import State
from linli.cases.events import CaseMoved
from linli.cases.models.case import Case
from linli.cases.models.story import Entry
from linli.cases.queries import cases
from linli.cases.rules import moves
from linli.cases.services import telling
from linli.cases.workflow import CASE_FLOW, can
from linli.duties.queries import owed as duty_queries
from linli.kit import bus, clock
from linli.kit.errors import Forbidden, MoveRefused, Stale
from linli.offices.models import Actor


@dataclass(frozen=True)
class Words:
    """What a step says: `said` to the reporter, `note` to colleagues; `public`: both see it."""

    said: str = ""
    note: str = ""
    public: bool = True


def _columns(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def begin(verb: str, key: UUID, actor: Actor, seen: int | None = None) -> Case:
    """Fetch a case locked for a verb.

    Args:
        verb: its name in flow.toml.
        key: the case.
        actor: who does it.
        seen: the version that the actor looked at; None for those who look at nothing (the worker).

    Raises:
        Unseen: 404, the actor does not see the case.
        Stale: 409, it changed since `seen`; the answer says what.
        Forbidden: 403, their post does not have this verb.
        MoveRefused: 409, the state has no such move.
    """
    case = cases.get_case(actor, key, lock=True)
    if seen is not None and seen != case.version:
        public = moves.is_reporter(actor, case)
        changes = cases.changes_since(case, seen, public=public)
        raise Stale(changes=changes, version=case.version, state=case.state)
    if not can(case.state, verb):
        raise MoveRefused(state=case.state, verb=verb, version=case.version)
    if not moves.may(actor, case, verb):
        raise Forbidden
    case.loaded = _columns(case)
    return case


def finish(
    case: Case,
    way: str,
    actor: Actor,
    *,
    said: str = "",
    note: str = "",
    public: bool = True,
    **facts: Any,
) -> Case:
    """Move a case along `way`, save what changed, write story and trail, tell who must know.

    Args:
        way: the move in flow.toml.
        said, note, public: see `Words`; the words enter the trail as commitments.
        facts: what happened, without personal values.
    """
    before = case.state
    case.state = CASE_FLOW.target(before, way)
    case.updated_at = clock.now()
    case.version += 1
    if case.state == State.CLOSED and case.closed_at is None:
        case.closed_at = case.updated_at
    case.due_at, case.yellow_at = duty_queries.next_due(case.matter)
    _save_changes(case)
    tell_story(case, way, actor, before=before, words=Words(said, note, public), facts=facts)
    return case


def tell_story(
    case: Case, way: str, actor: Actor, *, before: str, words: Words, facts: dict[str, Any]
) -> Entry:
    """Write one step into story and trail, publish it, and queue the messages that it causes."""
    entry = Entry.objects.create(
        township=case.township,
        case=case,
        at=clock.now(),
        verb=way,
        before=before,
        after=case.state,
        post_id=actor.post,
        office_id=actor.office,
        by_reporter=moves.is_reporter(actor, case),
        public=words.public,
        said=words.said,
        note=words.note,
        facts=facts,
    )
    record(
        f"case.{way}",
        case.matter.subject,
        actor=actor,
        personal={"said": words.said, "note": words.note},
        before=before,
        after=case.state,
        version=case.version,
        **facts,
    )
    bus.publish(CaseMoved(case.pk, case.township, way, before, case.state))
    telling.tell(case, way, entry, actor)
    return entry


def _save_changes(case: Case) -> None:
    """Save the columns that this verb changed, and no others."""
    now = _columns(case)
    changed = [name for name, value in now.items() if case.loaded.get(name, ...) != value]
    case.save(update_fields=changed)
    case.loaded = now
