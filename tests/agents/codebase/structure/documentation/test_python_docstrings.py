"""Google's, NumPy's, Sphinx's and epytext's docstrings become the same document."""

from __future__ import annotations

import docstring_parser
import pytest

from agents.codebase.structure.documentation import document
from agents.contracts.documentation import Code, Definitions, Documentation, Listing, Paragraph, Table
from tests.agents.codebase.structure.reading import read, symbols

GOOGLE = """Add.

Args:
  a: The first, which is
    given on two lines.
  b (list[int], optional): The second: with a colon.
  *rest: Others.

Returns:
  dict: A dict with

    * key: one
    * key2: two

Raises:
  ValueError: If negative.

Example:
  >>> add(1)
  1
"""
NUMPY = """Add two numbers.

Parameters
----------
a : int
    The first.
b : {1, 2}, optional
    The second.

Returns
-------
int
    The sum.

Raises
------
ValueError
    If negative.

See Also
--------
bold : Makes bold.

Notes
-----
.. math:: E = mc^2

Examples
--------
>>> add(1, 2)
3
"""
SPHINX = """Do it.

:param x: the value,
    on two lines
:type x: int
:param str name: a name
:returns: nothing
:rtype: None
:raises ValueError: when bad

.. deprecated:: 1.2
   Use :meth:`.Other.run`.
"""
EPYTEXT = "Do it.\n\n@param x: the value\n@type x: C{int}\n@return: B{nothing} of L{escaped}\n"


def parsed(text: str) -> Documentation:
    found = document(text, "python").document
    assert found is not None
    return found


def test_google_sections_become_entries_with_types_lists_and_examples() -> None:
    found = parsed(GOOGLE)

    assert [(one.name, one.type, one.optional, one.text) for one in found.parameters] == [
        ("a", "", False, "The first, which is given on two lines."),
        ("b", "list[int]", True, "The second: with a colon."),
        ("*rest", "", False, "Others."),
    ]
    assert found.returns[0].type == "dict"
    assert isinstance(found.returns[0].blocks[0], Listing)
    assert (found.raises[0].type, found.raises[0].text) == ("ValueError", "If negative.")
    assert found.examples == (Code(text=">>> add(1)\n1", language="pycon"),)


def test_numpy_sections_become_entries() -> None:
    found = parsed(NUMPY)

    assert [(one.name, one.type, one.optional) for one in found.parameters] == [
        ("a", "int", False),
        ("b", "{1, 2}", True),
    ]
    assert (found.returns[0].type, found.returns[0].text) == ("int", "The sum.")
    assert found.raises[0].type == "ValueError"
    assert (found.see_also[0].name, found.see_also[0].text) == ("bold", "Makes bold.")
    assert Code(text="E = mc^2", language="latex") in found.blocks
    assert found.examples == (Code(text=">>> add(1, 2)\n3", language="pycon"),)


def test_sphinx_fields_keep_types_and_directives() -> None:
    found = parsed(SPHINX)

    assert [(one.name, one.type, one.text) for one in found.parameters] == [
        ("x", "int", "the value, on two lines"),
        ("name", "str", "a name"),
    ]
    assert (found.returns[0].type, found.returns[0].text) == ("None", "nothing")
    assert found.deprecated is not None
    assert (found.deprecated.name, found.deprecated.text) == ("1.2", "Use [`Other.run`](symbol:Other.run).")


def test_epytext_fields_and_marks_are_read() -> None:
    found = parsed(EPYTEXT)

    assert [(one.name, one.type, one.text) for one in found.parameters] == [("x", "int", "the value")]
    assert found.returns[0].text == "**nothing** of [`escaped`](symbol:escaped)"


def test_marks_of_epytext_are_read_in_a_docstring_without_fields() -> None:
    found = document("L{rows.Row} is C{None}, with I{one} of\nL{the\nrows<Row>}.", "python").document

    assert found is not None
    assert found.summary == "[`rows.Row`](symbol:rows.Row) is `None`, with *one* of [the rows](symbol:Row)."


