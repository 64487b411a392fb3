"""`linli load-demo`: make the sample town, or show its accounts."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from linli.cases.models.case import Case
from linli.demo.services.land import TOWN
from linli.demo.services.loading import CASES, is_loaded, load_demo
from linli.demo.services.people import FACTS, list_people
from linli.offices.models import Post

STEPS_PER_CASE = 7.6


class Command(BaseCommand):
    """Makes the sample town; does nothing where it is there already."""

    help = "Make the sample town (once), or show its accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size, and whether only accounts are asked for."""
        parser.add_argument("--cases", type=int, default=CASES, help="how many cases are reported")
        parser.add_argument("--accounts", action="store_true", help="only show the accounts")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the town."""
        if not options["accounts"] and not is_loaded():
            self._load(options["cases"])
        self._show()

    def _load(self, cases: int) -> None:
        began = time.monotonic()
        with tqdm(total=round(cases * STEPS_PER_CASE), desc="洛阳镇（演示）", unit="步") as bar:
            steps = load_demo(cases=cases, progress=lambda done: bar.update(done - bar.n))
        seconds = time.monotonic() - began
        made = Case.objects.filter(township=TOWN).count()
        self.stdout.write(f"{made} cases, {steps} steps, {seconds:.0f} s")

    def _show(self) -> None:
        posts = Post.objects.filter(account__in=list_people()).select_related("office", "account")
        self.stdout.write(f"Sample accounts (password: {FACTS['password']})")
        for post in posts.order_by("role", "account__created_at"):
            account = post.account
            factor = " *" if account.username in FACTS["second_factor"] else ""
            self.stdout.write(f"  {account.username:<16}{post}{factor}")
        self.stdout.write("  * second factor: `linli demo-code NAME` shows its code")
