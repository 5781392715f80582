"""The tree is RFC 6962's, so that others' verifiers can check our proofs."""

import pytest

from caoyang_portal.ledger import merkle

# The reference tree of the RFC's authors (google/certificate-transparency, merkle tree tests).
INPUTS = [
    bytes.fromhex(text)
    for text in (
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
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_the_reference_root(size):
    leaves = [merkle.leaf(content) for content in INPUTS[:size]]
    assert merkle.root(leaves).hex() == ROOTS[size - 1]


def test_the_root_over_nothing_is_the_hash_of_nothing():
    assert merkle.root([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize("size", [*range(1, 18), 31, 32, 33, 100])
def test_every_leaf_is_proved_and_no_other(size):
    leaves = [merkle.leaf(str(n).encode()) for n in range(size)]
    root = merkle.root(leaves)
    for index, leaf in enumerate(leaves):
        path = merkle.proof(leaves, index)
        assert merkle.verify_proof(leaf, index, size, path, root)
        assert not merkle.verify_proof(merkle.leaf(b"another"), index, size, path, root)
        assert not merkle.verify_proof(leaf, index, size, [*path, bytes(32)], root)
        assert not merkle.verify_proof(leaf, size, size, path, root)
        if path:
            assert not merkle.verify_proof(leaf, index, size, path[:-1], root)
            assert not merkle.verify_proof(leaf, index ^ 1, size, path, root)


def test_there_is_no_proof_of_what_is_not_in_the_tree():
    with pytest.raises(IndexError):
        merkle.proof([merkle.leaf(b"a")], 1)
