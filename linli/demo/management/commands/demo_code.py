"""`linli demo-code NAME`: the present second-factor code of a sample account."""

import time
from argparse import ArgumentParser
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management.base import BaseCommand, CommandError

from linli.demo.services.people import FACTS, secret_of


class Command(BaseCommand):
    """Prints six digits, good for half a minute."""

    help = "Show the second-factor code of a sample account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account."""
        parser.add_argument("name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the code."""
        name = options["name"]
        if name not in FACTS["second_factor"]:
            names = ", ".join(FACTS["second_factor"])
            raise CommandError(f"{name} has no second factor. These have: {names}.")
        value = hotp_value(secret_of(name), int(time.time() // 30))
        self.stdout.write(format_hotp_value(value))
