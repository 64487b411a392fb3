"""Events inside the same transaction: a lower app says what happened, a higher one listens."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def listen(event: type[E], listener: Callable[[E], None]) -> None:
    """Call `listener` with every event of this class; called from `apps.ready()`."""
    if listener not in _listeners[event]:
        _listeners[event].append(listener)


def publish(event: object) -> None:
    """Tell all listeners, in this transaction: if one fails, nothing of the verb is kept."""
    for listener in _listeners[type(event)]:
        listener(event)
