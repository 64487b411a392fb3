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
        faults = list(verify(_published(options["roots"]) if options["roots"] else {}))
        for fault in faults:
            self.stdout.write(f"{fault.township} #{fault.seq}: {fault.what}")
        if faults:
            raise CommandError(f"The trail does not hold: {len(faults)} faults.")
        self.stdout.write(f"The trail holds: {Entry.objects.count()} entries.")


def _published(file: Path) -> dict[tuple[str, str], str]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["items"]
        return {(row["township"], row["day"]): row["root"] for row in rows}
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise CommandError(f"{file} is not a list of roots saved from the public page.") from error
