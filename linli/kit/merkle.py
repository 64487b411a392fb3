"""Merkle trees as in certificate transparency (RFC 9162, section 2.1)."""

from collections.abc import Sequence
from hashlib import sha256


def _leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the tree over `leaves`; the hash of nothing for an empty tree."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return _leaf(leaves[0])
    cut = _split(len(leaves))
    return _node(root(leaves[:cut]), root(leaves[cut:]))


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the root, lowest first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    cut = _split(len(leaves))
    if index < cut:
        return [*proof(leaves[:cut], index), root(leaves[cut:])]
    return [*proof(leaves[cut:], index - cut), root(leaves[:cut])]


def holds(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Say whether `path` proves that `leaf` stands at `index` of the tree with root `expected`."""
    if not 0 <= index < size:
        return False
    place, last, value = index, size - 1, _leaf(leaf)
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            value = _node(step, value)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = _node(value, step)
        place, last = place >> 1, last >> 1
    return last == 0 and value == expected
