"""A form is the one shape of page and API; nothing that JSON can say breaks it."""

from datetime import date

import pytest
from django import forms
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from linli.kit.errors import Invalid
from linli.kit.shapes import DayField, LineField, MomentField, TextField, from_json, read, schema_of


class Lamp(forms.Form):
    name = LineField(max_length=10, help_text="What people call it.")
    story = TextField(max_length=200, required=False)
    height = forms.FloatField(required=False)
    price = forms.DecimalField(required=False)
    poles = forms.IntegerField(required=False)
    lit = forms.BooleanField(required=False)
    colours = forms.MultipleChoiceField(choices=[("r", "red"), ("g", "green")], required=False)
    built = DayField(required=False)
    seen = MomentField(required=False)
    photo = forms.FileField(required=False)


GOOD = {
    "name": " north  gate ",
    "story": "one\r\ntwo",
    "height": 4.5,
    "price": 3,
    "poles": 2,
    "lit": True,
    "colours": ["r"],
    "built": "2020-02-29",
    "seen": "2026-01-01T08:00:00Z",
}


def faults(**changes):
    with translation.override("en"), pytest.raises(Invalid) as invalid:
        from_json(Lamp, {**GOOD, **changes})
    return invalid.value.fields


def test_good_input_is_cleaned():
    data = from_json(Lamp, GOOD)
    assert (data["name"], data["story"], data["poles"]) == ("north gate", "one\ntwo", 2)
    assert (data["colours"], data["lit"], data["built"]) == (["r"], True, date(2020, 2, 29))


def test_page_and_api_read_the_same():
    page = read(Lamp(data={**GOOD, "lit": "on"}))
    assert page == from_json(Lamp, GOOD)


def test_null_is_absent_and_what_is_unknown_is_left_out():
    data = from_json(Lamp, {"name": "gate", "story": None, "admin": True})
    assert data["story"] == ""
    assert "admin" not in data


def test_what_is_needed_is_said():
    assert list(faults(name=None)) == ["name"]
    assert list(faults(name="  ")) == ["name"]


@pytest.mark.parametrize("value", [1, 1.5, True, [], ["gate"], {}, {"a": 1}])
def test_text_must_be_text(value):
    assert faults(name=value, story=value) == {
        "name": ["This must be text."],
        "story": ["This must be text."],
    }


@pytest.mark.parametrize("value", ["2", 2.5, True, [2], {}, 2**63, -(10**30)])
def test_a_whole_number_must_be_one(value):
    assert faults(poles=value) == {"poles": ["This must be a whole number."]}


@pytest.mark.parametrize("value", ["2", True, [2], float("nan"), float("inf"), 10**400])
def test_a_number_must_be_one(value):
    wrong = ["This must be a number."]
    assert faults(height=value, price=value) == {"height": wrong, "price": wrong}


@pytest.mark.parametrize("value", ["yes", 1, []])
def test_a_flag_must_be_one(value):
    assert faults(lit=value) == {"lit": ["This must be true or false."]}


@pytest.mark.parametrize("value", ["r", [1], {"r": 1}, [["r"]]])
def test_a_list_must_be_one(value):
    assert faults(colours=value) == {"colours": ["This must be a list of texts."]}


@pytest.mark.parametrize("value", ["a\x00", "\ud800", "x" * 11])
def test_text_that_cannot_be_kept_is_refused_in_a_sentence(value):
    assert faults(name=value)["name"][0].endswith(".")


def test_lone_surrogates_are_refused_everywhere():
    assert set(faults(colours=["\ud800"], built="\ud800", seen="\ud800")) == {
        "colours",
        "built",
        "seen",
    }


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "1899-12-31", "soon", "2026-02-30"])
def test_days_that_nobody_can_mean_are_refused(value):
    assert list(faults(built=value)) == ["built"]


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59+00:00"]
)
def test_moments_that_nobody_can_mean_are_refused(value):
    assert list(faults(seen=value)) == ["seen"]


@pytest.mark.parametrize("body", [None, [], "name", 7, [{"name": "gate"}]])
def test_a_body_must_be_an_object(body):
    with pytest.raises(Invalid):
        from_json(Lamp, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(Lamp.base_fields)), JSON))
def test_nothing_breaks_it(body):
    try:
        assert from_json(Lamp, body)["name"]
    except Invalid as invalid:
        said = invalid.fields
        assert said


def test_the_schema_says_what_the_form_takes():
    schema = schema_of(Lamp, "LampIn").model_json_schema()
    kinds = {
        key: field.get("type", field.get("anyOf")) for key, field in schema["properties"].items()
    }
    assert schema["required"] == ["name"]
    assert schema["properties"]["name"]["description"] == "What people call it."
    assert schema["properties"]["name"]["maxLength"] == 10
    assert kinds["height"] == kinds["price"] == [{"type": "number"}, {"type": "null"}]
    assert kinds["poles"] == [{"type": "integer"}, {"type": "null"}]
    assert "photo" not in kinds
