"""Every address of ours and who may use it: a missing or a stale row fails test_doors.

who: "anyone" | "signed_in" | "power:…" of powers.toml | "role:…", where the matter decides.
thing: what the address names, a key of THINGS; it belongs to a town, and to whoever acts. A thing
that begins with "no_" is not there: whoever may use the door is told so.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from linli.areas.models import AdmittedTask, Area, Beat, Responsibility
from linli.cases.tests.town import make_town
from linli.channels.models import Message
from linli.duties.choices import Matter
from linli.duties.services.moves import open_duty
from linli.kit import clock
from linli.kit.ids import uuid7
from linli.offices.choices import ROLES
from linli.offices.models import ApiToken, Post, system
from linli.offices.tests.people import make_office, make_post
from linli.privacy.models import SubjectRequest

LONG_AGO = date(2020, 1, 1)


class Door(NamedTuple):
    """One row of the table."""

    who: str
    thing: str = ""


DOORS = {
    "site:home": Door("anyone"),
    "site:signposts": Door("anyone"),
    "site:language": Door("anyone"),
    "site:large": Door("anyone"),
    "site:healthz": Door("anyone"),
    "site:readyz": Door("anyone"),
    "site:robots": Door("anyone"),
    "offices:me": Door("signed_in"),
    "offices:switch_post": Door("signed_in", "no_post"),
    "offices:tokens": Door("signed_in"),
    "offices:revoke_token": Door("signed_in", "token"),
    "offices:list_offices": Door("power:admin"),
    "offices:add_office": Door("power:admin"),
    "offices:edit_office": Door("power:admin", "office"),
    "offices:close_office": Door("power:admin", "office"),
    "offices:list_accounts": Door("power:admin"),
    "offices:open_account": Door("power:admin"),
    "offices:account": Door("power:admin", "account"),
    "offices:close_account": Door("power:admin", "account"),
    "offices:reset_password": Door("power:admin", "account"),
    "offices:appoint": Door("power:admin", "account"),
    "offices:dismiss": Door("power:admin", "post"),
    "areas:list_areas": Door("anyone"),
    "areas:export_geojson": Door("anyone"),
    "areas:export_csv": Door("anyone"),
    "areas:area": Door("anyone", "area"),
    "areas:add_area": Door("power:admin"),
    "areas:import_areas": Door("power:admin"),
    "areas:edit_area": Door("power:admin", "area"),
    "areas:close_area": Door("power:admin", "area"),
    "areas:give_beat": Door("power:admin", "area"),
    "areas:end_beat": Door("power:admin", "beat"),
    "areas:responsibilities": Door("signed_in"),
    "areas:set_responsibility": Door("power:admin"),
    "areas:end_responsibility": Door("power:admin", "rule"),
    "areas:admissions": Door("anyone"),
    "areas:admit_task": Door("power:admin"),
    "areas:end_admission": Door("power:admin", "admission"),
    "channels:notices": Door("signed_in"),
    "channels:count": Door("signed_in"),
    "channels:read_all": Door("signed_in"),
    "channels:read": Door("signed_in", "notice"),
    "channels:messages": Door("signed_in", "no_matter"),
    "channels:retry": Door("power:answer", "no_message"),
    "documents:open": Door("anyone", "no_file"),
    "documents:open_small": Door("anyone", "no_file"),
    "documents:publish": Door("signed_in", "no_file"),
    "documents:erase": Door("signed_in", "no_file"),
    "documents:of_matter": Door("anyone", "no_matter"),
    "documents:attach": Door("signed_in", "no_matter"),
    "duties:list_duties": Door("signed_in"),
    "duties:duty": Door("signed_in", "duty"),
    "duties:order_supervision": Door("power:supervise", "duty"),
    "duties:hang": Door("power:hang", "duty"),
    "duties:list_orders": Door("signed_in"),
    "duties:reply_order": Door("signed_in", "no_rule"),
    "duties:list_hung": Door("anyone"),
    "duties:lift_hang": Door("power:hang", "no_rule"),
    "duties:of_matter": Door("signed_in", "no_matter"),
    "duties:calendar": Door("signed_in"),
    "duties:edit_day": Door("power:admin"),
    "duties:load_calendar": Door("power:admin"),
    "cases:report": Door("anyone"),
    "cases:reported": Door("anyone"),
    "cases:look_up": Door("anyone"),
    "cases:leave": Door("anyone"),
    "cases:follow": Door("anyone", "code"),
    "cases:act_on_own": Door("anyone", "code_verb"),
    "cases:open_link": Door("anyone", "no_code"),
    "cases:catalogue": Door("anyone"),
    "cases:category": Door("anyone", "category"),
    "cases:desk": Door("signed_in"),
    "cases:counts": Door("signed_in"),
    "cases:write_down": Door("power:report"),
    "cases:case": Door("role:R07", "case"),
    "cases:look": Door("power:look", "case"),
    "cases:act": Door("role:R07", "case_verb"),
    "analytics:desk": Door("signed_in"),
    "analytics:export": Door("signed_in"),
    "analytics:morning": Door("signed_in"),
    "transparency:figures": Door("anyone"),
    "transparency:trail": Door("anyone"),
    "transparency:trail_json": Door("anyone"),
    "transparency:receipt": Door("anyone"),
    "transparency:receipt_json": Door("anyone", "no_post"),
    "transparency:draws": Door("anyone"),
    "privacy:register": Door("anyone"),
    "privacy:register_json": Door("anyone"),
    "privacy:register_csv": Door("anyone"),
    "privacy:ask": Door("anyone"),
    "privacy:requests": Door("power:privacy"),
    "privacy:show": Door("power:privacy", "request"),
    "privacy:look": Door("power:privacy", "request"),
    "privacy:answer": Door("power:privacy", "request"),
    "privacy:export": Door("power:privacy", "no_copy"),
}


def role_with(power: str) -> str:
    """Return a role that has a power."""
    return next(code for code, role in ROLES.items() if power in role.powers)


def role_without(power: str) -> str:
    """Return a role of somebody who works, but without a power."""
    return next(code for code in ("R09", "R22", "R02") if power not in ROLES[code].powers)


def may(who: str, town: str) -> Post:
    """Return somebody in a town who may use doors of this kind."""
    kind, _, word = who.partition(":")
    role = {"signed_in": "R09", "role": word}.get(kind) or role_with(word)
    return make_post(f"{role}-{town}".lower(), role, make_office("GOV-ZZ", township=town))


def may_not(who: str, town: str) -> Post:
    """Return somebody in a town who works there but may not."""
    role = role_without(who.removeprefix("power:"))
    return make_post(f"other-{role}".lower(), role, make_office("GOV-NY", township=town))


def _token(town: str, post: Post) -> tuple[Any, ...]:
    expires = clock.now() + timedelta(days=1)
    token = ApiToken.objects.create(
        post=post, label="x", prefix="x", digest="x", expires_at=expires
    )
    return (token.pk,)


def _clerk(town: str, _post: Post) -> Post:
    return make_post(f"clerk-{town}", "R09", make_office("GOV-CJ", township=town))


def _notice(town: str, post: Post) -> tuple[Any, ...]:
    notice = Message.objects.create(
        township=town,
        channel="notice",
        matter_kind="case",
        matter_key=uuid7(),
        template="test",
        account=post.account_id,
        dedupe="x",
        cause="test",
    )
    return (notice.pk,)


def _area(town: str, _post: Post) -> tuple[Any, ...]:
    today = clock.now().date()
    fields = {"kind": "village", "name_zh": "柳林村", "valid_from": today, "changed_on": today}
    return (Area.objects.create(township=town, code=town, **fields).pk,)


def _beat(town: str, post: Post) -> tuple[Any, ...]:
    (area,) = _area(town, post)
    today = clock.now().date()
    return (Beat.objects.create(township=town, post=post, area_id=area, valid_from=today).pk,)


def _rule(town: str, post: Post) -> tuple[Any, ...]:
    today = clock.now().date()
    fields = {"category": "02", "lead": post.office, "valid_from": today}
    return (Responsibility.objects.create(township=town, **fields).pk,)


def _admission(town: str, post: Post) -> tuple[Any, ...]:
    today = clock.now().date()
    fields = {"basis": "x", "owner": post.office, "valid_from": today, "expires_on": today}
    return (AdmittedTask.objects.create(township=town, category="02", **fields).pk,)


def _request(town: str, _post: Post) -> tuple[Any, ...]:
    today = clock.now().date()
    return (SubjectRequest.objects.create(township=town, kind="access", due_on=today).pk,)


def _duty(town: str, post: Post) -> tuple[Any, ...]:
    matter = Matter("thing", uuid7(), town, "T-1", "路灯不亮")
    duty = open_duty(matter, step="handle", office=post.office_id, limit="3wd", actor=system(town))
    return (duty.pk,)


def _case(_town: str, _post: Post) -> tuple[Any, ...]:
    return (make_town().report().pk,)


# A key of THINGS → what the address takes, made for a town and for the post that will knock.
THINGS: dict[str, Callable[[str, Post], tuple[Any, ...]]] = {
    "token": _token,
    "office": lambda town, _post: (make_office("GOV-CJ", township=town).pk,),
    "account": lambda town, post: (_clerk(town, post).account_id,),
    "post": lambda town, post: (_clerk(town, post).pk,),
    "area": _area,
    "beat": _beat,
    "rule": _rule,
    "admission": _admission,
    "request": _request,
    "notice": _notice,
    "duty": _duty,
    "case": _case,
    "case_verb": lambda town, post: (*_case(town, post), "dispatch"),
    "category": lambda town, post: (_case(town, post) and "0202",),
    "no_code": lambda _town, _post: ("nothing",),
    "code": lambda _town, _post: ("nothing",),
    "code_verb": lambda _town, _post: ("nothing", "add"),
    "no_rule": lambda _town, _post: (uuid7(),),
    "no_post": lambda _town, _post: (),
    "no_copy": _request,
    "no_message": lambda _town, _post: (uuid7(),),
    "no_file": lambda _town, _post: (uuid7(),),
    "no_matter": lambda _town, _post: ("nothing", uuid7()),
}
