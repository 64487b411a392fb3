"""Li Wei registers reports and also verifies; Root administers; Hong administers another town."""

import pytest
from django.test import Client

from linli.offices.models import Post
from linli.offices.tests.people import OTHER_TOWN, make_account, make_office, make_post


@pytest.fixture
def liwei(db) -> Post:
    make_post("liwei", "R06")
    make_post("liwei", "R11", make_office("GOV-ZH"))
    return Post.objects.get(account__username="liwei", role="R06")


@pytest.fixture
def root(db) -> Post:
    return make_post("root", "R22")


@pytest.fixture
def hong(db) -> Post:
    make_account("hong", township=OTHER_TOWN)
    return make_post("hong", "R22", make_office("GOV-ZZ", township=OTHER_TOWN))


@pytest.fixture
def browse():
    """Sign somebody in and return their browser."""

    def signed_in(post: Post) -> Client:
        client = Client()
        client.force_login(
            post.account, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return signed_in
