"""moto's parser in two stages: the same trees and the same refusals as in one, of definitions of the corpus."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from antlr4.atn.ParserATNSimulator import ParserATNSimulator
from antlr4.atn.PredictionMode import PredictionMode
from antlr4.CommonTokenStream import CommonTokenStream
from antlr4.InputStream import InputStream
from moto.stepfunctions.parser.asl.antlr.runtime.ASLLexer import ASLLexer
from moto.stepfunctions.parser.asl.antlr.runtime.ASLParser import ASLParser
from moto.stepfunctions.parser.asl.parse.asl_parser import SyntaxErrorListener

from local.moto.definitions import with_decimal_percentages
from tests.corpus.cases import cases
from tests.local.still import repair_of, still_needs
from tests.workflow.rendered import rendered_machine

pytestmark = pytest.mark.timeout(240)

NAME = "ASLParser.state_machine"


def definitions() -> Iterator[str]:
    """Ours, and every seventh of the corpus by length, whole and cut short at two places, where it is none."""
    known = {json.dumps(machine): None for machine in (rendered_machine(), *(case.machine for case in cases()))}
    for written in sorted(known, key=len)[::7]:
        prepared = with_decimal_percentages(written)
        yield prepared
        for part in (3, 2):
            yield prepared[: len(prepared) // part]
    yield with_decimal_percentages(json.dumps(rendered_machine()))


def parsed(definition: str, state_machine: Any) -> tuple[str, list[str]]:
    parser, listener = ASLParser(CommonTokenStream(ASLLexer(InputStream(definition)))), SyntaxErrorListener()
    parser.removeErrorListeners()
    parser.addErrorListener(listener)
    tree = state_machine(parser)
    # What ANTLR says of an error depends on what this process has parsed before: only its place is the same each time.
    places = [error.partition(",")[0] for error in listener.errors]
    return "" if places else tree.toStringTree(recog=parser), places


@still_needs(NAME)
def test_moto_still_predicts_with_the_whole_context(monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[object] = []
    predict = ParserATNSimulator.adaptivePredict

    def noted(self: Any, *rest: Any) -> Any:
        modes.append(self.predictionMode)
        return predict(self, *rest)

    monkeypatch.setattr(ParserATNSimulator, "adaptivePredict", noted)
    definition = with_decimal_percentages(json.dumps(rendered_machine()))

    parsed(definition, repair_of(NAME).original)
    assert set(modes) == {PredictionMode.LL}
    modes.clear()
    parsed(definition, repair_of(NAME).replaced_by)
    assert set(modes) == {PredictionMode.SLL}


def test_every_definition_has_the_tree_and_the_errors_that_moto_finds() -> None:
    differing, refused = [], 0
    for definition in definitions():
        by_moto = parsed(definition, repair_of(NAME).original)
        refused += bool(by_moto[1])
        if parsed(definition, repair_of(NAME).replaced_by) != by_moto:
            differing.append(definition[:200])

    assert differing == []
    assert refused > 20
