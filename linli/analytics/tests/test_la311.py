"""Real input: 10,000 requests of Los Angeles give the figures that the file itself gives."""

import csv
import gzip
import io
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from linli.analytics.queries.figures import figures
from linli.audit.models import Head
from linli.cases.models.case import Case
from linli.duties.models import Duty
from linli.offices.models import system

LA = "990311000000"
SHARED = Path(__file__).resolve().parents[4] / "shared/data/la311"
FILE = SHARED / "la311_2020_10000.csv.gz"
COUNCILS = SHARED / "la_neighborhood_councils_2019.geojson.gz"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not FILE.exists(), reason="the Los Angeles extract is not beside this checkout"
    ),
]


def read_by_hand():
    def moment(text):
        return datetime.strptime(text, "%m/%d/%y %H:%M") if text else None  # noqa: DTZ007 - local

    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for name in ("createddate", "closeddate", "servicedate"):
            row[name] = moment(row[name])
    return rows


@pytest.fixture
def imported(tmp_path, settings, capsys):
    settings.TOWNSHIP = LA
    options = {
        "kind": "grid",
        "code": "nc_id",
        "name": "name",
        "any_code": True,
        "township": LA,
        "township_name": "Los Angeles",
    }
    call_command("import_areas", str(COUNCILS), stdout=io.StringIO(), **options)
    out = io.StringIO()
    errors = tmp_path / "errors.csv"
    call_command("import_cases", str(FILE), mapping="la311", township=LA, errors=errors, stdout=out)
    assert not errors.exists()
    return out.getvalue()


def test_the_figures_are_those_of_the_file(imported, tmp_path):
    rows = read_by_hand()
    assert imported.startswith("10000 rows: 10000 added")
    assert Case.objects.filter(township=LA).count() == len(rows) == 10_000

    both = [row for row in rows if row["closeddate"] and row["servicedate"]]
    kept = [row for row in both if row["closeddate"].date() <= row["servicedate"].date()]
    body = Client().get("/api/v1/figures", {"by": "office"}).json()
    share = body["total"]["shares"]["kept"]
    assert (share["numerator"], share["denominator"]) == (len(kept), len(both))
    assert len(both) == 9_413
    assert round(share["share"], 3) == 0.734

    placed = [row for row in rows if row["latitude"] and row["nc"]]
    same = body["total"]["shares"]["same_area"]
    assert same["denominator"] == len(placed) == 9_962
    assert same["share"] >= 0.985

    assert {row["key"]: row["reported"] for row in body["items"]} == Counter(
        row["owner"] for row in rows
    )
    months = Client().get("/api/v1/figures", {"by": "month"}).json()["items"]
    assert {row["key"]: row["reported"] for row in months} == Counter(
        f"{row['createddate']:%Y-%m}" for row in rows
    )
    page = Client().get("/figures/", {"by": "office"}).content.decode()
    assert "73.4%" in page
    assert "7067" in page

    open_ = sum(row["status"] in {"Open", "Pending"} for row in rows)
    assert Duty.objects.live().filter(township=LA).count() == open_ == 31
    assert figures("office", township=LA, actor=system(LA)).total.counts["open"] == open_
    before = Head.objects.get(township=LA).seq
    out = io.StringIO()
    call_command("import_cases", str(FILE), mapping="la311", township=LA, stdout=out)
    assert out.getvalue().startswith("10000 rows: 0 added (0 open, 0 in a grid), 10000 known")
    assert Head.objects.get(township=LA).seq == before
