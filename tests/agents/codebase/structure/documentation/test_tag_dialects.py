"""Dialects with tags: a tag's type, name and words reach the field they belong to, in every language."""

from __future__ import annotations

import pytest

from agents.codebase.structure.documentation import document, of_comment
from agents.contracts.documentation import Admonition, Code, Documentation, Entry, Listing


def parsed(language: str, comment: str) -> Documentation:
    found = of_comment(comment, language).document
    assert found is not None
    return found


def brief(entries: tuple[Entry, ...]) -> list[tuple[str, str, str, str]]:
    return [(one.name, one.type, one.default, one.text) for one in entries]


def starred(text: str) -> str:
    return "/**\n" + "\n".join(f" * {line}" for line in text.split("\n")) + "\n */"


def test_jsdoc() -> None:
    found = parsed(
        "javascript",
        starred(
            'Joins {@link parse | the parser}, {@link List#add}.\n@param {string} [sep=","] what\n'
            "@param {{a: number, b?: {c: string}}} opts options\n@returns {Promise<Array<string>>} text\n"
            "@throws {TypeError} when bad\n@throws if it rains\n@since 1.2\n@example <caption>Two</caption>\n"
            'join(",", ["a"]) // <b>\n@deprecated Use other.\n@see other\n@author Ann'
        ),
    )

    assert found.summary == "Joins [the parser](symbol:parse), [`List#add`](symbol:List#add)."
    assert brief(found.parameters) == [
        ("sep", "string", '","', "what"),
        ("opts", "{a: number, b?: {c: string}}", "", "options"),
    ]
    assert brief(found.returns) == [("", "Promise<Array<string>>", "", "text")]
    assert brief(found.raises) == [("", "TypeError", "", "when bad"), ("", "", "", "if it rains")]
    assert found.examples[1] == Code(text='join(",", ["a"]) // <b>')
    assert found.deprecated == Entry(text="Use other.")
    assert (found.since, found.see_also, found.facts) == (
        "1.2",
        (Entry(text="other"),),
        (Entry(name="author", text="Ann"),),
    )


@pytest.mark.parametrize(
    ("words", "type_", "text"),
    [
        ("An error if it rains.", "", "An error if it rains."),
        ("If the row is gone.", "", "If the row is gone."),
        ("RangeError in the end.", "RangeError", "in the end."),
        ("Timeout when it is late.", "Timeout", "when it is late."),
        ("rows.Gone at once.", "", "rows.Gone at once."),
        ("Gone", "Gone", ""),
    ],
)
def test_what_is_thrown_has_a_type_only_where_the_first_word_names_one(words: str, type_: str, text: str) -> None:
    found = parsed("typescript", starred(f"Reads.\n@throws {words}"))

    assert [(one.type, one.text) for one in found.raises] == [(type_, text)]


def test_an_anchor_that_names_a_symbol_links_the_symbol() -> None:
    found = parsed("typescript", starred("See [one](#model.Node.type), [two](#Node.size) and [three](#Usage)."))

    assert found.summary == "See [one](symbol:Node.type), [two](symbol:Node.size) and [three](#Usage)."


@pytest.mark.parametrize("tag", ["@function", "@func", "@memberOf R", "@publicApi", "@static"])
def test_a_tag_that_says_what_the_code_says_is_not_shown(tag: str) -> None:
    assert document(f"Adds.\n\n{tag}\n", "javascript") == ("Adds.", None)


def test_tsdoc_examples_keep_fences_and_decorators() -> None:
    found = parsed(
        "typescript", starred("Makes.\n\n@example\n```ts\n@Component({})\nclass A<B> {}\n```\n@remarks\nSlow.")
    )

    assert found.examples == (Code(text="@Component({})\nclass A<B> {}", language="ts"),)


