"""Every test has a folder of its own, and a kind of matter that the desk of one town sees."""

import pytest

from linli.documents import rules
from linli.documents.tests.files import THING
from linli.offices.tests.people import TOWN, make_actor, make_office


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def things(monkeypatch):
    """Say that people of the office GOV-CJ see the thing, and its intake officers change it."""
    monkeypatch.setattr(rules, "_readers", {})
    monkeypatch.setattr(rules, "_writers", {})

    def reads(actor, key):
        return key == THING.key and actor.office == make_office().pk

    rules.register_reader("thing", reads)
    rules.register_writer(
        "thing", lambda actor, key: reads(actor, key) and actor.role.code == "R06"
    )


@pytest.fixture
def lina(db):
    """Li Na takes in reports and may change the thing."""
    return make_actor("lina", "R06", make_office())


@pytest.fixture
def chen(db):
    """Chen sits in the same office and may only see it."""
    return make_actor("chen", "R09", make_office())


@pytest.fixture
def wang(db):
    """Wang sits in another office of the same town."""
    return make_actor("wang", "R06", make_office("GOV-YJ", township=TOWN))
