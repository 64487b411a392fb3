"""A flow is a table: what stands there can be done, nothing else."""

import pytest

from linli.kit.errors import MoveRefused
from linli.kit.flow import Flow

LAMP = Flow(
    "lamp", {"off": {"press": "on"}, "on": {"press": "off", "break": "broken"}, "broken": {}}
)


def test_a_move_leads_to_its_state():
    assert LAMP.target("off", "press") == "on"
    assert LAMP.allows("on", "break")
    assert list(LAMP.starts_of("press")) == ["off", "on"]
    assert LAMP.states == ("off", "on", "broken")


@pytest.mark.parametrize(("state", "move"), [("broken", "press"), ("off", "break"), ("?", "press")])
def test_any_other_move_is_refused(state, move):
    assert not LAMP.allows(state, move)
    with pytest.raises(MoveRefused) as refused:
        LAMP.target(state, move)
    assert refused.value.status == 409
    assert refused.value.data == {"state": state, "move": move}


def test_a_table_that_leads_nowhere_is_a_mistake_at_once():
    with pytest.raises(ValueError, match="'lit' is not a state"):
        Flow("lamp", {"off": {"press": "lit"}})
