"""The facts of one line stand in the order of that line, in every process: a page must not change by itself."""

from __future__ import annotations

from agents.codebase.structure.reader import TreeSitterReader


def test_settings_of_a_minified_file_stand_in_its_order() -> None:
    names = [f"NAME_{number}" for number in range(60)]
    text = "const a=[" + ",".join(f"process.env.{name}" for name in names) + "];\n"
    facts = TreeSitterReader().read("a.min.js", "javascript", text).facts
    assert [fact.name for fact in facts] == names


def test_a_call_is_a_setting_only_behind_its_owner() -> None:
    facts = TreeSitterReader().read("a.py", "python", 'x = int("PORT")\ny = other.int("PORT")\n').facts
    assert facts == ()
    read = TreeSitterReader().read("a.py", "python", 'import environ\nenv = environ.Env()\ny = env.int("PORT")\n').facts
    assert [(fact.name, fact.type) for fact in read] == [("PORT", "int")]
