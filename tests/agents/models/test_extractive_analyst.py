"""The extractive model's words about a file: the author's where there are any, plain templates where there are none."""

from __future__ import annotations

from typing import Any

import pytest

from agents.contracts.analysis import AnalystBrief, AnalystReply, FileBrief, FileReply
from agents.contracts.base import Contract, Lines
from agents.contracts.structure import Import, Structure, Symbol, SymbolKind
from agents.contracts.usage import Usage
from agents.errors import ModelReplyInvalid
from agents.models import model_named
from agents.models.extractive.analyst import respond
from agents.models.extractive.model import ExtractiveModel
from agents.models.extractive.sentences import first_sentences
from agents.ports import Question
from agents.text.wording import counted_in_words, listed


def lines(start: int, end: int | None = None) -> Lines:
    return Lines(start=start, end=end or start)


def symbol(name: str, kind: SymbolKind = SymbolKind.FUNCTION, at: int = 1, **more: Any) -> Symbol:
    return Symbol(name=name, kind=kind, signature=name, lines=lines(at), **more)


def brief(language: str = "python", **structure: Any) -> AnalystBrief:
    seen = Structure(language=language, line_count=20, **structure)
    return AnalystBrief(files=(FileBrief(path="a.py", text="", structure=seen),))


def reply(language: str = "python", **structure: Any) -> FileReply:
    return respond(brief(language, **structure)).files[0]


def texts(language: str = "python", **structure: Any) -> list[str]:
    return [statement.text for statement in reply(language, **structure).summary]


def test_the_authors_words_come_first_with_their_lines() -> None:
    answer = reply(doc="Opens a door. It closes later.\n\nMore.", doc_lines=lines(1, 4), symbols=(symbol("open"),))
    assert answer.summary[0].text == "Opens a door. It closes later."
    assert answer.summary[0].lines == lines(1, 4)


@pytest.mark.parametrize("doc", ["Orders and payments.", "Pads strings left.", "Helps."])
def test_few_words_of_an_author_stand_for_the_file(doc: str) -> None:
    assert reply(doc=doc, doc_lines=lines(1)).summary[0].text == doc


def test_a_module_is_described_by_what_it_defines_imports_and_raises() -> None:
    symbols = (
        symbol("Door", SymbolKind.CLASS, 3),
        symbol("Door.open", SymbolKind.METHOD, 4, raises=("Locked",)),
        symbol("Door.close", SymbolKind.METHOD, 6),
        symbol("main", at=9),
    )
    imports = (Import(target="__future__", lines=lines(1)), Import(target="os", lines=lines(2)))
    assert texts(symbols=symbols, imports=imports) == [
        "Defines the class Door with two methods and the function main.",
        "Imports os.",
        "Raises Locked.",
    ]


def test_many_functions_are_counted_and_the_first_public_ones_named() -> None:
    symbols = [symbol(name, public=not name.startswith("_")) for name in ("_a", "b", "c", "d", "e")]
    assert texts(symbols=tuple(symbols)) == ["Defines 5 functions (such as b, c and d)."]


def test_the_main_symbols_words_speak_for_a_file_without_a_doc() -> None:
    symbols = (
        symbol("Shut", SymbolKind.CLASS, 2, doc="Shuts."),
        symbol("A", SymbolKind.CLASS, 3, doc="Opens a door.\n\n`wide`: how wide"),
    )
    answer = reply(symbols=symbols)
    assert (answer.summary[0].text, answer.summary[0].lines) == ("A: Opens a door.", lines(3))


def test_a_name_that_its_words_begin_with_is_not_said_twice() -> None:
    assert texts(symbols=(symbol("Open", doc="Open opens a door."),))[0] == "Open opens a door."


def test_overloads_are_one_function_and_modules_lend_no_names() -> None:
    symbols = (
        symbol("Shop", SymbolKind.MODULE),
        symbol("Shop.Door", SymbolKind.CLASS, 2),
        symbol("Shop.Door.open", SymbolKind.METHOD, 3),
        symbol("merge", at=5),
        symbol("merge", at=6),
    )
    assert texts(symbols=symbols) == ["Defines the class Door with one method and the function merge."]


def test_a_module_of_functions_is_named_with_how_many_it_holds() -> None:
    symbols = (symbol("tests", SymbolKind.MODULE), symbol("tests.reads"), symbol("tests.writes"))
    assert texts("rust", symbols=symbols) == ["Defines the module tests with two functions."]


def test_a_file_of_imports_brings_them_together() -> None:
    imports = tuple(Import(target=f"./{name}", lines=lines(at)) for at, name in enumerate("abcdefg", 1))
    assert texts("typescript", imports=imports)[0] == (
        "Brings together the names of `./a`, `./b`, `./c`, `./d`, `./e`, `./f` and `./g`."
    )


