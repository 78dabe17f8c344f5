"""Documentation comments of public bug reports, recreated small in tests/cases: what a page must say of each."""

from __future__ import annotations

from functools import cache

import pytest

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.documentation import Documentation
from agents.contracts.structure import Structure, Symbol
from agents.roles.scanner.languages import language_of
from tests.agents.codebase.structure.reading import symbols
from tests.agents.codebase.structure.test_cases import CASES


@cache
def structure(path: str) -> Structure:
    text = (CASES / path).read_text(encoding="utf-8-sig")
    return TreeSitterReader().read(path, language_of(path.partition("/")[2], text), text)


def symbol(place: str) -> Symbol:
    path, _, name = place.partition(" ")
    return symbols(structure(path))[name]


def documentation(place: str) -> Documentation:
    documented = symbol(place).documentation
    assert documented is not None
    return documented


#: Whole texts: nothing cut out, nothing added, nothing of the comment's own marks.
TEXTS = {
    "25-docstrings/src/render.py bold": "Wrap in the <b> tag, closing with </b>; for <br/> see `<br>`.",
    "25-docstrings/src/render.py compare": "True if x<y and y>z, or a <= b && c > d. Use a<-b.",
    "25-docstrings/src/render.py script": "Ends a block with </script><script>alert(document.domain)</script>.",
    "25-docstrings/src/render.py fstring_doc": "",
    "25-docstrings/src/render.py bytes_doc": "",
    "25-docstrings/src/render.py concatenated": "One two.",
    "25-docstrings/src/render.py LIMIT": "How many at most.",
    "25-docstrings/src/render.py DEPTH": "How deep.",
    "25-docstrings/src/render.py Model.name": "Name attribute docs.",
    "25-docstrings/src/render.py Model.size": "Size attribute docs.",
    "25-docstrings/src/render.py colon_only": "`x`: only a field.",
    "28-docstyles/a.py continued": "Starts after a continuation line.\n\nMore.",
    "28-docstyles/a.py escaped": 'Splits on \\n and \\t; a dash \u2013 and a "quote"; path C:\\dir.',
    "28-docstyles/a.py epytext": "Do it.\n\n`x` (int): the value\n\nReturns: nothing of `escaped`",
    "28-docstyles/a.py doctest": "    >>> doctest()\n    1",
    "28-docstyles/b.js inline": "Short.\n\n`x`: inline tag",
    "28-docstyles/b.js Joiner": "A class.",
    "28-docstyles/b.js Joiner.run": "",
    "28-docstyles/c.h depth": "How deep.",
    "28-docstyles/c.h other": "Qt style brief.\n\nAnd details.",
    "28-docstyles/c.h plain_after_rule": "",
    "28-docstyles/c.h shape": "A shape.\n\nKernel-doc style.\n\n`w`: the width\n\n`h`: the height",
    "28-docstyles/c.h shape.w": "wide",
    "28-docstyles/c.h shape.h": "high",
    "28-docstyles/D.java D.md": "Markdown comment of Java 23 with `code` and List.",
    "28-docstyles/h.scala fold": "Folds `scala.List` with `xs.fold(0)(_ + _)`\n\n`A`: the type\n\n"
    "`xs`: the list of things\n\nReturns: the sum",
    "28-docstyles/j.rs Row": "Block doc.",
    "28-docstyles/f.rb post": "Posts `it` with bold and Link.\n\nExamples\n\n    post(1)\n    # => 2\n\n"
    "Returns nothing.",
    "25-docstrings/src/front.ts gone": "Deprecated: do not use it.",
    "25-docstrings/src/front.ts html": "Paragraph\n\n- one\n- two\n\nx",
    "01-py-pep696-defaults/src/boxes.py Crate": "Holds one thing.",
    "01-py-pep696-defaults/src/boxes.py after": "Comes after the new syntax.",
}


