"""A folder named vendor holds other people's code where a package manager puts it; elsewhere it is a word."""

from __future__ import annotations

import pytest

from agents.codebase.files.vendor_folders import vendor_folders


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        (["vendor/github.com/x/y.go", "main.go"], {"vendor"}),
        (["svc/go.mod", "svc/vendor/x/y.go"], {"svc/vendor"}),
        (["tools/deep/vendor/modules.txt", "tools/deep/vendor/x.go"], {"tools/deep/vendor"}),
        (["web/static/vendor/jquery.js"], {"web/static/vendor"}),
        (["app/assets/javascripts/vendor/d3.js"], {"app/assets/javascripts/vendor"}),
        (["php/composer.json", "php/vendor/autoload.php"], {"php/vendor"}),
        (["app/models/vendor/invoice.rb", "Gemfile"], set()),
        (["internal/vendor/vendor.go", "go.mod"], set()),
        (["src/pages/vendor/list.js", "package.json"], set()),
        (["src/vendor.go"], set()),
        (["p/__init__.py", "p/vendor/__init__.py", "p/vendor/yaml/__init__.py", "p/vendor/box/__init__.py"],
         {"p/vendor"}),
        (["p/__init__.py", "p/vendor/__init__.py", "p/vendor/api/__init__.py", "p/vendor/box/__init__.py"], set()),
        (["p/__init__.py", "p/vendor/__init__.py", "p/vendor/yaml/__init__.py", "p/vendor/box/__init__.py",
          "p/vendor/models.py"], set()),
        (["p/__init__.py", "p/vendor/__init__.py", "p/vendor/box/__init__.py"], set()),
    ],
)  # fmt: skip
def test_vendor_folders_are_those_of_package_managers(paths: list[str], folders: set[str]) -> None:
    assert vendor_folders(paths) == folders
