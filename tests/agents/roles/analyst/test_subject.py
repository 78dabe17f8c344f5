"""A sentence without lines names something of its file, each sentence stands once, and other files' words do not."""

from __future__ import annotations

import pytest

from agents.contracts.analysis import Analysis, AnalystReply, FileReply
from agents.contracts.base import Lines, Statement
from agents.contracts.snapshot import SourceFile
from agents.contracts.structure import Import, Structure, Symbol, SymbolKind
from agents.errors import ModelReplyInvalid
from agents.roles.analyst.core import evidence_of, objections, verify

TEXT = '"""Opens the baskets of a shop and counts their prices."""\nimport decimal\n\ndef open_basket(x): ...\n'
SOURCE = SourceFile(path="shop/baskets.py", language="python", analysis_key="0" * 64, text=TEXT)
SYMBOL = Symbol(
    name="open_basket", kind=SymbolKind.FUNCTION, signature="def open_basket(x)", lines=Lines(start=4, end=4)
)
STRUCTURE = Structure(
    language="python",
    line_count=4,
    doc="Opens the baskets of a shop and counts their prices.",
    doc_lines=Lines(start=1, end=1),
    symbols=(SYMBOL,),
    imports=(Import(target="decimal", lines=Lines(start=2, end=2)),),
)
#: What a small model wrote of a file of another kind; ../shared/review/readers.md, section 7.
NONSENSE = (
    "The short answer is this: you should only do this, not that, and this can be a bit confusing.",
    "In Python, if a function doesn't do something, it can do something else.",
)


def reply(*texts: str | tuple[str, int]) -> AnalystReply:
    """A reply with a sentence for each text; a pair has a line."""
    summary = tuple(
        Statement(text=one) if isinstance(one, str) else Statement(text=one[0], lines=Lines(start=one[1], end=one[1]))
        for one in texts
    )
    return AnalystReply(files=(FileReply(path=SOURCE.path, summary=summary, notes=()),))


def verified_german(*texts: str | tuple[str, int]) -> list[str]:
    claims = verify(SOURCE, STRUCTURE, reply(*texts), "openai:x", evidence_of(SOURCE, STRUCTURE, None, "de")).claims
    return [one.text for one in claims.summary] if isinstance(claims, Analysis) else []


def verified(*texts: str | tuple[str, int]) -> list[str]:
    claims = verify(SOURCE, STRUCTURE, reply(*texts), "openai:x").claims
    return [one.text for one in claims.summary] if isinstance(claims, Analysis) else []


@pytest.mark.parametrize(
    "text",
    [
        "`open_basket` does it.",
        "The function open_basket does it.",
        "It is built on decimal.",
        "Part of the shop.",
        "It opens a basket.",
        "Counts prices.",
    ],
)
def test_a_sentence_without_lines_stands_when_it_names_a_symbol_import_path_or_term(text: str) -> None:
    assert verified(text) == [text]


def test_nonsense_is_refused_and_the_authors_words_stand() -> None:
    claims = verify(SOURCE, STRUCTURE, reply(*NONSENSE), "openai:x")
    assert isinstance(claims.claims, Analysis)
    assert [(one.text, one.lines) for one in claims.claims.summary] == [(STRUCTURE.doc, STRUCTURE.doc_lines)]


def test_nonsense_with_a_citation_is_refused_too() -> None:
    text = "Weather forecasts depend on satellites, balloons, oceans, mountains and patience."
    assert verified((text, 1)) == [STRUCTURE.doc]


def test_a_file_without_its_authors_words_is_a_gap_then() -> None:
    silent = STRUCTURE.with_changes(doc="", doc_lines=None)
    assert isinstance(verify(SOURCE, silent, reply(*NONSENSE), "openai:x").claims, ModelReplyInvalid)


def test_one_sentence_about_the_whole_file_stands() -> None:
    assert verified("It opens a basket.", "It belongs to the shop.", ("Counts prices.", 1)) == [
        "It opens a basket.", "Counts prices.",
    ]  # fmt: skip


def test_a_repeated_sentence_stands_once() -> None:
    assert verified(("It opens a basket.", 1), ("It opens a basket!", 4)) == ["It opens a basket."]


def test_the_model_is_asked_again_with_each_reason() -> None:
    found = " ".join(objections(SOURCE, STRUCTURE, reply(*NONSENSE, *NONSENSE)))
    for reason in ("names nothing of the file", "is repeated", "more than one sentence has no lines"):
        assert reason in found


def test_the_extractive_models_templates_are_not_judged_by_their_words() -> None:
    claims = verify(SOURCE, STRUCTURE, reply("Text file of 4 lines."), "extractive").claims
    assert isinstance(claims, Analysis)
    assert [one.text for one in claims.summary] == ["Text file of 4 lines."]


def test_a_dropped_sentence_counts() -> None:
    assert verify(SOURCE, STRUCTURE, reply("It opens a basket.", NONSENSE[1]), "openai:x").dropped == 1


@pytest.mark.parametrize(
    "text",
    [
        "Die Funktion `open_basket` nimmt jeden Wunsch eines Kunden entgegen und rechnet alle Beträge zusammen.",
        "Die Funktion open_basket nimmt jeden Wunsch eines Kunden entgegen und rechnet alle Beträge zusammen.",
        "Das Ergebnis eines open_baskets nimmt jeden Wunsch eines Kunden entgegen und rechnet Beträge zusammen.",
        "Sämtliche Beträge entstehen hier mit decimal und bleiben deshalb auf den Cent richtig, sagt der Verfasser.",
        "In baskets.py stehen sämtliche Rechenregeln, nach denen Beträge eines Kunden zusammenkommen.",
    ],
)
@pytest.mark.parametrize("line", [None, 4])
def test_a_german_sentence_stands_when_it_names_something_of_the_file(text: str, line: int | None) -> None:
    assert verified_german(text if line is None else (text, line)) == [text]


def test_a_german_reply_about_something_else_is_refused_and_the_authors_words_stand() -> None:
    text = "Das Wetter bleibt freundlich, nur im Norden fallen gegen Abend vereinzelt leichte Schauer vom Himmel."

    assert verified_german(text) == verified_german((text, 1)) == [STRUCTURE.doc]


def test_an_ordinary_german_word_names_no_symbol_of_the_same_name() -> None:
    structure = STRUCTURE.with_changes(symbols=(SYMBOL.with_changes(name="die"),), doc="", doc_lines=None)
    text = "Nur im Norden fallen gegen Abend vereinzelt leichte Schauer, sonst bleibt die Wetterlage freundlich."
    evidence = evidence_of(SOURCE, structure, None, "de")

    assert isinstance(verify(SOURCE, structure, reply((text, 1)), "openai:x", evidence).claims, ModelReplyInvalid)
