"""The life of a duty as a table; a met duty that is revived keeps its clock."""

from linli.duties.choices import DutyState
from linli.kit.flow import Flow

DUTY_FLOW = Flow(
    "duty",
    {
        DutyState.RUNNING: {
            "meet": DutyState.MET,
            "pause": DutyState.PAUSED,
            "cancel": DutyState.CANCELLED,
            "hand": DutyState.RUNNING,
            "extend": DutyState.RUNNING,
        },
        DutyState.PAUSED: {
            "resume": DutyState.RUNNING,
            "cancel": DutyState.CANCELLED,
            "hand": DutyState.PAUSED,
        },
        DutyState.MET: {"revive": DutyState.RUNNING},
        DutyState.CANCELLED: {},
    },
)
