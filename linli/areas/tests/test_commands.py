"""`linli import-areas` and `linli export-areas`."""

import json

import pytest
from django.core.management import CommandError, call_command

from linli.areas.models import Area
from linli.areas.tests.places import collection, feature, grid_code, square
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_day")]
HOW = ["--kind", "grid", "--code", "code", "--name", "name"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "grids.geojson"
    path.write_bytes(
        collection(
            feature(square(0, 0), code=grid_code(1), name="甲"),
            feature(square(0.5, 0), code=grid_code(2), name="乙"),
        )
    )
    return path


def test_it_imports_into_the_home_township(file, tmp_path, capsys):
    make_office("GOV-ZZ")
    report = tmp_path / "report.json"
    call_command("import_areas", file, *HOW, "--township-name", "演示镇", "--report", report)
    assert "new 2" in capsys.readouterr().out
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["counts"] == {"overlap": 1}
    assert found["findings"][0]["share"] == pytest.approx(0.5)
    assert Area.objects.filter(township=TOWN).count() == 3
    call_command("import_areas", file, *HOW)
    assert "as before 2" in capsys.readouterr().out


def test_a_dry_run_writes_nothing(file):
    call_command(
        "import_areas", file, *HOW, "--dry-run", "--township", TOWN, "--township-name", "演示镇"
    )
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "--township"),
        (["--township", "1"], "--township"),
        (["--township", OTHER_TOWN], "名"),
        (["--township", OTHER_TOWN, "--township-name", "镇", "--code", "no"], "Nothing"),
    ],
)
def test_what_cannot_be_done_is_said(file, words, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("import_areas", file, *HOW, *words)
    assert sentence in str(refusal.value)
    assert not Area.objects.exists()


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError) as refusal:
        call_command("import_areas", tmp_path / "none", *HOW, "--township", TOWN)
    assert "cannot be read" in str(refusal.value)


def test_what_was_exported_is_imported_elsewhere(file, tmp_path, capsys):
    call_command("import_areas", file, *HOW, "--township", TOWN, "--township-name", "演示镇")
    copy = tmp_path / "copy.geojson"
    call_command("export_areas", copy, "--kind", "grid", "--township", TOWN)
    how = ["--kind", "grid", "--code", "code", "--name", "name_zh", "--township", OTHER_TOWN]
    call_command("import_areas", copy, *how, "--township-name", "别镇")
    shapes = [
        list(Area.objects.filter(township=town, kind="grid").values_list("code", "geometry"))
        for town in (TOWN, OTHER_TOWN)
    ]
    assert shapes[0] == shapes[1]
    with pytest.raises(CommandError):
        call_command("export_areas", copy, "--kind", "village", "--township", TOWN)
