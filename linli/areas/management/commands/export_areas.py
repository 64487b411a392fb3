"""`linli export-areas`: write the living areas of a township as GeoJSON."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linli.areas.choices import Kind
from linli.areas.queries.listing import as_geojson, list_areas
from linli.offices.queries import home_township, today


class Command(BaseCommand):
    """Writes what `import-areas` reads."""

    help = "Write the areas of a township as GeoJSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what goes into it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", default="", choices=["", *Kind.values])
        parser.add_argument("--township", default="", help="the home township if absent")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file."""
        areas = list_areas(options["township"] or home_township(), today(), options["kind"])
        if not areas:
            raise CommandError("There is no such area.")
        options["file"].write_bytes(as_geojson(areas))
        self.stdout.write(f"{len(areas)} areas written.")
