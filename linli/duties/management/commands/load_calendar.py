"""`linli load-calendar FILE`: read holidays and make-up workdays, count running deadlines again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from linli.duties.rules.calendar_files import read_days
from linli.duties.services.calendars import Moved, load_calendar
from linli.kit.errors import Invalid
from linli.offices.models import system


class Command(BaseCommand):
    """Loads a calendar for every township, or for one."""

    help = "Load holidays and make-up workdays from TSV, CSV or XLSX (date, Y or N, name)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the township and whether only to say what would change."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--township", default="", help="12-digit code; all townships if absent")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load the days and say which deadlines moved."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            days = read_days(file.read_bytes())
        except Invalid as error:
            raise CommandError("\n".join(error.fields["file"])) from error
        loaded = load_calendar(
            days,
            actor=system(options["township"], "import"),
            everywhere=not options["township"],
            dry_run=options["dry_run"],
        )
        for moved in loaded.moved:
            self.stdout.write(_line(moved))
        done = "would be loaded" if options["dry_run"] else "loaded"
        years = ", ".join(map(str, loaded.years))
        self.stdout.write(f"{loaded.days} days of {years} {done}; {len(loaded.moved)} moved.")


def _line(moved: Moved) -> str:
    before, after = (
        f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "paused"
        for at in (moved.before, moved.after)
    )
    return f"{moved.duty.matter_number} {moved.duty.step}: {before} -> {after}"