@pytest.mark.parametrize("text", [r"It is \L{x} and $L{x}$ of R^L{x}.", "D{name}", "It is {C{x}}."])
def test_what_looks_like_a_mark_of_epytext_beside_a_formula_stays(text: str) -> None:
    assert "{" in document(text, "python").text


@pytest.mark.parametrize(
    ("fields", "type_", "words"),
    [
        ("@param int x: alpha\n@param str x: beta\n", "int | str", "alpha beta"),
        ("@param alpha x:\n@param beta x: gamma\n", "alpha | beta", "gamma"),
        ("@type x: alpha\n@type x: beta\n", "alpha | beta", ""),
        ("@param int x: alpha\n@type x: int\n", "int", "alpha"),
    ],
)
def test_a_repeated_field_loses_no_word(fields: str, type_: str, words: str) -> None:
    [parameter] = parsed(f"Do it.\n\n{fields}").parameters

    more = [block.text for block in parameter.blocks if isinstance(block, Paragraph)]
    assert (parameter.name, parameter.type) == ("x", type_)
    assert " ".join(filter(None, [parameter.text, *more])) == words


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, SPHINX])
def test_another_parser_finds_the_same_parameters_and_errors(text: str) -> None:
    theirs = docstring_parser.parse(text)
    ours = parsed(text)

    assert [one.name for one in ours.parameters] == [one.arg_name for one in theirs.params]
    assert [one.type for one in ours.raises] == [one.type_name for one in theirs.raises]


def test_lists_tables_definitions_and_fences_keep_their_shape() -> None:
    found = parsed(
        "Do it.\n\n- one\n\n  more\n- two\n\n======  =====\na       b\n======  =====\n1       2\n======  =====\n\n"
        "Term\n    Definition.\n\nLiteral::\n\n    x = a<b>c\n\n```js\nlet y\n```\n"
    )

    listing, table, terms, _, code, fence = found.blocks
    assert isinstance(listing, Listing)
    assert len(listing.items[0]) == 2
    assert table == Table(header=("a", "b"), rows=(("1", "2"),))
    assert isinstance(terms, Definitions)
    assert terms.entries[0].name == "Term"
    assert (code, fence) == (Code(text="x = a<b>c"), Code(text="let y", language="js"))


@pytest.mark.parametrize(
    "text",
    [
        "Wrap in the <b> tag, closing with </b>; for <br/> see `<br>`.",
        "True if x<y and y>z, or a <= b && c > d. Use a<-b, List<String>, Vec<T>.",
        "Ends a block with </script><script>alert(document.domain)</script>.",
    ],
)
def test_angle_brackets_stay_as_they_are_written(text: str) -> None:
    assert document(text, "python").text == text


def test_strings_that_are_no_docstrings_document_nothing() -> None:
    found = symbols(
        read("python", 'def f():\n    f"""No."""\n\ndef b():\n    b"""No."""\n\ndef c():\n    "One " "two."\n')
    )

    assert (found["f"].doc, found["b"].doc, found["c"].doc) == ("", "", "One two.")


def test_escapes_are_evaluated_and_a_continued_first_line_is_no_text() -> None:
    source = 'def f():\n    """\\\n    A dash \\u2013, a \\"quote\\" and \\\\n.\n    """\n'

    assert symbols(read("python", source))["f"].doc == 'A dash –, a "quote" and \\n.'


def test_constants_are_documented_by_a_comment_above_or_a_string_below() -> None:
    found = symbols(read("python", '#: How many.\nLIMIT = 10\n\nDEPTH = 3\n"""How deep."""\n'))

    assert (found["LIMIT"].doc, found["DEPTH"].doc) == ("How many.", "How deep.")


def test_a_long_docstring_is_whole() -> None:
    text = "Start.\n\n" + "\n\n".join(f"Paragraph {number} with some words." for number in range(500))

    assert document(text, "python").text.endswith("Paragraph 499 with some words.")


