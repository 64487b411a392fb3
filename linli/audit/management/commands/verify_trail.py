"""`linli verify-trail`: check chain, rows and published roots."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linli.audit.models import Entry
from linli.audit.queries import verify


class Command(BaseCommand):
    """Prints every fault; exit code 1 if there is one."""

    help = "Check the trail: chain, rows and published roots."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a file of roots saved from the public page."""
        parser.add_argument(
            "--roots", type=Path, help="roots saved earlier from /figures/trail.json"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check everything."""
        published = {}
        if options["roots"]:
            rows = json.loads(options["roots"].read_text(encoding="utf-8"))["items"]
            published = {(row["township"], row["day"]): row["root"] for row in rows}
        faults = list(verify(published))
        for fault in faults:
            self.stdout.write(f"{fault.township} #{fault.seq}: {fault.what}")
        if faults:
            raise CommandError(f"The trail does not hold: {len(faults)} faults.")
        self.stdout.write(f"The trail holds: {Entry.objects.count()} entries.")
