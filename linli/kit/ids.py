"""Keys that sort by time (UUIDv7, RFC 9562) and codes that people can read aloud."""

import secrets
import unicodedata
from datetime import datetime
from uuid import UUID

from linli.kit import clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U


def uuid7(moment: datetime | None = None) -> UUID:
    """Return a key whose order is the order of time, to about a microsecond.

    Args:
        moment: the time it stands for; now if absent.
    """
    micros = round((moment or clock.now()).timestamp() * 1_000_000)
    millis, rest = divmod(micros, 1000)
    value = (millis << 80) | (0x7 << 76) | ((rest * 4096 // 1000) << 64)
    return UUID(int=value | (0b10 << 62) | secrets.randbits(62))


def code(length: int) -> str:
    """Return a random code of `length` characters of the Crockford alphabet (5 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def spell(value: bytes, length: int) -> str:
    """Spell the first bits of `value` in the Crockford alphabet, `length` characters."""
    number = int.from_bytes(value, "big")
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(length))


def read_aloud(text: str) -> str:
    """Undo what people do to codes: small or wide letters, spaces, dashes, O, I and L."""
    table = str.maketrans("OIL", "011", " \t\n-–—·")
    return unicodedata.normalize("NFKC", text).upper().translate(table)