def test_a_reference_of_numpydoc_may_hold_a_colon() -> None:
    found = parsed("Does.\n\nSee Also\n--------\ngeometry:curve\n:func:`a.b` : Makes it.\nhttp://x.org : The page.\n")

    assert [(one.name, one.text) for one in found.see_also] == [
        ("geometry:curve", ""),
        ("a.b", "Makes it."),
        ("http://x.org", "The page."),
    ]


@pytest.mark.parametrize(
    ("written", "type_", "default", "optional"),
    [
        ("int, optional (default=10)", "int", "10", True),
        ("node, optional (default=first node in list(G))", "node", "first node in list(G)", True),
        ('string (Optional, default is "time")', "string", '"time"', True),
        ("str (optional)", "str", "", True),
        ("str, Optional", "str", "", True),
        ("float (default: 0.5)", "float", "0.5", True),
        ("{'old', 'new-defaults'}", "{'old', 'new-defaults'}", "", False),
        ("{'a', 'default'}, default 'a'", "{'a', 'default'}", "'a'", True),
        ("(int, int), default (1, 2)", "(int, int)", "(1, 2)", True),
        ("callable(default)", "callable(default)", "", False),
    ],
)
def test_numpys_defaults_may_stand_in_brackets_and_words_that_hold_one_are_none(
    written: str, type_: str, default: str, optional: bool
) -> None:
    found = document(f"Add.\n\nParameters\n----------\na : {written}\n    One.", "python").document

    assert found is not None
    (entry,) = found.parameters
    assert (entry.type, entry.default, entry.optional) == (type_, default, optional)


@pytest.mark.parametrize("section", ["Returns", "Raises", "Parameters", "Yields"])
def test_a_role_in_the_place_of_a_type_costs_no_file(section: str) -> None:
    text = f"Add.\n\n{section}\n{'-' * len(section)}\n:class:`~rows.Row`\n    One.\n`rows` graph :class:`G`\n    Two."
    code = f'def add():\n    """{text.replace(chr(10), chr(10) + "    ")}\n    """\n'

    (function,) = read("python", code).symbols

    assert "Row" in function.doc
    assert "Two." in function.doc


def test_a_related_roles_address_is_shown_by_its_last_part_where_its_author_says_so() -> None:
    found = document("Add.\n\nSee Also\n--------\n:func:`~a.b.rows`\n:func:`a.b.rows`", "python").document

    assert found is not None
    assert [entry.name for entry in found.see_also] == ["rows", "a.b.rows"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Takes $O(|V|/(log|V|)^2)$ steps.", "Takes `O(|V|/(log|V|)^2)` steps."),
        ("Costs $5 and $6.", "Costs $5 and $6."),
        ("In $HOME/$USER_NAME and $PATH.", "In $HOME/$USER_NAME and $PATH."),
        ("Let $n$ be a|b|c.", "Let $n$ be a|b|c."),
    ],
)
def test_a_formula_between_dollars_keeps_its_signs_and_prices_are_none(text: str, shown: str) -> None:
    assert document(text, "python").text.replace("`", "") == shown.replace("`", "")


def test_a_sign_inside_code_that_is_still_open_begins_no_list() -> None:
    assert document("Stops below ``rows()\n* tol`` or later.", "python").text == "Stops below `rows() * tol` or later."


def test_a_persons_initials_begin_no_list_and_letters_in_order_do() -> None:
    found = document("Of these:\n\nR. Read and\nG. Sacomoto wrote.\n\nA. One\nB. Two", "python").document

    assert found is not None
    assert found.blocks == (
        Paragraph(text="R. Read and G. Sacomoto wrote."),
        Listing(items=((Paragraph(text="One"),), (Paragraph(text="Two"),)), ordered=True),
    )


def test_an_indented_list_breaks_the_paragraph_above_it() -> None:
    found = document("Adds.\n\nIn the order that is\nenabled\n    1) merge\n    2) append\nat last.", "python").document

    assert found is not None
    assert [type(block) for block in found.blocks] == [Paragraph, Listing, Paragraph]
