"""How the benchmark compares a reference tool with our reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agents.contracts.documentation import Documentation, Entry
from bench.references import doxygen, java, ours, python, rust, typescript
from bench.references.rows import Convention, Row, compare, total

PLAIN = Convention(signature=str)


def test_a_public_symbol_that_we_do_not_list_lowers_recall() -> None:
    theirs = [Row(path="a.x", name="f"), Row(path="a.x", name="g"), Row(path="a.x", name="T.field", member=True)]

    result = compare(theirs, [Row(path="a.x", name="f")], PLAIN)

    assert (result.symbols, result.members) == ((1, 2), (0, 1))
    assert result.missed == ["a.x g", "a.x T.field"]


def test_a_name_that_the_tool_does_not_know_lowers_precision_only_in_files_that_it_read() -> None:
    theirs = [Row(path="a.x", name="f")]
    read = [Row(path="a.x", name="f"), Row(path="a.x", name="h"), Row(path="b.x", name="i")]

    result = compare(theirs, read, PLAIN)

    assert result.precision == (1, 2)
    assert result.false == ["a.x h"]


def test_what_we_call_public_and_the_tool_private_is_false_and_what_it_only_imports_is_not() -> None:
    theirs = [Row(path="a.x", name="f", public=False), Row(path="a.x", name="g", public=False, required=False)]

    result = compare(theirs, [Row(path="a.x", name="f"), Row(path="a.x", name="g")], PLAIN)

    assert result.false == ["a.x f"]


def test_documentation_is_equal_when_it_has_the_same_words_and_a_lost_one_is_named() -> None:
    theirs = [
        Row(path="a.x", name="f", doc="Sends.\n@param url where to"),
        Row(path="a.x", name="g", doc="One two three."),
        Row(path="a.x", name="h"),
    ]
    read = [
        Row(path="a.x", name="f", doc="Sends.\nurl\nwhere to"),
        Row(path="a.x", name="g", doc="One two."),
        Row(path="a.x", name="h", doc="A remark."),
    ]

    result = compare(theirs, read, PLAIN)

    assert result.docs == (1, 2)
    assert result.docs_unequal == [("a.x g", "three", "")]


def test_one_of_several_overloads_is_enough_and_an_empty_form_is_not_compared() -> None:
    theirs = [Row(path="a.x", name="f", signature="f(int)"), Row(path="a.x", name="g", signature="g()")]
    read = [
        Row(path="a.x", name="f", signature="f(str)"),
        Row(path="a.x", name="f", signature="f(int)"),
        Row(path="a.x", name="g"),
    ]

    assert compare(theirs, read, PLAIN).signatures == (1, 1)


def test_shares_of_several_projects_are_weighed_by_their_symbols() -> None:
    first = compare([Row(path="a", name="f")], [Row(path="a", name="f")], PLAIN)
    second = compare([Row(path="a", name=str(at)) for at in range(3)], [], PLAIN)

    assert total([first, second])["symbols"] == 0.25
    assert total([first, second])["docs"] is None


def test_python_signatures_differ_by_nothing_but_layout() -> None:
    assert python.signature("@cache async def f(a,b = 1) -> 'X'") == python.signature(
        "@cache\nasync def f(a, b=1) -> 'X':\n    pass"
    )
    assert python.signature("def f(a)") != python.signature("def f(b)")


def test_rust_signatures_and_docs_differ_by_nothing_but_paths_and_marks() -> None:
    assert rust.signature("pub fn f<'a>(mut x: crate::T<'_>,) -> io::Result") == rust.signature(
        "fn f<'a>(x: T)->Result"
    )
    assert rust.doc("See [`T`](crate::T).\n```\n# use x;\nlet a = b[0][1];\n```").split() == [
        "See", "`T`.", "let", "a", "=", "b[0][1];",
    ]  # fmt: skip


def test_java_and_c_signatures_differ_by_nothing_but_what_the_tool_completes() -> None:
    assert java.signature("@A(x = 1) public static List<Entry> f(Map.Entry e)") == java.signature(
        "java.util.List<Map.Entry> f(java.util.Map.Entry e)"
    )
    assert doxygen.signature("extern LIB_API int f(void);") == doxygen.signature("int f(void)")


def test_typescript_parameters_are_compared_by_name_and_need_and_plain_types() -> None:
    assert typescript.alike("<T>(a: string, b?: number): void", "<T extends X>(a: string, b = 3): void")
    assert not typescript.alike("(a: string): void", "(a: number): void")
    assert not typescript.alike("(a?: string): void", "(a: string): void")


def test_a_tool_may_leave_out_tags_but_nothing_else() -> None:
    theirs = [Row(path="a.x", name="f", doc="Sends it."), Row(path="a.x", name="g", doc="Sends it.")]
    read = [
        Row(path="a.x", name="f", doc="Sends it.\nurl\nwhere to", tags="url\nwhere to"),
        Row(path="a.x", name="g", doc="Sends it. At once.\nurl", tags="url"),
    ]

    assert compare(theirs, read, replace(PLAIN, leaves_out_tags=True)).docs == (1, 2)
    assert compare(theirs, read, PLAIN).docs == (0, 2)


def test_comments_of_a_declaration_and_its_definition_may_be_joined_where_names_are_compared() -> None:
    theirs = [Row(path="a.h", name="f", doc="Sends it. Not reentrant."), Row(path="a.h", name="g", doc="Sends it.")]
    read = [
        Row(path="a.h", name="f", doc="Sends it."),
        Row(path="a.c", name="f", doc="Not reentrant."),
        Row(path="a.h", name="g", doc="Ends."),
    ]

    assert compare(theirs, read, replace(PLAIN, by_name=True)).docs == (1, 2)


def test_a_test_of_a_macro_counts_neither_way_and_a_function_behind_a_macro_does() -> None:
    rows = [
        Row(path="a.cc", name="Cache.Hit", signature="TEST(Cache, Hit)"),
        Row(path="a.cc", name="parse", signature="PUBLIC(row *) parse(const char *text)"),
    ]

    assert [row.required for row in doxygen.renamed(rows, frozenset())] == [False, True]


def test_a_declaration_of_typescript_bears_the_name_of_its_own_file() -> None:
    text = "export default function compose() {}\nexport const size = 1\n"
    theirs = [Row(path="a.ts", name="default", line=1), Row(path="a.ts", name="size", line=2)]

    assert [typescript.own_name(row, text) for row in theirs] == ["compose", "size"]


def test_a_parameter_of_which_nothing_is_said_is_left_out_where_the_tool_does() -> None:
    document = Documentation(summary="Sends.", parameters=(Entry(name="url"), Entry(name="to", text="whom")))

    assert "url" in ours.whole(document)
    assert ours.whole(document, frozenset({ours.BARE})).split() == ["Sends.", "to", "whom"]


def test_a_number_that_ends_a_sentence_at_a_lines_head_is_a_word_on_either_side() -> None:
    theirs = [
        Row(path="a.x", name="f", doc="It fails if a value is below\n0. It adds."),
        Row(path="a.x", name="g", doc="1. One"),
    ]
    read = [
        Row(path="a.x", name="f", doc="It fails if a value is below 0. It adds."),
        Row(path="a.x", name="g", doc="One"),
    ]

    assert compare(theirs, read, PLAIN).docs == (2, 2)


def test_fields_of_a_namedtuple_and_what_another_definition_hides_count_neither_way(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(
        'Row = namedtuple("Row", ["key", "value"])\nclass A:\n    def go(self): ...\nif True:\n    def A(): ...\n'
        "try:\n    from b import c\nexcept ImportError:\n    def c(): ...\n"
    )

    optional = {row.name for row in (*python._tuples(file, "a.py"), *python._hidden(file, "a.py")) if not row.required}

    assert {"Row.key", "Row.value", "A.go", "c"} <= optional


def test_only_an_address_that_a_reference_leads_to_is_no_text_of_a_docstring() -> None:
    text = "See `Rows`_.\n\n.. _Rows: https://a.b/rows\n.. _Other: https://a.b/other"

    assert "a.b/rows" not in python.doc(text)
    assert "Other: https://a.b/other" in python.doc(text)
