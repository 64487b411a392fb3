"""Background work of privacy."""

from linli.kit import queue
from linli.privacy import services


@queue.daily(hour=2, minute=30)
@queue.task(outside=True)
def erase_due() -> None:
    """Erase what is due; each batch commits for itself, so a repetition goes on from there."""
    services.erase_due()
