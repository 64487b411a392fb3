"""Cases of the past for tests of figures, written as an import writes them."""

from datetime import datetime, timedelta

from linli.cases.models.case import Case
from linli.cases.tests.town import MONDAY, Town
from linli.kit.ids import code
from linli.offices.tests.people import TOWN


def make_case(town: Town, **fields: object) -> Case:
    """Make a case that was reported in May, answered after ten hours, and solved in time."""
    reported: datetime = fields.pop("reported_at", MONDAY - timedelta(days=20))
    defaults = {
        "township": TOWN,
        "number": code(12),
        "category_id": "0202",
        "title": "路灯",
        "urgency": "P3",
        "channel": "web",
        "publicity": "exact",
        "state": "closed",
        "ending": "solved",
        "grid": town.grid,
        "village": town.village,
        "lead_office": town.lights,
        "reported_at": reported,
        "registered_at": reported,
        "answered_at": reported + timedelta(hours=10),
        "closed_at": reported + timedelta(hours=12),
        "promised_at": reported + timedelta(days=2),
    }
    return Case.objects.create(**{**defaults, **fields})


def make_open(town: Town, **fields: object) -> Case:
    """Make a case that is being handled."""
    nothing = dict.fromkeys(("answered_at", "closed_at"))
    return make_case(town, **{**nothing, "state": "handling", "ending": "", **fields})
