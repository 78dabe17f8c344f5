# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Kotlin is read where its grammar takes a name for a word of the language."""

from __future__ import annotations

import pytest

from agents.codebase.structure.reader import TreeSitterReader

CASES = {
    "an accessor with annotations": (
        'class A {\n  val size\n    @JvmName("size")\n    get() = 1\n  var b = 1\n    @X @Deprecated("n") private set\n  fun c() = 1\n}\n',
        ["A", "A.size", "A.b", "A.c"],
    ),
    "a call below a value": (
        "class A {\n  fun copied(): B {\n    val copy = B(1)\n    get(copy)\n    return copy\n  }\n  fun c() = 1\n}\n",
        ["A", "A.copied", "A.c"],
    ),
    "a block below a value": (
        "fun Route.all() {\n  val file = 1\n  get {\n    send(file)\n  }\n}\nfun c() = 1\n",
        ["all", "c"],
    ),
    "an assignment to a name": (
        "class A {\n  fun b() = list {\n    inline = true\n    for (row in rows) {\n      add(row)\n    }\n  }\n  fun c() = 1\n}\n",
        ["A", "A.b", "A.c"],
    ),
    "a property that is called set": (
        "class Query(override var set: Fields, where: Op?) : Base(set) {\n  fun b() = where?.let { set.use(it) }\n"
        "  fun c() = 1\n}\n",
        ["Query", "Query.set", "Query.b", "Query.c"],
    ),
    "accessors stay accessors": (
        "class A {\n  var set = 1\n    get() = field\n    set(value) {\n      field = value\n    }\n  fun c() = 1\n}\n",
        ["A", "A.set", "A.c"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_whole_file_is_read(case: str) -> None:
    text, names = CASES[case]
    structure = TreeSitterReader().read("a.kt", "kotlin", text)
    assert ([symbol.name for symbol in structure.symbols], structure.parse_errors) == (names, 0)
