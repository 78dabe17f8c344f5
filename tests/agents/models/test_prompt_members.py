"""A prompt lists members on one line under their owner, so that they do not drown its symbols."""

from __future__ import annotations

from agents.codebase.structure.reader import TreeSitterReader
from agents.questions.prompt import _outline


def test_members_are_one_line_under_their_owner() -> None:
    text = "limit = 1\nclass Till:\n    total: int = 0\n    def __init__(self):\n        self.doors = 2\n"

    lines = list(_outline(TreeSitterReader().read("a.py", "python", text)))

    assert lines == [
        "Symbols, and whether their author documented them:",
        "- variables and re-exports: limit",
        "- Till (class, lines 2-5, undocumented)",
        "  members: total, doors",
        "- Till.__init__ (method, lines 4-5, undocumented)",
    ]


def test_many_members_are_counted_after_the_first() -> None:
    text = "class Till:\n" + "".join(f"    m{number} = 1\n" for number in range(100))

    lines = list(_outline(TreeSitterReader().read("a.py", "python", text)))

    assert lines[-1].endswith(", m39 and 60 more")
