"""The rule for one case and the filter for many say the same; the tables agree."""

import pytest

from linli.cases import workflow
from linli.cases.forms.verbs import VERBS
from linli.cases.models.case import Case
from linli.cases.rules.exclusions import exclusions
from linli.cases.rules.moves import RULES, may_see, next_steps
from linli.cases.services import dispatching, sorting
from linli.cases.services.intake import Place
from linli.cases.tests.town import Town
from linli.kit.data import read_tsv
from linli.offices.choices import ROLES
from linli.offices.models import Office
from linli.offices.tests.people import OTHER_TOWN, make_actor, make_office


def test_rule_and_filter_of_seeing_are_one(town: Town) -> None:
    sorting.register(town.report().pk, actor=town.intake)
    far = town.report(place=Place(lng=113.03, lat=31.51))
    town.report("自己报的", actor=town.far_grid_worker)
    sorting.register(far.pk, actor=town.intake)
    committee = Office.objects.get(code="VIL-CW", place="990101001000")
    dispatching.dispatch(
        far.pk, actor=town.dispatcher, lead=town.lights, supports=[town.roads, committee]
    )
    offices = [town.lights, town.roads, committee, make_office("GOV-ZZ", township=OTHER_TOWN)]
    people = [
        make_actor(f"{role}{n}", role, office) for role in ROLES for n, office in enumerate(offices)
    ]
    people += [town.resident, town.grid_worker, town.far_grid_worker, town.intake]
    for person in people:
        seen = {case.pk for case in Case.objects.all() if may_see(person, case)}
        assert set(Case.objects.visible_to(person).values_list("pk", flat=True)) == seen, person


def test_every_verb_has_a_rule_a_form_and_a_service() -> None:
    assert set(VERBS) == set(RULES) == set(workflow.VERBS)


def test_every_verb_of_the_stages_leads_on() -> None:
    assert all(workflow.CASE_FLOW.moves[state] for state in workflow.CASE_FLOW.states)


def test_only_possible_steps_are_offered(town: Town) -> None:
    case = town.report()
    assert "register" in next_steps(town.intake, case)
    assert "dispatch" not in next_steps(town.dispatcher, case)
    assert next_steps(town.verifier, case) == []


def test_every_power_of_a_rule_is_held_by_some_role() -> None:
    held = {power for role in ROLES.values() for power in role.powers}
    asked = {"register", "return", "classify", "answer", "refer", "merge", "split", "settle"}
    asked |= {"dispatch", "meet", "assign", "sign", "handle", "reply", "verify", "supervise"}
    asked |= {"grant_first", "grant_second", "decide_objection", "look", "admin", "privacy"}
    assert asked <= held


def test_every_row_of_the_exclusions_is_watched_for() -> None:
    rows = read_tsv("linli.site", "exclusions.tsv")
    assert len(exclusions()) == len(rows)


@pytest.mark.parametrize("exclusion", exclusions(), ids=lambda one: one.code)
def test_every_exclusion_says_where_to_go_in_both_languages(exclusion) -> None:
    assert len(exclusion.tell_zh) > 10
    assert len(exclusion.tell_en) > 20
    assert exclusion.refer_to
