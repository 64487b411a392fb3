"""`linli erase-due`: erase now what the daily job would erase."""

from typing import Any

from django.core.management.base import BaseCommand

from linli.privacy import services


class Command(BaseCommand):
    """Prints how many rows each eraser erased."""

    help = "Erase the personal data whose time is over."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run every eraser until nothing is due."""
        for name, count in services.erase_due().items():
            self.stdout.write(f"{name}: {count}")
