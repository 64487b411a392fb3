"""Keys that sort by time (UUIDv7, RFC 9562) and codes that people can read aloud."""

import secrets
import unicodedata
from datetime import datetime
from threading import Lock
from uuid import UUID

from linli.kit import clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U


_lock = Lock()
_latest: tuple[int, int] = (0, 0)


def uuid7(moment: datetime | None = None) -> UUID:
    """Return a key whose order is the order of time; in one process, keys of one moment ascend.

    Args:
        moment: the time it stands for; now if absent.
    """
    global _latest  # noqa: PLW0603 - the last key of this process, under its lock
    micros = round((moment or clock.now()).timestamp() * 1_000_000)
    millis, rest = divmod(micros, 1000)
    with _lock:
        then, tail = _latest
        tail = tail + 1 + secrets.randbits(32) if then == micros else secrets.randbits(61)
        _latest = micros, tail
    high = (millis << 80) | (0x7 << 76) | ((rest * 4096 // 1000) << 64)
    return UUID(int=high | (0b10 << 62) | tail)


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
