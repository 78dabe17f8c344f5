"""What moto works out anew for every request and every execution, though the answer never changes."""

from __future__ import annotations

import pickle
import string
from functools import cache, lru_cache
from typing import Any

from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.moto_api._internal.moto_random import MotoRandom
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

from local.moto.definitions import with_decimal_percentages
from local.moto.replacements import saves_time

_original_backend_for_host = DomainDispatcherApplication.get_backend_for_host
_original_parse = AmazonStateLanguageParser.parse
_original_method_names = responses.method_names_from_class
_original_create_backend = BackendDict._create_account_specific_backend
_original_action_name = responses.camelcase_to_underscores
_backends: dict[str | None, Any] = {}
#: The programs of definitions, pickled: each copy takes a tenth of the time of building it from the tree.
programs: dict[str, bytes] = {}
_MOST_PROGRAMS = 8
#: A character for each byte.
_LETTERS = (string.ascii_letters * 5)[:256]
_DIGITS_TOO = ((string.ascii_letters + string.digits) * 5)[:256]


@saves_time(DomainDispatcherApplication, "get_backend_for_host")
def _backend_for_host(self: Any, host: str | None) -> Any:
    """moto lists its own folder of 170 services, and tries 200 patterns, for every request."""
    if host not in _backends:
        _backends[host] = _original_backend_for_host(self, host)
    return _backends[host]


@saves_time(AmazonStateLanguageParser, "parse")
def _parse(definition: str) -> tuple[Any, Any]:
    """moto parses a definition when it is created and again for each execution: a third of a second for ours.

    Each execution gets a copy of the program, because executions must not share what they run. This replaces the repair
    of the same function, so it prepares the definition as the repair does.
    """
    prepared = with_decimal_percentages(definition)
    if prepared not in programs:
        program = pickle.dumps(_parsed(prepared)[0], pickle.HIGHEST_PROTOCOL)
        if len(programs) >= _MOST_PROGRAMS:
            programs.pop(next(iter(programs)), None)
        programs[prepared] = program
    return pickle.loads(programs[prepared]), _LaterTree(prepared)  # noqa: S301  written above, or in our saved cloud


class _LaterTree:
    """The tree of a definition, parsed when a visitor comes: executions look at their program alone."""

    def __init__(self, definition: str) -> None:
        self._definition = definition

    def accept(self, visitor: Any) -> Any:
        """What the visitor makes of the tree."""
        return _parsed(self._definition)[1].accept(visitor)


@lru_cache(maxsize=8)
def _parsed(definition: str) -> tuple[Any, Any]:
    """Program and tree, of one reading: whoever creates a state machine wants both."""
    parsed: tuple[Any, Any] = _original_parse(definition)
    return parsed


@saves_time(responses, "method_names_from_class")
def _method_names(kind: type) -> list[str]:
    """moto inspects the hundred methods of its handler for every request."""
    return _method_names_of(kind)


@cache
def _method_names_of(kind: type) -> list[str]:
    return list(_original_method_names(kind))


@saves_time(responses, "camelcase_to_underscores")
def _action_name(argument: str) -> str:
    """moto spells the name of an operation anew for every request."""
    return _action_name_of(argument)


@lru_cache(maxsize=1024)
def _action_name_of(argument: str) -> str:
    return str(_original_action_name(argument))


@saves_time(BackendDict, "_create_account_specific_backend")
def _create_backend(self: Any, account_id: str) -> None:
    """moto goes through all services to see whether it knows the one that it has an account of."""
    if account_id not in self.keys():
        _original_create_backend(self, account_id)


@saves_time(MotoRandom, "get_random_string")
def _random_string(self: Any, length: int = 20, include_digits: bool = True, lower_case: bool = False) -> str:
    """moto draws the 52 characters of a request's id one by one."""
    drawn: str = self.randbytes(length).decode("latin-1").translate(_DIGITS_TOO if include_digits else _LETTERS)
    return drawn.lower() if lower_case else drawn
