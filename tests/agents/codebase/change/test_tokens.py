"""What a formatter or a comment changes is no change; what a program notices is one."""

from __future__ import annotations

import pytest

from agents.codebase.change.tokens import CodeText


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("python", "x = f(a, b)\n", "x = f(\n    a,\n    b,\n)\n"),
        ("python", "x = f(a)  # why\n", "# why\nx = f(a)\n"),
        ("python", "def f():\n    '''Say it.'''\n    return 1\n", "def f():\n  return 1\n"),
        ("python", "x = 'it'\n", 'x = "it"\n'),
        ("python", "x = 'say \"it\"'\n", 'x = "say \\"it\\""\n'),
        ("python", "x = 'a' 'b'\n", 'x = "ab"\n'),
        ("python", "x = a + \\\n    b\n", "x = (\n    a\n    + b\n)\n"),
        ("python", "if a and b:\n    c()\n", "if (\n    a\n    and b\n):\n    c()\n"),
        ("python", "from a import b, c\n", "from a import (\n    b,\n    c,\n)\n"),
        ("python", "for a, b in c:\n    d()\n", "for (\n    a,\n    b,\n) in c:\n    d()\n"),
        ("python", "if a:\n\tb()\n", "if a:\n        b()\n"),
        ("javascript", "const a = { b: 'c' };\n", 'const a = {\n  b: "c",\n}\n'),
        ("typescript", "// said\nf(a);\n", "f(a) /* said */\n"),
        ("go", "func f() {\n\treturn // why\n}\n", "func f() {\n\n    return\n}\n"),
        ("rust", "fn f() { /* why */ g(1) }\n", "/// Says it.\nfn f() {\n    g(1)\n}\n"),
        ("yaml", "a:\n  b: 1\n", "# why\na:\n    b: 1\n"),
        ("markdown", "one two\nthree\n", "one\ntwo three\n"),
    ],
)
def test_layout_and_comments_are_no_change(language: str, one: str, other: str) -> None:
    assert CodeText(language, one).whole == CodeText(language, other).whole


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("python", "if a:\n    b()\n    c()\n", "if a:\n    b()\nc()\n"),
        ("python", "x = 'a b'\n", "x = 'a  b'\n"),
        ("python", "x = (a,)\n", "x = (a)\n"),
        ("python", "f((a, b))\n", "f(a, b)\n"),
        ("python", "x = (a + b) * c\n", "x = a + b * c\n"),
        ("python", "x = 'a'\n", "x = b'a'\n"),
        ("python", "x = f'{a}' '{b}'\n", "x = f'{a}{b}'\n"),
        ("python", "x = a\n(b)\n", "x = a(b)\n"),
        ("python", "x = (a for a in b)\n", "x = a\n"),
        ("javascript", "f(`a b`)\n", "f(`a  b`)\n"),
        ("go", "func f() { g(1) }\n", "func f() { g(2) }\n"),
        ("yaml", "a:\n  b: 1\n", "a:\nb: 1\n"),
    ],
)
def test_what_a_program_notices_is_a_change(language: str, one: str, other: str) -> None:
    assert CodeText(language, one).whole != CodeText(language, other).whole


def test_lines_of_a_block_are_the_same_wherever_it_stands() -> None:
    inner = CodeText("python", "class A:\n    def f(self):\n        if a:\n            b()\n")
    outer = CodeText("python", "def f(self):\n    if a:\n        b()\n")
    assert inner.of(range(1, 4)) == outer.of(range(3))
    assert outer.of(range(3)) in inner.whole


def test_a_text_without_code_has_no_tokens() -> None:
    assert CodeText("python", "# nothing\n").whole == ""
    assert CodeText("python", "").of(range(3)) == ""
