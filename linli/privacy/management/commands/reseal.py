"""`linli reseal`: bring every sealed value under the present key and profile."""

from typing import Any

from django.core.management.base import BaseCommand

from linli.privacy import services


class Command(BaseCommand):
    """Run after a new LINLI_SEAL_KEY; then LINLI_SEAL_OLD_KEYS can be emptied."""

    help = "Seal anew what is sealed under an old key or another profile."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Seal anew, table by table."""
        self.stdout.write(f"{services.reseal()} rows are sealed anew.")
