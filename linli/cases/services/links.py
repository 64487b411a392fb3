"""One-use links for messages: opening one changes nothing, so that scanners may open it too."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.models.case import Case
from linli.cases.models.story import Link
from linli.kit import clock
from linli.kit.errors import Unseen

DAYS = 90


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def make_link(case: Case) -> str:
    """Return an address that opens the case once, within 90 days; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    Link.objects.create(
        case=case,
        township=case.township,
        digest=_digest(token),
        expires_at=clock.now() + timedelta(days=DAYS),
    )
    return f"{settings.PUBLIC_ADDRESS}/r/{token}/"


def find_link(token: str) -> Link:
    """Return a link that still works; Unseen otherwise."""
    links = Link.objects.select_related("case").filter(digest=_digest(token), used_at__isnull=True)
    link = links.filter(expires_at__gt=clock.now()).first()
    if link is None:
        raise Unseen(
            _("This link was used before or is too old. Open the report with its number and code.")
        )
    return link


@transaction.atomic
def use_link(token: str) -> Case:
    """Use a link up and return its case; a second use is Unseen."""
    link = find_link(token)
    if not Link.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=clock.now()):
        raise Unseen(
            _("This link was used before or is too old. Open the report with its number and code.")
        )
    return link.case
