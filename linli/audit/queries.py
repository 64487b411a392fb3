"""Reads of the trail: verify it, prove that an entry is in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linli.audit.models import Entry, Head, Root
from linli.kit import merkle


@dataclass(frozen=True)
class Fault:
    """One place where the trail does not hold."""

    township: str
    seq: int
    what: str


@dataclass(frozen=True)
class Receipt:
    """Proof that an entry stands in a published root (RFC 9162, section 2.1.3)."""

    township: str
    day: str
    root: str
    leaf: str
    index: int
    size: int
    path: tuple[str, ...]

    def holds(self) -> bool:
        """Say whether the path leads from the leaf to the root."""
        path = [bytes.fromhex(step) for step in self.path]
        return merkle.holds(
            bytes.fromhex(self.leaf), self.index, self.size, path, bytes.fromhex(self.root)
        )


def verify(published: Mapping[tuple[str, str], str] | None = None) -> Iterator[Fault]:
    """Yield every fault of every township's chain, its rows, its end and its roots.

    Args:
        published: roots kept elsewhere, (township, ISO day) → root, to compare with.
    """
    heads = {head.township: head for head in Head.objects.all()}
    written = Entry.objects.values_list("township", flat=True).distinct()
    for township in sorted({*heads, *written}):
        yield from _verify_chain(heads.get(township, Head(township=township)))
        yield from _verify_roots(township, published or {})
    known = {(root.township, root.day.isoformat()) for root in Root.objects.all()}
    for township, day in sorted(set(published or {}) - known):
        yield Fault(township, 0, f"the published root of {day} is missing")


def _verify_chain(head: Head) -> Iterator[Fault]:
    seq, previous = 0, "0" * 64
    for entry in Entry.objects.filter(township=head.township).order_by("seq").iterator(2000):
        if entry.seq != seq + 1:
            yield Fault(head.township, seq + 1, f"entries {seq + 1} to {entry.seq - 1} are missing")
        elif entry.previous != previous:
            yield Fault(head.township, entry.seq, "does not follow the entry before it")
        if entry.computed_hash() != entry.hash:
            yield Fault(head.township, entry.seq, "was changed after it was written")
        seq, previous = entry.seq, entry.hash
    if (seq, previous) != (head.seq, head.hash):
        yield Fault(head.township, head.seq, f"the chain ends at {seq}, not where it was left")


def _verify_roots(township: str, published: Mapping[tuple[str, str], str]) -> Iterator[Fault]:
    covered = 0
    for root in Root.objects.filter(township=township).order_by("day"):
        leaves = _leaves(root)
        if merkle.root(leaves).hex() != root.root or leaves[-1:] != [bytes.fromhex(root.head)]:
            yield Fault(township, root.last, f"the entries of {root.day} do not give its root")
        if root.first != covered + 1:
            yield Fault(township, root.first, f"the root of {root.day} leaves entries out")
        covered = root.last
        elsewhere = published.get((township, root.day.isoformat()), root.root)
        if elsewhere != root.root:
            yield Fault(
                township, root.last, f"the root of {root.day} differs from the published one"
            )


def _leaves(root: Root) -> list[bytes]:
    hashes = Entry.objects.filter(
        township=root.township, seq__gte=root.first, seq__lte=root.last
    ).order_by("seq")
    return [bytes.fromhex(value) for value in hashes.values_list("hash", flat=True)]


def get_receipt(subject: str, act: str) -> Receipt | None:
    """Return the proof for the first `act` on `subject`; None while its day has no root yet."""
    entry = Entry.objects.filter(subject=subject, act=act).order_by("id").first()
    if entry is None:
        return None
    root = Root.objects.filter(
        township=entry.township, first__lte=entry.seq, last__gte=entry.seq
    ).first()
    if root is None:
        return None
    leaves, index = _leaves(root), entry.seq - root.first
    path = tuple(step.hex() for step in merkle.proof(leaves, index))
    return Receipt(
        root.township, root.day.isoformat(), root.root, entry.hash, index, len(leaves), path
    )
