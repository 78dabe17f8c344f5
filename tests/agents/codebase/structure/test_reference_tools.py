"""What the languages' own tools document and our reader once did not: a kind of comment or declaration each."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("rust", "/// Sends it.\n// By value, for iterators.\n#[inline]\npub fn send() {}\n"),
        ("rust", "/// Sends it.\n#[inline]\n// By value, for iterators.\npub fn send() {}\n"),
        ("java", "class A {\n  /** Sends it. */\n  // checked by hand\n  @Fast\n  public void send() {}\n}\n"),
        ("typescript", "/** Sends it. */\n// eslint-disable-next-line\nexport function send() {}\n"),
        ("c", "/** Sends it. */\n/* not reentrant */\nvoid send(void);\n"),
    ],
)
def test_a_remark_between_documentation_and_its_code_does_not_hide_it(language: str, code: str) -> None:
    (sent,) = [symbol for name, symbol in symbols(read(language, code)).items() if name.endswith("send")]

    assert sent.doc == "Sends it."


def test_a_hidden_line_of_a_rust_example_takes_no_shown_line_with_it() -> None:
    code = "/// Sends.\n///\n/// ```\n/// # use a::b;\n/// #\n/// use c::d;\n/// # }\n/// ```\npub fn send() {}\n"

    doc = symbols(read("rust", code))["send"].doc

    assert "use c::d;" in doc
    assert "a::b" not in doc


def test_a_rust_link_names_its_target_behind_its_label() -> None:
    code = "/// As [`.swap(key)`][Self::swap], not `a[i][j]`, see [page][1].\n///\n"
    code += "/// [1]: https://a.example\npub fn f() {}\n"

    assert symbols(read("rust", code))["f"].doc == "As `.swap(key)`, not `a[i][j]`, see page."


def test_the_comment_behind_a_macro_of_c_documents_it() -> None:
    code = "#define READING 0x01 /**< error while reading */\n#define WRITING 0x02 /**< error while writing */\n"

    assert [symbol.doc for symbol in symbols(read("c", code)).values()] == [
        "error while reading",
        "error while writing",
    ]


def test_an_overloads_documentation_stays_when_the_function_that_runs_has_none() -> None:
    code = 'from typing import overload\n\n@overload\ndef f(a: int) -> int:\n    """Doubles."""\n\n'
    code += "def f(a):\n    return a\n"

    assert symbols(read("python", code))["f"].doc == "Doubles."


def test_no_method_of_an_anonymous_class_of_java_is_public() -> None:
    code = (
        "public enum Policy {\n  UPPER {\n    @Override public String name(String of) { return of; }\n  };\n"
        "  static { Access.it = new Access() { @Override public void open() {} }; }\n  public void close() {}\n}\n"
    )

    public = [name for name, symbol in symbols(read("java", code)).items() if symbol.public]

    assert public == ["Policy", "Policy.UPPER", "Policy.close"]
