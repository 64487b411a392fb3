"""The dispatcher: who leads, who supports, and what happens when an office says no."""

from datetime import date, timedelta

import pytest

from linli.areas.models import AdmittedTask, Responsibility
from linli.cases.choices import State
from linli.cases.models.case import Case, Dispatch
from linli.cases.queries.catalogue import suggest_offices
from linli.cases.services import dispatching, handling, sorting
from linli.cases.tests.test_sorting import live
from linli.cases.tests.town import MONDAY, Town
from linli.channels.models import Message
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, MoveRefused, Refused
from linli.offices.models import Office, Post, as_actor


def registered(town: Town) -> Case:
    """Return a registered case."""
    return sorting.register(town.report().pk, actor=town.intake)


def dispatched(town: Town) -> Case:
    """Return a case that the lights office has."""
    return dispatching.dispatch(registered(town).pk, actor=town.dispatcher, lead=town.lights)


def test_the_catalogue_suggests_who_leads(town: Town) -> None:
    found = suggest_offices(town.report())
    assert (found.lead.code, [one.code for one in found.supports]) == (
        "GOV-CJ",
        ["UTL-GD", "VIL-CW"],
    )


def test_the_matrix_knows_better(town: Town) -> None:
    Responsibility.objects.create(
        township=town.village.township,
        category="0202",
        area=town.village,
        lead=town.roads,
        valid_from=date(2026, 1, 1),
    )
    assert suggest_offices(town.report()).lead == town.roads


def test_the_village_answers_through_its_own_committee(town: Town) -> None:
    found = suggest_offices(town.report("垃圾", category="0107"))
    assert (found.lead.code, found.lead.place) == ("VIL-CW", "990101001000")


def test_the_office_owes_signature_response_and_handling(town: Town) -> None:
    case = dispatched(town)
    assert (case.state, case.lead_office) == (State.DISPATCHED, town.lights)
    assert live(case) == ["handle", "respond", "sign"]
    assert case.due_at == MONDAY.replace(hour=14, minute=30)
    assert case.promised_at == MONDAY.replace(day=4, hour=18)
    assert Message.objects.filter(matter_key=case.pk, office=town.lights.pk).exists()


def test_a_supporting_office_sees_it_and_reports(town: Town) -> None:
    case = dispatching.dispatch(
        registered(town).pk, actor=town.dispatcher, lead=town.lights, supports=[town.roads]
    )
    handling.sign(case.pk, actor=town.handler)
    handling.assist(case.pk, actor=town.roads_handler, note="已围挡")
    assert Dispatch.objects.get(case=case, office=town.roads).end == "done"
    with pytest.raises(Forbidden):
        handling.assist(case.pk, actor=town.roads_handler, note="再来")


def test_the_centre_itself_never_leads(town: Town) -> None:
    with pytest.raises(Invalid):
        dispatching.dispatch(
            registered(town).pk, actor=town.dispatcher, lead=Office.objects.get(code="GOV-ZZ")
        )


def test_an_office_of_another_town_never_leads(town: Town) -> None:
    far = Office.objects.create(
        township="990102000000", code="GOV-CJ", name_zh="别镇", kind="own_office"
    )
    with pytest.raises(Invalid):
        dispatching.dispatch(registered(town).pk, actor=town.dispatcher, lead=far)


def test_dispatching_again_ends_the_first_link(town: Town) -> None:
    case = dispatching.dispatch(dispatched(town).pk, actor=town.dispatcher, lead=town.roads)
    ends = list(Dispatch.objects.filter(case=case).values_list("office__code", "end"))
    assert ends == [("GOV-CJ", "replaced"), ("GOV-ZF", "")]
    assert live(case) == ["handle", "respond", "sign"]


