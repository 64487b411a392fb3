from django.urls import reverse

from linli.kit.data import read_tsv
from linli.offices.tests.people import make_post


def test_a_resident_finds_what_one_can_do(client, db):
    page = client.get("/").content.decode()
    assert f'href="{reverse("site:signposts")}"' in page
    assert f'href="{reverse("account_login")}"' in page


def test_staff_see_in_which_post_they_act(client, db):
    post = make_post("liwei", "R06")
    client.force_login(post.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/").content.decode()
    assert "综治中心受理员" in page
    assert "有什么可以帮您" not in page


def test_the_signposts_say_who_takes_what(client, db):
    page = client.get("/signposts/").content.decode()
    for row in read_tsv("linli.site", "exclusions.tsv"):
        assert row["name_zh"] in page
    assert 'href="tel:110"' in page


def test_the_signposts_are_complete_in_both_languages():
    for row in read_tsv("linli.site", "exclusions.tsv"):
        assert all(row.values())


def test_the_pages_of_everybody_need_no_database(client):
    for door in ("/", "/signposts/", "/robots.txt"):
        assert client.get(door).status_code == 200


def test_robots_stay_out_of_the_offices(client):
    assert "Disallow: /me/" in client.get("/robots.txt").content.decode()
