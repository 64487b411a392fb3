"""Reads of the site: what one can do here, where else to go, whether everything is there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.duties.queries.calendars import missing_years
from linli.kit import clock
from linli.kit.data import read_tsv
from linli.kit.worker import worker_alive
from linli.offices.models import Office


@dataclass(frozen=True)
class Door:
    """Something that anybody may do here."""

    url: str
    label: Any
    sentence: Any


_DOORS = (
    ("cases:report", _("Report something"), _("Three steps: where, what, and how to reach you.")),
    (
        "cases:look_up",
        _("Look up a report"),
        _("With its number and code: see every step, add, urge, rate, object."),
    ),
    (
        "transparency:figures",
        _("Figures"),
        _("How many reports, how fast, how well: every number can be checked."),
    ),
    (
        "site:signposts",
        _("Where to go with what"),
        _("Emergencies, and matters that this platform does not take."),
    ),
)


def list_doors() -> list[Door]:
    """Return what anybody may do, without the parts that this town switched off."""
    return list(_existing_doors())


def _existing_doors() -> Iterable[Door]:
    for name, label, sentence in _DOORS:
        try:
            yield Door(reverse(name), label, sentence)
        except NoReverseMatch:
            continue


def list_signposts() -> list[dict[str, Any]]:
    """Return what the platform does not take, why, and who does, each in both languages."""
    return [
        {
            **row,
            "why": {"name_zh": row["why_zh"], "name_en": row["why_en"]},
            "go": {"name_zh": row["go_zh"], "name_en": row["go_en"]},
        }
        for row in read_tsv("linli.site", "exclusions.tsv")
    ]


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations are waiting: run `linli migrate`." if waiting else ""


def _worker() -> str:
    return "" if worker_alive() else "No worker gave a sign of life: start `linli worker`."


def _calendar() -> str:
    towns = Office.objects.filter(active=True).values_list("township", flat=True).distinct()
    year = timezone.localdate(clock.now()).year
    if not any(year in missing_years(town) for town in towns.order_by()):
        return ""
    return f"The working calendar lacks {year}: add it, so that deadlines are not provisional."


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "worker": _worker,
    "calendar": _calendar,
}


def check_readiness() -> dict[str, str]:
    """Return what is wrong by check, empty where it holds; it ends at the first failing query."""
    found: dict[str, str] = {}
    for name, check in _CHECKS.items():
        try:
            found[name] = check()
        except DatabaseError:
            found[name] = "The database does not answer."
        if found[name] and name in {"database", "migrations"}:
            break
    return found
