"""Only what VENDOR_STATIC names comes out of node_modules."""

import pytest
from django.contrib.staticfiles.finders import find

from caoyang_portal.staticfinders import VendorFinder


@pytest.fixture
def node_modules(tmp_path, settings):
    dist = tmp_path / "pens" / "dist"
    dist.mkdir(parents=True)
    for name in ("pen.js", "secret.js"):
        (dist / name).write_text(name)
    settings.NODE_MODULES = tmp_path
    settings.VENDOR_STATIC = [("vendor/pens", "pens/dist", ["pen.js"])]
    return tmp_path


def test_a_named_file_is_found_and_its_neighbour_is_not(node_modules):
    finder = VendorFinder()
    assert finder.find("vendor/pens/pen.js") == str(node_modules / "pens/dist/pen.js")
    for path in ("vendor/pens/secret.js", "pens/dist/pen.js", "vendor/pens/../dist/pen.js"):
        assert finder.find(path) == []
    assert [(name, storage.prefix) for name, storage in finder.list([])] == [
        ("pen.js", "vendor/pens")
    ]


def test_a_package_that_is_not_installed_is_told(node_modules):
    assert VendorFinder().check() == []
    (node_modules / "pens" / "dist" / "pen.js").unlink()
    [warning] = VendorFinder().check()
    assert warning.msg == "Not installed: vendor/pens/pen.js"


def test_the_portals_own_vendor_files_are_installed(settings):
    for prefix, _, names in settings.VENDOR_STATIC:
        for name in names:
            assert find(f"{prefix}/{name}"), name
