"""`linli seed-offices TOWNSHIP [--villages FILE]`: the catalogue's offices for a township."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linli.offices import services
from linli.offices.choices import Village
from linli.offices.models import system


class Command(BaseCommand):
    """Sets up the offices that are missing; what is there stays as it is."""

    help = "Set up the catalogue's offices for a township; run again, it adds only what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the township and its villages."""
        parser.add_argument("township", help="the 12-digit code of the township")
        parser.add_argument(
            "--villages",
            type=Path,
            help="a tab-separated file with the columns code, name_zh and (optional) name_en",
        )

    def handle(self, *_args: Any, township: str, villages: Path | None, **_options: Any) -> None:
        """Set the offices up and say how many are new."""
        if not (len(township) == 12 and township.isdecimal()):
            raise CommandError("A township's code has 12 digits.")
        count = services.seed_offices(
            township, _villages(villages) if villages else [], actor=system(township, "setup")
        )
        self.stdout.write(f"{count} offices are new.")


def _villages(file: Path) -> list[Village]:
    try:
        rows = list(csv.DictReader(file.read_text("utf-8").splitlines(), delimiter="\t"))
        return [Village(row["code"], row["name_zh"], row.get("name_en") or "") for row in rows]
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise CommandError(
            f"{file} is not a list of villages (UTF-8, tabs, columns code and name_zh): {error}"
        ) from error
