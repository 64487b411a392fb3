"""The pages of areas: who may see and change what."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.areas.choices import Kind
from linli.areas.models import AdmittedTask, Area, Beat, Responsibility
from linli.areas.tests.places import (
    DAY,
    collection,
    feature,
    grid_code,
    make_area,
    square,
    village_code,
)
from linli.offices.tests.people import OTHER_TOWN, TOWN, make_account, make_office, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_day")]


@pytest.fixture
def browse():
    """Sign somebody in and return their browser."""

    def signed_in(username: str, role: str, office=None) -> Client:
        post = make_post(username, role, office or make_office("GOV-ZZ"))
        client = Client()
        client.force_login(
            post.account, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return signed_in


@pytest.fixture
def root(browse):
    """Root administers."""
    return browse("root", "R22")


@pytest.fixture
def wang(browse):
    """Wang registers reports."""
    return browse("wang", "R06")


@pytest.fixture
def hong(browse):
    """Hong administers another town."""
    make_account("hong", township=OTHER_TOWN)
    return browse("hong", "R22", make_office("GOV-ZZ", township=OTHER_TOWN))


@pytest.fixture
def village():
    make_office("GOV-ZZ")
    return make_area(village_code(1), square(0, 0, 2), kind=Kind.VILLAGE, name_zh="柳林村")


@pytest.fixture
def grid(village):
    return make_area(
        grid_code(1), square(0, 0), parent=village, name_zh="一组网格", contact_phone="0722-1234567"
    )


def area_fields(**fields) -> dict[str, object]:
    return {"kind": "grid", "code": grid_code(2), "name_zh": "二组网格", "crs": "wgs84", **fields}


def test_everybody_sees_the_list_and_searches_it(client, village, grid):
    page = client.get("/areas/").content.decode()
    assert "柳林村" in page
    assert "0722-1234567" in page
    page = client.get("/areas/", {"search": "一组", "kind": "grid"}).content.decode()
    assert "一组网格" in page
    assert f"/areas/{village.pk}/" in page
    assert client.get("/areas/", {"search": "没有"}).status_code == 200
    assert client.get("/areas/", {"search": "x\x00", "kind": "?", "after": "?"}).status_code == 200


def test_the_list_costs_the_same_however_long(client, village, django_assert_num_queries):
    for number in range(1, 4):
        make_area(grid_code(number), parent=village)
    with django_assert_num_queries(2):
        client.get("/areas/")
    for number in range(4, 40):
        make_area(grid_code(number), square(number, 0), parent=village)
    with django_assert_num_queries(2):
        client.get("/areas/")


def test_a_long_list_is_read_page_by_page(client, village):
    for number in range(1, 130):
        make_area(grid_code(number), parent=village)
    first = client.get("/areas/")
    second = client.get("/areas/", {"after": str(first.context["after"])})
    codes = [area.code for page in (first, second) for area in page.context["areas"]]
    assert codes == sorted(codes)
    assert len(set(codes)) == 130
    assert second.context["after"] is None


def test_everybody_takes_the_list_home(client, grid):
    found = client.get("/areas/areas.geojson", {"kind": "grid"})
    assert found["Content-Type"] == "application/geo+json"
    (one,) = found.json()["features"]
    assert one["properties"]["name_zh"] == "一组网格"
    assert one["geometry"] == square(0, 0)
    table = client.get("/areas/areas.csv").content.decode("utf-8")
    assert table.startswith("\ufeff")
    assert f"grid,{grid_code(1)},一组网格" in table


def test_a_name_is_no_formula(client, village):
    make_area(grid_code(5), name_zh="=1+1")
    assert "'=1+1" in client.get("/areas/areas.csv").content.decode()


def test_everybody_sees_an_area_with_its_outline_but_no_names(client, wang, village, grid):
    zhao = make_post("zhao", "R02")
    Beat.objects.create(township=TOWN, post=zhao, area=grid, valid_from=DAY)
    page = client.get(f"/areas/{grid.pk}/").content.decode()
    assert "<path d=" in page
    assert " style=" not in page
    assert "网格员" in page
    assert "Zhao" not in page
    assert "Zhao" in wang.get(f"/areas/{grid.pk}/").content.decode()
    assert "一组网格" in client.get(f"/areas/{village.pk}/").content.decode()


def test_an_unknown_area_is_not_found(client):
    assert client.get(f"/areas/{grid_code(1)}/").status_code == 404
    assert client.get("/areas/01890000-0000-7000-8000-000000000000/").status_code == 404


def test_root_adds_and_changes_an_area(root, village):
    made = root.post("/areas/add/", area_fields(parent=str(village.pk)))
    area = Area.objects.get(code=grid_code(2))
    assert made.status_code == 302
    assert made.url == f"/areas/{area.pk}/"
    assert area.parent == village
    shape = {
        "geometry": '{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": '
        "[[[113, 31], [113.1, 31], [113.1, 31.1], [113, 31]]]}}"
    }
    changed = area_fields(name_zh="二组新网格", parent=str(village.pk), version="1", **shape)
    assert root.post(f"/areas/{area.pk}/edit/", changed).status_code == 302
    area.refresh_from_db()
    assert (area.name_zh, area.version, area.east) == ("二组新网格", 2, 113.1)
    page = root.get(f"/areas/{area.pk}/").content.decode()
    assert "二组网格" in page
    assert root.post(f"/areas/{area.pk}/edit/", changed).status_code == 409


@pytest.mark.parametrize(
    "fields",
    [
        {"code": ""},
        {"code": "1"},
        {"code": "9" * 41},
        {"name_zh": ""},
        {"name_zh": "长" * 121},
        {"name_zh": "坏\x00"},
        {"kind": "county"},
        {"crs": "utm"},
        {"geometry": "not json"},
        {"geometry": '{"type": "Point", "coordinates": [113, 31]}'},
        {"geometry": "[" * 5000},
        {"parent": "01890000-0000-7000-8000-000000000000"},
        {"parent": "x"},
        {"contact_phone": "1" * 41},
    ],
)
def test_what_cannot_be_used_comes_back_with_a_sentence(root, village, fields):
    answer = root.post("/areas/add/", area_fields(**fields))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert Area.objects.count() == 1


def test_an_area_with_an_odd_code_keeps_it_when_it_is_renamed(root, village):
    odd = make_area("NC-47", any_code=True)
    renamed = area_fields(code="NC-47", name_zh="新名")
    assert root.post(f"/areas/{odd.pk}/edit/", renamed).status_code == 302


def test_root_closes_an_area(root, grid):
    answer = root.post(f"/areas/{grid.pk}/close/", {"over_from": "2026-11-01"})
    assert answer.status_code == 422
    assert root.post(f"/areas/{grid.pk}/close/", {"over_from": "2026-11-02"}).status_code == 302
    assert root.post(f"/areas/{grid.pk}/close/", {"over_from": "2026-11-02"}).status_code == 409
    assert root.get(f"/areas/{grid.pk}/").status_code == 200


def test_root_gives_and_ends_a_beat(root, village, grid):
    zhao = make_post("zhao", "R02")
    answer = root.post(f"/areas/{village.pk}/beats/", {"post": str(zhao.pk), "valid_from": DAY})
    assert answer.status_code == 422
    root.post(f"/areas/{grid.pk}/beats/", {"post": str(zhao.pk), "valid_from": DAY})
    beat = Beat.objects.get()
    assert root.post(f"/areas/beats/{beat.pk}/end/", {"over_from": "x"}).status_code == 422
    root.post(f"/areas/beats/{beat.pk}/end/", {"over_from": DAY + timedelta(days=1)})
    beat.refresh_from_db()
    assert beat.valid_to == DAY + timedelta(days=1)


def test_root_fills_the_matrix_and_wang_reads_it(root, wang, client, village):
    lead, support = make_office("GOV-CJ"), make_office("STA-JJ")
    row = {
        "category": "0102",
        "area": str(village.pk),
        "lead": str(lead.pk),
        "supports": [str(support.pk)],
        "valid_from": DAY,
    }
    assert root.post("/areas/responsibilities/set/", row).status_code == 302
    assert root.post("/areas/responsibilities/set/", row).status_code == 422
    wrong = {**row, "lead": str(support.pk), "category": "9999999"}
    assert root.post("/areas/responsibilities/set/", wrong).status_code == 422
    page = wang.get("/areas/responsibilities/").content.decode()
    assert lead.name_zh in page
    assert support.name_zh in page
    assert client.get("/areas/responsibilities/").status_code == 302
    made = Responsibility.objects.get()
    root.post(f"/areas/responsibilities/{made.pk}/end/", {"over_from": "2027-01-01"})
    made.refresh_from_db()
    assert made.valid_to is not None


def test_root_keeps_the_admission_list_and_everybody_reads_it(root, client):
    row = {
        "category": "0202",
        "basis": "准入清单第三项",
        "owner": str(make_office().pk),
        "valid_from": DAY,
        "expires_on": "2027-01-01",
    }
    assert root.post("/areas/admissions/admit/", row).status_code == 302
    assert root.post("/areas/admissions/admit/", row).status_code == 422
    assert "准入清单第三项" in client.get("/areas/admissions/").content.decode()
    task = AdmittedTask.objects.get()
    root.post(f"/areas/admissions/{task.pk}/end/", {"last_day": "2026-11-30"})
    task.refresh_from_db()
    assert task.expires_on.isoformat() == "2026-11-30"


def upload(data: bytes, **fields) -> dict[str, object]:
    return {
        "file": SimpleUploadedFile("grids.geojson", data),
        "kind": "grid",
        "code": "code",
        "name": "name",
        "crs": "wgs84",
        "town_name": "演示镇",
        **fields,
    }


def test_root_tries_a_file_then_imports_it(root):
    data = collection(
        feature(square(0, 0), code=grid_code(1), name="甲"),
        feature(square(0.5, 0), code=grid_code(2), name="乙"),
        feature(None, code=grid_code(3), name="丙"),
    )
    tried = root.post("/areas/import/", upload(data, dry_run="on"))
    assert tried.context["report"].made == 2
    assert "50.0%" in tried.content.decode()
    assert not Area.objects.exists()
    root.post("/areas/import/", upload(data))
    assert Area.objects.filter(kind="grid").count() == 2


def test_a_file_that_is_no_geojson_comes_back_with_a_sentence(root):
    answer = root.post("/areas/import/", upload(b"PK\x03\x04"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert root.post("/areas/import/", upload(b"")).status_code == 422


WRITES = [
    "/areas/add/",
    "/areas/import/",
    "/areas/{grid}/edit/",
    "/areas/{grid}/close/",
    "/areas/{grid}/beats/",
    "/areas/responsibilities/set/",
    "/areas/responsibilities/{grid}/end/",
    "/areas/admissions/admit/",
    "/areas/admissions/{grid}/end/",
    "/areas/beats/{grid}/end/",
]


@pytest.mark.parametrize("address", WRITES)
def test_nobody_and_no_power_change_nothing(client, wang, grid, address):
    address = address.format(grid=grid.pk)
    assert client.post(address).status_code == 302
    assert wang.post(address).status_code == 403


@pytest.mark.parametrize("door", ["edit", "close", "beats"])
def test_another_town_has_no_such_area(hong, grid, door):
    assert hong.post(f"/areas/{grid.pk}/{door}/", area_fields()).status_code == 404
    assert "<summary>" not in hong.get(f"/areas/{grid.pk}/").content.decode()
