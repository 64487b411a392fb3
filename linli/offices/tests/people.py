"""Named people for tests: who they are, where they sit, what they may do."""

from datetime import date

from linli.offices.choices import CENTRE, ROLES
from linli.offices.models import Account, Actor, Office, Post, as_actor

TOWN = "990101000000"
OTHER_TOWN = "990102000000"


def make_office(
    code: str = "GOV-CJ", *, township: str = TOWN, place: str = "", **fields: object
) -> Office:
    """Make (or find) an office."""
    defaults = {
        "name_zh": f"{code}办公室",
        "name_en": f"Office {code}",
        "kind": "own_office",
        **fields,
    }
    office, _ = Office.objects.get_or_create(
        township=township, code=code, place=place, defaults=defaults
    )
    return office


def make_account(username: str, **fields: object) -> Account:
    """Make an account whose password is its sign-in name."""
    found = Account.objects.filter(username=username).first()
    details = {"display_name": username.title(), "township": TOWN, **fields}
    return found or Account.objects.create_user(username, username, **details)


def make_post(username: str, role: str, office: Office | None = None) -> Post:
    """Give somebody a role in an office (the centre if absent)."""
    assert role in ROLES
    post = Post.objects.create(
        account=make_account(username),
        office=office or make_office(CENTRE),
        role=role,
        valid_from=date(2020, 1, 1),
    )
    return Post.objects.select_related("account", "office").get(pk=post.pk)


def make_actor(
    username: str, role: str, office: Office | None = None, *, second_factor: bool = False
) -> Actor:
    """Give somebody a role and return them as they act."""
    return as_actor(make_post(username, role, office), second_factor=second_factor)