@pytest.mark.parametrize("place", TEXTS)
def test_a_comment_is_shown_whole_and_as_written(place: str) -> None:
    assert symbol(place).doc == TEXTS[place]


#: What a comment says of each parameter: name, type, default.
PARAMETERS = {
    "25-docstrings/src/render.py numpy_style": [("a", "int", ""), ("b", "{1, 2}", "")],
    "25-docstrings/src/render.py rest": [("x", "int", "")],
    "25-docstrings/src/render.py jinja": [("name", "str", ""), ("**kwargs", "", "")],
    "25-docstrings/src/front.ts format": [("date", "Date", ""), ("options.locale", "", "")],
    "28-docstyles/a.py google": [("a", "", ""), ("b", "list[int]", ""), ("*rest", "", "")],
    "28-docstyles/b.js join": [
        ("sep", "string", '","'),
        ("opts", "{a: number, b?: {c: string}}", ""),
        ("parts", "...string", ""),
        ("cb", "function(number): string", ""),
    ],
    "28-docstyles/c.h copy": [("src", "[in]", ""), ("dst", "[out]", "")],
    "28-docstyles/f.rb send_mail": [
        ("to", "String, nil", ""),
        ("opts", "Hash", ""),
        ("opts[:fast]", "Boolean", "false"),
    ],
    "28-docstyles/g.swift draw": [("x", "", ""), ("y", "", "")],
    "28-docstyles/i.lua Car.drive": [("far", "number", ""), ("opts", "table<string, any>", "")],
    "28-docstyles/l.php find": [
        ("$name", "string|null", ""),
        ("$opts", "array{id: int, tags: list<string>}", ""),
        ("$f", "callable(int): bool", ""),
    ],
    "28-docstyles/m.cs M.Find": [("x", "", "")],
}  # fmt: skip


@pytest.mark.parametrize("place", PARAMETERS)
def test_parameters_are_entries_with_type_and_default(place: str) -> None:
    entries = documentation(place).parameters

    assert [(entry.name, entry.type, entry.default) for entry in entries] == PARAMETERS[place]


#: What is returned, and what is raised: name, type, text of each.
OUTCOMES = {
    "25-docstrings/src/render.py numpy_style": ([("", "int", "The sum.")], [("", "ValueError", "If negative.")]),
    "25-docstrings/src/front.ts format": ([("", "string", "the text")], [("", "RangeError", "if bad")]),
    "28-docstyles/b.js join": (
        [("", "Promise<Array<string>>", "the text")],
        [("", "TypeError", "when parts is no array"), ("", "", "if it rains")],
    ),
    "28-docstyles/c.h copy": (
        [("0", "", "done"), ("-1", "", "failed"), ("", "", "the count, see [the other](symbol:other)")],
        [],
    ),
    "28-docstyles/D.java D.only": ([("", "", "the y")], [("", "java.io.IOException", "if bad")]),
    "28-docstyles/f.rb send_mail": ([("", "Array<String>", "the ids")], [("", "ArgumentError", "if empty")]),
    "28-docstyles/g.swift draw": ([("", "", "the line")], [("", "", "`DrawError.bad` if bad")]),
    "28-docstyles/i.lua Car.drive": ([("done", "boolean", "whether it came"), ("err", "string?", "")], []),
    "28-docstyles/l.php find": (
        [("", "\\Generator<int, User, mixed, void>", "The users")],
        [("", "NotFound", "If none.")],
    ),
}


@pytest.mark.parametrize("place", OUTCOMES)
def test_returns_and_errors_are_entries(place: str) -> None:
    said = documentation(place)
    returns, raises = ([(one.name, one.type, one.text) for one in part] for part in (said.returns, said.raises))

    assert (returns, raises) == OUTCOMES[place]


