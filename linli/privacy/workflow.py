"""The way of a request."""

from linli.kit.flow import Flow
from linli.privacy.choices import RequestState

REQUEST_FLOW = Flow(
    "request",
    {
        RequestState.OPEN: {"answer": RequestState.ANSWERED},
        RequestState.ANSWERED: {},
    },
)
