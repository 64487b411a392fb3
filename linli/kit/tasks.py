"""Housekeeping of the queue itself."""

from datetime import timedelta

from linli.kit import clock, queue

KEEP_DONE = timedelta(days=7)


@queue.daily(hour=3, minute=40)
@queue.task()
def remove_done() -> None:
    """Remove jobs that were done a week ago."""
    queue.remove_done(clock.now() - KEEP_DONE)