def test_a_relative_import_without_a_path_is_described_by_its_names() -> None:
    imports = (Import(target=".", names=("door", "key"), lines=lines(1)),)
    assert texts(symbols=(symbol("main"),), imports=imports)[1] == "Imports .door and .key."


def test_a_documents_title_is_named_and_its_words_come_first() -> None:
    symbols = (symbol("Doors", SymbolKind.SECTION), symbol("Keys", SymbolKind.SECTION))
    assert texts("markdown", doc="Doors\n\nAll about doors.", doc_lines=lines(1, 3), symbols=symbols) == [
        "All about doors.",
        "Markdown document “Doors” with one section (Keys).",
    ]


@pytest.mark.parametrize("doc", ["var x = require('y');", "<h1>Hello</h1>", "name=value", "call(x)"])
def test_code_is_nobodys_words(doc: str) -> None:
    assert texts(doc=doc, doc_lines=lines(1), symbols=(symbol("open"),)) == ["Defines the function open."]


def test_a_script_without_names_is_described_by_its_length() -> None:
    assert texts() == ["Runs 20 lines of code at the top of the file and defines no names of its own."]


@pytest.mark.parametrize(
    ("language", "symbols", "sentence"),
    [
        (
            "dockerfile",
            (symbol("build", SymbolKind.STAGE), symbol("run", SymbolKind.STAGE, 5)),
            "Dockerfile with two build stages (build and run).",
        ),
        ("github-actions", (symbol("test", SymbolKind.JOB),), "GitHub Actions workflow with one job (test)."),
        (
            "json",
            tuple(symbol(name, SymbolKind.KEY) for name in "abcdefg"),
            "JSON document with 7 top-level keys (a, b, c, d and 3 more).",
        ),
        ("text", (), "Text file of 20 lines."),
    ],
)
def test_an_artefact_is_described_by_what_it_contains(
    language: str, symbols: tuple[Symbol, ...], sentence: str
) -> None:
    assert texts(language, symbols=symbols) == [sentence]


def test_places_that_the_grammar_could_not_read_are_admitted() -> None:
    assert texts(parse_errors=1)[-1] == "The grammar could not read one place of the file, so symbols may be missing."


def test_only_symbols_without_words_of_their_author_and_with_facts_get_a_note() -> None:
    symbols = (
        symbol("Door.open", SymbolKind.METHOD, calls=("super", "turn"), raises=("Locked",)),
        symbol("documented", doc="Said already.", calls=("x",)),
        symbol("silent"),
        symbol("everyday", calls=("len", "str")),
    )
    notes = reply(symbols=symbols).notes
    assert [(note.symbol, note.text) for note in notes] == [
        ("Door.open", "Method of Door; calls turn; raises Locked."),
    ]


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ("One line", "One line."),
        ("Title\n=====\n\nBody.", "Title."),
        ("Copyright 2020 Someone.\nAll rights reserved.\n\nParses dates.", "Parses dates."),
        (":param x: the x", ""),
        ("----", ""),
        ("", ""),
        ("Use e.g. Python. Then stop.", "Use e.g. Python. Then stop."),
        ("Args:\n    x: y", ""),
        ("Opens it.\n:param x: y\n\nMore", "Opens it."),
        ("word " * 400, None),
    ],
)
def test_first_sentences_are_the_authors_without_the_trimmings(doc: str, sentence: str | None) -> None:
    found = first_sentences(doc)
    assert len(found) <= 610
    assert sentence is None or found == sentence


@pytest.mark.parametrize(
    ("count", "noun", "phrase"),
    [
        (1, "class", "one class"),
        (2, "class", "two classes"),
        (4, "method", "4 methods"),
        (2, "entry", "two entries"),
        (2, "key", "two keys"),
        (1_200, "line", "1,200 lines"),
    ],
)
def test_nouns_are_counted_in_english(count: int, noun: str, phrase: str) -> None:
    assert counted_in_words(count, noun) == phrase


def test_lists_read_as_english() -> None:
    assert [listed(list("abcdef"[:n])) for n in (1, 2, 5, 6)] == [
        "a",
        "a and b",
        "a, b, c, d and e",
        "a, b, c, d and 2 more",
    ]


def test_the_model_answers_by_the_briefs_type_and_costs_nothing() -> None:
    answer = ExtractiveModel().answer(Question("analyst", "", brief(), AnalystReply))
    assert answer.reply.files[0].path == "a.py"
    assert answer.usage == Usage()


def test_a_brief_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ModelReplyInvalid, match="cannot answer a Contract"):
        ExtractiveModel().answer(Question("x", "", Contract(), AnalystReply))


def test_a_reply_of_another_type_is_refused() -> None:
    with pytest.raises(ModelReplyInvalid, match="asked for FileReply"):
        ExtractiveModel().answer(Question("x", "", brief(), FileReply))


def test_models_are_found_by_name() -> None:
    assert model_named("extractive").name == "extractive"
    with pytest.raises(ValueError, match="unknown model 'gpt-0'"):
        model_named("gpt-0")
