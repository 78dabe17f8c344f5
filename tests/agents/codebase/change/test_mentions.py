"""Which removed symbols documentation still names."""

from __future__ import annotations

import pytest

from agents.codebase.change.compare import compare, removed_names
from agents.codebase.change.mentions import removed_symbols
from agents.codebase.change.result import RemovedSymbol
from tests.agents.codebase.change.samples import read

CODE = '''class Client:
    """Sends requests."""

    def get(self, url):
        return self.send(url)


def open_all(paths):
    return [open(path) for path in paths]
'''


def removed(gone: str, document: str, path: str = "README.md", more: str = "") -> list[RemovedSymbol]:
    """What is listed when a part of CODE goes and a document stays."""
    after = CODE.replace(gone, "") + more
    comparison = compare(read({"a.py": CODE}), read({"a.py": after}))
    files = read({"a.py": after, path: document})
    return list(removed_symbols(list(removed_names(comparison.matches)), files))


GET = CODE[CODE.index("    def get") : CODE.index("\n\ndef open_all")]
OPEN = CODE[CODE.index("def open_all") :]


@pytest.mark.parametrize(
    ("gone", "line", "is_named"),
    [
        (OPEN, "open_all closes nothing.", True),
        (OPEN, "open_all_of_them is another.", False),
        (GET, "Call `Client.get` first.", True),
        (GET, "Call `get` first.", True),
        (GET, "You get what you see.", False),
        (GET, "client.get(url) is short.", True),
    ],
)
def test_a_name_is_known_from_a_word(gone: str, line: str, is_named: bool) -> None:
    found = removed(gone, f"# Title\n\n{line}\n")
    assert [(one.named_in[0].path, one.named_in[0].line, one.named_in[0].text) for one in found] == (
        [("README.md", 3, line)] if is_named else []
    )


def test_a_name_that_another_symbol_has_is_named_with_its_owner_only() -> None:
    other = "\n\nclass Other:\n    def get(self):\n        return 1\n"
    assert removed(GET, "Call `get` first.\n", more=other) == []
    assert len(removed(GET, "Call `Client.get` first.\n", more=other)) == 1


def test_a_function_is_named_by_its_module_as_well() -> None:
    other = "\n\nclass Other:\n    def open_all(self):\n        return 1\n"
    assert removed(OPEN, "Call open_all first.\n", more=other) == []
    assert len(removed(OPEN, "Call a.open_all first.\n", more=other)) == 1


def test_history_may_name_what_is_gone() -> None:
    assert removed(OPEN, "Removed `open_all`.\n", path="CHANGES.md") == []


def test_comments_of_other_code_name_it_too() -> None:
    (one,) = removed(OPEN, 'def f():\n    """Like `open_all`, but slower."""\n    return 1\n', path="b.py")
    assert (one.symbol, one.named_in[0].path) == ("open_all", "b.py")


def test_a_new_name_is_given() -> None:
    after = CODE.replace("open_all", "open_each")
    comparison = compare(read({"a.py": CODE}), read({"a.py": after}))
    files = read({"a.py": after, "README.md": "Use open_all.\n"})
    (one,) = removed_symbols(list(removed_names(comparison.matches)), files)
    assert (one.symbol, one.renamed_to) == ("open_all", "open_each")