def test_one_refusal_goes_back_to_the_dispatcher(town: Town) -> None:
    case = dispatching.object_dispatch(dispatched(town).pk, actor=town.handler, reason="不归我们")
    assert (case.state, case.bounces, case.lead_office, live(case)) == (
        State.REGISTERED,
        1,
        None,
        ["dispatch"],
    )


def test_two_refusals_mean_a_meeting_that_names_the_lead(town: Town) -> None:
    case = dispatching.object_dispatch(dispatched(town).pk, actor=town.handler, reason="不归我们")
    dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.roads)
    case = dispatching.object_dispatch(case.pk, actor=town.roads_handler, reason="也不归我们")
    assert (case.state, live(case)) == (State.MEETING, ["meeting"])
    case = dispatching.appoint_lead(case.pk, actor=town.leader, lead=town.lights, note="定了")
    assert (case.state, live(case)) == (State.HANDLING, ["handle", "respond"])
    with pytest.raises(Refused):
        dispatching.object_dispatch(case.pk, actor=town.handler, reason="还是不归")


def test_after_signing_there_are_four_working_hours_to_object(town: Town) -> None:
    case = handling.sign(dispatched(town).pk, actor=town.handler)
    with clock.at(MONDAY.replace(hour=14, minute=31)), pytest.raises(Refused):
        dispatching.object_dispatch(case.pk, actor=town.handler, reason="不归我们")
    with clock.at(MONDAY.replace(hour=14, minute=29)):
        assert dispatching.object_dispatch(case.pk, actor=town.handler, reason="不归").bounces == 1


def test_an_office_objects_once(town: Town) -> None:
    case = dispatching.object_dispatch(dispatched(town).pk, actor=town.handler, reason="不归我们")
    dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    with pytest.raises(Refused):
        dispatching.object_dispatch(case.pk, actor=town.handler, reason="还是不归")


def test_another_office_cannot_object_for_it(town: Town) -> None:
    case = dispatching.dispatch(
        registered(town).pk, actor=town.dispatcher, lead=town.lights, supports=[town.roads]
    )
    with pytest.raises(Forbidden):
        dispatching.object_dispatch(case.pk, actor=town.roads_handler, reason="x")


def test_grid_workers_get_admitted_tasks_only(town: Town) -> None:
    committee = Office.objects.get(code="VIL-CW", place="990101001000")
    case = dispatching.dispatch(registered(town).pk, actor=town.dispatcher, lead=committee)
    head = Post.objects.create(
        account=Post.objects.get(pk=town.head.post).account,
        office=committee,
        role="R03",
        valid_from=date(2020, 1, 1),
    )
    chief = as_actor(Post.objects.select_related("account", "office").get(pk=head.pk))
    handling.sign(case.pk, actor=chief)
    worker = Post.objects.get(pk=town.grid_worker.post)
    with pytest.raises(Invalid):
        dispatching.assign(case.pk, actor=chief, post=worker)
    AdmittedTask.objects.create(
        township=case.township,
        category="0202",
        basis="网格事项清单",
        owner=committee,
        valid_from=date(2026, 1, 1),
        expires_on=date(2026, 12, 31),
    )
    assert dispatching.assign(case.pk, actor=chief, post=worker).handler == worker


def test_somebody_of_another_office_is_not_given_it(town: Town) -> None:
    case = handling.sign(dispatched(town).pk, actor=town.handler)
    with pytest.raises(Invalid):
        dispatching.assign(
            case.pk, actor=town.head, post=Post.objects.get(pk=town.roads_handler.post)
        )


def test_dispatching_before_registering_is_refused(town: Town) -> None:
    with pytest.raises(MoveRefused):
        dispatching.dispatch(town.report().pk, actor=town.dispatcher, lead=town.lights)


def test_a_dispatch_in_the_evening_starts_the_clock_in_the_morning(town: Town) -> None:
    case = registered(town)
    with clock.at(MONDAY + timedelta(hours=12)):
        case = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    assert case.due_at == MONDAY.replace(day=2, hour=14)
