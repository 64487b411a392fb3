"""The one way to reach a case, and what stands beside it."""

import hmac
from collections.abc import Collection, Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from rapidfuzz import fuzz

from linli.cases.choices import Ending, State
from linli.cases.models.case import Case, Dispatch, Reporter
from linli.cases.models.story import Entry
from linli.cases.rules.moves import OBJECTED, by_handler, is_reporter, reporter_key
from linli.cases.workflow import WAYS
from linli.kit import clock, ids
from linli.kit.coordinates import metres
from linli.kit.errors import Unseen
from linli.offices.models import Actor, resident

BELONGING = ("category__group", "lead_office", "village", "grid")
CODE_LENGTH = 8
NEAR_METRES = 300
NEAR_DAYS = 30
SAME_CLICK = timedelta(seconds=10)


def lock_cases(keys: Collection[UUID]) -> None:
    """Lock cases in the order of their keys: a case comes before its duties and the trail's end.

    The rows alone are locked; what belongs to them is read afterwards, as it is by then.
    """
    rows = Case.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    if connection.features.has_select_for_update:
        list(rows.values_list("pk"))


def get_case(actor: Actor, key: UUID, *, lock: bool = False) -> Case:
    """Return a case that the actor sees, or whose code they hold; Unseen otherwise."""
    if actor.key == reporter_key(key):
        cases: QuerySet[Case] = Case.objects.filter(pk=key, township=actor.township)
    else:
        cases = Case.objects.visible_to(actor).filter(pk=key)
    if lock:
        lock_cases([key])
        cases = cases.select_related("category", "lead_office", "reporter")
    else:
        cases = cases.select_related(*BELONGING).defer("grid__geometry", "village__geometry")
    case = cases.first()
    if case is None:
        raise Unseen
    return case


def sees(actor: Actor, key: UUID) -> bool:
    """Say whether the actor sees a case: what duties, files and messages ask."""
    if actor.key == reporter_key(key):
        return True
    return Case.objects.visible_to(actor).filter(pk=key).exists()


def may_add_files(actor: Actor, key: UUID) -> bool:
    """Say whether the actor may add files: its reporter, or whoever sees it and handles cases."""
    is_own = actor.key == reporter_key(key)
    if Case.objects.filter(pk=key, ending=Ending.EXCLUDED).exists():
        return False
    works = actor.may("report") or actor.may("handle") or actor.may("verify")
    return is_own or (works and sees(actor, key))


def lookup_code(case: Case) -> str:
    """Return the code that, with the number, opens the case to its reporter; kept nowhere.

    It is a MAC over the case's key and round, 40 bits; a new round makes the old code useless.
    """
    message = f"{case.pk}:{case.code_round}".encode()
    return ids.spell(
        hmac.digest(f"lookup:{settings.SECRET_KEY}".encode(), message, sha256), CODE_LENGTH
    )


def read_number(text: str) -> str:
    """Return a number as it is stored, however somebody wrote it: 260601-7K2PQ."""
    plain = ids.read_aloud(text)
    return f"{plain[:6]}-{plain[6:]}".replace("\x00", "")


def get_reported(number: str, code: str) -> tuple[Case, Actor]:
    """Return the case with this number, and its reporter; Unseen if number or code is wrong."""
    case = Case.objects.filter(number=read_number(number)).first() or Case(number="")
    given = ids.read_aloud(code).encode(errors="replace")
    right = hmac.compare_digest(lookup_code(case).encode(), given)
    if not right or not case.number:
        raise Unseen
    return case, as_reporter(case)


def as_reporter(case: Case) -> Actor:
    """Return the actor for whoever reported this case."""
    return resident(case.township, reporter_key(case.pk))


def list_story(case: Case, *, public: bool) -> list[Entry]:
    """Return the entries of a case, oldest first; `public`: only what its reporter may read."""
    entries = Entry.objects.filter(case=case).select_related("office", "post__account")
    return list(entries.filter(public=True) if public else entries)


def changes_since(case: Case, seen: int, *, public: bool) -> list[dict[str, Any]]:
    """Return what was done since version `seen`: each verb adds one version and one entry.

    Args:
        public: only what the reporter may know of.
    """
    missed = max(case.version - seen, 0)
    entries = Entry.objects.filter(case=case).order_by("-id")[: min(missed, 20)]
    shown = [entry for entry in entries if entry.public or not public]
    return [
        {"verb": entry.verb, "at": entry.at.isoformat(), "state": entry.after} for entry in shown
    ]


def did_just_now(case: Case, verb: str, actor: Actor) -> bool:
    """Say whether the last step was this verb by this actor, seconds ago: a button hit twice."""
    last = Entry.objects.filter(case=case).order_by("-id").first()
    return (
        last is not None
        and last.verb in WAYS.get(verb, (verb,))
        and (last.post_id, last.by_reporter) == (actor.post, is_reporter(actor, case))
        and clock.now() - last.at < SAME_CLICK
    )


def list_similar(case: Case, limit: int = 5) -> list[tuple[Case, int]]:
    """Return open or young cases that may be the same, best first, with a likeness of 0 to 100.

    Alike means: same group, within 300 m (or the same grid), within 30 days, and like words.
    """
    month = timedelta(days=NEAR_DAYS)
    rows = Case.objects.filter(
        township=case.township,
        category__group=case.category.group_id,
        reported_at__range=(case.reported_at - month, case.reported_at + month),
    ).exclude(pk=case.pk)
    rows = rows.exclude(ending__in=[Ending.MERGED, Ending.EXCLUDED, Ending.WITHDRAWN])
    if case.lng is not None and case.lat is not None:
        rows = rows.filter(
            lng__range=(case.lng - 0.004, case.lng + 0.004),
            lat__range=(case.lat - 0.003, case.lat + 0.003),
        )
    elif case.village_id:
        rows = rows.filter(village=case.village_id)
    else:
        return []
    scored = [
        (other, _likeness(case, other))
        for other in rows.select_related("category").order_by("-id")[:200]
    ]
    return sorted((pair for pair in scored if pair[1] >= 40), key=lambda pair: -pair[1])[:limit]


def _likeness(case: Case, other: Case) -> int:
    words = fuzz.token_set_ratio(case.text or case.title, other.text or other.title)
    same = 30 if case.category_id == other.category_id else 0
    near = 0.0
    if case.point and other.point:
        near = 40 * max(0.0, 1 - metres(case.point, other.point) / NEAR_METRES)
    return round(0.3 * words + same + near)


def list_verifiable(actor: Actor) -> QuerySet[Case]:
    """Return the cases that the actor may verify: in town, waiting, and handled without them."""
    waiting = Case.objects.visible_to(actor).filter(state=State.VERIFYING)
    if not actor.may("verify"):
        return waiting.none()
    acted = Entry.objects.filter(by_handler(actor), case=OuterRef("pk"))
    handled = Dispatch.objects.filter(case=OuterRef("pk"), office=actor.office).exclude(
        end=OBJECTED
    )
    return waiting.exclude(Exists(acted)).exclude(Exists(handled))


def get_reporter(case: Case) -> Reporter | None:
    """Return the sealed contact of a case, if one was left and is not erased."""
    return Reporter.objects.filter(case=case, erased_at__isnull=True).first()


def by_number(actor: Actor, numbers: Iterable[str]) -> list[Case]:
    """Return the visible cases with these numbers."""
    return list(
        Case.objects.visible_to(actor).filter(number__in=[read_number(one) for one in numbers])
    )
