"""The way of a message."""

from linli.channels.choices import MessageState
from linli.kit.flow import Flow

MESSAGE_FLOW = Flow(
    "message",
    {
        MessageState.QUEUED: {"start": MessageState.SENDING, "drop": MessageState.DROPPED},
        MessageState.SENDING: {
            "start": MessageState.SENDING,  # its worker vanished
            "finish": MessageState.SENT,
            "wait": MessageState.QUEUED,
            "give_up": MessageState.FAILED,
            "drop": MessageState.DROPPED,
        },
        MessageState.FAILED: {"retry": MessageState.QUEUED, "drop": MessageState.DROPPED},
        MessageState.SENT: {},
        MessageState.DROPPED: {},
    },
)
