"""What the worker does for duties."""

from linli.duties.services.sweeping import sweep
from linli.kit import clock, queue


@queue.every(seconds=60)
@queue.task(outside=True)
def sweep_duties() -> None:
    """Sound the alarms that are due; each duty is a transaction of its own."""
    sweep(clock.now())
