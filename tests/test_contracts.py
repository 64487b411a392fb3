"""Each contract bites: broken once on purpose, in a copy, it is reported."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT

BREAKS = {
    "floors": ("linli/audit/choices.py", "import linli.offices.models\n"),
    "floors, a new app without a floor": ("linli/misc/__init__.py", '"""Misc."""\n'),
    "floors, a lazy import": (
        "linli/audit/choices.py",
        "def late():\n    import linli.offices.models\n    return linli\n",
    ),
    "rooms": ("linli/audit/choices.py", "import linli.audit.services\n"),
    "rooms, a strange name": ("linli/audit/utils.py", '"""Utils."""\n'),
    "circles": ("linli/kit/bus.py", "import linli.kit.queue\nimport linli.kit.worker\n"),
    "doors": ("linli/privacy/apps.py", "import linli.privacy.views\n"),
    "config": ("linli/kit/bus.py", "import config.env\n"),
}
NAMES = {
    "floors": "Apps stand on floors",
    "rooms": "Rooms inside an app",
    "circles": "No circles",
    "doors": "Doors are private",
    "config": "The product does not know its configuration",
}


def lint(house):
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=house, capture_output=True, text=True)
    return done.returncode, done.stdout


@pytest.fixture
def house(tmp_path):
    made = shutil.ignore_patterns("__pycache__", "templates", "static", "locale", "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("linli", "config"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=made)
    return tmp_path


@pytest.mark.slow
def test_the_contracts_hold(house):
    code, words = lint(house)
    assert code == 0, words


@pytest.mark.slow
@pytest.mark.parametrize("break_", BREAKS)
def test_a_broken_contract_is_reported(house, break_):
    file, offence = BREAKS[break_]
    path = house / file
    path.parent.mkdir(exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(before + offence, encoding="utf-8")
    if break_ == "circles":
        queue = house / "linli/kit/worker.py"
        queue.write_text(
            queue.read_text(encoding="utf-8") + "import linli.kit.bus\n", encoding="utf-8"
        )
    code, words = lint(house)
    assert code == 1, words
    assert f"{NAMES[break_.partition(',')[0]]} BROKEN" in words
