# ruff: noqa: E501 (one row of a table a member)
"""Members of every kind and language: each with its type, its default and its documentation."""

from __future__ import annotations

import pytest

from agents.contracts.structure import SymbolKind
from tests.agents.codebase.structure.reading import read, symbols

#: language, text, name, kind, type, default, doc
MEMBERS = [
    ("python", 'class A:\n    x: int = 1\n    """How many."""\n', "A.x", "field", "int", "1", "How many."),
    ("python", "class A:\n    def __init__(self):\n        # Count.\n        self.n: int = 0\n", "A.n", "field", "int", "0",
     "Count."),
    ("python", "class A(Enum):\n    RED = 1\n", "A.RED", "variant", "", "1", ""),
    ("python", 'class A:\n    __slots__ = ("a", "b")\n', "A.b", "field", "", "", ""),
    ("python", "a = b = 2\n", "b", "variable", "", "2", ""),
    ("python", "limit, other = 1, 2\n", "other", "variable", "", "", ""),
    ("python", "class A:\n    @cached_property\n    def size(self) -> int: ...\n", "A.size", "property", "int", "", ""),
    ("javascript", "class A {\n  /** Sum. */\n  total = 1;\n}\n", "A.total", "field", "", "1", "Sum."),
    ("javascript", "let a = 1, b = 2;\n", "b", "variable", "", "2", ""),
    ("typescript", "interface I {\n  /** Name. */\n  name?: string;\n}\n", "I.name", "field", "string", "", "Name."),
    ("typescript", "type T = { /** Name. */ name: string } & { age: number };\n", "T.age", "field", "number", "", ""),
    ("typescript", "class A { constructor(private readonly x: number = 1) {} }\n", "A.x", "field", "number", "1", ""),
    ("typescript", 'enum E { A = "a", B }\n', "E.A", "variant", "", '"a"', ""),
    ("typescript", "interface I { [key: string]: number }\n", "I.[]", "property", "number", "", ""),
    ("typescript", "declare let w: number;\n", "w", "variable", "number", "", ""),
    ("tsx", "class A { size: number = 1; }\n", "A.size", "field", "number", "1", ""),
    ("go", "package p\ntype S struct {\n\t// Name.\n\tA, b int `json:\"a\"`\n}\n", "S.b", "field", "int", "", "Name."),
    ("go", "package p\ntype S struct { *pkg.Base }\n", "S.Base", "field", "*pkg.Base", "", ""),
    ("go", "package p\nvar a, b int\n", "b", "variable", "int", "", ""),
    ("go", "package p\nconst X, Y = 1, 2\n", "Y", "constant", "", "2", ""),
    ("java", "class A {\n  /** Sum. */\n  private int a = 1, b[] = null;\n}", "A.b", "field", "int[]", "null", "Sum."),
    ("java", "enum E {\n  /** Low. */\n  LOW(1), HIGH }", "E.LOW", "variant", "", "", "Low."),
    ("java", "@interface P { int[] levels() default 1; }", "P.levels", "field", "int[]", "1", ""),
    ("java", "record P(int x, int y) {}", "P.y", "field", "int", "", ""),
    ("kotlin", "class A(val x: Int = 1) {\n  /** Name. */\n  var n: String? = null\n}\n", "A.n", "property", "String?", "",
     "Name."),
    ("kotlin", "val (a, b) = pair\n", "b", "variable", "", "", ""),
    ("kotlin", "enum class L { LOW, HIGH }\n", "L.HIGH", "variant", "", "", ""),
    ("scala", "class A {\n  /** Sum. */\n  var n: Int = 1\n  val d, e = 2\n}\n", "A.n", "field", "Int", "1", "Sum."),
    ("scala", "class A { val d, e = 2 }\n", "A.e", "field", "", "2", ""),
    ("scala", "enum C:\n  case Red, Blue\n", "C.Blue", "variant", "", "", ""),
    ("c", "struct s {\n  /* Count. */\n  int a, *b[3];\n};\n", "s.b", "field", "int *[3]", "", "Count."),
    ("c", "struct s { int (*cb)(int, void *); };\n", "s.cb", "field", "int (*)(int, void *)", "", ""),
    ("c", "struct s { struct { int x; } in; };\n", "s.in.x", "field", "int", "", ""),
    ("c", "typedef enum x_e {\n  /** First. */\n  A = 1, B\n} x_t;\n", "x_t.A", "variant", "", "1", "First."),
    ("c", "int g, *h = 0;\n", "h", "variable", "int *", "0", ""),
    ("cpp", "class B { public: static constexpr int kMax = 4; int a = 1, b; };\n", "B.b", "field", "int", "", ""),
    ("cpp", "enum class S { left = 1 };\n", "S.left", "variant", "", "1", ""),
    ("csharp", "class C { public int A = 1, B; }", "C.B", "field", "int", "", ""),
    ("csharp", "class C {\n /// <summary>Name.</summary>\n public string? N { get; set; } }", "C.N", "property", "string?", "",
     "Name."),
    ("csharp", "class C { public event Action? X; }", "C.X", "event", "Action?", "", ""),
    ("csharp", "enum K { None = 0 }", "K.None", "variant", "", "0", ""),
    ("rust", "pub struct S {\n    /// Count.\n    pub a: Vec<u8>,\n}\n", "S.a", "field", "Vec<u8>", "", "Count."),
    ("rust", "pub struct T(pub u8, String);\n", "T.1", "field", "String", "", ""),
    ("rust", "enum E {\n    /// Red.\n    Red = 1,\n    St { a: u8 },\n}\n", "E.Red", "variant", "", "1", "Red."),
    ("rust", "enum E { St { a: u8 } }\n", "E.St.a", "field", "u8", "", ""),
    ("ruby", "class A\n  # Name.\n  attr_accessor :n, :m\nend\n", "A.m", "property", "", "", "Name."),
    ("php", "<?php class A {\n  /** Sum. */\n  public ?int $a = 1, $b; }", "A.$b", "property", "?int", "", "Sum."),
    ("php", "<?php class A { function __construct(public int $q = 1) {} }", "A.$q", "field", "int", "1", ""),
    ("php", "<?php enum S: string { case A = 'a'; }", "S.A", "variant", "", "'a'", ""),
    ("swift", "public struct S {\n  /// Name.\n  public var n: Int = 1\n  let a = 1, b: Int\n}\n", "S.n", "property", "Int",
     "1", "Name."),
    ("swift", "struct S { let a = 1, b: Int }\n", "S.b", "property", "Int", "", ""),
    ("swift", "enum K { case a, b }\n", "K.b", "variant", "", "", ""),
    ("lua", "local M = { a = 1 }\n-- Sum.\nM.x = 2\nreturn M\n", "M.x", "field", "", "2", "Sum."),
    ("bash", "readonly A=1 B=2\n", "B", "constant", "", "2", ""),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "name", "kind", "type_", "default", "doc"), MEMBERS)
