"""Housekeeping of the queue and of sessions."""

from datetime import timedelta

from django.core.management import call_command

from linli.kit import clock, queue

KEEP_DONE = timedelta(days=7)


@queue.daily(hour=3, minute=40)
@queue.task()
def remove_done() -> None:
    """Remove jobs that were done a week ago."""
    queue.remove_done(clock.now() - KEEP_DONE)


@queue.daily(hour=3, minute=50)
@queue.task()
def remove_sessions() -> None:
    """Remove sessions that are over."""
    call_command("clearsessions")
