from django.urls import reverse

from linli.audit.models import Entry
from linli.offices.models import Post
from linli.offices.tests.people import make_account, make_office, make_post


def test_nobody_is_led_to_sign_in(client, db):
    for door in ("offices:me", "offices:tokens", "offices:list_offices", "offices:list_accounts"):
        answer = client.get(reverse(door))
        assert answer.url == f"{reverse('account_login')}?next={reverse(door).replace('/', '%2F')}"


def test_a_clerk_is_kept_from_administration(browse, liwei):
    client = browse(liwei)
    assert client.get(reverse("offices:list_offices")).status_code == 403
    assert client.get(reverse("offices:open_account")).status_code == 403
    assert client.get(reverse("offices:account", args=[liwei.account_id])).status_code == 403


def test_one_acts_in_another_of_ones_posts(browse, liwei):
    client = browse(liwei)
    other = Post.objects.get(account=liwei.account, role="R11")
    assert client.get(reverse("offices:me")).wsgi_request.actor.role.code == "R06"
    client.post(reverse("offices:switch_post"), {"post": other.pk})
    assert client.get(reverse("offices:me")).wsgi_request.actor.role.code == "R11"
    assert Entry.objects.get(act="post.switched").subject == f"post:{other.pk}"


def test_nobody_acts_in_somebody_elses_post(browse, liwei, root):
    client = browse(liwei)
    door = reverse("offices:switch_post")
    assert client.post(door, {"post": root.pk}).status_code == 404
    assert client.post(door, {"post": "nonsense"}).status_code == 404
    assert client.post(door).status_code == 404
    assert client.get(reverse("offices:me")).wsgi_request.actor.role.code == "R06"


def test_a_post_of_a_session_that_is_over_falls_back(browse, liwei):
    client = browse(liwei)
    other = Post.objects.get(account=liwei.account, role="R11")
    client.post(reverse("offices:switch_post"), {"post": other.pk})
    Post.objects.filter(pk=other.pk).update(valid_to=other.valid_from)
    assert client.get(reverse("offices:me")).wsgi_request.actor.role.code == "R06"


def test_without_a_post_ones_page_says_whom_to_ask(browse, db):
    post = make_post("chen", "R09", make_office("GOV-CJ"))
    Post.objects.filter(pk=post.pk).update(valid_to=post.valid_from)
    answer = browse(post).get(reverse("offices:me"))
    assert answer.status_code == 200
    assert answer.wsgi_request.actor is None
    assert "管理员" in answer.content.decode()
    elsewhere = browse(post).get(reverse("channels:notices"), follow=True)
    assert elsewhere.status_code == 403
    assert "管理员" in elsewhere.content.decode()


def test_administration_stands_in_the_navigation_of_administrators_only(browse, liwei, root):
    url = reverse("offices:list_accounts")
    assert f'href="{url}"' in browse(root).get("/").content.decode()
    assert f'href="{url}"' not in browse(liwei).get("/").content.decode()


def test_nobody_can_sign_up(client, db):
    make_account("liwei")
    answer = client.post(
        reverse("account_signup"), {"username": "new", "password1": "a-long-sentence-7"}
    )
    assert answer.status_code == 200
    assert "signup_closed" in str([one.name for one in answer.templates])
