"""An API page shows members under their owner, whole signatures, and public symbols before all else."""

from __future__ import annotations

import dataclasses
import re

from agents.codebase.structure.reader import TreeSitterReader
from agents.roles.editor.api_page import api_page
from agents.roles.editor.signatures import formatted, shortened
from tests.agents.codebase.structure.reading import read, symbols
from tests.agents.roles.editor.samples import material

PATH = "demo/names.py"


def page(text: str) -> str:
    """The page of a Python file with this text, without the anchors of its symbols."""
    return re.sub(r'<a id="[^"]*" class="[a-z-]+"></a>', "", anchored_page(text))


def anchored_page(text: str) -> str:
    """The page of a Python file with this text."""
    known = material()
    structure = TreeSitterReader().read(PATH, "python", text).model_copy(update={"line_count": 10_000})
    analysis = known.analyses[PATH].model_copy(update={"structure": structure})
    return api_page(dataclasses.replace(known, analyses={**known.analyses, PATH: analysis}), PATH).markdown


def test_members_stand_under_their_owner_with_type_value_and_doc() -> None:
    markdown = page(
        'class Till:\n    """Takes money."""\n    total: int = 0\n    """What is in it."""\n\ndef other(): ...\n'
    )

    owner, member, after = (
        markdown.index(part) for part in ("## `Till`", "| `total` | `int` | `0` | What is in it.", "`other`")
    )
    assert owner < member < after


def test_private_members_are_named_on_one_line() -> None:
    assert "Private: `_a`, `_b`" in page("class Till:\n    _a = 1\n    _b = 2\n    c = 3\n")


def test_a_long_member_doc_has_a_section_of_its_own() -> None:
    doc = "What is in it. " * 20

    markdown = page(f'class Till:\n    total: int = 0\n    """{doc}"""\n')

    assert "#### `Till.total`" in markdown
    assert markdown.count("What is in it.") > 20


def test_decorators_stand_above_the_signature() -> None:

    assert "@staticmethod\ndef f(a)" in page("class A:\n    @staticmethod\n    def f(a): ...\n")


def test_a_public_symbol_is_never_internal_however_many_come_before_it() -> None:
    private = "\n".join(f'def _p{number}():\n    """Helps."""\n' for number in range(300))
    public = "\n".join(f"def f{number}(): ..." for number in range(700))

    markdown = page(f"{private}\n{public}\n")

    internal = markdown.index("## Internal")
    assert markdown.index("## `f0`") < internal
    assert markdown.index("`f699`") < internal
    assert "## `_p0`" not in markdown[: markdown.index("## `f0`")]


def test_module_variables_have_a_table() -> None:
    markdown = page("#: How long.\nlimit: int = 3\n")

    assert "## Variables" in markdown
    assert "| `limit` | `int` | `3` |" in markdown


def test_a_long_signature_has_one_parameter_on_each_line() -> None:
    signature = (
        "def send(self, url: URL | str, *, params: dict[str, int] | None = None, timeout: float = 5.0,"
        " retry: bool = True) -> None"
    )

    assert formatted(signature, ["@overload"]) == (
        "@overload\ndef send(\n    self,\n    url: URL | str,\n    *,\n    params: dict[str, int] | None = None,\n"
        "    timeout: float = 5.0,\n    retry: bool = True\n) -> None"
    )


def test_a_short_signature_stays_on_its_line() -> None:
    assert formatted("fn get(&'a self, key: &'a str) -> Option<&'a Value>") == (
        "fn get(&'a self, key: &'a str) -> Option<&'a Value>"
    )


def test_a_comma_in_a_string_and_in_generics_breaks_no_line() -> None:
    signature = f"def f(a: dict[str, int], b: str = 'x, y', {'c' * 80}: int)"

    assert formatted(signature).split("\n")[1:4] == [
        "    a: dict[str, int],",
        "    b: str = 'x, y',",
        f"    {'c' * 80}: int",
    ]


def test_a_shortened_signature_says_that_it_goes_on() -> None:
    assert shortened("x" * 200, 120).endswith("…")
    assert shortened("short") == "short"


def test_every_symbol_and_member_has_its_anchor() -> None:
    till = "class Till:\n    total: int = 0\n    _key = 1\n    def open(self): ...\n\n"
    text = f"{till}LIMIT = 3\nwidth: int = 2\n\ndef _inner(): ...\n"

    markdown = anchored_page(text)

    found = re.findall(r'<a id="s\.([^"]*)" class="([a-z-]+)"></a>', markdown)
    assert sorted(found) == [
        ("LIMIT", "constant"), ("Till", "class"), ("Till._key", "field"), ("Till.open", "method"),
        ("Till.total", "field"), ("_inner", "function"), ("width", "variable"),
    ]  # fmt: skip


def test_a_second_definition_of_a_name_has_an_anchor_of_its_own() -> None:
    markdown = anchored_page("if A:\n    def f(): ...\nelse:\n    def f(): ...\n")

    assert 'id="s.f"' in markdown
    assert markdown.count('id="s.f') == len(set(re.findall(r'id="(s\.f[^"]*)"', markdown)))


def test_types_calls_and_documentation_link_to_definitions() -> None:
    text = (
        "class Till: ...\n\ndef close(till: Till) -> None:\n"
        '    """Closes it.\n\n    :param till: see :class:`Till`\n    """\n\n'
        "def night(till: Till):\n    close(till)\n    till.night()\n"
    )

    markdown = page(text)

    link = "[`Till`](names.py.md#s.Till)"
    assert f"types {link}" in markdown
    assert f"| `till` | {link} | see {link} |" in markdown
    assert "calls [`close`](names.py.md#s.close), `till.night`" in markdown


def test_a_variable_of_the_file_has_the_whole_documentation_of_its_author() -> None:
    text = 'size: int = 3\n"""How many.\n\nFew, or many of them, as they like."""\n\nlimit = 4\n"""Short."""\n'
    table, section = page(text).split("### `size`")

    assert "| [`size`](" in table
    assert "Few, or many of them, as they like." in section
    assert "### `limit`" not in section


def test_what_a_parameter_is_for_is_not_taken_for_what_its_function_is_for() -> None:
    described = symbols(read("python", 'def f(size: Annotated[int, Doc("How many.")]): ...\n'))["f"]
    explained = symbols(read("python", 'def f(size):\n    """Count.\n\n    Args:\n        size: How many.\n    """\n'))[
        "f"
    ]

    assert (described.opening, explained.opening) == ("", explained.doc)