def test_javadoc() -> None:
    found = parsed(
        "java",
        starred(
            "Compares {@code List<MyType>} and {@literal <T>}; see {@link java.util.List#add(Object)\nadd}.\n"
            "<pre>{@code\n  List<String> x;\n  if (x < 3) { }\n}</pre>\n<ul>\n  <li>one\n  <li>two\n</ul>\n"
            "@param <T> the type\n@throws java.io.IOException if bad"
        ),
    )

    assert found.summary.startswith("Compares `List<MyType>` and <T>; see [add](symbol:java.util.List#add")
    assert found.blocks[0] == Code(text="List<String> x;\nif (x < 3) { }")
    assert isinstance(found.blocks[1], Listing)
    assert brief(found.type_parameters) == [("T", "", "", "the type")]
    assert brief(found.raises) == [("", "java.io.IOException", "", "if bad")]


def test_kdoc_and_scaladoc() -> None:
    kotlin = parsed("kotlin", starred("Loads from [Repo.load].\n\n@param T the type\n@property name its name"))
    scala = parsed(
        "scala", starred("Folds [[scala.List]] with {{{ xs.sum }}}\n\n@tparam A the type\n@param xs the '''list'''")
    )

    assert kotlin.summary == "Loads from [Repo.load](symbol:Repo.load)."
    assert (brief(kotlin.parameters), brief(kotlin.attributes)) == (
        [("T", "", "", "the type")],
        [("name", "", "", "its name")],
    )
    assert scala.summary == "Folds [`scala.List`](symbol:scala.List) with `xs.sum`"
    assert brief(scala.type_parameters) == [("A", "", "", "the type")]
    assert brief(scala.parameters) == [("xs", "", "", "the **list**")]


def test_doxygen() -> None:
    found = parsed(
        "c",
        starred(
            "\\brief Copies.\n\n\\param[in]  src  the source, \\c NULL is refused\n"
            "\\retval 0 done\n\\retval -1 failed\n"
            '\\return the count, see \\ref other "the other"\n\\note Not safe.\n\\code{.c}\n  copy(a, b);\n\\endcode'
        ),
    )

    assert found.summary == "Copies."
    assert brief(found.parameters) == [("src", "[in]", "", "the source, `NULL` is refused")]
    assert brief(found.returns)[:2] == [("0", "", "", "done"), ("-1", "", "", "failed")]
    assert found.returns[2].text == "the count, see [the other](symbol:other)"
    note = found.blocks[0]
    assert isinstance(note, Admonition)
    assert note.blocks[1] == Code(text="copy(a, b);", language="c")


def test_kernel_doc() -> None:
    found = parsed("c", starred("struct shape - A shape.\n@w: the width\n@h: the height\n\nMore words."))

    assert found.summary == "A shape."
    assert brief(found.attributes) == [("w", "", "", "the width"), ("h", "", "", "the height")]


def test_a_files_name_is_not_its_summary() -> None:
    assert of_comment("/**\n * @file yaml.h\n * @brief Public interface.\n */", "c").text == "Public interface."


def test_xml_documentation() -> None:
    found = parsed(
        "csharp",
        '/// <summary>Finds <see langword="null"/> or <c>List&lt;int&gt;</c>.</summary>\n'
        '/// <param name="x">The <paramref name="x"/>.</param>\n/// <exception cref="T:System.E">If bad.</exception>\n'
        "/// <example><code>Find(1) &lt; 2</code></example>",
    )

    assert found.summary == "Finds `null` or `List<int>`."
    assert brief(found.parameters) == [("x", "", "", "The `x`.")]
    assert brief(found.raises) == [("", "System.E", "", "If bad.")]
    assert found.examples == (Code(text="Find(1) < 2"),)


def test_yard_and_rdoc() -> None:
    found = parsed(
        "ruby",
        "# Sends +it+, see {#post}.\n#\n# @param [Hash] opts the options\n"
        "# @option opts [Boolean] :fast (false) at once\n"
        "# @return [Array<String>] the ids\n# @raise [ArgumentError] if empty\n# @example Send\n#   send(a)",
    )

    assert found.summary == "Sends `it`, see [`post`](symbol:#post)."
    assert brief(found.parameters) == [
        ("opts", "Hash", "", "the options"),
        ("opts[:fast]", "Boolean", "false", "at once"),
    ]
    assert brief(found.returns) == [("", "Array<String>", "", "the ids")]
    assert brief(found.raises) == [("", "ArgumentError", "", "if empty")]
    assert found.examples[1] == Code(text="send(a)")


