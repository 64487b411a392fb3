"""`linli import-areas`: read villages or grids from GeoJSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linli.areas.choices import Kind
from linli.areas.services.importing import Report, Source, import_areas
from linli.kit.coordinates import Crs
from linli.kit.errors import Invalid
from linli.offices.models import system
from linli.offices.queries import home_township


class Command(BaseCommand):
    """Prints the report; exit code 1 where nothing of the file could be used."""

    help = "Read areas from a GeoJSON file: again and again, by their code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and how to read it."""
        parser.add_argument("file", type=Path, help="a FeatureCollection, gzipped or not")
        parser.add_argument("--kind", required=True, choices=Kind.values)
        parser.add_argument("--code", required=True, help="property with the code")
        parser.add_argument("--name", required=True, help="property with the Chinese name")
        parser.add_argument("--name-en", default="", help="property with the English name")
        parser.add_argument(
            "--parent", default="", help="property with the code of the area around"
        )
        parser.add_argument("--crs", choices=Crs.values, default=Crs.WGS84.value)
        parser.add_argument("--any-code", action="store_true", help="take codes of any pattern")
        parser.add_argument(
            "--township", default="", help="12-digit code; the home township if absent"
        )
        parser.add_argument("--township-name", default="", help="names a township without an area")
        parser.add_argument("--dry-run", action="store_true", help="only report")
        parser.add_argument("--report", type=Path, help="write the whole report here as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import the file."""
        township = options["township"] or home_township()
        if not (len(township) == 12 and township.isascii() and township.isdecimal()):
            raise CommandError("Say which township: --township CODE, 12 digits.")
        source = Source(
            town_name=options["township_name"],
            **{
                name: options[name]
                for name in ("kind", "code", "name", "name_en", "parent", "crs", "any_code")
            },
        )
        actor = system(township, "import-areas", frozenset({"admin"}))
        try:
            data = options["file"].read_bytes()
            report = import_areas(data, source, actor=actor, dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except Invalid as error:
            sentences = [sentence for lines in error.fields.values() for sentence in lines]
            raise CommandError(" ".join(sentences)) from error
        if options["report"]:
            text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
            options["report"].write_text(text + "\n", encoding="utf-8")
        self._print(report)
        if not (report.made or report.changed or report.same):
            raise CommandError("Nothing of this file could be used.")

    def _print(self, report: Report) -> None:
        for finding in report.findings:
            share = f" ({finding.percent})" if finding.percent else ""
            self.stdout.write(f"{finding.label}: {finding.where}: {finding.sentence}{share}")
        self.stdout.write(
            f"new {report.made}, changed {report.changed}, as before {report.same}; "
            + ", ".join(f"{what} {count}" for what, count in report.counts.items())
        )
