"""A doc comment's markup becomes words, whatever the format it is written in."""

from __future__ import annotations

import time

import pytest

from agents.codebase.structure.docs import spoken


@pytest.mark.parametrize(
    ("doc", "words"),
    [
        ("Opens :class:`~shop.Door` and :ref:`the rest <rest>`.", "Opens `Door` and `the rest`."),
        ("See `the site <https://a.b>`_ and ``code``.", "See the site and `code`."),
        (
            "Opens.\n\n:param name: the name\n:type name: str\n:returns: the door\n:raises Locked: if locked",
            "Opens.\n\n`name`: the name\n\nReturns: the door\n\nRaises `Locked`: if locked",
        ),
        ("Opens.\n\n.. versionadded:: 2.0\n\nMore.", "Opens.\n\nNew in version 2.0.\n\nMore."),
        ("Opens.\n\n.. code-block:: python\n\n    @app.route()\n\nMore.", "Opens.\n\n    @app.route()\n\nMore."),
        ("Opens.\n\nArgs:\n    name (str): the name\n", "Opens.\n\nArgs:\n\n`name`: the name"),
        (
            (
                "Opens {@link Door} for Map<String, Door>.\n\n<p>Slowly &amp; gently.\n"
                "@param <E>  the error\n@since 2.5\n@return true if open"
            ),
            "Opens `Door` for Map<String, Door>.\n\nSlowly & gently.\n\n`E`: the error\n\nReturns: true if open",
        ),
        ("{@inheritDoc}", ""),
        ("@inheritDoc", ""),
        ("@param array<string, int> $names\n@param string $one the one\n@return bool", "`one`: the one"),
        ("@author Ann Example <ann@example.org>", ""),
        (
            "@param {string} name - the name\n@example\nopen()\n@deprecated Use shut.",
            "`name`: the name\n\nDeprecated: Use shut.",
        ),
        (
            (
                '<summary>Opens <see cref="T:Door"/>.</summary>\n'
                '<param name="wide">How wide.</param>\n<returns>The door.</returns>'
            ),
            "Opens `Door`.\n\n`wide`: How wide.\n\nReturns: The door.",
        ),
        ("Opens [`Door`] as [told](https://a.b).\n\n# Errors\n\nFails.", "Opens `Door` as told.\n\nErrors:\n\nFails."),
        ("Opens.\n\n```rust\nlet x = 1;\n```", "Opens.\n\n    let x = 1;"),
        ("\\brief Opens.\n\\param wide how wide", "Opens.\n\n`wide`: how wide"),
        (r"Matches (?P<a>\w+) in List<A>, <b>not</b> here.", r"Matches (?P<a>\w+) in List<A>, not here."),
        (
            "May throw an [IOException] with **care** and **kwargs.",
            "May throw an `IOException` with care and **kwargs.",
        ),
        (
            "Joins.\n@string s the string\n@tparam table t the parts\n@usage join()",
            "Joins.\n\n`s`: the string\n\n`t`: the parts",
        ),
        ("+nil+ means no limit.", "`nil` means no limit."),
        ("Sends to a@b.c, at 5 < 6 and x[0](1).", "Sends to a@b.c, at 5 < 6 and x[0](1)."),
    ],
)
def test_markup_becomes_words(doc: str, words: str) -> None:
    assert spoken(doc) == words


@pytest.mark.parametrize(
    "piece", ["<", "[", "`", "{@link ", ":a:`", "@param {", "[a](", "<a ", ":param ", "+a", '<see a="']
)
def test_no_doc_takes_long(piece: str) -> None:
    started = time.process_time()
    spoken(piece * 4_000)
    spoken(f"{piece}\n" * 4_000)
    assert time.process_time() - started < 5
