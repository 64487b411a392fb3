"""The areas that programs read."""

import pytest
from django.test import Client

from linli.areas.choices import Kind
from linli.areas.tests.places import DAY, grid_code, make_area, square, village_code
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_day")]
AREAS = "/api/v1/areas"


@pytest.fixture
def village():
    make_office("GOV-ZZ")
    village = make_area(village_code(1), square(0, 0, 2), kind=Kind.VILLAGE, name_zh="柳林村")
    make_area(grid_code(1), square(0, 0), parent=village)
    make_area(grid_code(2), parent=village)
    make_area(grid_code(9), township=OTHER_TOWN)
    return village


def test_everybody_lists_areas(client, village):
    items = client.get(AREAS).json()["items"]
    assert [one["code"] for one in items] == [village_code(1), grid_code(1), grid_code(2)]
    assert items[0]["id"] == str(village.pk)
    assert items[0]["valid_from"] == DAY.isoformat()
    assert items[1]["parent"] == str(village.pk)
    grids = client.get(AREAS, {"kind": "grid", "parent": str(village.pk)}).json()["items"]
    assert len(grids) == 2
    assert client.get(AREAS, {"township": OTHER_TOWN}).json()["items"][0]["code"] == grid_code(9)
    assert client.get(AREAS, {"township": "990199000000"}).json() == {"items": []}


@pytest.mark.parametrize(
    "asked",
    [
        {"data": {"kind": "grid", "format": "geojson"}},
        {"headers": {"accept": "application/geo+json"}},
        {"headers": {"accept": "application/geo+json;q=0.9, */*;q=0.1"}},
    ],
)
def test_whoever_asks_gets_shapes(village, asked):
    found = Client().get(AREAS, **{"data": {"kind": "grid"}, **asked})
    assert found["Content-Type"] == "application/geo+json"
    first, second = found.json()["features"]
    assert first["geometry"] == square(0, 0)
    assert second["geometry"] is None
    assert first["properties"]["code"] == grid_code(1)
    assert first["properties"]["township"] == TOWN


def test_what_has_not_changed_is_not_sent_again(client, village):
    etag = client.get(AREAS)["ETag"]
    assert client.get(AREAS, headers={"if-none-match": etag}).status_code == 304
    assert client.get(AREAS, {"kind": "grid"}, headers={"if-none-match": etag}).status_code == 200
    make_area(grid_code(3))
    again = client.get(AREAS, headers={"if-none-match": etag})
    assert again.status_code == 200
    assert again["ETag"] != etag


def test_a_list_costs_the_same_however_long(client, village, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(AREAS)
    for number in range(10, 60):
        make_area(grid_code(number), square(number, 0), parent=village)
    with django_assert_num_queries(3):
        client.get(AREAS)
    with django_assert_num_queries(3):
        client.get(AREAS, {"format": "geojson"})


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "county"},
        {"format": "xml"},
        {"parent": "1"},
        {"township": "x\r\ny"},
        {"township": "٣"},
        {"kind": "\x00"},
    ],
)
def test_what_cannot_be_asked_is_a_problem(client, village, query):
    answer = client.get(AREAS, query)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
