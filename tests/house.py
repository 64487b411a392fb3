"""The house as its own papers describe it: floors and rooms from pyproject.toml's contracts."""

import re
import tomllib
from pathlib import Path

from django.apps import AppConfig, apps

ROOT = Path(__file__).resolve().parent.parent


def contracts(name):
    """Return the import-linter contracts whose id begins with `name`."""
    house = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = house["tool"]["importlinter"]["contracts"]
    return [one for one in found if one["id"].startswith(name)]


def floors():
    """Return app name → floor, 0 for the lowest."""
    layers = reversed(contracts("floors")[0]["layers"])
    return {app: floor for floor, layer in enumerate(layers) for app in re.findall(r"\w+", layer)}


def standing():
    """Return the names of the apps that have a folder."""
    return {path.parent.name for path in ROOT.glob("linli/*/__init__.py")}


def our_apps() -> list[AppConfig]:
    """Return the installed apps that are ours."""
    return [app for app in apps.get_app_configs() if app.name.startswith("linli.")]


def sources(*patterns):
    """Return our files that match the patterns, without what machines made."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    made = {"__pycache__", "migrations", "vendor"}
    return sorted(path for path in found if not made & set(path.parts))
