"""Who sees which duties; the rule for one is the filter for many; words for the time left."""

from itertools import product

import pytest
from django.utils import translation

from linli.duties.models import Duty
from linli.duties.queries import calendars, owed
from linli.duties.rules import access
from linli.duties.services import moves
from linli.duties.tests.matters import another, at, open_handle, pause_at, refused
from linli.kit import clock
from linli.kit.errors import Unseen
from linli.offices.choices import ROLES
from linli.offices.models import resident, system
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_actor, make_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def everywhere(works, water):
    """A duty of each office, one of them paused, one done, one in another township."""
    there = make_office("GOV-CJ", township=OTHER_TOWN)
    village = make_office("VIL-CW", place="990101000201", kind="village")
    for office in (works, water, village):
        open_handle(office, matter=another())
    open_handle(works, "2wd")
    pause_at("2026-03-05 10:00")
    far = another()
    far = type(far)(far.kind, far.key, OTHER_TOWN)
    moves.open_duty(far, step="handle", office=there.pk, limit="1wd", actor=system(OTHER_TOWN))
    return [works, water, village, there]


def test_the_rule_for_one_is_the_filter_for_many(everywhere):
    actors = [
        make_actor(f"{role}{number}".lower(), role, office)
        for (number, office), role in product(enumerate(everywhere), ROLES)
    ]
    seen_by_somebody = set()
    for actor in [*actors, resident(TOWN), system(TOWN)]:
        seen = set(Duty.objects.visible_to(actor))
        assert seen == {duty for duty in Duty.objects.all() if access.may_see(actor, duty)}, actor
        seen_by_somebody |= seen
    assert seen_by_somebody == set(Duty.objects.all())


def test_an_office_sees_its_own_and_the_centre_sees_all(everywhere, li, qian):
    assert {duty.office_id for duty in owed.worklist(li)} == {li.office}
    assert len(owed.worklist(qian)) == 3
    assert not owed.worklist(resident(TOWN))


def test_pages_of_the_worklist_follow_each_other(works, qian, monkeypatch):
    monkeypatch.setattr(owed, "PAGE", 3)
    for number in range(8):
        open_handle(works, ["1wd", "2wd"][number % 2], matter=another(number))
    seen, after = [], ""
    while True:
        listed = owed.list_duties(qian, owed.Wanted(after=after))
        seen += listed.duties
        after = listed.after
        if not after:
            break
    assert seen == list(owed.worklist(qian))
    assert len(seen) == 8


def test_the_worklist_is_filtered(works, water, qian):
    late = open_handle(works, "1wd", matter=another())
    urgent = open_handle(water, "24h", matter=another(), urgency="P2")
    with clock.at(at("2026-03-05 19:00")):
        assert owed.list_duties(qian, owed.Wanted(office=works.pk)).duties == [late]
        assert owed.list_duties(qian, owed.Wanted(urgency="P2")).duties == [urgent]
        assert owed.list_duties(qian, owed.Wanted(step="dream")).duties == []
        assert set(owed.list_duties(qian, owed.Wanted(late=True)).duties) == {late, urgent}
        assert owed.late_by_office(qian) == [(works, 1), (water, 1)]
    assert owed.list_duties(qian, owed.Wanted(after="nonsense")).duties


def test_a_list_of_a_hundred_costs_no_more_than_a_list_of_one(
    works, qian, django_assert_num_queries
):
    for number in range(owed.PAGE):
        open_handle(works, matter=another(number))
    with django_assert_num_queries(1):
        assert {duty.office.name for duty in owed.list_duties(qian, owed.Wanted()).duties}


@pytest.mark.parametrize(
    ("due_at", "now", "zh", "en"),
    [
        ("2026-03-04 12:00", "2026-03-04 10:00", "还剩 2 个工作时", "2 working hours left"),
        ("2026-03-09 18:00", "2026-03-04 18:00", "还剩 3 个工作日", "3 working days left"),
        ("2026-03-04 10:20", "2026-03-04 10:00", "还剩 20 分钟", "20 minutes left"),
        (
            "2026-03-05 08:45",
            "2026-03-04 20:00",
            "还剩不到 1 个工作时",
            "less than one working hour left",
        ),
        ("2026-03-04 18:00", "2026-03-09 18:00", "超期 3 个工作日", "3 working days late"),
        ("2026-03-04 18:00", "2026-03-05 09:30", "超期 1 个工作时", "1 working hour late"),
        ("2026-03-04 18:00", "2026-03-04 18:05", "超期 5 分钟", "5 minutes late"),
        ("2026-02-24 18:00", "2026-02-14 18:00", "还剩 1 个工作日", "1 working day left"),
    ],
)  # fmt: skip
def test_time_left_is_said_as_offices_count(due_at, now, zh, en):
    for language, words in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert owed.spell_left(at(due_at), at(now), calendars.get_calendar(TOWN)) == words


def test_the_matters_own_app_says_who_reads_its_duties(works, matter, li, qian):
    duty = open_handle(works)
    with refused(Unseen):
        owed.list_readable(qian, "thing", matter.key)
    access.register_reader("thing", lambda actor, key: (actor, key) == (li, matter.key))
    assert owed.list_readable(li, "thing", matter.key) == [duty]
    with refused(Unseen):
        owed.list_readable(qian, "thing", matter.key)
    with pytest.raises(ValueError, match="twice"):
        access.register_reader("thing", lambda *_: True)


def test_a_matter_has_no_next_deadline_when_all_is_done_or_paused(works, matter):
    assert owed.next_due(matter) == (None, None)
    open_handle(works)
    pause_at("2026-03-05 10:00")
    assert owed.next_due(matter) == (None, None)
    assert [duty.state for duty in owed.running(matter)] == ["paused"]
