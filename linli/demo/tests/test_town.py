"""The sample town: whole land, everybody's account, a believable year made by the same verbs."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import F
from shapely.geometry import shape
from shapely.ops import unary_union

from linli.audit.queries import verify
from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.demo.services.land import OUTLINE, TOWN, make_land
from linli.demo.services.loading import load_demo
from linli.demo.services.people import FACTS
from linli.duties.models import Duty, Escalation
from linli.kit.errors import Refused
from linli.offices.choices import RESIDENT, ROLES
from linli.offices.models import Post
from linli.offices.tests.people import make_office

END = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def surfaces(kind: str) -> list:
    return [
        shape(feature["geometry"]) for feature in make_land(FACTS["villages"])[kind]["features"]
    ]


def test_86_grids_tile_20_villages_and_the_town() -> None:
    grids, villages = surfaces("grid"), surfaces("village")
    assert (len(grids), len(villages)) == (86, 20)
    assert all(village.geom_type == "Polygon" for village in villages)
    town = unary_union(grids)
    assert abs(sum(grid.area for grid in grids) - town.area) < 1e-9 * town.area
    assert town.symmetric_difference(unary_union(villages)).area < 1e-9 * town.area
    assert town.symmetric_difference(OUTLINE).area < 1e-4 * town.area


def test_the_land_is_the_same_every_time() -> None:
    assert make_land(FACTS["villages"]) == make_land(FACTS["villages"])


@pytest.mark.django_db
def test_it_does_not_mix_with_a_real_town() -> None:
    make_office("GOV-ZZ", township="990102000000")
    with pytest.raises(Refused):
        load_demo(cases=1, end=END, progress=lambda _done: None)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_year_is_made_by_the_same_verbs() -> None:
    load_demo(cases=260, end=END, progress=lambda _done: None)
    cases = Case.objects.filter(township=TOWN)
    assert cases.count() >= 250
    states = Counter(cases.values_list("state", flat=True))
    assert set(states) == set(State.values), states
    assert {role for role in ROLES if role != RESIDENT} == set(
        Post.objects.values_list("role", flat=True)
    )
    assert authenticate(username="shouli", password=FACTS["password"])
    endings = set(cases.values_list("ending", flat=True))
    assert {"solved", "partly", "on_spot", "merged", "answered"} <= endings
    assert cases.filter(reopenings__gt=0).exists()
    assert cases.filter(reworks__gt=0).exists()
    assert cases.filter(bounces__gte=2).exists()
    assert cases.filter(answered_at__gt=F("promised_at")).exists()
    assert Escalation.objects.filter(kind="order").exists()
    forgotten = cases.open().filter(reported_at__lt=END - timedelta(days=120))
    assert not forgotten.exists(), [str(case) for case in forgotten]
    assert not Duty.objects.live().filter(office__isnull=True).exists()
    assert list(verify()) == []
    call_command("load_demo", accounts=True)
