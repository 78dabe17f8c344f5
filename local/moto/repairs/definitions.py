"""Repairs of how moto reads a state machine's definition."""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

from local.moto.definitions import with_decimal_percentages
from local.moto.replacements import replaces

_original_parse = AmazonStateLanguageParser.parse


@replaces(AmazonStateLanguageParser, "parse")
def _parse(definition: str) -> Any:
    """moto refuses a definition whose tolerated percentage is a whole number."""
    return _original_parse(with_decimal_percentages(definition))


def parsed_anew(definition: str) -> Any:
    """The program of a definition that is run once: it takes no place among those that are kept."""
    return _original_parse(with_decimal_percentages(definition))[0]
