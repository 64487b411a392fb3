"""The verb that makes the sample town, once."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.areas.services.importing import Source, import_areas
from linli.cases.services.catalogue import seed_catalogue
from linli.demo.services.land import TOWN, make_land
from linli.demo.services.people import FACTS, administrator, make_people
from linli.demo.services.year import DAYS, live_through
from linli.kit import clock
from linli.kit.errors import Refused
from linli.offices.models import Actor, Office

CASES = 2000


def is_loaded() -> bool:
    """Say whether the sample town is there."""
    return Area.objects.filter(township=TOWN, kind="township").exists()


def load_demo(
    *, cases: int = CASES, end: datetime | None = None, progress: Callable[[int], object]
) -> int:
    """Make the sample town: land, people, and a year of cases until `end`.

    All of it is one transaction: a town that was broken off is not there at all.

    Returns:
        how many steps its cases took.
    """
    if settings.PRODUCTION or Office.objects.exclude(township=TOWN).exists():
        raise Refused(_("The sample town is for trying: its passwords are public. Use it alone."))
    end = end or clock.now()
    since = timezone.localdate(end) - timedelta(days=DAYS + 30)
    with transaction.atomic():
        seed_catalogue()
        with clock.at(end - timedelta(days=DAYS + 1)):
            actor = administrator(TOWN)
            for kind, collection in make_land(FACTS["villages"]).items():
                _lay(kind, collection, actor)
            make_people(TOWN, since)
        return live_through(TOWN, end, cases, progress)


def _lay(kind: str, collection: dict[str, Any], actor: Actor) -> None:
    """Import one kind of area; anything to remark on would be a fault of ours."""
    parent = "" if kind == "township" else "parent"
    source = Source(kind=kind, code="code", name="name", parent=parent)
    report = import_areas(json.dumps(collection).encode(), source, actor=actor)
    if report.findings:
        raise ValueError(f"the sample town is not whole: {report.findings}")