def test_phpdoc_types_stand_before_names() -> None:
    found = parsed(
        "php",
        starred(
            "Finds.\n\n@param array{id: int, t: list<string>} $o the o\n"
            "@param callable(int): bool $f\n@return string|null The name"
        ),
    )

    assert brief(found.parameters) == [
        ("$o", "array{id: int, t: list<string>}", "", "the o"),
        ("$f", "callable(int): bool", "", ""),
    ]
    assert brief(found.returns) == [("", "string|null", "", "The name")]


def test_swift_markup() -> None:
    found = parsed(
        "swift",
        "/// Draws.\n///\n/// - Parameter x: where\n/// - Parameters:\n"
        "///   - y: how high\n/// - Returns: the line\n/// - Throws: `E` if bad",
    )

    assert brief(found.parameters) == [("x", "", "", "where"), ("y", "", "", "how high")]
    assert (found.returns[0].text, found.raises[0].text) == ("the line", "`E` if bad")


def test_lua_annotations_and_ldoc() -> None:
    server = parsed(
        "lua",
        "---Drives.\n---@param far number how far\n---@param o? table<string, any>\n---@return boolean done whether",
    )
    ldoc = parsed("lua", "--- Joins.\n-- @string s the string\n-- @tparam table t the parts\n-- @usage join()")

    assert brief(server.parameters) == [("far", "number", "", "how far"), ("o", "table<string, any>", "", "")]
    assert (server.returns[0].name, server.returns[0].type) == ("done", "boolean")
    assert brief(ldoc.parameters) == [("s", "string", "", "the string"), ("t", "table", "", "the parts")]
    assert ldoc.examples == (Code(text="join()"),)


@pytest.mark.parametrize("language", ["javascript", "typescript", "java", "php", "kotlin"])
def test_an_inherited_comment_says_nothing_of_its_own(language: str) -> None:
    assert of_comment("/** {@inheritDoc} */", language).text in {"", "{@inheritDoc}"[:0]}
    assert of_comment("/**\n * @inheritDoc\n */", language).text == ""


def test_javadocs_links_inside_code_are_their_labels_and_terms_keep_their_code() -> None:
    comment = starred(
        "Goes.\n<pre>\n {@link #trim() trim()}.{@link #from}(x) {@code a<b>}\n</pre>\n"
        "As <code>((Double) a).{@linkplain Double#compareTo compareTo}(b)</code>.\n"
        "<dl>\n<dt>Of {@code 127.0.0.1} or {@link Row#one() it}\n<dd>One.\n</dl>"
    )

    found = parsed("java", comment)

    assert found.blocks[0] == Code(text="trim().from(x) a<b>")
    assert "`((Double) a).compareTo(b)`" in found.model_dump_json()
    assert '"name":"Of 127.0.0.1 or it"' in found.model_dump_json()


def test_javadocs_spelled_letters_are_letters_and_what_has_a_meaning_stays_spelled() -> None:
    comment = starred("Digits \\u0967, g\\u00fclc\\u00fc, '\\u0020', \\u003cb> and \\u0000.")

    assert of_comment(comment, "java").text == "Digits १, gülcü, '\\u0020', \\u003cb> and \\u0000."


def test_html_inside_a_word_is_html_and_a_types_parameter_is_none() -> None:
    comment = starred("Is unimplement<i>able</i> for List<T> and Map<K, V>.")

    assert of_comment(comment, "java").text == "Is unimplementable for List<T> and Map<K, V>."


def test_a_link_of_markdown_leads_to_what_doxygens_command_names() -> None:
    found = parsed("c", starred('See the [hint](@ref ROWS_HINT), [go](\\ref go()) and [all](@ref sec "x").'))

    assert found.summary == "See the [hint](symbol:ROWS_HINT), [go](symbol:go%28%29) and [all](symbol:sec)."
