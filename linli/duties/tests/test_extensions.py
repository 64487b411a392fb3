"""More time is asked for before the deadline, granted twice at most, and told to the reporter."""

import pytest

from linli.audit.models import Entry
from linli.duties.events import DutyExtended, ExtensionAsked, ExtensionRefused
from linli.duties.models import Duty, Extension
from linli.duties.queries import owed
from linli.duties.services import extensions
from linli.duties.tests.matters import THING, at, local, open_handle, pause_at, refused
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, MoveRefused, Refused, Unseen
from linli.kit.ids import uuid7
from linli.offices.tests.people import make_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def ask(actor, limit="3wd"):
    return extensions.ask_extension(THING, "handle", actor=actor, limit=limit, reason="材料未到")


def test_the_head_grants_the_first_and_the_deadline_moves(works, li, wang, heard):
    open_handle(works)
    extension = ask(li)
    duty = extensions.grant_extension(extension.pk, actor=wang)
    assert local(duty.due_at) == "2026-03-16 18:00"
    assert (duty.extensions, duty.round, duty.limit) == (1, 2, "5wd")
    assert local(duty.first_due_at) == "2026-03-11 18:00"
    asked, extended = heard[1:]
    assert isinstance(asked, ExtensionAsked)
    assert isinstance(extended, DutyExtended)
    assert (extended.reason, extended.due_at) == ("材料未到", duty.due_at)
    extension.refresh_from_db()
    assert (extension.state, extension.decided_role, extension.decided_by_id) == (
        "granted",
        "R10",
        wang.post,
    )


def test_it_stands_in_the_trail_of_the_matter(works, li, wang):
    open_handle(works)
    extensions.grant_extension(ask(li).pk, actor=wang)
    acts = Entry.objects.filter(subject=THING.subject).order_by("seq").values_list("act", "actor")
    assert list(acts) == [
        ("duty.extension_asked", li.key),
        ("duty.extension_granted", wang.key),
    ]


def test_the_second_is_the_leaders_and_there_is_no_third(works, li, wang, zhao):
    open_handle(works)
    extensions.grant_extension(ask(li).pk, actor=wang)
    second = ask(li, "2wd")
    with refused(Forbidden):
        extensions.grant_extension(second.pk, actor=wang)
    duty = extensions.grant_extension(second.pk, actor=zhao)
    assert local(duty.due_at) == "2026-03-18 18:00"
    with refused(Refused):
        ask(li)


def test_a_refused_extension_leaves_the_deadline(works, li, wang, heard):
    due_at = open_handle(works).due_at
    extensions.refuse_extension(ask(li).pk, actor=wang)
    assert Duty.objects.get().due_at == due_at
    assert isinstance(heard[-1], ExtensionRefused)
    assert ask(li).state == "asked"


def test_who_asks_does_not_grant(works, wang, zhao):
    open_handle(works)
    extension = ask(wang)
    with refused(Forbidden):
        extensions.grant_extension(extension.pk, actor=wang)
    extensions.grant_extension(extension.pk, actor=zhao)


def test_only_the_office_that_owes_it_asks(works, water, qian, zhao):
    open_handle(works)
    for actor in (make_actor("sun", "R09", water), qian, zhao):
        with refused(Forbidden):
            ask(actor)


def test_a_head_of_another_office_does_not_even_see_it(works, water, li, stranger):
    open_handle(works)
    extension = ask(li)
    for actor in (make_actor("sun", "R10", water), stranger):
        with refused(Unseen):
            extensions.grant_extension(extension.pk, actor=actor)
    with refused(Unseen):
        extensions.grant_extension(uuid7(), actor=li)


def test_one_wish_at_a_time(works, li, wang):
    open_handle(works)
    extension = ask(li)
    with refused(MoveRefused):
        ask(li)
    extensions.grant_extension(extension.pk, actor=wang)
    with refused(MoveRefused):
        extensions.grant_extension(extension.pk, actor=wang)
    with refused(MoveRefused):
        extensions.refuse_extension(extension.pk, actor=wang)


def test_more_time_is_asked_for_and_granted_before_the_deadline(works, li, wang):
    open_handle(works)
    with clock.at(at("2026-03-11 17:58")):
        extension = ask(li)
    with clock.at(at("2026-03-11 17:59")):
        assert not extensions.grant_extension(extension.pk, actor=wang).late
    with clock.at(at("2026-03-17 09:00")), refused(Refused):
        ask(li)


def test_a_late_clock_is_not_made_punctual_afterwards(works, li, wang):
    open_handle(works)
    with clock.at(at("2026-03-11 17:59")):
        extension = ask(li)
    with clock.at(at("2026-03-12 09:00")), refused(Refused):
        extensions.grant_extension(extension.pk, actor=wang)


def test_one_extension_is_no_longer_than_the_limit(works, li):
    open_handle(works)
    with clock.at(at("2026-03-11 17:59")), refused(Invalid):
        ask(li, "9999wd")


@pytest.mark.parametrize("limit", ["4wh", "5d", "soon", "0wd", ""])
def test_more_time_is_counted_like_the_limit(works, li, limit):
    open_handle(works)
    with refused(Invalid):
        ask(li, limit)


def test_nothing_is_granted_while_the_clock_stands_still(works, li, wang):
    open_handle(works)
    extension = ask(li)
    pause_at("2026-03-05 10:00")
    with refused(MoveRefused):
        extensions.grant_extension(extension.pk, actor=wang)


def test_the_waiting_wish_is_found(works, li, wang):
    open_handle(works)
    assert owed.asked_extension(THING) is None
    extension = ask(li)
    assert owed.asked_extension(THING) == extension
    extensions.grant_extension(extension.pk, actor=wang)
    assert owed.asked_extension(THING) is None
    assert Extension.objects.count() == 1