#: Code stays code, line by line.
CODE = {
    "25-docstrings/src/render.py jinja": [">>> jinja(\"x\")\n'x'"],
    "25-docstrings/src/render.py markdown_doc": ["graph TD; A-->B", "x = 1  # <b>"],
    "25-docstrings/src/render.py numpy_style": ["E = mc^2", ">>> numpy_style(1, 2)\n3"],
    "25-docstrings/src/render.py rest": ["rest(1)"],
    "25-docstrings/src/front.ts format": ['format(new Date()) // => "x"'],
    "28-docstyles/b.js join": ['join(",", ["a"]) // "a"'],
    "28-docstyles/D.java D": ["List<String> x = new ArrayList<>();\nif (x.size() < 3) { }"],
    "28-docstyles/f.rb send_mail": ['send("a")'],
    "28-docstyles/j.rs parse": ['let r = parse("a<b>").unwrap();'],
    "28-docstyles/k.go Parse": ['x := Parse("<b>")'],
}


@pytest.mark.parametrize("place", CODE)
def test_code_in_a_comment_stays_code(place: str) -> None:
    said = documentation(place)

    assert [block.text for block in (*said.blocks, *said.examples) if block.kind == "code"] == CODE[place]


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        ("25-docstrings/src/render.py markdown_doc", ["heading", "list", "list", "table", "code", "code"]),
        ("28-docstyles/D.java D", ["code", "list"]),
        ("28-docstyles/k.go Parse", ["list", "paragraph", "code"]),
        ("28-docstyles/a.py only_rest", ["table", "definitions", "paragraph"]),
        ("28-docstyles/m.cs M.Find", ["list", "paragraph", "paragraph"]),
    ],
)
def test_lists_and_tables_keep_their_shape(place: str, kinds: list[str]) -> None:
    assert [block.kind for block in documentation(place).blocks][: len(kinds)] == kinds


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("25-docstrings/src/front.ts format", "[the parser](symbol:parse) or [https://example.org](https://example.org)"),
        ("28-docstyles/D.java D", "[add](symbol:java.util.List#add%28Object%29)"),
        ("28-docstyles/k.go Parse", "[RFC 1](https://example.org/rfc1)"),
        ("28-docstyles/m.cs M.Find", "[this](symbol:Find%3CT%3E%28int%29)"),
        ("28-docstyles/e.kt E", "[Repo.load](symbol:Repo.load) and [the docs](https://example.org)"),
    ],
)  # fmt: skip
def test_a_link_shows_its_label_and_knows_its_target(place: str, target: str) -> None:
    assert target in documentation(place).summary


@pytest.mark.parametrize(
    ("place", "deprecated", "since"),
    [
        ("25-docstrings/src/front.ts format", "since 2.0, use [`parse`](symbol:parse)", ""),
        ("25-docstrings/src/render.py rest", None, "1.2"),
        ("28-docstyles/b.js join", None, "1.2"),
        ("28-docstyles/k.go Parse", "Use [`Parse2`](symbol:Parse2).", ""),
        ("28-docstyles/D.java D", None, "1.0"),
    ],
)
def test_deprecation_and_since_are_known(place: str, deprecated: str | None, since: str) -> None:
    said = documentation(place)

    assert (said.deprecated.text if said.deprecated else None, said.since) == (deprecated, since)


def test_signatures_with_defaults_of_type_parameters_are_whole() -> None:
    read = symbols(structure("01-py-pep696-defaults/src/boxes.py"))

    assert {name: one.signature for name, one in read.items()} == {
        "Crate": "class Crate[T = str]",
        "Crate.take": "def take(self) -> T",
        "fill": "def fill[T = int](value: T) -> Crate[T]",
        "Shelf": "type Shelf[T = str] = list[Crate[T]]",
        "after": "def after() -> None",
    }


def test_markup_of_a_readme_in_restructuredtext_is_no_word() -> None:
    read = structure("25-docstrings/README.rst")

    assert read.doc.removeprefix("Render & Co.\n\n") == "Renders things with `care`. See the docs and usage."
    assert [one.name for one in read.symbols] == ["Render & Co.", "Usage", "Deep"]


