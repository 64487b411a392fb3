"""Merkle trees agree with certificate transparency's known values and with their own definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kit import merkle

# The eight leaves and the roots of their first n that implementations of RFC 6962 share.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_every_leaf_is_proved(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.proof(leaves, index)
    assert merkle.holds(leaves[index], index, len(leaves), path, merkle.root(leaves))


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=40, unique=True), st.data())
def test_no_other_leaf_or_place_is_proved(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) - 1).filter(lambda place: place != index))
    path, root, size = merkle.proof(leaves, index), merkle.root(leaves), len(leaves)
    assert not merkle.holds(leaves[other], index, size, path, root)
    assert not merkle.holds(leaves[index], other, size, path, root)
    assert not merkle.holds(leaves[index], index, size, path[:-1], root)
    assert not merkle.holds(leaves[index], index, size, [*path, root], root)


@pytest.mark.parametrize("index", [-1, 8])
def test_a_place_outside_the_tree_has_no_proof(index):
    with pytest.raises(IndexError):
        merkle.proof(LEAVES, index)
    assert not merkle.holds(b"", index, 8, [], merkle.root(LEAVES))
