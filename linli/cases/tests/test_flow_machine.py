"""No sequence of verbs reaches an undeclared state, loses a duty or breaks the trail."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.audit.queries import verify
from linli.cases.choices import Ending, State
from linli.cases.forms.verbs import VERBS
from linli.cases.models.case import Case
from linli.cases.rules.moves import next_steps
from linli.cases.services.handling import Answer
from linli.cases.tests.town import MONDAY, Town
from linli.cases.workflow import CASE_FLOW
from linli.duties.models import Duty
from linli.duties.services.sweeping import sweep
from linli.kit import clock
from linli.kit.errors import Refused
from linli.offices.models import Post

OWED = {
    State.REPORTED: {"register"},
    State.RETURNED: {"returned"},
    State.REGISTERED: {"dispatch"},
    State.DISPATCHED: {"sign", "handle"},
    State.MEETING: {"meeting"},
    State.HANDLING: {"handle"},
    State.PAUSED: {"handle"},
    State.VERIFYING: {"verify"},
}


def words(town: Town, case: Case, verb: str) -> dict:
    """Return what a verb is called with."""
    later = clock.now().date() + timedelta(days=20)
    given = {
        "send_back": {"said": "哪里?"},
        "classify": {"urgency": "P2" if case.urgency != "P2" else "P3", "reason": "看错了"},
        "answer": {"said": "好"},
        "refer": {"refer_to": "12345", "said": "那里"},
        "exclude": {"rule": "crime"},
        "merge": {"into": town.report().number if verb == "merge" else ""},
        "split": {"category": "0102", "text": "一部分"},
        "settle": {"before": "坏", "after": "好"},
        "dispatch": {"lead": town.lights, "supports": [town.roads]},
        "appoint_lead": {"lead": town.roads, "note": "定了"},
        "object_dispatch": {"reason": "不归"},
        "assign": {"post": Post.objects.filter(office=case.lead_office_id).first()},
        "contact": {"method": "phone"},
        "assist": {"note": "做了"},
        "pause": {"reason": "weather", "said": "雨"},
        "ask_extension": {"limit": "1wd" if case.urgency in {"P3", "P4"} else "4h", "reason": "缺"},
        "grant_extension": {"said": "同意"},
        "refuse_extension": {"note": "不"},
        "reply": {"answer": Answer("cannot_now" if case.reworks else "solved", "好", "", later)},
        "answer_again": {"answer": Answer("solved", "好")},
        "check_site": {"note": "看了"},
        "close": {"method": "site"},
        "rework": {"method": "site", "said": "没好"},
        "add": {"said": "补充"},
        "rate": {"score": 3},
        "object": {"said": "没好"},
        "hide": {"note": "不宜公开"},
        "uphold": {"said": "是"},
        "dismiss": {"said": "不是"},
        "reopen": {"said": "又坏"},
    }
    return given.get(verb, {})


def whole(case: Case) -> None:
    """Assert what holds after every verb."""
    case.refresh_from_db()
    assert case.state in CASE_FLOW.states
    live = list(Duty.objects.live().of(case.matter))
    steps = {duty.step for duty in live}
    assert all(duty.office_id for duty in live)
    assert len(steps) == len(live)
    if case.state == State.CLOSED:
        expected = {"objection"} if case.objected else set()
        expected |= {"answer_again"} if case.ending == Ending.CANNOT_NOW else set()
        assert steps == expected, (case.ending, steps)
    else:
        assert OWED[case.state] <= steps
    assert case.entries.count() >= case.version
    running = [duty.due_at for duty in live if duty.due_at]
    assert case.due_at == (min(running) if running else None)


def people(town: Town, case: Case) -> list:
    """Return everybody who might do something."""
    return [
        *(town.intake, town.dispatcher, town.handler, town.head, town.roads_handler, town.verifier),
        *(town.caller, town.leader, town.supervisor, town.grid_worker, town.far_grid_worker),
        town.reporter(case),
    ]


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 4000)), max_size=14))
def test_no_sequence_of_verbs_breaks_a_case(town: Town, choices: list[tuple[int, int]]) -> None:
    case, moment = town.report(), MONDAY
    for choice, minutes in choices:
        moment += timedelta(minutes=minutes)
        with clock.at(moment):
            sweep(moment)
            case.refresh_from_db()
            steps = [(who, verb) for who in people(town, case) for verb in next_steps(who, case)]
            who, verb = steps[choice % len(steps)]
            before = case.version
            try:
                VERBS[verb].do(case.pk, actor=who, **words(town, case, verb))
            except Refused:
                case.refresh_from_db()
                assert case.version == before
            whole(case)
    assert list(verify()) == []


def bring_to(town: Town, state: str) -> Case:
    """Return a dangerous case that verbs brought to a state."""
    case = town.report(category="0201")
    way = {
        State.RETURNED: ["send_back"],
        State.REGISTERED: ["register"],
        State.DISPATCHED: ["register", "dispatch"],
        State.MEETING: ["register", "dispatch", "object_dispatch", "dispatch2", "object2"],
        State.HANDLING: ["register", "dispatch", "sign"],
        State.PAUSED: ["register", "dispatch", "sign", "pause"],
        State.VERIFYING: ["register", "dispatch", "sign", "reply"],
        State.CLOSED: ["register", "dispatch", "sign", "reply", "close"],
    }
    doers = {
        "send_back": town.intake,
        "register": town.intake,
        "dispatch": town.dispatcher,
        "object_dispatch": town.handler,
        "sign": town.handler,
        "pause": town.handler,
        "reply": town.handler,
        "close": town.verifier,
    }
    for name in way.get(State(state), []):
        if name == "dispatch2":
            VERBS["dispatch"].do(case.pk, actor=town.dispatcher, lead=town.roads)
        elif name == "object2":
            VERBS["object_dispatch"].do(case.pk, actor=town.roads_handler, reason="不归")
        else:
            VERBS[name].do(case.pk, actor=doers[name], **words(town, case, name))
    case.refresh_from_db()
    assert case.state == state
    return case


@pytest.mark.parametrize("state", CASE_FLOW.states)
def test_every_verb_in_every_state_moves_or_refuses(town: Town, state: str) -> None:
    case = bring_to(town, state)
    for verb in sorted(VERBS):
        if case.state != state:
            case = bring_to(town, state)
        for who in people(town, case):
            with contextlib.suppress(Refused):
                VERBS[verb].do(case.pk, actor=who, **words(town, case, verb))
            whole(case)
    assert list(verify()) == []