#: The first words of files in every format of the cases, with how many places of each could not be read.
FIRST_WORDS = {
    "26-formats/CMakeLists.txt": ("", 0),
    "26-formats/justfile": ("Test it", 0),
    "26-formats/k8s/Chart.yaml": ("The shop's chart", 0),
    "38-config-formats/.env.example": ("Keys", 0),
    "38-config-formats/.github/workflows/ci.yml": ("CI: all", 0),
    "38-config-formats/Jenkinsfile": ("Builds.", 0),
    "38-config-formats/action.yml": ("Builds the shop", 0),
    "38-config-formats/data.csv": ("", 0),
    "38-config-formats/doc.xml": ("", 1),
    "38-config-formats/five.json5": ("A comment", 1),
    "38-config-formats/h.hs": ("Adds.", 0),
    "38-config-formats/lines.json": ("", 1),
    "38-config-formats/notes.tex": ("", 0),
    "38-config-formats/openapi.yaml": ("Sells things.", 0),
    "38-config-formats/package.json": ("Sells things", 0),
    "38-config-formats/q.r": ("Adds. @param a first", 0),
    "38-config-formats/requirements.txt": ("Needed", 0),
    "38-config-formats/tabs.yaml": ("", 1),
}


@pytest.mark.parametrize("path", FIRST_WORDS)
def test_a_file_s_first_words_are_sentences_and_never_its_code_or_data(path: str) -> None:
    assert (structure(path).doc, structure(path).parse_errors) == FIRST_WORDS[path]


NAMES = {
    "26-formats/stub/mod.pyi": ["Thing", "Thing.x", "Thing.get", "top", "VALUE"],
    "38-config-formats/.github/workflows/ci.yml": ["on", "test", "call"],
    "38-config-formats/.gitlab-ci.yml": ["include", "stages", "stages.build", "stages.test", ".hidden", "build job"],
    "38-config-formats/arrays.toml": ["title", "server", "server", 'tool."odd key".x', "a.'b.c'"],
    "38-config-formats/compose.yaml": ["name", "x-common", "services", "volumes"],
    "38-config-formats/dup.json": ["a", "b", "c", "description"],
    "38-config-formats/icon.svg": ["svg", "svg.title", "svg.path[p]"],
    "38-config-formats/setup.cfg": ["metadata", "options.entry_points"],
    "38-config-formats/style.scss": ["Buttons"],
}


@pytest.mark.parametrize("path", NAMES)
def test_a_document_s_parts_have_their_names(path: str) -> None:
    assert [one.name for one in structure(path).symbols] == NAMES[path]


@pytest.mark.parametrize(
    ("place", "signature", "decorator"),
    [
        ("38-config-formats/A.java A.adds", "public void adds()", '@DisplayName("1) adds two numbers")'),
        ("38-config-formats/A.java A.tagged", "public void tagged()", '@Tag("a]b")'),
        ("38-config-formats/b.py route", "def route()", '@app.route("/a)", methods=["GET"])'),
        ("38-config-formats/b.py test_it", "def test_it(x)", '@pytest.mark.parametrize("x", ["(", "["])'),
    ],
)
def test_a_bracket_in_the_text_of_an_annotation_closes_nothing(place: str, signature: str, decorator: str) -> None:
    assert symbol(place).signature == signature
    assert decorator in symbol(place).decorators


def test_the_name_of_a_part_of_a_file_says_nothing_of_the_file() -> None:
    read = TreeSitterReader().read("a.ts", "typescript", "// TYPES\n\ntype A = string\n\nexport const x: A = ''\n")

    assert read.doc == ""


def test_fields_of_a_header_are_no_sentence() -> None:
    assert TreeSitterReader().read("MANIFEST.MF", "text", "Manifest-Version: 1.0\nCreated-By: Maven\n").doc == ""
