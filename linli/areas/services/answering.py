"""Verbs that say who answers: beats, the responsibility matrix, the admission list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import BEATS, CATEGORY, Kind
from linli.areas.models import AdmittedTask, Area, Beat, Responsibility
from linli.areas.services.saving import begin, get_own
from linli.audit.services import record
from linli.kit.errors import Invalid, Refused, Unseen
from linli.offices.choices import ROLES
from linli.offices.models import Actor, Office, Post

Ending = TypeVar("Ending", Beat, Responsibility)


def _invalid(field: str, sentence: object) -> Invalid:
    return Invalid({field: [str(sentence)]})


def _own_offices(pks: Sequence[UUID], actor: Actor, field: str) -> list[Office]:
    found = {
        office.pk: office
        for office in Office.objects.filter(pk__in=pks, township=actor.township, active=True)
    }
    if not all(pk in found for pk in pks):
        raise _invalid(field, _("This office is not in use in your township."))
    return [found[pk] for pk in dict.fromkeys(pks)]


def _check_category(category: str) -> None:
    if not CATEGORY.fullmatch(category):
        raise _invalid(
            "category",
            _("A matter is two digits for a group, four for one kind, or nothing for all."),
        )


def _end(row: Ending, over_from: date) -> None:
    if over_from < row.valid_from:
        raise _invalid("over_from", _("It cannot be over before it begins."))
    row.valid_to = over_from
    row.save(update_fields=["valid_to"])


@dataclass(frozen=True)
class Rule:
    """A row of the matrix as it is to be.

    Args:
        category: "" for every matter, two digits for a group, four for one kind.
        area: a grid, a village, or None for the whole township.
    """

    category: str
    area: UUID | None
    lead: UUID
    valid_from: date
    supports: tuple[UUID, ...] = ()
    note: str = ""


@transaction.atomic
def set_responsibility(rule: Rule, *, actor: Actor) -> Responsibility:
    """Say which office leads and which support; the open rule of the same cell ends before it."""
    begin(actor)
    _check_category(rule.category)
    (lead,) = _own_offices([rule.lead], actor, "lead")
    supports = _own_offices(rule.supports, actor, "supports")
    if lead in supports:
        raise _invalid("supports", _("The lead office cannot also support itself."))
    area = get_own(rule.area, actor) if rule.area else None
    if area and area.kind == Kind.TOWNSHIP:
        area = None
    _make_room(rule, area, actor)
    made = Responsibility.objects.create(
        township=actor.township,
        category=rule.category,
        area=area,
        lead=lead,
        valid_from=rule.valid_from,
        note=rule.note,
    )
    made.supports.set(supports)
    record(
        "responsibility.set",
        f"responsibility:{made.pk}",
        actor=actor,
        category=rule.category,
        area=str(area.pk) if area else None,
        lead=lead.code,
    )
    return made


def _make_room(rule: Rule, area: Area | None, actor: Actor) -> None:
    """End the open rule of the same cell; refuse one that starts later or ends too late."""
    cell = Responsibility.objects.filter(township=actor.township, category=rule.category, area=area)
    for former in cell.exclude(valid_to__lte=rule.valid_from):
        if former.valid_to is not None or former.valid_from >= rule.valid_from:
            sentence = _(
                "There is a rule for the same matter and place from %(day)s. End it first."
            )
            raise _invalid("valid_from", sentence % {"day": former.valid_from})
        _end(former, rule.valid_from)


@transaction.atomic
def end_responsibility(pk: UUID, *, actor: Actor, over_from: date) -> Responsibility:
    """Let a rule of the matrix end before the day `over_from`."""
    begin(actor)
    rule = _own(Responsibility, pk, actor)
    _end(rule, over_from)
    record(
        "responsibility.ended", f"responsibility:{pk}", actor=actor, over_from=over_from.isoformat()
    )
    return rule


def _own(model: type[Ending], pk: UUID, actor: Actor) -> Ending:
    """Return an open row of the actor's township; Unseen for any other."""
    row = model.objects.filter(pk=pk, township=actor.township).first()
    if row is None:
        raise Unseen
    if row.valid_to is not None:
        raise Refused(_("This has ended already."))
    return row


@transaction.atomic
def admit_task(
    category: str,
    *,
    actor: Actor,
    basis: str,
    owner: UUID,
    valid_from: date,
    expires_on: date,
) -> AdmittedTask:
    """Put a matter on the list of what may be given to grid workers, until its last day."""
    begin(actor)
    _check_category(category)
    if not category:
        raise _invalid("category", _("Choose a group or a kind: the list cannot admit everything."))
    if expires_on < valid_from:
        raise _invalid("expires_on", _("The last day cannot lie before the first."))
    (office,) = _own_offices([owner], actor, "owner")
    same = AdmittedTask.objects.filter(
        township=actor.township,
        category=category,
        valid_from__lte=expires_on,
        expires_on__gte=valid_from,
    )
    known = same.first()
    if known:
        sentence = _("This matter is on the list until %(day)s already. Start after that day.")
        raise _invalid("valid_from", sentence % {"day": known.expires_on})
    task = AdmittedTask.objects.create(
        township=actor.township,
        category=category,
        basis=basis,
        owner=office,
        valid_from=valid_from,
        expires_on=expires_on,
    )
    record(
        "admission.made",
        f"admission:{task.pk}",
        actor=actor,
        category=category,
        owner=office.code,
        expires_on=expires_on.isoformat(),
    )
    return task


@transaction.atomic
def end_admission(pk: UUID, *, actor: Actor, last_day: date) -> AdmittedTask:
    """Take a matter off the list after `last_day`, earlier than it was to expire."""
    begin(actor)
    task = AdmittedTask.objects.filter(pk=pk, township=actor.township).first()
    if task is None:
        raise Unseen
    if not task.valid_from <= last_day <= task.expires_on:
        raise _invalid(
            "last_day", _("The last day must lie between the first and the present last.")
        )
    task.expires_on = last_day
    task.save(update_fields=["expires_on"])
    record("admission.ended", f"admission:{pk}", actor=actor, last_day=last_day.isoformat())
    return task


@transaction.atomic
def give_beat(post: UUID, area: UUID, *, actor: Actor, valid_from: date) -> Beat:
    """Let a post answer for a grid or village."""
    begin(actor)
    place = get_own(area, actor)
    holder = Post.objects.current(valid_from).filter(pk=post, office__township=actor.township)
    found = holder.first()
    if found is None:
        raise _invalid("post", _("This post is not held in your township on that day."))
    if place.kind not in BEATS.get(ROLES[found.role].level, ()):
        raise _invalid("area", _("This role does not answer for such an area. Choose another."))
    if Beat.objects.filter(post=found, area=place).exclude(valid_to__lte=valid_from).exists():
        raise _invalid("area", _("This post answers for that area already."))
    beat = Beat.objects.create(
        township=actor.township, post=found, area=place, valid_from=valid_from
    )
    record("beat.given", f"beat:{beat.pk}", actor=actor, post=str(post), area=str(area))
    return beat


@transaction.atomic
def end_beat(pk: UUID, *, actor: Actor, over_from: date) -> Beat:
    """Let a beat end before the day `over_from`; whoever takes over is given a new one."""
    begin(actor)
    beat = _own(Beat, pk, actor)
    _end(beat, over_from)
    record("beat.ended", f"beat:{pk}", actor=actor, over_from=over_from.isoformat())
    return beat
