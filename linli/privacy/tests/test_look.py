"""A look at sealed data needs the power, a second factor and a reason, and stands in the trail."""

import json

import pytest

from linli.audit.models import Entry
from linli.kit.errors import Forbidden, Invalid
from linli.offices.errors import SecondFactorFirst
from linli.offices.tests.people import TOWN, make_actor
from linli.privacy import services
from linli.privacy.errors import SealBroken
from linli.privacy.models import SubjectRequest

pytestmark = pytest.mark.django_db
REASON = "回访报告人"


@pytest.fixture
def asked():
    return services.ask(township=TOWN, kind="access", text="给我一份", contact="13800138000")


def looks():
    return list(Entry.objects.filter(act="privacy.looked"))


def test_li_na_looks_and_it_is_recorded(asked):
    lina = make_actor("lina", "R06", second_factor=True)
    assert services.look(asked, "contact", actor=lina, reason=REASON) == "13800138000"
    (entry,) = looks()
    assert (entry.subject, entry.actor) == (f"request:{asked.pk}", lina.key)
    assert json.loads(entry.facts) == {"field": "contact", "reason": REASON}


def test_the_value_is_not_in_the_trail(asked):
    services.look(
        asked, "contact", actor=make_actor("lina", "R06", second_factor=True), reason=REASON
    )
    assert not Entry.objects.filter(facts__contains="13800138000").exists()


def test_a_grid_worker_may_not(asked):
    with pytest.raises(Forbidden):
        services.look(
            asked, "contact", actor=make_actor("wang", "R02", second_factor=True), reason=REASON
        )
    assert looks() == []


def test_the_administrator_may_not(asked):
    with pytest.raises(Forbidden):
        services.look(
            asked, "contact", actor=make_actor("root", "R22", second_factor=True), reason=REASON
        )
    assert looks() == []


def test_a_second_factor_is_needed(asked):
    with pytest.raises(SecondFactorFirst):
        services.look(asked, "contact", actor=make_actor("lina", "R06"), reason=REASON)
    assert looks() == []


@pytest.mark.parametrize("reason", ["", "   ", "a b", "\n\n\n\n", "长" * 201])
def test_a_reason_is_needed(asked, reason):
    with pytest.raises(Invalid) as refusal:
        services.look(
            asked, "contact", actor=make_actor("lina", "R06", second_factor=True), reason=reason
        )
    assert refusal.value.fields["reason"]
    assert looks() == []


def test_a_broken_seal_is_an_error_and_no_look(asked, settings):
    asked = SubjectRequest.objects.get()
    settings.SEAL_KEY = "another key of thirty-two characters"
    with pytest.raises(SealBroken):
        services.look(
            asked, "contact", actor=make_actor("lina", "R06", second_factor=True), reason=REASON
        )
    assert looks() == []


def test_a_plain_field_is_no_look(asked):
    with pytest.raises(TypeError):
        services.look(
            asked, "kind", actor=make_actor("lina", "R06", second_factor=True), reason=REASON
        )
