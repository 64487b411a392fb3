"""`python -m config COMMAND`: every management command, with the settings of this machine."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if __name__ == "__main__":
    execute_from_command_line(
        ["linli", *[word.replace("-", "_") for word in sys.argv[1:2]], *sys.argv[2:]]
    )
