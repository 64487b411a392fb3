"""The notices of a desk."""

from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from linli.channels import queries, rules, services
from linli.channels.choices import ToAccount, ToOffice
from linli.channels.models import Message, Reading
from linli.channels.tests.matters import LAMP, tell
from linli.kit import clock
from linli.kit.errors import Forbidden, Invalid, Unseen
from linli.offices.models import Account, system
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_actor, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    """Anna registers at the centre."""
    return make_actor("anna", "R06")


@pytest.fixture
def ben():
    """Ben handles in the urban office."""
    return make_actor("ben", "R09", make_office("GOV-CJ"))


@pytest.fixture
def desk(client, anna):
    client.force_login(
        Account.objects.get(pk=anna.account),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def titles(actor):
    return [notice.title for notice in queries.list_notices(actor).items]


def test_a_notice_reaches_one_colleague_or_an_office_with_a_power(anna, ben):
    tell(ToAccount(anna.account))
    tell(ToOffice(anna.office, "register"))
    tell(ToOffice(anna.office, "dispatch"))
    tell(ToOffice(ben.office))
    assert len(titles(anna)) == 2
    assert len(titles(ben)) == 1


def test_the_rule_for_one_is_the_filter_for_many(anna, ben):
    chief = make_actor("chief", "R07")
    stranger = make_actor("stranger", "R06", make_office("GOV-ZZ", township=OTHER_TOWN))
    for number, to in enumerate(
        [
            ToAccount(anna.account),
            ToAccount(ben.account),
            ToOffice(anna.office),
            ToOffice(anna.office, "dispatch"),
            ToOffice(ben.office, "handle"),
        ]
    ):
        tell(to, dedupe=str(number))
    for actor, message in product(
        (anna, ben, chief, stranger, system(TOWN)), Message.objects.all()
    ):
        found = Message.objects.for_reader(actor).filter(pk=message.pk).exists()
        assert found == rules.may_read_notice(actor, message)


def test_unread_come_first_and_pages_follow_each_other(anna):
    pks = [tell(ToAccount(anna.account), dedupe=f"{number}").pk for number in range(7)]
    for pk in (pks[1], pks[6]):
        services.mark_read(pk, actor=anna)
    expected = [pks[5], pks[4], pks[3], pks[2], pks[0], pks[6], pks[1]]
    seen, after = [], ""
    while True:
        page = queries.list_notices(anna, after, limit=2)
        seen += [notice.pk for notice in page.items]
        after = page.after
        if not after:
            break
    assert seen == expected


@pytest.mark.parametrize("after", ["x", "u", "u123", "r" + "z" * 32, "\x00"])
def test_a_broken_page_key_is_refused(anna, after):
    with pytest.raises(Invalid):
        queries.list_notices(anna, after)


def test_everybody_reads_an_office_notice_for_themselves(anna):
    clara = make_actor("clara", "R06")
    notice = tell(ToOffice(anna.office))
    services.mark_read(notice.pk, actor=anna)
    services.mark_read(notice.pk, actor=anna)
    assert (queries.count_unread(anna), queries.count_unread(clara)) == (0, 1)
    assert services.mark_all_read(actor=clara) == 1
    assert queries.count_unread(clara) == 0
    assert Reading.objects.count() == 2


def test_what_is_for_others_cannot_be_marked(anna, ben):
    notice = tell(ToAccount(ben.account))
    with pytest.raises(Unseen):
        services.mark_read(notice.pk, actor=anna)
    with pytest.raises(Forbidden):
        services.mark_read(notice.pk, actor=system(TOWN))


def test_notices_speak_the_readers_language(anna):
    tell(ToAccount(anna.account))
    with translation.override("en"):
        assert titles(anna) == [f"{LAMP.number}: the reporter urges"]
    with translation.override("zh-hans"):
        assert titles(anna) == [f"{LAMP.number}：报告人催办"]


def test_old_notices_leave_the_desk(anna):
    with clock.at(clock.now() - timedelta(days=181)):
        tell(ToAccount(anna.account))
    assert titles(anna) == []


def test_the_page_asks_the_database_as_often_for_twenty_notices_as_for_one(desk, anna):
    def cost():
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(reverse("channels:notices")).status_code == 200
        return len(caught)

    tell(ToAccount(anna.account), dedupe="first")
    cost()
    one = cost()
    for number in range(30):
        tell(ToOffice(anna.office), dedupe=str(number))
    assert cost() == one


def test_the_page_shows_escaped_text_and_leads_on(desk, anna):
    for number in range(25):
        tell(
            ToAccount(anna.account),
            "dispatch_refused",
            dedupe=f"{number}",
            office="<b>x</b>",
            reason="&",
        )
    page = desk.get(reverse("channels:notices"))
    text = page.content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "<b>x" not in text
    after = page.context["after"]
    assert after in text
    assert len(desk.get(reverse("channels:notices"), {"after": after}).context["notices"]) == 5


def test_an_empty_desk_says_so(desk):
    assert "没有" in desk.get(reverse("channels:notices")).content.decode()


def test_marking_from_the_page(desk, anna):
    notice = tell(ToAccount(anna.account))
    assert "1" in desk.get(reverse("channels:count")).content.decode()
    answer = desk.post(reverse("channels:read", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("channels:notices"))
    assert desk.get(reverse("channels:count")).content.decode().strip() == ""
    tell(ToAccount(anna.account), dedupe="next")
    desk.post(reverse("channels:read_all"))
    assert queries.count_unread(anna) == 0


def test_opening_a_notice_leads_to_its_matter(desk, anna, lamps, monkeypatch):
    monkeypatch.setattr(rules, "_readers", {})
    rules.register_reader("lamp", lambda _actor, _key: True, page="channels:read")
    notice = tell(ToAccount(anna.account))
    answer = desk.post(reverse("channels:read", args=[notice.pk]), {"open": "yes"})
    assert answer["Location"] == reverse("channels:read", args=[LAMP.key])


def test_doors_are_shut_for_nobody_and_for_others(client, desk, ben):
    notice = tell(ToAccount(ben.account))
    assert desk.post(reverse("channels:read", args=[notice.pk])).status_code == 404
    assert desk.post(reverse("channels:read", args=[UUID(int=1)])).status_code == 404
    assert desk.get(reverse("channels:read", args=[notice.pk])).status_code == 405
    client.logout()
    for name in ("notices", "count"):
        answer = client.get(reverse(f"channels:{name}"))
        assert answer.status_code == 302
        assert reverse("account_login") in answer["Location"]
