# ruff: noqa: E501 (a README is on as few lines as it has)
"""What of a README is no introduction, no installation and no example, and what stays of a part that is too long."""

from __future__ import annotations

import pytest

from agents.codebase.guides.front import front
from agents.codebase.guides.paths import readme_of
from agents.codebase.guides.reading import read
from agents.codebase.guides.source import Repository
from agents.contracts.documentation import Code, Listing
from tests.agents.codebase.guides.test_front import of_text, words


def test_thanks_to_a_sponsor_above_a_title_are_no_introduction() -> None:
    text = (
        '<div align="center"><sup>Special thanks to:</sup>\n\n<a href="https://x.example"><img src="s.png" alt="Sponsor" />'
        "<b>Sponsor is a terminal.</b></a>\n\n# Kettle\n\nKettle boils water.\n\n</div>\n\n## Usage\n\nBoil.\n"
    )
    assert words(of_text(text).introduction) == ["Kettle boils water."]


def test_a_notice_of_copyright_is_no_introduction() -> None:
    text = "# Kettle\n\nCopyright 2009-2026 Ada and contributors. All Rights Reserved.\n\nKettle boils water.\n"
    assert words(of_text(text).introduction) == ["Kettle boils water."]


def test_what_stands_below_an_installation_about_something_else_is_left_out() -> None:
    text = "# Kettle\n\nKettle boils water.\n\n# [Install it](https://k.example/install)\n\n### Acknowledgements\n\nWe thank Ada.\n"
    assert words(of_text(text).installation) == ["Install it"]


def test_a_long_list_that_is_announced_shows_its_first_items() -> None:
    steps = "".join(f"{number}. Step {number}. {'Do it. ' * 100}\n" for number in range(1, 20))
    shown = of_text(f"# Kettle\n\nKettle boils.\n\n## Installation\n\nIn these steps:\n\n{steps}").installation
    assert isinstance(shown[-1], Listing)
    assert 1 <= len(shown[-1].items) < 19


@pytest.mark.parametrize(
    "code", ["/kettle\n  /lid # The lid\n  /spout\n  handle.py\n", "├── lid\n│   └── knob\n├── spout\n└── handle\n"]
)
def test_a_picture_of_folders_is_no_example(code: str) -> None:
    text = f"# Kettle\n\nKettle boils.\n\n## Layout\n\nThe parts:\n\n```\n{code}```\n\n## Boiling\n\n```sh\nkettle on\n```\n"
    assert [one.text.strip() for one in of_text(text).example if isinstance(one, Code)] == ["kettle on"]


def test_how_to_upgrade_is_no_first_example() -> None:
    text = "# Kettle\n\nKettle boils.\n\n## Upgrading\n\n```sh\nkettle migrate\n```\n\n## Boiling\n\n```sh\nkettle on\n```\n"
    assert [one.text.strip() for one in of_text(text).example if isinstance(one, Code)] == ["kettle on"]


def test_a_readme_in_rdoc_speaks_with_its_headings_lists_code_and_links() -> None:
    text = (
        "= Kettle\n\nKettle boils water with +boil+ and <tt>Kettle.on</tt>, see {the site}[https://k.example].\n\n== Installation\n\n"
        "* get it:\n\n  more of it\n\n[warm] keeps warm\n\n== Use\n\nBoil:\n\n  kettle on\n"
    )
    read_as = front(read("README.rdoc", text, Repository(frozenset({"README.rdoc"}))))

    assert words(read_as.introduction) == ["Kettle boils water with boil and Kettle.on, see the site."]
    assert isinstance(read_as.installation[0], Listing)
    assert [one.text.strip() for one in read_as.example if isinstance(one, Code)] == ["kettle on"]
    assert readme_of(["README.rdoc", "docs/README.md"]) == "README.rdoc"
