"""The random draw of whose answers are verified: fair, and checkable afterwards by anybody.

A day's seed is drawn before its first case is answered; its hash is public at once, the seed
itself the day after. With both, everybody can compute which numbers were drawn.
"""

import hmac
import secrets
from datetime import date
from hashlib import sha256

from django.utils import timezone

from linli.cases.choices import Urgency
from linli.cases.models.case import Case
from linli.cases.models.story import Draw
from linli.cases.workflow import TERMS
from linli.kit import clock


def get_draw(township: str, day: date) -> Draw:
    """Return the draw of a day; made and committed to if there is none."""
    seed = secrets.token_hex(32)
    draw, _ = Draw.objects.get_or_create(
        township=township,
        day=day,
        defaults={"seed": seed, "commitment": sha256(seed.encode()).hexdigest()},
    )
    return draw


def ticket(seed: str, number: str) -> float:
    """Return a number from 0 to 1 for a case: the first 8 bytes of HMAC-SHA256 by the seed."""
    return int.from_bytes(hmac.digest(seed.encode(), number.encode(), sha256)[:8], "big") / 2**64


def draws(case: Case) -> bool:
    """Say whether a case is verified: P1 and P2 always, others by today's draw."""
    if case.urgency in {Urgency.P1, Urgency.P2}:
        return True
    draw = get_draw(case.township, timezone.localdate(clock.now()))
    return ticket(draw.seed, case.number) < TERMS.verify_share
