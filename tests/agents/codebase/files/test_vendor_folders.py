"""A folder named vendor holds other people's code where a package manager puts it; elsewhere it is a word."""

from __future__ import annotations

import pytest

from agents.codebase.files.attributes import FileAttributes
from agents.codebase.files.vendor_folders import copied_packages, vendor_folders, with_copied


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        (["vendor/github.com/x/y.go", "main.go"], {"vendor"}),
        (["svc/go.mod", "svc/vendor/x/y.go"], {"svc/vendor"}),
        (["tools/deep/vendor/modules.txt", "tools/deep/vendor/x.go"], {"tools/deep/vendor"}),
        (["web/static/vendor/jquery.js"], {"web/static/vendor"}),
        (["src/shop/static/shop/vendor/chart/index.d.ts"], {"src/shop/static/shop/vendor"}),
        (["src/shop/sales/vendor/views.py"], set()),
        (["app/assets/javascripts/vendor/d3.js"], {"app/assets/javascripts/vendor"}),
        (["php/composer.json", "php/vendor/autoload.php"], {"php/vendor"}),
        (["app/models/vendor/invoice.rb", "Gemfile"], set()),
        (["internal/vendor/vendor.go", "go.mod"], set()),
        (["src/pages/vendor/list.js", "package.json"], set()),
        (["src/vendor.go"], set()),
    ],
)
def test_vendor_folders_are_those_of_package_managers(paths: list[str], folders: set[str]) -> None:
    assert vendor_folders(paths) == folders


@pytest.mark.parametrize(
    ("inside", "is_copied"),
    [
        (["yaml/__init__.py", "box/__init__.py", "LICENSES.txt"], True),
        (["api/__init__.py", "box/__init__.py"], False),
        (["yaml/__init__.py", "box/__init__.py", "models.py"], False),
        (["box/__init__.py"], False),
    ],
)
def test_a_python_packages_vendor_folder_holds_copies_of_packages_or_is_a_part_of_it(
    inside: list[str], is_copied: bool
) -> None:
    paths = ["shop/__init__.py", "shop/vendor/__init__.py", *(f"shop/vendor/{path}" for path in inside)]

    folders = copied_packages(paths)

    assert folders == ({"shop/vendor"} if is_copied else set())
    assert bool(with_copied("shop/vendor/yaml/nodes.py", folders, FileAttributes()).vendored) is is_copied
    assert not with_copied("shop/vendor/yaml/nodes.py", folders, FileAttributes(vendored=False)).vendored
    assert with_copied("shop/vendors.py", folders, FileAttributes()).vendored is None


def test_a_vendor_folder_that_is_no_part_of_a_package_is_the_authors() -> None:
    assert copied_packages(["vendor/__init__.py", "vendor/yaml/__init__.py", "vendor/box/__init__.py"]) == set()
