"""Background work of channels."""

from uuid import UUID

from linli.channels import services
from linli.kit import queue


@queue.task(attempts=services.ATTEMPTS + 1, lease=180, outside=True)
def deliver(message: str) -> None:
    """Send one message that leaves the house."""
    services.deliver(UUID(message))
