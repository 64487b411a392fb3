"""A year of the sample town: every case lives at its own pace, all in the order of time."""

import heapq
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from django.db import transaction
from shapely import Point
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.prepared import prep

from linli.areas.models import Area
from linli.audit.services import publish_roots
from linli.cases.models.case import Case
from linli.cases.models.catalogue import Category
from linli.cases.services.intake import Contact, Place
from linli.demo.services.cast import Cast
from linli.demo.services.lives import Life, Story
from linli.demo.services.people import FACTS
from linli.demo.services.plans import Plan
from linli.duties.services.sweeping import sweep
from linli.kit import clock
from linli.kit.errors import Refused

DAYS = 365
BATCH = 400  # verbs in one transaction
SWEEP = timedelta(hours=6)
HOURS = [1, 1, 1, 1, 1, 3, 8, 14, 18, 16, 14, 10, 8, 10, 13, 13, 12, 11, 12, 13, 11, 7, 4, 2]
LEFT = [
    "reported",
    "returned",
    "registered",
    "dispatched",
    "meeting",
    "handling",
    "paused",
    "verifying",
]
WAYS = {
    "handled": 76,
    "settled": 9,
    "answered": 4,
    "referred": 2,
    "merged": 4,
    "withdrawn": 2,
    "excluded": 1,
    "lapsed": 2,
}


# What is left in these states must be of a kind that stays there for days.
_FITS: dict[str, Callable[[Category], bool]] = {
    "paused": lambda category: category.dispose in {"10wd", "15wd"},
    "verifying": lambda category: category.urgency == "P2",
}


class Dice:
    """What the sample town is made of, drawn with a fixed seed."""

    def __init__(self, township: str, random: Random) -> None:
        self.random = random
        self.categories = [
            one
            for one in Category.objects.filter(active=True).select_related("group")
            if one.reporter in {"both", "public"}
        ]
        grids = list(Area.objects.filter(township=township, kind="grid").order_by("code"))
        self.busy = [random.paretovariate(1.4) for _grid in grids]
        self.grids = [(grid, shape_of(grid)) for grid in grids]

    def category(self, month: int) -> Category:
        """Draw a category by group and season."""

        def weight(one: Category) -> float:
            season = FACTS["season"].get(one.group_id, [1] * 12)[month - 1]
            return float(FACTS["weight"][one.group_id] * season / (2 if one.urgency == "P1" else 1))

        return self.random.choices(self.categories, [weight(one) for one in self.categories])[0]

    def place(self) -> Place:
        """Draw a point, in busy grids more often, with a landmark."""
        grid, surface = self.random.choices(self.grids, self.busy)[0]
        west, south, east, north = surface.bounds
        inside = prep(surface)
        while True:
            point = Point(self.random.uniform(west, east), self.random.uniform(south, north))
            if inside.contains(point):
                break
        landmark = self.random.choice(FACTS["places"])
        return Place(round(point.x, 6), round(point.y, 6), "wgs84", landmark, grid.parent_id)

    def plan(self, month: int, *, stop: str = "") -> Plan:
        """Draw a whole case."""
        category, place = self.category(month), self.place()
        while stop in _FITS and not _FITS[stop](category):
            category = self.category(month)
        way = self.random.choices(list(WAYS), list(WAYS.values()))[0]
        if stop or category.urgency == "P1" or category.needs_consent:
            way = "handled"
        if way == "settled" and category.close_level != "village":
            way = "handled"
        channel = "grid" if way == "settled" else self._channel()
        text = f"{place.address}{category.name_zh}。{self.random.choice(FACTS['details'])}"
        slow = self.random.choices([1.0, 2.2, 4.0, 12.0], [80, 12, 6, 2])[0]
        contact = self._contact(must=category.needs_consent)
        return Plan(category.pk, text, place, contact, channel, way, stop, slow)

    def _channel(self) -> str:
        return self.random.choices(["web", "grid", "phone", "counter"], [50, 25, 18, 7])[0]

    def _contact(self, *, must: bool) -> Contact:
        if not must and self.random.random() < 0.55:
            return Contact()
        phone = f"1390000{self.random.randrange(10_000):04}"
        return Contact(name="演示报告人", phone=phone, consent=must)

    def moments(self, start: datetime, number: int) -> list[datetime]:
        """Draw when cases are reported: by weekday and hour, slowly more over the year."""
        found: list[datetime] = []
        while len(found) < number:
            day = start + timedelta(days=int(DAYS * self.random.random() ** 0.8))
            if day.weekday() >= 5 and self.random.random() < 0.4:
                continue
            hour = self.random.choices(range(24), HOURS)[0]
            found.append(day + timedelta(hours=hour, minutes=self.random.uniform(0, 60)))
        return sorted(found)


def shape_of(area: Area) -> BaseGeometry:
    """Return the surface of an area."""
    return shape(json.loads(area.geometry))


def _alarms(start: datetime, end: datetime) -> Life:
    while start < end:
        sweep(clock.now())
        publish_roots()
        yield SWEEP
        start += SWEEP


def live_through(
    township: str, end: datetime, number: int, progress: Callable[[int], object]
) -> int:
    """Let the sample town live for a year until `end`; returns how many verbs were done.

    Args:
        number: how many cases are reported.
        progress: called with the number of steps since its last call.
    """
    random = Random(20_261_124)  # noqa: S311 - the same year every time
    dice, cast = Dice(township, random), Cast(township)
    start = (end - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    order = count()
    queue: list[tuple[datetime, int, Life]] = [(start, next(order), _alarms(start, end))]
    left = [(end - timedelta(days=random.uniform(3, 9)), state) for state in LEFT * 6]
    rest = [(moment, "") for moment in dice.moments(start, number - len(left))]
    for moment, stop in sorted(left + rest):
        story = Story(dice.plan(moment.month, stop=stop), cast, random)
        heapq.heappush(queue, (moment, next(order), story.live()))
    return _run(queue, end, order, progress)


def _run(
    queue: list[tuple[datetime, int, Life]],
    end: datetime,
    order: Iterator[int],
    progress: Callable[[int], object],
) -> int:
    done = 0
    while queue and queue[0][0] < end:
        with transaction.atomic():
            for _step in range(BATCH):
                if not queue or queue[0][0] >= end:
                    break
                moment, _place, life = heapq.heappop(queue)
                with clock.at(moment):
                    wait = _next(life)
                if wait is not None:
                    heapq.heappush(
                        queue, (moment + max(wait, timedelta(seconds=30)), next(order), life)
                    )
                done += 1
        progress(done)
    return done


def _next(life: Life) -> timedelta | None:
    """Let a life go on to its next pause; a verb that its moment does not allow ends it there."""
    try:
        with transaction.atomic():
            return next(life, None)
    except Refused:
        return None


def count_cases(township: str) -> int:
    """Return how many cases the sample town has."""
    return Case.objects.filter(township=township).count()
