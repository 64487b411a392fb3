"""A small town for tests: two villages, four grids, offices, and people with one job each."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from linli.areas.models import Area, Beat
from linli.cases.models.case import Case
from linli.cases.queries.cases import as_reporter
from linli.cases.services.catalogue import seed_catalogue
from linli.cases.services.intake import Contact, Place, Report, report
from linli.offices.models import Actor, Office, resident
from linli.offices.tests.people import TOWN, make_actor, make_office

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
LONG_AGO = date(2020, 1, 1)


def make_area(
    kind: str, code: str, box: tuple[float, float, float, float], **fields: object
) -> Area:
    """Make a rectangular area: west, south, east, north."""
    west, south, east, north = box
    ring = f"[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]"
    area, _ = Area.objects.get_or_create(
        township=TOWN,
        kind=kind,
        code=code,
        defaults={
            "name_zh": f"{code[-3:]}号",
            "valid_from": LONG_AGO,
            "changed_on": LONG_AGO,
            "geometry": f'{{"type":"Polygon","coordinates":[{ring}]}}',
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "lng": (west + east) / 2,
            "lat": (south + north) / 2,
            **fields,
        },
    )
    return area


@dataclass
class Town:
    """The people of the small town."""

    village: Area
    grid: Area
    other_grid: Area
    lights: Office
    roads: Office
    grid_worker: Actor
    far_grid_worker: Actor
    intake: Actor
    dispatcher: Actor
    handler: Actor
    head: Actor
    roads_handler: Actor
    verifier: Actor
    caller: Actor
    leader: Actor
    supervisor: Actor
    resident: Actor = field(default_factory=lambda: resident(TOWN))

    def report(self, text: str = "村口路灯不亮", **fields: object) -> Case:
        """Report a dark street light in the grid."""
        fields.setdefault("category", "0202")
        fields.setdefault("place", Place(lng=113.002, lat=31.502))
        actor = fields.pop("actor", self.resident)
        return report(Report(text=text, **fields), actor=actor)

    def reporter(self, case: Case) -> Actor:
        """Return whoever reported a case and holds its code."""
        return as_reporter(case)


def make_town() -> Town:
    """Make the small town."""
    seed_catalogue()
    make_area("township", TOWN, (113.0, 31.5, 113.04, 31.54))
    village = make_area("village", "990101001000", (113.0, 31.5, 113.02, 31.54))
    far = make_area("village", "990101002000", (113.02, 31.5, 113.04, 31.54))
    grid = make_area("grid", "990101001000001", (113.0, 31.5, 113.02, 31.52), parent=village)
    make_area("grid", "990101001000002", (113.0, 31.52, 113.02, 31.54), parent=village)
    other = make_area("grid", "990101002000001", (113.02, 31.5, 113.04, 31.54), parent=far)
    centre = make_office("GOV-ZZ", name_zh="综治中心", can_close=False, on_duty="24h")
    lights, roads = make_office("GOV-CJ"), make_office("GOV-ZF")
    committee = make_office("VIL-CW", place="990101001000", kind="village")
    make_office("UTL-GD", kind="utility")
    grid_worker = make_actor("wang", "R02", committee)
    far_grid_worker = make_actor("far", "R02", make_office("VIL-CW", place="990101002000"))
    for actor, area in ((grid_worker, grid), (far_grid_worker, other)):
        Beat.objects.create(township=TOWN, post_id=actor.post, area=area, valid_from=LONG_AGO)
    return Town(
        village=village,
        grid=grid,
        other_grid=other,
        lights=lights,
        roads=roads,
        grid_worker=grid_worker,
        far_grid_worker=far_grid_worker,
        intake=make_actor("li", "R06", centre, second_factor=True),
        dispatcher=make_actor("zhao", "R07", centre),
        handler=make_actor("chen", "R09", lights, second_factor=True),
        head=make_actor("head", "R10", lights),
        roads_handler=make_actor("lu", "R09", roads),
        verifier=make_actor("he", "R11", centre),
        caller=make_actor("hui", "R12", centre),
        leader=make_actor("leader", "R13", centre),
        supervisor=make_actor("du", "R14", centre),
    )


CONTACT = Contact(name="张三", phone="13800000000", email="zhang@example.org", wants_email=True)
