"""The interval agrees with Newcombe's published examples (Stat Med 1998, method 3)."""

import pytest

from linli.analytics.rules.intervals import wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_examples(hits, of, low, high):
    assert wilson(hits, of) == pytest.approx((low, high), abs=0.00005)


def test_nothing_counted_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


def test_it_mirrors_and_stays_inside():
    for of in range(1, 40):
        for hits in range(of + 1):
            low, high = wilson(hits, of)
            assert 0 <= low <= hits / of <= high <= 1
            assert wilson(of - hits, of) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("hits", "of"), [(2, 1), (-1, 3)])
def test_nonsense_is_loud(hits, of):
    with pytest.raises(ValueError, match="of"):
        wilson(hits, of)
