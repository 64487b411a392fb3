"""Whatever is done to the bytes of a file: it is kept, or refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from linli.documents.errors import FileRefused
from linli.documents.services.attaching import prepare
from linli.documents.tests.files import docx, located_photo, pdf, picture, upload, xlsx

SEEDS = [located_photo(), located_photo("PNG"), picture("WEBP", (60, 40)), docx(), xlsx(), pdf()]
CHANGES = some.lists(
    some.tuples(some.floats(0, 1), some.binary(max_size=6), some.integers(0, 30)), max_size=8
)


@pytest.fixture(autouse=True)
def folder():
    """These tests keep nothing."""


@pytest.fixture(autouse=True)
def things():
    """These tests ask nobody."""


def sentences(data):
    """Prepare a file; return the sentences by which it is refused, none if it is kept."""
    try:
        prepare(upload(data))
    except FileRefused as refusal:
        return refusal.fields["file"]
    return []


@given(seed=some.sampled_from(SEEDS), changes=CHANGES)
def test_changed_bytes_are_kept_or_refused(seed, changes):
    data = bytearray(seed)
    for place, written, removed in changes:
        start = int(place * len(data))
        data[start : start + removed] = written
    assert all(sentences(bytes(data)))


@given(data=some.binary(max_size=300))
def test_any_small_bytes_are_refused(data):
    assert len(sentences(data)) == 1