def test_a_member_has_its_kind_type_default_and_doc(
    language: str, text: str, name: str, kind: str, type_: str, default: str, doc: str
) -> None:
    found = symbols(read(language, text))

    assert name in found, sorted(found)
    member = found[name]
    assert (member.kind.value, member.type, member.default, member.doc) == (kind, type_, default, doc)


#: language, text, name, target
RE_EXPORTS = [
    ("python", '__all__ = ["Client"]\nfrom ._client import Client\n', "Client", "._client.Client"),
    ("python", "from .a import b as b\n", "b", ".a.b"),
    ("javascript", 'export { x as y } from "./m";\n', "y", "./m#x"),
    ("javascript", 'export * from "./m";\n', "*", "./m"),
    ("typescript", 'export * as tools from "./m";\n', "tools", "./m"),
    ("rust", "pub use self::fast::{go as quick, slow};\n", "quick", "self::fast::go"),
    ("rust", "pub use self::fast::{go as quick, slow};\n", "slow", "self::fast::slow"),
]


@pytest.mark.parametrize(("language", "text", "name", "target"), RE_EXPORTS)
def test_a_name_that_is_handed_on_says_where_it_is_from(language: str, text: str, name: str, target: str) -> None:
    found = symbols(read(language, text))[name]

    assert (found.kind, found.target, found.public) == (SymbolKind.RE_EXPORT, target, True)


def test_a_text_value_is_not_shown_because_it_could_be_a_secret() -> None:
    found = symbols(read("python", 'class A:\n    token = "hunter2"\n'))

    assert (found["A.token"].default, found["A.token"].signature) == ("…", "token = …")


def test_a_long_signature_is_whole() -> None:
    parameters = ", ".join(f"parameter_{number}: dict[str, list[int]] = {{}}" for number in range(40))

    found = symbols(read("python", f"def f({parameters}) -> None: ...\n"))["f"]

    assert found.signature == f"def f({parameters}) -> None"
    assert len(found.parameters) == 40


def test_comments_in_a_parameter_list_are_no_part_of_the_signature() -> None:
    found = symbols(read("python", "def f(\n    a,  # first\n    b,\n): ...\n"))["f"]

    assert found.signature == "def f(a, b)"


def test_five_thousand_public_functions_are_not_cut() -> None:
    text = "\n".join(f"def f{number}(): ..." for number in range(5_000))

    assert len(read("python", text).symbols) == 5_000


def test_a_kotlin_constructor_on_the_line_below_keeps_the_class() -> None:
    structure = read(
        "kotlin",
        "actual open class X\ninternal actual constructor(\n  internal val data: ByteArray\n) : Base() {\n  fun go() {}\n}\n",
    )

    assert structure.parse_errors == 0
    assert list(symbols(structure)) == ["X", "X.data", "X.go"]
    assert symbols(structure)["X.go"].lines.start == 5
