"""Calls of intrinsic functions: read once, when a definition is, and evaluated for each input."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from local.moto.language.functions import ARITIES, FUNCTIONS, InvalidArguments
from local.moto.language.paths import LeadsNowhere, MalformedPath, parse

#: Reads a path of the input, of the context (`$$.`) or of a variable (`$name`).
Reader = Callable[[str], Any]

MOST_CALLS = 10
_START = re.compile(r"\s*States\.([A-Za-z0-9]+)\s*\(")
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")
_TEXT = re.compile(r"\s*'((?:[^'\\]|\\['{}\\])*)'")
_WORD = re.compile(r"\s*(true|false|null)\b")
_CLOSING, _COMMA = re.compile(r"\s*\)"), re.compile(r"\s*,")
_WORDS = {"true": True, "false": False, "null": None}
VARIABLE = re.compile(r"\$([^\W\d]\w*)")


class MalformedCall(ValueError):
    """The text is no call of a function."""


class CallFailed(ValueError):
    """A function cannot do with its arguments what it is asked for; the message is as AWS has it."""


@dataclass(frozen=True)
class Literal:
    """A number, a boolean, null, or a text as it is written between its quotes."""

    value: Any
    quoted: bool = False

    @property
    def plain(self) -> Any:
        """The value; of a text, without its backslashes."""
        return re.sub(r"\\(.)", r"\1", self.value, flags=re.DOTALL) if self.quoted else self.value


@dataclass(frozen=True)
class Reference:
    """A path among the arguments."""

    path: str


@dataclass(frozen=True)
class FunctionCall:
    """A function with its arguments; `text` is how the definition writes it."""

    name: str
    arguments: tuple[Literal | Reference | FunctionCall, ...]
    text: str

    def value(self, read: Reader) -> Any:
        """What the function gives.

        Raises:
            CallFailed: an argument is missing, or not what the function takes.
        """
        begin = f"There was an error while evaluating the intrinsic function: {self.text}."
        least, most = ARITIES[self.name]
        values = []
        for argument in self.arguments:
            try:
                values.append(self._argument(argument, read))
            except LeadsNowhere as lost:
                path = getattr(argument, "path", "")
                problem = f"The JsonPath argument for the field '{path}' could not be found in the input {lost}"
                raise CallFailed(f"The function '{self.text}' had the following error: {problem}") from lost
        try:
            return FUNCTIONS[self.name](*values) if least <= len(values) <= most else _misused()
        except InvalidArguments as problem:
            raise CallFailed(f"{begin} {str(problem) or f'Invalid arguments in States.{self.name}'}") from problem

    def _argument(self, argument: Literal | Reference | FunctionCall, read: Reader) -> Any:
        if isinstance(argument, FunctionCall):
            return argument.value(read)
        if isinstance(argument, Reference):
            return read(argument.path)
        template = self.name == "Format" and argument is self.arguments[0]
        return argument.value if template else argument.plain

    def count(self) -> int:
        """How many functions are called in it, itself included."""
        return 1 + sum(argument.count() for argument in self.arguments if isinstance(argument, FunctionCall))


def _misused() -> NoReturn:
    raise InvalidArguments


def read_call(text: str) -> FunctionCall:
    """Read the text of a call.

    Raises:
        MalformedCall: the text is none, or calls more functions than a field may.
    """
    call, end = _call(text, 0)
    if text[end:].strip():
        raise MalformedCall(f"{text!r} goes on behind the call")
    if call.count() > MOST_CALLS:
        raise MalformedCall(f"a field calls at most {MOST_CALLS} functions")
    return call


def _call(text: str, at: int) -> tuple[FunctionCall, int]:
    match = _START.match(text, at)
    if match is None or match[1] not in FUNCTIONS:
        raise MalformedCall(f"{text!r} calls no function at character {at + 1}")
    begin, at = match.start(), match.end()
    arguments: list[Literal | Reference | FunctionCall] = []
    while True:
        closing = _CLOSING.match(text, at)
        if closing and not arguments:
            break
        argument, at = _argument(text, at)
        arguments.append(argument)
        closing = _CLOSING.match(text, at)
        if closing:
            break
        comma = _COMMA.match(text, at)
        if comma is None:
            raise MalformedCall(f"{text!r} has neither a comma nor an end at character {at + 1}")
        at = comma.end()
    return FunctionCall(match[1], tuple(arguments), text[begin : closing.end()].strip()), closing.end()


def _argument(text: str, at: int) -> tuple[Literal | Reference | FunctionCall, int]:
    if _START.match(text, at):
        return _call(text, at)
    if match := _TEXT.match(text, at):
        return Literal(match[1], quoted=True), match.end()
    if match := _NUMBER.match(text, at):
        return Literal(float(match[1]) if set(match[1]) & set(".eE") else int(match[1])), match.end()
    if match := _WORD.match(text, at):
        return Literal(_WORDS[match[1]]), match.end()
    return _reference(text, at)


def _reference(text: str, at: int) -> tuple[Reference, int]:
    start = len(text) - len(text[at:].lstrip())
    end, depth, quote = start, 0, ""
    while end < len(text) and (depth or quote or text[end] not in ",) "):
        character = text[end]
        if quote:
            quote = "" if character == quote else quote
        elif depth and character in "'\"":
            quote = character
        else:
            depth += {"[": 1, "]": -1}.get(character, 0)
        end += 2 if character == "\\" else 1
    if text[end : end + 1] == ")" and text[:end].endswith("length("):
        end += 1
    check_path(text[start:end])
    return Reference(text[start:end]), end


def check_path(text: str) -> None:
    """Refuse what is no path of the input, of the context or of a variable.

    Raises:
        MalformedPath: it is none.
    """
    match = VARIABLE.match(text)
    if match is not None:
        parse(f"${text[match.end() :]}")
    elif text == "$$" or text.startswith(("$$.", "$$[")):
        parse(text[1:])
    elif text.startswith("$"):
        parse(text)
    else:
        raise MalformedPath(f"{text!r} is no path")
