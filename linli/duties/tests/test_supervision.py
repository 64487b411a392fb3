"""A late office answers in writing; a hung problem hangs until its condition is fulfilled."""

import pytest

from linli.audit.models import Entry
from linli.duties.queries import owed
from linli.duties.services import supervision
from linli.duties.tests.matters import THING, meet_at, open_handle, refused
from linli.kit.errors import Forbidden, Invalid, MoveRefused, Unseen
from linli.offices.tests.people import TOWN, make_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def order(actor, text="为何逾期？"):
    return supervision.order_supervision(THING, "handle", actor=actor, text=text)


def hang(actor, condition="路灯已亮"):
    return supervision.hang(THING, "handle", actor=actor, condition=condition)


def test_the_supervisor_orders_and_the_office_replies(works, qian, li):
    open_handle(works)
    asked = order(qian)
    assert owed.list_orders(li) == [asked]
    supervision.reply_order(asked.pk, actor=li, text="配件周五到货")
    assert owed.list_orders(li) == []
    (answered,) = owed.list_orders(qian, answered=True)
    assert (answered.reply, answered.closed_by_id) == ("配件周五到货", li.post)
    assert list(Entry.objects.order_by("seq").values_list("act", flat=True)) == [
        "duty.order",
        "duty.order_replied",
    ]


def test_one_open_order_at_a_time(works, qian, li):
    open_handle(works)
    first = order(qian)
    with refused(MoveRefused):
        order(qian)
    supervision.reply_order(first.pk, actor=li, text="已联系")
    with refused(MoveRefused):
        supervision.reply_order(first.pk, actor=li, text="再说一次")
    assert order(qian).pk != first.pk


def test_only_the_owing_office_replies(works, water, qian, stranger):
    open_handle(works)
    asked = order(qian)
    with refused(Forbidden):
        supervision.reply_order(asked.pk, actor=qian, text="我替他答")
    for actor in (make_actor("sun", "R09", water), stranger):
        with refused(Unseen):
            supervision.reply_order(asked.pk, actor=actor, text="?")


def test_handlers_do_not_supervise(works, li, wang):
    open_handle(works)
    with refused(Forbidden):
        order(wang)
    with refused(Forbidden):
        hang(li)


def test_an_order_and_a_reply_say_something(works, qian, li):
    open_handle(works)
    with refused(Invalid):
        order(qian, "  ")
    with refused(Invalid):
        hang(qian, "")
    asked = order(qian)
    with refused(Invalid):
        supervision.reply_order(asked.pk, actor=li, text="\n")


def test_what_is_done_is_not_supervised(works, qian):
    open_handle(works)
    meet_at("2026-03-05 10:00")
    with refused(MoveRefused):
        order(qian)
    with refused(MoveRefused):
        hang(qian)


def test_a_problem_hangs_until_it_is_lifted(works, qian):
    open_handle(works)
    hung = hang(qian)
    with refused(MoveRefused):
        hang(qian)
    meet_at("2026-03-05 10:00")
    assert owed.list_hung(TOWN) == [hung]
    with refused(Invalid):
        supervision.lift_hang(hung.pk, actor=qian, note=" ")
    supervision.lift_hang(hung.pk, actor=qian, note="现场已查看")
    assert owed.list_hung(TOWN) == []
    with refused(MoveRefused):
        supervision.lift_hang(hung.pk, actor=qian, note="又一次")


def test_another_township_does_not_see_it(works, qian, stranger):
    open_handle(works)
    hung = hang(qian)
    assert owed.list_hung(stranger.township) == []
    with refused(Unseen):
        supervision.lift_hang(hung.pk, actor=stranger, note="x")
