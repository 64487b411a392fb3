"""Verbs that change areas: each keeps the former self and gives the town's areas a new number."""

import secrets
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linli.areas.events import AreasChanged
from linli.areas.models import Area, AreaHistory, AreaSet
from linli.areas.queries import locating
from linli.areas.rules.drafts import Draft
from linli.areas.rules.shapes import Shape
from linli.audit.services import Line, record_many
from linli.kit import bus
from linli.kit.errors import Forbidden, Invalid, Refused, Stale, Unseen
from linli.offices.models import Actor
from linli.offices.queries import today

_KEPT = ("code", "name_zh", "name_en", "geometry")
_SHAPE = ("west", "south", "east", "north", "lng", "lat")
_PLAIN = ("code", "name_zh", "name_en", "contact_phone")


def begin(actor: Actor) -> AreaSet:
    """Let one administrator at a time change a town's areas and who answers there."""
    if not actor.may("admin"):
        raise Forbidden
    AreaSet.objects.get_or_create(pk=actor.township)
    return AreaSet.objects.select_for_update().get(pk=actor.township)


def get_own(pk: UUID, actor: Actor) -> Area:
    """Return an area of the actor's township; Unseen for any other."""
    area = Area.objects.filter(pk=pk, township=actor.township).first()
    if area is None:
        raise Unseen
    return area


@transaction.atomic
def save_area(pk: UUID | None, draft: Draft, *, actor: Actor, version: int | None = None) -> Area:
    """Make an area (`pk` None) or change one; what it was stays in its history.

    Args:
        version: the version that the change was made on; Stale if the area has moved on.
    """
    town = begin(actor)
    if pk is None:
        draft.check(actor.township)
        area, line = make(draft, actor)
        announce(town, [line], actor)
        return area
    area = get_own(pk, actor)
    _check_version(area, version)
    draft.check(actor.township, area)
    changed = change(area, draft)
    if changed:
        announce(town, [changed], actor)
    return area


@transaction.atomic
def close_area(pk: UUID, *, actor: Actor, over_from: date) -> Area:
    """End an area before the day `over_from`; what lies in it keeps it."""
    town = begin(actor)
    area = get_own(pk, actor)
    if area.valid_to is not None:
        raise Refused(_("This area is closed already."))
    if over_from < area.valid_from:
        raise Invalid({"over_from": [str(_("It cannot be over before it begins."))]})
    if area.children.filter(valid_to__isnull=True).exists():
        raise Refused(_("There are areas inside it. Close them first, or move them elsewhere."))
    area.valid_to, area.version = over_from, area.version + 1
    area.save(update_fields=["valid_to", "version"])
    line = Line("area.closed", _subject(area), {"over_from": over_from.isoformat()})
    announce(town, [line], actor)
    return area


def _check_version(area: Area, version: int | None) -> None:
    if area.valid_to is not None:
        raise Refused(_("This area is closed and cannot be changed."))
    if version is not None and version != area.version:
        now = {name: getattr(area, name) for name in _PLAIN}
        raise Stale(changes={"version": area.version, **now})


def _subject(area: Area) -> str:
    return f"area:{area.pk}"


def make(draft: Draft, actor: Actor) -> tuple[Area, Line]:
    """Write a new area of the actor's township; return it and what the trail shall say."""
    first = draft.valid_from or today()
    check_code(draft, actor.township, first)
    area = Area(
        township=actor.township,
        kind=draft.kind,
        parent=draft.parent,
        valid_from=first,
        changed_on=first,
        **{name: getattr(draft, name) for name in _PLAIN},
    )
    if draft.shape:
        put_shape(area, draft.shape)
    area.save(force_insert=True)
    return area, Line("area.made", _subject(area), {"kind": area.kind, "code": area.code})


def change(area: Area, draft: Draft) -> Line | None:
    """Write what differs; return what the trail shall say, None if nothing does."""
    before = {name: getattr(area, name) for name in _KEPT}
    changed = differences(area, draft)
    if not changed:
        return None
    if "code" in changed:
        check_code(draft, area.township, today(), but=area.pk)
    for name in changed:
        if name != "geometry":
            setattr(area, name, getattr(draft, name))
        elif draft.shape:
            put_shape(area, draft.shape)
    kept = [name for name in _KEPT if name in changed]
    if kept:
        AreaHistory.objects.create(
            area=area, valid_from=area.changed_on, valid_to=today(), **before
        )
        area.changed_on = today()
    area.version += 1
    columns = [*changed, *(_SHAPE if "geometry" in changed else ()), "changed_on", "version"]
    area.save(update_fields=columns)
    return Line("area.changed", _subject(area), {"code": area.code, "changed": changed})


def differences(area: Area, draft: Draft) -> list[str]:
    """Return the names of what `draft` would change."""
    names = [name for name in _PLAIN if getattr(area, name) != getattr(draft, name)]
    if area.parent_id != (draft.parent.pk if draft.parent else None):
        names.append("parent")
    if draft.shape and area.geometry != draft.shape.text():
        names.append("geometry")
    return names


def check_code(draft: Draft, township: str, day: date, but: UUID | None = None) -> None:
    """Refuse a code that another area of the same kind has on `day`."""
    others = Area.objects.filter(township=township, kind=draft.kind, code=draft.code)
    taken = next((one for one in others.exclude(valid_to__lte=day) if one.pk != but), None)
    if taken:
        sentence = _("The code %(code)s belongs to %(name)s. Close that area first.")
        raise Invalid({"code": [str(sentence % {"code": draft.code, "name": taken.name})]})


def put_shape(area: Area, shape: Shape) -> None:
    """Give an area a shape, its bounding box and a point inside it."""
    inside = shape.surface.representative_point()
    area.geometry = shape.text()
    area.west, area.south, area.east, area.north = shape.surface.bounds
    area.lng, area.lat = inside.x, inside.y


def announce(town: AreaSet, lines: list[Line], actor: Actor) -> None:
    """Record what happened and give the town's areas a new number.

    The number grows by a random step: one that was rolled back is never given again, so that no
    process keeps an index of what was not kept.
    """
    town.version += 1 + secrets.randbelow(2**31)
    town.save(update_fields=["version"])
    locating.forget(town.pk)
    record_many(lines, actor=actor)
    bus.publish(AreasChanged(actor.township))
