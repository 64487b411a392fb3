"""Every field that could hold personal data is classified, once, with all its facts."""

import tomllib

import pytest
from django.db import models

from linli.offices.choices import ROLES
from linli.privacy.models import SealedField
from tests.house import ROOT, our_apps

KINDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
    SealedField,
)
FACTS = {"purpose", "basis", "readers", "retention", "erasure"}  # and the field's own name: six
LANGUAGES = ("zh", "en")


def register(app):
    file = ROOT / "linli" / app.label / "data" / "processing.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def fields(app):
    return {
        f"{model.__name__}.{field.name}": field
        for model in app.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, KINDS)
    }


def rows():
    return [
        (app, name, row)
        for app in our_apps()
        for name, row in register(app).get("personal", {}).items()
    ]


@pytest.mark.parametrize("app", our_apps(), ids=lambda app: app.label)
def test_every_field_is_classified_once_and_no_row_is_stale(app):
    listed = [*register(app).get("plain", []), *register(app).get("personal", {})]
    assert sorted(listed) == sorted(fields(app))


@pytest.mark.parametrize(("app", "name", "row"), rows(), ids=lambda value: str(value)[:40])
def test_a_personal_field_has_all_its_facts_in_both_languages(app, name, row):
    assert {key.removesuffix("_zh").removesuffix("_en") for key in row} == FACTS
    assert set(row["readers"]) <= set(ROLES)
    for fact in FACTS - {"readers"}:
        assert row.get(fact, "").strip() or all(row[f"{fact}_{one}"].strip() for one in LANGUAGES)


@pytest.mark.parametrize("app", our_apps(), ids=lambda app: app.label)
def test_what_is_sealed_is_personal(app):
    sealed = {name for name, field in fields(app).items() if isinstance(field, SealedField)}
    assert sealed <= set(register(app).get("personal", {}))


def test_there_are_personal_fields():
    assert rows()
