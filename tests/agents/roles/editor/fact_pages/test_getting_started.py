# ruff: noqa: E501 (a file of the repository is one line)
"""The page for a first day lists what a repository's own files say of it, and exists only where they say enough."""

from __future__ import annotations

from agents.contracts.draft import PageKind
from agents.roles.editor.fact_pages.getting_started import getting_started
from tests.agents.roles.editor.fact_pages.test_fact_pages import material_of

FILES = {
    "pyproject.toml": '[project]\nname = "hive"\nrequires-python = ">=3.11"\n[project.scripts]\nhive = "hive.cli:main"\n',
    ".tool-versions": "nodejs 20.1.0 # for the site\nterraform 1.9\n",
    ".env.example": "# Where the bees are kept.\nHIVE_URL=postgres://localhost/hive\n",
    "compose.yaml": "services:\n  db:\n    image: postgres:16\n",
    "Makefile": "run: ## start the hive\n\tpython -m hive\n\ntest: ## try it\n\tpytest\n",
    "hive/cli.py": '"""The command line."""\n\n\ndef main():\n    """Starts the hive."""\n',
    "hive/settings.go": 'package hive\ntype T struct {\n // The key.\n Key string `env:"HIVE_KEY,required"`\n}\n',
}


def test_the_page_says_what_to_have_get_set_run_and_test() -> None:
    page = getting_started(material_of(FILES), {"commands.md"})

    assert page is not None and page.kind is PageKind.GETTING_STARTED
    for row in (
        "| Python | `>=3.11` |",
        "| nodejs | `20.1.0` |",
        "| terraform | `1.9` |",
        "pip install hive",
        "`docker compose up` starts these:",
        "| `db` | `postgres:16` |",
        "| `HIVE_URL` | Where the bees are kept. |",
        "| `HIVE_KEY` | The key. |",
        "| `make run` | start the hive |",
        "| `make test` |",
        "hive/cli.py",
        "[All commands](commands.md)",
    ):
        assert row in page.markdown, row
    assert "tests.md" not in page.markdown


def test_each_row_cites_the_file_that_says_so() -> None:
    page = getting_started(material_of(FILES), {"commands.md"})

    assert page is not None
    assert {citation.path for citation in page.citations} >= set(FILES) - {"hive/cli.py"}


def test_a_repository_that_says_one_of_these_things_has_no_page() -> None:
    assert getting_started(material_of({"Makefile": "run:\n\tx\n", "a.py": "x = 1\n"}), ()) is None
    assert getting_started(material_of({"a.py": "x = 1\n"}), ()) is None


def test_links_to_other_pages_have_their_heading_where_no_file_is_an_entry_point() -> None:
    files = {name: text for name, text in FILES.items() if not name.startswith("hive/")}

    page = getting_started(material_of(files), {"commands.md"})

    assert page is not None
    assert page.markdown.rstrip().endswith("## What to read next\n\n[All commands](commands.md)")
