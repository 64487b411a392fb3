"""`linli work`: run background jobs until told to stop."""

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from linli.kit import queue
from linli.kit.worker import Worker


class Command(BaseCommand):
    """Runs jobs; start it several times for more hands."""

    help = "Run background jobs and schedules until told to stop (SIGTERM, Ctrl-C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take when to stop, and whether the dead get another chance."""
        parser.add_argument("--once", action="store_true", help="stop after one job")
        parser.add_argument("--until-idle", action="store_true", help="stop when nothing is due")
        parser.add_argument(
            "--list-dead",
            action="store_true",
            help="only show the jobs that were given up, and why",
        )
        parser.add_argument(
            "--retry-dead", action="store_true", help="first try the jobs again that were given up"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work."""
        if options["list_dead"]:
            for job in queue.list_dead():
                self.stdout.write(f"{job.pk} {job.name} after {job.attempts} attempts: {job.error}")
            return
        if options["retry_dead"]:
            self.stdout.write(f"{queue.retry_dead()} jobs are ready again.")
        stopping = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        Worker(stopping).work(until_idle=options["until_idle"], once=options["once"])
