"""Who is in the tests of duties, and the Wednesday on which most of them begin."""

import pytest

from linli.duties.queries import calendars
from linli.duties.rules import access
from linli.duties.tests.matters import THING, WEDNESDAY, bus_ear
from linli.kit import clock
from linli.offices.tests.people import OTHER_TOWN, make_actor, make_office


@pytest.fixture(autouse=True)
def fresh_calendar(monkeypatch):
    """Read the calendar again, and forget the kinds of matter that a test registers."""
    monkeypatch.setattr(access, "_kinds", {})
    calendars.forget_calendars()
    yield
    calendars.forget_calendars()


@pytest.fixture
def wednesday():
    with clock.at(WEDNESDAY):
        yield WEDNESDAY


@pytest.fixture
def heard(monkeypatch):
    """The events that were published, in order."""
    return bus_ear(monkeypatch)


@pytest.fixture
def works(db):
    return make_office("GOV-CJ")


@pytest.fixture
def water(db):
    return make_office("GOV-SL", on_duty="24h")


@pytest.fixture
def li(works):
    """Li handles matters in the construction office."""
    return make_actor("li", "R09", works)


@pytest.fixture
def wang(works):
    """Wang heads the construction office."""
    return make_actor("wang", "R10", works)


@pytest.fixture
def zhao(db):
    """Zhao is the leader on duty."""
    return make_actor("zhao", "R13")


@pytest.fixture
def qian(db):
    """Qian supervises deadlines."""
    return make_actor("qian", "R14")


@pytest.fixture
def admin(db):
    return make_actor("admin", "R22")


@pytest.fixture
def stranger(db):
    """A supervisor of another township."""
    return make_actor("stranger", "R14", make_office("GOV-ZZ", township=OTHER_TOWN))


@pytest.fixture
def matter():
    return THING
