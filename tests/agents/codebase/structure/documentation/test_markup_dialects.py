"""Dialects of headings and indentation: rustdoc, Go, and Markdown in any comment."""

from __future__ import annotations

from agents.codebase.structure.documentation import of_comment
from agents.contracts.documentation import Code, Heading, Listing, Paragraph, Table


def test_rustdoc_hides_lines_links_items_and_names_sections() -> None:
    found = of_comment(
        "/// Parses a [`Row`] from `Vec<u8>` or Option<u8>.\n///\n"
        "/// # Examples\n///\n/// ```rust,no_run\n/// # use x::y;\n"
        '/// let r = parse("a<b>");\n/// ```\n///\n/// # Errors\n///\n/// Returns [`Bad`](crate::Error).\n///\n'
        "/// [`Row`]: crate::Row",
        "rust",
    ).document

    assert found is not None
    assert found.summary == "Parses a [`Row`](symbol:crate::Row) from `Vec<u8>` or Option<u8>."
    assert found.examples == (Code(text='let r = parse("a<b>");', language="rust"),)
    assert found.raises[0].text == "Returns [`Bad`](symbol:crate::Error)."


def test_go_reads_code_lists_links_headings_and_deprecation() -> None:
    found = of_comment(
        "// Parse parses [Row] per [RFC 1].\n//\n"
        "// # Usage\n//\n// Deprecated: Use [Parse2].\n//\n//   - one\n//   - two\n//\n"
        '//\tx := Parse("<b>")\n//\n// [RFC 1]: https://example.org/rfc1',
        "go",
    ).document

    assert found is not None
    assert found.summary == "Parse parses [`Row`](symbol:Row) per [RFC 1](https://example.org/rfc1)."
    heading, listing, code = found.blocks
    assert heading == Heading(text="Usage")
    assert isinstance(listing, Listing)
    assert code == Code(text='x := Parse("<b>")')
    assert found.deprecated is not None
    assert found.deprecated.text == "Use [`Parse2`](symbol:Parse2)."


def test_markdown_keeps_tables_nested_lists_and_numbers() -> None:
    found = of_comment(
        "/// Do.\n///\n/// | a | b |\n/// |---|---|\n/// | 1 | 2 |\n///\n/// 3. x\n///    - y\n", "swift"
    ).document

    assert found is not None
    assert found.blocks[0] == Table(header=("a", "b"), rows=(("1", "2"),))
    assert found.blocks[1] == Listing(
        items=((Paragraph(text="x"), Listing(items=((Paragraph(text="y"),),))),), ordered=True, start=3
    )


def test_badges_are_no_summary() -> None:
    found = of_comment("//! [![Build](https://img.shields.io/b.svg)](https://ci.example)\n//!\n//! Reads rows.", "rust")

    assert found.text == "Reads rows."
