"""Forms of documentation that releases showed which nobody had looked at before."""

from __future__ import annotations

import pytest

from agents.codebase.structure.documentation import document
from agents.contracts.documentation import Code, Paragraph


@pytest.mark.parametrize("language", ["rust", "java", "c"])
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("At most 10<sup>9</sup> rows.", "At most 10⁹ rows."),
        ("In 2<sup>k+1</sup> steps.", "In 2^(k+1) steps."),
        ("The base log<sub>b</sub> of x<sub>i</sub>.", "The base log_b of xᵢ."),
        ("The m<sup>-1</sup> of a<sub>n</sub>.", "The m⁻¹ of a_n."),
        ("The 1<sup>st</sup> of Java<sup>TM</sup>.", "The 1st of JavaTM."),
        ("A <sup>remark in small letters</sup>.", "A remark in small letters."),
    ],
)
def test_what_stands_above_or_below_the_line_does_not_join_the_number_before_it(
    language: str, written: str, shown: str
) -> None:
    assert document(written, language).text == shown


@pytest.mark.parametrize("flags", ["compile_fail,E0080", "ignore-wasm,no_run", "standalone_crate"])
def test_examples_of_rust_with_every_flag_hide_their_hidden_lines(flags: str) -> None:
    read = document(f"Casts.\n\n```{flags}\n# let hidden = 1;\nlet shown = 2;\n```\n", "rust").document

    assert read is not None
    assert read.blocks == (Code(text="let shown = 2;", language="rust"),)


def test_a_definition_that_names_a_symbol_and_is_not_used_is_not_shown() -> None:
    text = "Spins.\n\n[`done`]: Backoff::is_done\n[page]: struct.Backoff.html\n[site]: https://example.org/spin\n"

    assert document(text, "rust").text == "Spins.\n\nsite"


def test_tags_whose_partner_stands_in_another_block_are_not_shown() -> None:
    text = 'Rows.\n\n<div class="wrap">\n<pre class="ignore">\n\n**Note:** a `Vec` of <T>.\n\n</pre></div>\n'
    read = document(text, "rust").document

    assert read is not None
    assert read.blocks == (Paragraph(text="**Note:** a `Vec` of <T>."),)


def test_prose_that_an_author_frames_as_code_is_framed_is_prose() -> None:
    text = 'Rows.\n\n<pre style="white-space:normal;font:inherit;">\n    <strong>Note</strong>: needs memory.\n</pre>\n'
    read = document(text, "rust").document

    assert read is not None
    assert read.blocks == (Paragraph(text="**Note**: needs memory."),)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("[edges](../graph/struct.Graph.html)", "symbol:Graph"),
        ("[edges](struct.Graph.html#method.edges)", "symbol:Graph::edges"),
        ("[edges](#tymethod.edges)", "symbol:edges"),
        ("[edges](Graph#walking-edges)", "symbol:Graph"),
        ("[edges]\n\n[edges]: trait.Graph.html#associatedtype.Edges", "symbol:Graph::Edges"),
        ('<a href="../fn.edges.html">edges</a>', "symbol:edges"),
        ("[edges](https://example.org/struct.Graph.html)", "https://example.org/struct.Graph.html"),
        ("[edges](#walking)", "#walking"),
    ],
)
def test_a_link_to_a_page_that_rustdoc_writes_is_a_link_to_the_item(link: str, target: str) -> None:
    read = document(f"The {link}", "rust").document

    assert read is not None
    assert read.summary == f"The [edges]({target})"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Decomposes (@ref ROW_DECOMPOSE) rows.", "Decomposes ([`ROW_DECOMPOSE`](symbol:ROW_DECOMPOSE)) rows."),
        ("See (@ref row_open()), closed.", "See ([`row_open()`](symbol:row_open%28%29)), closed."),
        ("The type \\c (ROW_*) of it.", "The type `(ROW_*)` of it."),
        ("Calls \\c row_open() first (or \\c row_new).", "Calls `row_open()` first (or `row_new`)."),
    ],
)
def test_a_bracket_around_a_command_of_doxygen_is_no_part_of_the_name(written: str, shown: str) -> None:
    text, read = document(written, "c")

    assert (read.summary if read is not None else text) == shown
