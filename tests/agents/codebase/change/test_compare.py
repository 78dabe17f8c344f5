"""Each kind of edit, and what the comparison lists for it."""

from __future__ import annotations

import pytest

from agents.codebase.change.compare import Comparison, compare
from agents.codebase.change.result import Touch
from tests.agents.codebase.change.samples import read

PYTHON = '''"""Greets people."""

import os


class Greeter:
    """Greets in one language."""

    def __init__(self, language):
        self.language = language

    def greet(self, name):
        """Say hello to a person by name."""
        return self._word() + name

    def _word(self):
        return {"en": "hello"}[self.language]


def shout(text):
    """Make a text loud, for people far away."""
    return text.upper()
'''
GO = """package a

// Greet says hello to a person.
func Greet(name string) string {
\treturn "hello " + name
}

// Shout makes a text loud.
func Shout(text string) string {
\treturn strings.ToUpper(text)
}
"""


def edited(*replaced: tuple[str, str], text: str = PYTHON, path: str = "a.py") -> Comparison:
    """The comparison of a file with itself after replacements."""
    new = text
    for old, by in replaced:
        assert old in new
        new = new.replace(old, by)
    return compare(read({path: text}), read({path: new}))


def touched(comparison: Comparison) -> dict[str, Touch]:
    return {one.symbol: one.reason for one in comparison.statements}


@pytest.mark.parametrize(
    ("replaced", "expected"),
    [
        ((("text.upper()", "text.lower()"),), {"shout": Touch.BODY}),
        ((("def shout(text)", "def shout(text, times=1)"),), {"shout": Touch.SIGNATURE}),
        ((("def shout(text)", "def cry(text)"),), {"shout": Touch.RENAMED}),
        ((('"hello"', '"good day"'),), {"Greeter": Touch.BODY}),
        ((("class Greeter:", "class Greeter(dict):"),), {"Greeter": Touch.SIGNATURE}),
        ((("_word() + name", "_word() + name.title()"),), {"Greeter.greet": Touch.BODY}),
        ((("import os\n", "import os\nimport sys\n"),), {}),
        ((("    return text.upper()", "    # loud\n    return text.upper()"),), {}),
        ((("import os\n", "import os\n\nprint(1)\n"),), {"a.py": Touch.BODY}),
    ],
)
def test_a_statement_is_touched_by_its_own_code(
    replaced: tuple[tuple[str, str], ...], expected: dict[str, Touch]
) -> None:
    assert touched(edited(*replaced)) == expected


def test_the_change_of_an_undocumented_method_names_it() -> None:
    (one,) = edited(('"hello"', '"good day"')).statements
    assert (one.symbol, one.because, one.text) == ("Greeter", "Greeter._word", "Greets in one language.")


def test_a_changed_comment_is_no_stale_one() -> None:
    comparison = edited(("for people far away", "for anybody"), ("text.upper()", "text.lower()"))
    assert touched(comparison) == {}
    assert [one.symbol for one in comparison.rewritten] == ["shout"]


def test_a_moved_file_a_moved_function_and_another_order_touch_nothing() -> None:
    shout = PYTHON[PYTHON.index("def shout") :]
    rest = PYTHON.removesuffix(shout)
    word = PYTHON[PYTHON.index("    def _word") : PYTHON.index("\n\ndef shout")]
    for after in (
        {"b/c.py": PYTHON},
        {"a.py": rest, "b.py": shout},
        {"a.py": rest.replace("class Greeter", shout + "\n\nclass Greeter")},
        {"a.py": PYTHON.replace(word, "").replace("    def greet", word + "\n    def greet")},
    ):
        comparison = compare(read({"a.py": PYTHON}), read(after))
        assert touched(comparison) == {}
        assert (comparison.undocumented, list(comparison.matches.removed)) == ((), [])


def test_a_function_that_moved_and_changed_is_touched_in_its_new_place() -> None:
    shout = PYTHON[PYTHON.index("def shout") :]
    after = {"a.py": PYTHON.removesuffix(shout), "b.py": shout.replace("upper", "lower")}
    (one,) = compare(read({"a.py": PYTHON}), read(after)).statements
    assert (str(one.before), str(one.now), one.reason) == ("a.py#L20-L22", "b.py#L1-L3", Touch.BODY)


def test_a_renamed_class_keeps_its_methods() -> None:
    comparison = edited(("class Greeter", "class Welcomer"))
    assert touched(comparison) == {"Greeter": Touch.RENAMED}
    assert list(comparison.matches.removed) == []


def test_callers_of_a_renamed_function_are_not_touched() -> None:
    text = (
        PYTHON + '\n\ndef call(text):\n    """Shout it over the street."""\n    return shout(text) + f"{shout(text)}"\n'
    )
    assert touched(edited(("shout(", "cry("), text=text)) == {"shout": Touch.RENAMED}


def test_an_added_symbol_needs_documentation_if_it_is_public_code_of_the_product() -> None:
    added = "\n\ndef {0}(a):\n    return a\n\n\nclass {0}B:\n    pass\n"
    for name, path, expected in (("f", "a.py", ["f", "fB"]), ("_f", "a.py", []), ("f", "tests/test_a.py", [])):
        comparison = compare(read({path: PYTHON}), read({path: PYTHON + added.format(name)}))
        assert [one.symbol for one in comparison.undocumented] == expected
        assert touched(comparison) == {}
    documented = PYTHON + '\n\ndef f(a):\n    """Say what it does."""\n    return a\n'
    assert compare(read({"a.py": PYTHON}), read({"a.py": documented})).undocumented == ()


def test_of_several_definitions_with_one_name_the_changed_one_is_found() -> None:
    first = "if A:\n    def f(a):\n        '''Do it in this way.'''\n        return 1\n"
    text = first + "else:\n    def f(a):\n        return 2\n"
    assert touched(edited(("return 2", "return 3"), text=text)) == {}
    assert touched(edited(("return 1", "return 3"), text=text)) == {"f": Touch.BODY}


@pytest.mark.parametrize(
    ("replaced", "expected"),
    [
        (("strings.ToUpper(text)", "strings.ToLower(text)"), {"Shout": Touch.BODY}),
        (("Greet(name string)", "Greet(name string, times int)"), {"Greet": Touch.SIGNATURE}),
        (('\treturn "hello', '\t// why\n\n    return "hello'), {}),
    ],
)
def test_other_languages_are_compared_in_the_same_way(replaced: tuple[str, str], expected: dict[str, Touch]) -> None:
    assert touched(edited(replaced, text=GO, path="a.go")) == expected


def test_secrets_of_a_comment_are_not_repeated() -> None:
    key = "ghp_" + "x7Kq2LmP9rTb4WnZ8" + "vYc3HdJ5fGs6AeU1oQi"
    text = f'def f():\n    """Call it with {key} in its header."""\n    return 1\n'
    (one,) = edited(("return 1", "return 2"), text=text).statements
    assert key not in one.text
