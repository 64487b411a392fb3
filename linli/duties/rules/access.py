"""Who may see a duty, ask for more time, grant it, supervise; who reads the duties of a matter."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from linli.duties.models import Duty, Escalation, Extension
from linli.offices.models import Actor

MayRead = Callable[[Actor, UUID], bool]
Lock = Callable[[Collection[UUID]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an app says of its matters: who reads one, its page, what its steps are called."""

    may_read: MayRead
    url: str
    steps: Mapping[str, Any]
    lock: Lock | None


_kinds: dict[str, Kind] = {}


def register_reader(
    kind: str,
    may_read: MayRead,
    *,
    url: str = "",
    steps: Mapping[str, Any] | None = None,
    lock: Lock | None = None,
) -> None:
    """Let the app that owns matters of `kind` say who reads them; called from `apps.ready()`.

    Args:
        kind: the matter's noun, such as `case`.
        may_read: says whether an actor reads the matter with this key.
        url: the name of its page, which takes the key.
        steps: the names of its steps, for readers.
        lock: locks the matters with these keys, in the order of keys. Its verbs lock the matter
            before its duties, so whoever begins with duties must do the same.
    """
    new = Kind(may_read, url, steps or {}, lock)
    if _kinds.setdefault(kind, new) != new:
        raise ValueError(f"readers of {kind!r} are registered twice")


def may_read_matter(actor: Actor, kind: str, key: UUID) -> bool:
    """Say whether the matter's own app lets the actor read it; nobody reads an unknown kind."""
    return kind in _kinds and _kinds[kind].may_read(actor, key)


def lock_matters(duties: Collection[Duty]) -> None:
    """Lock the matters of duties, before the duties themselves are locked."""
    for kind, known in _kinds.items():
        keys = {duty.matter_key for duty in duties if duty.matter_kind == kind}
        if known.lock and keys:
            known.lock(keys)


def page_of(kind: str) -> str:
    """Return the URL name of the page of matters of `kind`; blank where there is none."""
    return _kinds[kind].url if kind in _kinds else ""


def step_name(kind: str, step: str) -> str:
    """Return what the matter's app calls a step."""
    return str(_kinds[kind].steps.get(step, step)) if kind in _kinds else step


def may_see(actor: Actor, duty: Duty) -> bool:
    """Say for one duty what `Duty.objects.visible_to` says for many."""
    if duty.township != actor.township:
        return False
    if actor.level in {"dept", "village", "grid"}:
        return duty.office_id == actor.office
    return actor.level == "town"


def may_ask_extension(actor: Actor, duty: Duty) -> bool:
    """The office that owes it asks for more time."""
    return actor.may("ask_extension") and duty.office_id == actor.office


def may_decide_extension(actor: Actor, extension: Extension) -> bool:
    """The office's head or the leader decides the first, the leader the second; never who asked."""
    duty = extension.duty
    power = "grant_first" if duty.extensions == 0 else "grant_second"
    return (
        actor.may(power)
        and may_see(actor, duty)
        and (actor.post is None or actor.post != extension.asked_by_id)
    )


def may_supervise(actor: Actor, duty: Duty) -> bool:
    """Supervision orders come from the supervisor of deadlines or the leader on duty."""
    return actor.may("supervise") and may_see(actor, duty)


def may_hang(actor: Actor, duty: Duty) -> bool:
    """Hung problems are put up and taken off by those who answer for the list."""
    return actor.may("hang") and may_see(actor, duty)


def may_reply(actor: Actor, order: Escalation) -> bool:
    """The office that owes the step answers the order."""
    speaks = any(actor.may(power) for power in ("reply", "handle", "answer", "register"))
    return speaks and order.duty.office_id == actor.office
