"""The table of moves, the limits of the stages, and which stage a state belongs to."""

from dataclasses import dataclass
from typing import Any

from linli.cases.choices import Stage, State, Urgency
from linli.kit.data import read_toml
from linli.kit.flow import Flow

_TABLE: dict[str, Any] = read_toml("linli.cases", "flow.toml")
_STAGES: dict[str, Any] = read_toml("linli.cases", "workflow.toml")

CASE_FLOW = Flow("case", {state: moves for state, moves in _TABLE.items() if state != "version"})

if set(CASE_FLOW.states) != set(State.values):
    raise ValueError("flow.toml and choices.State differ")

# A verb whose way depends on the case has one move per way: the first name is the verb.
WAYS: dict[str, tuple[str, ...]] = {
    "settle": ("settle", "settle_drawn"),
    "reply": ("reply", "reply_drawn"),
    "answer_again": ("answer_again", "answer_again_drawn"),
    "object_dispatch": ("object_dispatch", "object_again"),
    "rework": ("rework", "rework_unhandled"),
    "uphold": ("uphold", "uphold_unhandled"),
    "reopen": ("reopen", "reopen_unhandled"),
}
_SECOND_WAYS = {way for ways in WAYS.values() for way in ways[1:]}
VERBS: tuple[str, ...] = tuple(
    dict.fromkeys(
        move
        for state in CASE_FLOW.states
        for move in CASE_FLOW.moves[state]
        if move not in _SECOND_WAYS
    )
)

STAGE_OF: dict[str, Stage] = {
    State.REPORTED: Stage.COLLECT,
    State.RETURNED: Stage.COLLECT,
    State.REGISTERED: Stage.REGISTER,
    State.DISPATCHED: Stage.DISPATCH,
    State.MEETING: Stage.DISPATCH,
    State.HANDLING: Stage.HANDLE,
    State.PAUSED: Stage.HANDLE,
    State.VERIFYING: Stage.FEEDBACK,
    State.CLOSED: Stage.VERIFY,
}


@dataclass(frozen=True)
class Terms:
    """What the trunk promises besides the stages; a town's own numbers replace the shipped."""

    verify_share: float = 0.2
    objection_days: int = 7
    send_back_once: bool = True
    answer_days: int = 7
    joint_meeting_after: int = 2
    erase_contact_days: int = 30
    erase_text_years: int = 5

    @property
    def contact_days(self) -> int:
        """How many days after closing a contact is kept."""
        return self.objection_days + self.erase_contact_days


TERMS = Terms(**read_toml("linli.cases", "terms.toml")["terms"])


def stage_limit(stage: str, urgency: str, key: str = "limit") -> str:
    """Return the limit of a stage for an urgency, such as `2wh`.

    Args:
        stage: register, dispatch, joint_meeting, handle or verify.
        urgency: P1 has its own limits where the table names one.
        key: `limit`, or `sign_within` for the signature.
    """
    table = _STAGES["stage"][stage]
    fast = table.get(f"{key}_p1")
    return str(fast if urgency == Urgency.P1 and fast else table[key])


def can(state: str, verb: str) -> bool:
    """Say whether any way of `verb` starts from `state`."""
    return any(CASE_FLOW.allows(state, way) for way in WAYS.get(verb, (verb,)))
