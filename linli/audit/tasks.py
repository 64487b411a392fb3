"""Background work of the trail."""

from linli.audit import services
from linli.kit import queue


@queue.daily(hour=0, minute=10)
@queue.task()
def publish_roots() -> None:
    """Publish the roots of the day that ended."""
    services.publish_roots()
