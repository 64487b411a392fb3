"""The sample town's offices and people: one account per role at least."""

from base64 import b32encode
from datetime import date, timedelta
from hashlib import sha256

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password

from linli.areas.models import Area
from linli.areas.services.answering import admit_task, give_beat
from linli.kit.data import read_toml
from linli.offices.choices import ROLES, Village
from linli.offices.models import Account, Actor, Office, Post, system
from linli.offices.services import add_account, appoint, seed_offices

FACTS = read_toml("linli.demo", "town.toml")
ADMITTED = ("0107", "0202", "0301", "0302", "0306", "0601", "0604", "0904", "0905")


def administrator(township: str) -> Actor:
    """Return the actor that sets the town up."""
    return system(township, "demo", frozenset({"admin"}))


def secret_of(username: str) -> str:
    """Return the TOTP secret of a sample account: known here, different on every installation."""
    return b32encode(
        sha256(f"demo:{username}:{settings.SECRET_KEY}".encode()).digest()[:20]
    ).decode()


def make_people(township: str, since: date) -> int:
    """Set up offices, accounts, posts and beats; returns how many accounts there are."""
    actor = administrator(township)
    villages = list(Area.objects.filter(township=township, kind="village").order_by("code"))
    seed_offices(
        township, [Village(village.code, village.name_zh, "") for village in villages], actor=actor
    )
    hashed = make_password(FACTS["password"])
    for username, name, role, code, number in FACTS["people"]:
        village = villages[number - 1] if number else None
        account = _make_account(username, name, hashed, actor)
        office = _office(township, code, village)
        post = appoint(account.pk, office=office.pk, role=role, valid_from=since, actor=actor)
        if village and ROLES[role].level in {"grid", "village"} and role != "R19":
            _give_beat(post, role, village, since, actor)
    _admit(township, since, actor)
    return len(FACTS["people"])


def _office(township: str, code: str, village: Area | None) -> Office:
    place = village.code if village and code.startswith("VIL-") else ""
    return Office.objects.get(township=township, code=code, place=place)


def _make_account(username: str, name: str, hashed: str, actor: Actor) -> Account:
    account = Account(
        username=username, display_name=name, password=hashed, township=actor.township
    )
    add_account(account, actor=actor)
    if username in FACTS["second_factor"]:
        TOTP.activate(account, secret_of(username))
    return account


def _give_beat(post: Post, role: str, village: Area, since: date, actor: Actor) -> None:
    if ROLES[role].level == "village":
        give_beat(post.pk, village.pk, actor=actor, valid_from=since)
        return
    grids = list(village.children.order_by("code"))
    mates = Post.objects.filter(office=post.office, role=role).count()
    for grid in grids[(mates - 1) * 2 : mates * 2] or grids[:1]:
        give_beat(post.pk, grid.pk, actor=actor, valid_from=since)


def _admit(township: str, since: date, actor: Actor) -> None:
    owner = Office.objects.get(township=township, code="GOV-ZZ")
    for category in ADMITTED:
        admit_task(
            category,
            actor=actor,
            basis="镇网格事项准入清单（演示）",
            owner=owner.pk,
            valid_from=since,
            expires_on=since + timedelta(days=3 * 365),
        )


def list_people() -> list[Account]:
    """Return the sample accounts."""
    usernames = [row[0] for row in FACTS["people"]]
    return list(Account.objects.filter(username__in=usernames).order_by("created_at"))
