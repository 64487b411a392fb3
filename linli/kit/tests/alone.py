"""`python -m linli.kit.tests.alone COMMAND`: kit by itself, on the database in QUEUE_DATABASE."""

import json
import os
import sys
from importlib import import_module

import django
from django.conf import settings
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    settings.configure(
        INSTALLED_APPS=["linli.kit"],
        DATABASES={"default": json.loads(os.environ["QUEUE_DATABASE"])},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
    )
    django.setup()
    import_module("linli.kit.tests.jobs")
    execute_from_command_line(["alone", *sys.argv[1:]])
