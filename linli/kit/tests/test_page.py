from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from linli.kit import clock, slots
from linli.kit.errors import Invalid
from linli.kit.shapes import LineField, attempt
from linli.kit.templatetags.page import duration, local_time, name_of

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)


@pytest.fixture
def filled(monkeypatch):
    monkeypatch.setattr(slots, "_fills", {})
    slots.fill("nav", "site:signposts", order=2, label="for all")
    slots.fill("nav", "offices:me", order=1, label="for staff", power="staff")
    slots.fill("nav", "offices:list_offices", order=3, label="for admin <b>", power="admin")


def somebody(*powers: str) -> SimpleNamespace:
    return SimpleNamespace(role=SimpleNamespace(powers=frozenset(powers)))


def links(rf, actor=None, path="/") -> str:
    request = rf.get(path)
    request.actor = actor
    return Template('{% load page %}{% slot_links "nav" %}').render(Context({"request": request}))


def test_links_stand_in_order_for_those_with_the_power(filled, rf):
    assert links(rf).count("<li>") == 1
    clerk = links(rf, somebody("register"))
    assert clerk.index("for staff") < clerk.index("for all")
    assert "for admin" not in clerk
    assert "for admin &lt;b&gt;" in links(rf, somebody("admin"))


def test_the_present_page_is_marked(filled, rf):
    assert 'href="/signposts/" aria-current="page"' in links(rf, path="/signposts/")
    assert "aria-current" not in links(rf)


def test_a_page_without_a_request_has_the_links_for_all(filled):
    page = Template('{% load page %}{% slot_links "nav" %}').render(Context())
    assert page.count("<li>") == 1


def test_a_panel_loads_itself_and_is_a_link_without_javascript(monkeypatch, rf):
    monkeypatch.setattr(slots, "_fills", {})
    slots.fill("case.page", "offices:edit_office", label="Office")
    key = "01890000-0000-7000-8000-000000000000"
    template = Template('{% load page %}{% slot_panels "case.page" key %}')
    panel = template.render(Context({"request": rf.get("/"), "key": key}))
    assert f'hx-get="/admin/offices/{key}/"' in panel
    assert f'<a href="/admin/offices/{key}/">Office</a>' in panel


@pytest.mark.parametrize(
    ("language", "moment", "text"),
    [
        ("zh-hans", NOON, "3月5日 12:00"),
        ("zh-hans", NOON.replace(year=2024), "2024年3月5日 12:00"),
        ("en", NOON, "5 Mar, 12:00"),
        ("en", NOON.replace(year=2024), "5 Mar 2024, 12:00"),
    ],
)
def test_a_moment_is_told_in_the_towns_time(language, moment, text):
    with clock.at(NOON), translation.override(language):
        told = local_time(moment)
    assert f">{text}</time>" in told
    assert "+08:00" in told


def test_no_moment_is_a_dash():
    assert local_time(None) == duration(None) == "—"


@pytest.mark.parametrize(
    ("length", "english", "chinese"),
    [
        (timedelta(), "0 minutes", "0 分钟"),
        (timedelta(minutes=1), "1 minute", "1 分钟"),
        (timedelta(hours=2, minutes=5), "2 hours 5 minutes", "2 小时 5 分钟"),
        (timedelta(days=1, hours=3, minutes=59), "1 day 3 hours", "1 天 3 小时"),
        (-timedelta(days=2), "2 days", "2 天"),
    ],
)
def test_a_length_of_time_has_two_units_at_most(length, english, chinese):
    with translation.override("en"):
        assert duration(length) == english
    with translation.override("zh-hans"):
        assert duration(length) == chinese


def test_a_name_is_in_the_readers_language_or_chinese():
    lamp, nameless = {"name_zh": "路灯", "name_en": "Lamp"}, {"name_zh": "井盖", "name_en": ""}
    with translation.override("en"):
        assert (name_of(lamp), name_of(nameless)) == ("Lamp", "井盖")
    with translation.override("zh-hans"):
        assert name_of(lamp) == "路灯"


class LampForm(forms.Form):
    pole = LineField(label="Pole", help_text="On the plate.")
    lit = forms.ChoiceField(label="Lit", choices=[("y", "yes")], widget=forms.RadioSelect)


def test_help_and_errors_belong_to_their_field():
    page = render_to_string("kit/parts/fields.html", {"form": LampForm({})})
    assert 'aria-describedby="id_pole_helptext id_pole_error"' in page
    assert 'id="id_pole_helptext"' in page
    assert 'id="id_pole_error"' in page
    assert 'href="#id_pole"' in page
    assert "<legend>Lit" in page


def test_what_was_typed_is_escaped():
    form = LampForm({"pole": "<script>x</script>"})
    page = render_to_string("kit/parts/fields.html", {"form": form})
    assert "<script>" not in page


def test_a_verb_is_done_with_the_form():
    form = LampForm({"pole": "A 7", "lit": "y"})
    assert attempt(form, lambda **given: given, lamp=1) == {"pole": "A 7", "lit": "y", "lamp": 1}
    assert attempt(LampForm({}), lambda **_given: 1) is None


def test_a_verb_that_finds_input_wrong_says_so_in_the_form():
    def refuse(**_given):
        raise Invalid({"pole": ["no such pole"], "elsewhere": ["also wrong"]})

    form = LampForm({"pole": "A 7", "lit": "y"})
    assert attempt(form, refuse) is None
    assert form.errors["pole"] == ["no such pole"]
    assert form.non_field_errors() == ["also wrong"]
