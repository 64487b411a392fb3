"""The settings of the test process: test mode and a folder of its own, then what everybody has."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("LINLI_MODE", "test")
if "LINLI_VAR" not in os.environ:
    os.environ["LINLI_VAR"] = tempfile.mkdtemp(prefix="linli-test-")
    atexit.register(shutil.rmtree, os.environ["LINLI_VAR"], ignore_errors=True)

from config.settings import *  # noqa: F403 - a settings module is a list of names
from config.settings import DATABASES, VAR

(VAR / "static").mkdir(parents=True, exist_ok=True)
if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    # A file, because threads do not wait for each other on a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR) / "test.sqlite3")}
    # Nothing here has to survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
