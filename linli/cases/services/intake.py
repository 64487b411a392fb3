"""The verb at the beginning: a report comes in, from whichever door."""

import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.areas.queries.locating import check_point, locate
from linli.cases.choices import Channel, Precision, Step
from linli.cases.errors import OtherBody
from linli.cases.models.case import Case, Reporter
from linli.cases.queries.catalogue import get_category, get_promise
from linli.cases.rules.exclusions import refuse_excluded
from linli.cases.services.moving import Words, tell_story
from linli.cases.services.steps import begin_clock, open_step
from linli.kit import clock, ids
from linli.kit.coordinates import tile, to_wgs84
from linli.kit.errors import Invalid
from linli.kit.text import first_words
from linli.offices.models import Actor

TILE_ZOOM = 18


@dataclass(frozen=True)
class Place:
    """Where: a point in a named coordinate system, or a village and words, or both."""

    lng: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    address: str = ""
    village: UUID | None = None


@dataclass(frozen=True)
class Contact:
    """How to reach the reporter; everything may stay empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    wants_email: bool = False
    consent: bool = False
    language: str = "zh-hans"

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(frozen=True)
class Report:
    """What comes in, from whichever door."""

    category: str
    text: str
    place: Place = field(default_factory=Place)
    contact: Contact = field(default_factory=Contact)
    channel: str = Channel.WEB
    urgency: str = ""
    client_id: str = ""
    calm: bool = False

    def digest(self) -> str:
        """Return a MAC over the content: same id and same digest is the same report."""
        content = asdict(self)
        del content["contact"]["language"]
        text = json.dumps(content, sort_keys=True, default=str)
        return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), sha256).hex()


def report(what: Report, *, actor: Actor) -> Case:
    """Take in a report: a new case waiting to be registered, its clock running.

    With a `client_id` it is idempotent: the same report again gives the first case.

    Raises:
        Invalid: 422 with a sentence per field.
        Excluded: 422, this kind of thing is never kept and was not.
        OtherBody: 409, the client id was used for another report.
    """
    try:
        with transaction.atomic():
            return _known(what, actor.township) or _take_in(what, actor)
    except IntegrityError:
        known = _known(what, actor.township)
        if known is None:
            raise
        return known


def fresh_number(moment: datetime) -> str:
    """Return a public number: the day, and five signs that nobody can guess or wait for."""
    day = f"{timezone.localtime(moment):%y%m%d}"
    while Case.objects.filter(number=(number := f"{day}-{ids.code(5)}")).exists():
        continue
    return number


def _known(what: Report, township: str) -> Case | None:
    if not what.client_id:
        return None
    case = Case.objects.filter(township=township, client_id=what.client_id).first()
    if case is not None and case.body_digest != what.digest():
        raise OtherBody
    return case


def _take_in(what: Report, actor: Actor) -> Case:
    refuse_excluded(what.text, what.place.address, calm=what.calm)
    category = get_category(what.category, "staff" if actor.may("report") else "public")
    _check_contact(
        what.contact, needs_consent=category.needs_consent, takes=category.personal_data != "none"
    )
    promise = get_promise(actor.township, category)
    now = clock.now()
    case = Case(
        id=ids.uuid7(now),
        township=actor.township,
        number=fresh_number(now),
        category=category,
        title=first_words(what.text, 60) or category.name_zh,
        text=what.text,
        urgency=what.urgency if what.urgency and actor.may("report") else promise.urgency,
        channel=what.channel,
        publicity=promise.publicity,
        reported_by_id=actor.post,
        reported_at=now,
        updated_at=now,
        client_id=what.client_id,
        body_digest=what.digest() if what.client_id else "",
    )
    set_place(case, what.place)
    begin_clock(case, open_step(case, Step.REGISTER, actor=actor))
    case.save(force_insert=True)
    if what.contact:
        _keep_contact(case, what.contact)
    facts = {"category": category.pk, "urgency": case.urgency, "channel": case.channel}
    tell_story(case, "report", actor, before="", words=Words(), facts=facts)
    return case


def _check_contact(contact: Contact, *, needs_consent: bool, takes: bool) -> None:
    if needs_consent and not (contact.consent and (contact.phone or contact.email)):
        raise Invalid(
            {"consent": [_("For this service leave a phone or e-mail and agree to its use.")]}
        )
    if contact and not takes:
        raise Invalid(
            {"phone": [_("This kind of report is taken without names. Leave the contact empty.")]}
        )
    if contact.wants_email and not contact.email:
        raise Invalid({"email": [_("To get messages, enter an e-mail address.")]})


def set_place(case: Case, place: Place) -> None:
    """Locate a case: point, tile, grid and village; a point in none or several is said."""
    case.address = place.address
    village = None
    if place.village:
        village = Area.objects.filter(
            township=case.township, kind="village", pk=place.village
        ).first()
        if village is None:
            raise Invalid({"village": [_("There is no such village. Choose one from the list.")]})
        case.village, case.precision = village, Precision.AREA
    if place.lng is None or place.lat is None:
        return
    case.lng, case.lat = to_wgs84(place.lng, place.lat, place.crs)
    check_point(case.township, case.lng, case.lat)
    case.source_crs = place.crs
    case.tile_x, case.tile_y = tile(case.lng, case.lat, TILE_ZOOM)
    located = locate(case.township, case.lng, case.lat)
    if located.several:
        case.precision = Precision.SEVERAL
    elif located.grid is None:
        case.precision = Precision.OUTSIDE
    else:
        case.precision = Precision.POINT
    case.grid_id = located.grid
    case.village_id = located.village or (village.pk if village else None)


def _keep_contact(case: Case, contact: Contact) -> None:
    Reporter.objects.create(
        case=case,
        township=case.township,
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        wants_email=contact.wants_email,
        consented_at=clock.now() if contact.consent else None,
        language=contact.language,
    )
