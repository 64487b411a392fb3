"""`linli import-cases FILE --mapping MAPPING`: take in a list of matters from elsewhere."""

import csv
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from linli.cases.rules.mappings import read_mapping
from linli.cases.services.importing import Fault, Imported, Options, import_cases
from linli.kit.errors import Invalid
from linli.offices.models import system
from linli.offices.queries import home_township


class Command(BaseCommand):
    """Takes in the good rows and writes the others, with a sentence each, beside the file."""

    help = "Import cases from CSV, XLSX or JSON lines by a declared mapping (docs/importing.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take file, mapping, township and how careful to be."""
        parser.add_argument("file", type=Path, help=".csv, .xlsx, .jsonl; text also .gz")
        parser.add_argument(
            "--mapping", required=True, help="a TOML file, or the name of one of ours"
        )
        parser.add_argument("--township", default="", help="12-digit code; this installation's own")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="one bad row, and nothing is taken in"
        )
        parser.add_argument("--errors", type=Path, help="where to write bad rows; FILE.errors.csv")
        parser.add_argument("--limit", type=int, default=0, help="read only so many rows")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, and say what came of it."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        errors = options["errors"] or file.with_name(f"{file.name}.errors.csv")
        how = Options(options["dry_run"], options["all_or_nothing"], options["limit"])
        township = options["township"] or home_township()
        if not township:
            raise CommandError("Say which township: --township CODE.")
        with _Faults(errors) as faults, tqdm(unit=" rows", disable=not sys.stderr.isatty()) as bar:
            try:
                done = import_cases(
                    file,
                    read_mapping(options["mapping"]),
                    actor=system(township, "import"),
                    options=how,
                    refuse=faults.write,
                    progress=bar.update,
                )
            except Invalid as error:
                raise CommandError(str(error)) from error
        self._report(done, how, errors)

    def _report(self, done: Imported, how: Options, errors: Path) -> None:
        word = "would be added" if how.dry_run else "added"
        self.stdout.write(
            f"{done.rows} rows: {done.added} {word} ({done.open} open, {done.located} in a grid), "
            f"{done.known} known, {done.faults} not taken in."
        )
        if done.offices:
            self.stdout.write(f"Offices set up: {', '.join(done.offices)}.")
        if done.faults:
            self.stdout.write(f"Why rows were not taken in: {errors}")
            if how.all_or_nothing:
                raise CommandError("Nothing was taken in, because some rows are bad.")


class _Faults:
    """The file of bad rows; written only if there is one."""

    def __init__(self, path: Path) -> None:
        self.path, self.stack = path, ExitStack()
        self.file: IO[str] | None = None

    def __enter__(self) -> "_Faults":
        return self

    def __exit__(self, *_error: object) -> None:
        self.stack.close()

    def write(self, fault: Fault) -> None:
        """Add a row; spreadsheets open it as UTF-8 because of its mark."""
        if self.file is None:
            opened = self.path.open("w", encoding="utf-8-sig", newline="")
            self.file = self.stack.enter_context(opened)
            csv.writer(self.file).writerow(("row", "column", "why"))
        csv.writer(self.file).writerow(fault)
