"""moto's parser of definitions, in ANTLR's two stages."""

from __future__ import annotations

from typing import Any

from antlr4.atn.PredictionMode import PredictionMode
from antlr4.error.ErrorStrategy import DefaultErrorStrategy
from moto.stepfunctions.parser.asl.antlr.runtime.ASLParser import ASLParser

from local.moto.replacements import saves_time

_original_state_machine = ASLParser.state_machine


@saves_time(ASLParser, "state_machine")
def _state_machine(self: Any) -> Any:
    """Parse with the simpler prediction first: it finds the same tree in two thirds of the time, or a syntax error.

    Only after an error the full prediction decides, as ANTLR's documentation of `PredictionMode.SLL` advises.
    """
    listeners = list(self._listeners)
    self.removeErrorListeners()
    self._interp.predictionMode = PredictionMode.SLL
    tree = _original_state_machine(self)
    if not self._syntaxErrors:
        return tree
    self._errHandler = DefaultErrorStrategy()  # it remembers more than its own `reset` forgets
    self.reset()
    for listener in listeners:
        self.addErrorListener(listener)
    self._interp.predictionMode = PredictionMode.LL
    return _original_state_machine(self)
