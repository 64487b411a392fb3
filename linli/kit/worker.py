"""The worker: chores every few seconds, jobs in between, a clean stop when asked."""

import logging
import os
import socket
from datetime import datetime, timedelta
from threading import Event

from django.db import InterfaceError, OperationalError, connection

from linli.kit import clock, queue
from linli.kit.ids import code
from linli.kit.models import Heartbeat, Job, JobState

SLEEP = 0.5
CHORES = timedelta(seconds=3)
FORGET = timedelta(days=1)

log = logging.getLogger(__name__)


class Worker:
    """One worker process.

    Args:
        stopping: set it to stop after the present job.
    """

    def __init__(self, stopping: Event) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{code(4)}"
        self.stopping = stopping
        self.chores_at = datetime.min.replace(tzinfo=clock.now().tzinfo)

    def work(self, *, until_idle: bool = False, once: bool = False) -> None:
        """Work until told to stop, until idle or for one job; wait for a lost database."""
        while not self.stopping.is_set():
            try:
                worked = self.step()
            except (OperationalError, InterfaceError) as error:
                log.warning("the database does not answer: %s", error)
                connection.close()
                self.stopping.wait(SLEEP)
                continue
            if once or (until_idle and not worked):
                break
            if not worked:
                self.stopping.wait(SLEEP)
        Heartbeat.objects.filter(worker=self.name).delete()

    def step(self) -> bool:
        """Do the chores if it is time, then one job; False if none was due."""
        self.do_chores()
        job = queue.claim(self.name)
        if job is None:
            return False
        self.do_job(job)
        return True

    def do_chores(self) -> None:
        """Say that we live, free what vanished workers held, enqueue what is scheduled."""
        now = clock.now()
        if now - self.chores_at < CHORES:
            return
        Heartbeat.objects.update_or_create(worker=self.name, defaults={"at": now})
        Heartbeat.objects.filter(at__lt=now - FORGET).delete()
        queue.reclaim()
        queue.enqueue_scheduled()
        self.chores_at = now

    def do_job(self, job: Job) -> None:
        """Run one claimed job; a failure is written into it, never raised."""
        try:
            queue.run(job)
        except queue.Lost:
            log.warning("%s %s was taken over; this result is discarded", job.name, job.pk)
        except queue.Poisoned as error:
            log.error("%s %s is buried: %s", job.name, job.pk, error)  # noqa: TRY400 - no traceback needed
            queue.fail(job, error)
        except Exception as error:
            log.exception("%s %s failed at attempt %d", job.name, job.pk, job.attempts)
            queue.fail(job, error)


def worker_alive(within_seconds: int = 30) -> bool:
    """Say whether some worker gave a sign of life lately, or is busy inside its lease."""
    now = clock.now()
    return (
        Heartbeat.objects.filter(at__gte=now - timedelta(seconds=within_seconds)).exists()
        or Job.objects.filter(state=JobState.RUN, lease_until__gt=now).exists()
    )
