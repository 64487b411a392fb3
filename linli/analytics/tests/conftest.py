"""The small town of the cases' tests, and browsers for its people."""

import pytest
from django.test import Client

from linli.cases.tests.conftest import town  # noqa: F401 - a fixture
from linli.offices.models import Account, Actor


@pytest.fixture
def browse():
    """Sign somebody in and return their browser."""

    def signed_in(actor: Actor) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=actor.account))
        return client

    return signed_in
