import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.audit.models import Entry
from linli.kit.errors import Forbidden, Invalid, Refused, Unseen
from linli.offices import services
from linli.offices.choices import Village
from linli.offices.models import Office, as_actor, system
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_actor, make_office, make_post

DETAILS = {
    "code": "GOV-XX",
    "name_zh": "新办公室",
    "name_en": "New office",
    "kind": "own_office",
    "on_duty": "work",
    "can_close": "on",
}


def test_the_administrator_sets_up_an_office(browse, root):
    answer = browse(root).post(reverse("offices:add_office"), DETAILS)
    assert answer.status_code == 302
    office = Office.objects.get(code="GOV-XX")
    assert (office.township, office.name_zh, office.can_close) == (TOWN, "新办公室", True)
    assert Entry.objects.get(act="office.opened").subject == f"office:{office.pk}"


def test_a_second_office_with_the_same_code_is_refused_in_the_form(browse, root):
    answer = browse(root).post(reverse("offices:add_office"), {**DETAILS, "code": "GOV-ZZ"})
    assert answer.status_code == 422
    assert "code" in answer.context["form"].errors


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"code": "X" * 21},
        {"name_zh": "\x00"},
        {"name_zh": "字" * 81},
        {"kind": "nonsense"},
    ],
)
def test_wrong_details_are_refused_in_the_form(browse, root, wrong):
    answer = browse(root).post(reverse("offices:add_office"), {**DETAILS, **wrong})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    assert not Office.objects.filter(code="GOV-XX").exists()


def test_the_administrator_changes_an_office(browse, root):
    office = make_office("GOV-CJ")
    url = reverse("offices:edit_office", args=[office.pk])
    assert "GOV-CJ" in browse(root).get(url).content.decode()
    browse(root).post(url, {**DETAILS, "code": "GOV-CJ", "phone": "0595-1234"})
    office.refresh_from_db()
    assert (office.name_zh, office.phone) == ("新办公室", "0595-1234")
    assert "phone" in Entry.objects.get(act="office.changed").facts


def test_another_towns_office_is_not_seen(browse, hong):
    office = make_office("GOV-CJ")
    url = reverse("offices:edit_office", args=[office.pk])
    assert browse(hong).get(url).status_code == 404
    close = reverse("offices:close_office", args=[office.pk])
    assert browse(hong).post(close).status_code == 404


def test_closing_an_office_ends_its_posts(browse, root):
    office = make_office("GOV-CJ")
    handler = make_post("chen", "R09", office)
    browse(root).post(reverse("offices:close_office", args=[office.pk]))
    assert not Office.objects.get(pk=office.pk).active
    assert browse(handler).get("/").wsgi_request.actor is None
    listed = browse(root).get(reverse("offices:list_offices"))
    assert office.name_zh not in listed.content.decode()
    closed = browse(root).get(reverse("offices:list_offices") + "?closed")
    assert office.name_zh in closed.content.decode()
    with pytest.raises(Refused):
        services.close_office(office.pk, actor=as_actor(root))


def test_the_centre_cannot_be_closed(root):
    with pytest.raises(Refused):
        services.close_office(root.office_id, actor=as_actor(root))


def test_only_administrators_change_offices(db):
    clerk = make_actor("clerk", "R06")
    with pytest.raises(Forbidden):
        services.save_office(actor=clerk, **DETAILS)
    with pytest.raises(Forbidden):
        services.close_office(make_office().pk, actor=clerk)
    with pytest.raises(Forbidden):
        services.seed_offices(TOWN, [], actor=clerk)


def test_the_catalogue_sets_a_town_up_once(db):
    villages = [Village("990101000201", "洛阳村", "Luoyang"), Village("990101000202", "城东社区")]
    actor = system(TOWN, "setup")
    assert services.seed_offices(TOWN, villages, actor=actor) == 55 + 3 * 2
    assert services.seed_offices(TOWN, villages, actor=actor) == 0
    names = set(Office.objects.filter(code="VIL-CW").values_list("name_zh", flat=True))
    assert names == {"洛阳村村民委员会", "城东社区居民委员会"}
    assert not Office.objects.get(code="GOV-ZZ").can_close
    assert Office.objects.get(code="GOV-ZH").upstream == ""


def test_the_command_reads_villages_from_a_file(db, tmp_path, capsys):
    villages = tmp_path / "villages.tsv"
    villages.write_text("code\tname_zh\n990102000201\t东村\n", "utf-8")
    call_command("seed_offices", OTHER_TOWN, villages=villages)
    assert Office.objects.filter(township=OTHER_TOWN, place="990102000201").count() == 3
    assert "are new" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"\xff\xfe", b"name\nx\n"])
def test_the_command_says_what_is_wrong_with_the_file(db, tmp_path, content):
    villages = tmp_path / "villages.tsv"
    villages.write_bytes(content)
    with pytest.raises(CommandError, match="not a list of villages"):
        call_command("seed_offices", OTHER_TOWN, villages=villages)
    with pytest.raises(CommandError, match="12 digits"):
        call_command("seed_offices", "99")


def test_lists_ask_the_database_equally_often_for_many(browse, root):
    client = browse(root)

    def questions(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as few:
            assert client.get(url).status_code == 200
        return len(few)

    for door in ("offices:list_offices", "offices:list_accounts"):
        before = questions(reverse(door))
        for number in range(5):
            make_post(f"{door[-3:]}{number}", "R09", make_office(f"{door[-5:]}-{number}"))
        assert questions(reverse(door)) == before


def test_a_twin_made_by_a_verb_is_a_sentence(db, root):
    services.save_office(actor=as_actor(root), **{**DETAILS, "can_close": True})
    with pytest.raises(Invalid):
        services.save_office(actor=as_actor(root), **{**DETAILS, "can_close": True})
    with pytest.raises(Unseen):
        services.save_office(as_actor(root).post, actor=as_actor(root), **DETAILS)
