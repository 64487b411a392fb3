"""Nothing that docs/scope.md declines stands in a model, form, address, data file or text."""

import re
import tomllib

import polib
import pytest
from django import forms
from django.urls import get_resolver

from tests.house import ROOT, our_apps, sources

DECLINED = tomllib.loads((ROOT / "tests/declined.toml").read_text(encoding="utf-8"))
NAMES = re.compile(rf"(?:^|_)(?:{'|'.join(DECLINED['names'])})s?(?:_|$)")
TEXTS = re.compile("|".join(DECLINED["texts"]))
MAY_NAME = {ROOT / name for name in DECLINED["may_name"]}


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\s.\-:/]+", "_", name).lower()


def declined_names(names):
    return sorted(name for name in names if NAMES.search(snake(name)))


def keys_of(value):
    """Yield every key of a table within tables."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


def subclasses(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def test_no_model_or_field():
    models = [model for app in our_apps() for model in app.get_models(include_auto_created=True)]
    fields = [
        f"{model.__name__}.{field.name}" for model in models for field in model._meta.get_fields()
    ]
    assert fields
    assert declined_names(fields) == []


def test_no_form_field():
    get_resolver().url_patterns  # noqa: B018 - loads every door, and with it every form
    fields = [
        f"{form.__name__}.{name}"
        for form in subclasses(forms.BaseForm)
        if form.__module__.startswith("linli.") and ".tests." not in form.__module__
        for name in getattr(form, "base_fields", {})
    ]
    assert fields
    assert declined_names(fields) == []


def test_no_file_and_no_name_in_the_code():
    files = [path for path in sources("linli/**/*", "config/*.py") if "tests" not in path.parts]
    assert declined_names([str(path.relative_to(ROOT).with_suffix("")) for path in files]) == []
    defined = re.compile(r"^\s*(?:def|class)\s+(\w+)", re.MULTILINE)
    code = "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix == ".py")
    assert declined_names(defined.findall(code)) == []


@pytest.mark.parametrize(
    "path", sources("linli/*/data/**/*.t[so][vm]*"), ids=lambda path: path.name
)
def test_no_data(path):
    text = path.read_text(encoding="utf-8")
    if path in MAY_NAME:
        return
    tsv = path.suffix == ".tsv"
    keys = text.partition("\n")[0].split("\t") if tsv else keys_of(tomllib.loads(text))
    assert declined_names(keys) == []
    assert TEXTS.findall(text) == []


def test_no_template():
    pages = sources("linli/*/templates/**/*")
    assert pages
    found = {str(page): TEXTS.findall(page.read_text(encoding="utf-8")) for page in pages}
    assert {page: words for page, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "path", sources("linli/*/locale/*/LC_MESSAGES/*.po"), ids=lambda path: path.parts[-5]
)
def test_no_translation(path):
    found = [entry.msgstr for entry in polib.pofile(path) if TEXTS.search(entry.msgstr)]
    assert found == []


def test_no_text_in_the_code():
    code = [path for path in sources("linli/**/*.py") if "tests" not in path.parts]
    found = {str(path): TEXTS.findall(path.read_text(encoding="utf-8")) for path in code}
    assert {path: words for path, words in found.items() if words} == {}


def test_what_may_name_it_is_still_there():
    assert [name for name in DECLINED["may_name"] if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "name", ["Reporter.id_card", "RiskScore", "face_photo", "Plates", "a.Ethnicity"]
)
def test_the_net_catches(name):
    assert declined_names([name]) == [name]


@pytest.mark.parametrize(
    "name", ["surface", "template", "Case.interface", "inpatient_free", "plateau"]
)
def test_the_net_lets_innocent_words_through(name):
    assert declined_names([name]) == []
