"""A parameter list's text as parameters: what every language writes there is names, types and defaults. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache

from agents.codebase.structure.strings import strings
from agents.contracts.structure import Parameter

_PLAIN = re.compile(r"[\w\s,]*\Z")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_MARKS = {"**": "var-keyword", "*": "var-positional", "...": "var-positional", "&": "block"}
_LAST_WORD = re.compile(r"(?<![\w$])[\w$]++(?=(?:\s*+\[[^\]]{0,500}+\])*+\Z)")
_ANNOTATION = re.compile(r"@[\w.:]+(?:\((?:\"(?:[^\"\\]|\\.)*+\"|[^()\"]|\([^()]*\))*+\))?\s*|\A(?:#?\[[^\]]*\]\s*)+")
_WORDS_BEFORE = re.compile(
    r"\A(?:(?:public|private|protected|internal|readonly|override|final|const|val|var|vararg|noinline|crossinline|implicit"
    r"|using|inline|mut|ref)\s+)+(?=[\w$`])"
)
#: Words that are types, or parts of one, and no names.
_TYPE_WORDS = frozenset({"void", "char", "short", "int", "long", "float", "double", "bool", "signed", "unsigned"})
_MODIFIERS = re.compile(r"\A(?:(?:public|private|protected|readonly|final)\b(?:\(set\))?\s*)+")
_OPEN_LAMBDA = re.compile(r"=\s*lambda\b[^:]*$")
_MOST = 200


class ParameterStyle(StrEnum):
    """How a language writes one parameter."""

    PYTHON = "python"
    NAME_FIRST = "name: type = default"
    TYPE_FIRST = "type name = default"
    GO = "name, name type"
    BARE = "name = default"
    RUBY = "ruby"


def parameters(text: str, style: ParameterStyle) -> tuple[Parameter, ...]:
    """The parameters between the brackets of a list."""
    if not text.strip():
        return ()
    pieces = [piece.strip() for piece in _split(text, style)][:_MOST]
    pieces = [piece for piece in pieces if piece]
    if style is ParameterStyle.PYTHON:
        return tuple(_python(pieces))
    if style is ParameterStyle.GO:
        return tuple(_go(pieces))
    if style is ParameterStyle.NAME_FIRST and any(piece.startswith("using ") for piece in pieces):
        return tuple(_contextual(pieces))
    return tuple(parameter for piece in pieces if (parameter := _one(piece, style)) is not None)


def _contextual(pieces: list[str]) -> Iterator[Parameter]:
    """Scala's parameters, of which those that the context gives need no name: `(x: Int)(using Order, Type[T])`."""
    for piece in pieces:
        parameter = _one(piece, ParameterStyle.NAME_FIRST)
        type_ = piece.removeprefix("using ").strip()
        if ":" not in type_:
            yield Parameter(name="", type=type_)
        elif parameter is not None:
            yield parameter


def split(text: str, sign: str = ",", angles: bool = True) -> list[str]:
    """The text's pieces between the signs that stand in no bracket and no string."""
    if not any(mark in text for mark in "([{<\"'`"):
        return text.split(sign)
    pieces: list[str] = []
    waiting: list[str] = []
    begin = at = 0
    ends = dict(strings(text))
    marks = _marks(sign)
    while mark := marks.search(text, at):
        at = mark.start()
        character = mark[0]
        if at in ends:
            at = ends[at] - 1
        elif character in "\"'`" and _is_string(text, at):
            end = at + 1
            while end < len(text) and text[end] != character:
                end += 2 if text[end] == "\\" else 1
            at = end
        elif waiting and character == waiting[-1] and not (character == ">" and text[at - 1] in "-="):
            waiting.pop()
        elif character in "([{" or (character == "<" and angles and _opens(text, at)):
            waiting.append(_CLOSING[character])
        elif character == sign and not waiting:
            pieces.append(text[begin:at])
            begin = at + 1
        at += 1
    return [*pieces, text[begin:]]


@cache
def _marks(sign: str) -> re.Pattern[str]:
    """What means something to `split`; all other characters are passed over."""
    return re.compile(rf"[\"'`()\[\]{{}}<>{re.escape(sign)}]")


def _is_string(text: str, at: int) -> bool:
    """Rust's `'a` and a quote that nothing closes are no strings."""
    end = text.find(text[at], at + 1)
    return end > 0 and not (text[at] == "'" and re.match(r"'[A-Za-z_]\w*\b(?!')", text[at : at + 40]) is not None)


def _opens(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in "_:>") and text.find(">", at) > 0


def _split(text: str, style: ParameterStyle) -> list[str]:
    if _PLAIN.match(text):
        return text.split(",")
    pieces = split(text, angles=style is not ParameterStyle.PYTHON)
    return list(_with_whole_lambdas(pieces)) if style is ParameterStyle.PYTHON and "lambda" in text else pieces


def _with_whole_lambdas(pieces: list[str]) -> Iterator[str]:
    """The pieces, those joined again that are parameters of a lambda: `key=lambda a, b: a`."""
    waiting: list[str] = []
    for piece in pieces:
        waiting.append(piece)
        if not _OPEN_LAMBDA.search(",".join(waiting)):
            yield ",".join(waiting)
            waiting = []
    yield from waiting


def _python(pieces: list[str]) -> Iterator[Parameter]:
    before_slash = pieces.index("/") if "/" in pieces else 0
    keyword_only = False
    for number, piece in enumerate(pieces):
        if piece == "/":
            continue
        kind = "positional-only" if number < before_slash else "keyword-only" if keyword_only else ""
        if piece.startswith("*"):
            keyword_only = True
            if piece == "*":
                continue
            kind = "var-keyword" if piece.startswith("**") else "var-positional"
        yield _python_one(piece, kind)


#: The same few parameters stand in most of a project's functions, and they are frozen.
@lru_cache(maxsize=8192)
def _python_one(piece: str, kind: str) -> Parameter:
    name, hint, default = _parts(piece.lstrip("*"))
    return _parameter(name, hint, default, kind)


def _parameter(name: str, hint: str = "", default: str = "", kind: str = "") -> Parameter:
    given = {"type": hint, "default": default, "kind": kind}
    return Parameter(name=name, **{key: text for key, text in given.items() if text})


def _parts(piece: str) -> tuple[str, str, str]:
    """A name, its type and its default, of `name: type = default`."""
    head, default = _at_equals(piece)
    name, *hint = split(head, ":")
    return name.strip(), ":".join(hint).strip(), default


def _at_equals(piece: str) -> tuple[str, str]:
    if "=" not in piece:
        return piece, ""
    sides = split(re.sub(r"=>|==|<=|>=|!=", lambda sign: "\0" * len(sign.group()), piece), "=")
    length = len(sides[0])
    return (piece[:length], piece[length + 1 :].strip()) if len(sides) > 1 else (piece, "")


def _go(pieces: list[str]) -> Iterator[Parameter]:
    named = any(
        re.match(r"\w+\s+\S", piece) and not re.match(r"(?:chan|func|map|struct|interface)\b", piece)
        for piece in pieces
    )
    waiting: list[str] = []
    for piece in pieces:
        if not named:
            yield Parameter(name="", type=piece)
            continue
        name, _, hint = piece.partition(" ")
        waiting.append(name)
        if hint:
            kind = "var-positional" if hint.lstrip().startswith("...") else ""
            yield from (Parameter(name=name, type=hint.strip(), kind=kind) for name in waiting)
            waiting = []


@lru_cache(maxsize=8192)
def _one(piece: str, style: ParameterStyle) -> Parameter | None:
    unpacks = piece.startswith("[") and style in {ParameterStyle.NAME_FIRST, ParameterStyle.BARE}
    is_annotated = "@" in piece or piece.startswith(("[", "#["))
    plain = _ANNOTATION.sub("", piece).strip() if is_annotated and not unpacks else piece
    if style is ParameterStyle.TYPE_FIRST:
        return _type_first(plain or piece)
    plain = _WORDS_BEFORE.sub("", plain, count=1) if style is ParameterStyle.NAME_FIRST else plain
    kind = next((kind for mark, kind in _MARKS.items() if plain.startswith(mark)), "")
    if style is ParameterStyle.NAME_FIRST and kind and not plain.startswith("..."):
        kind = ""  # Rust's &self
    if style is ParameterStyle.RUBY:
        name, colon, default = plain.partition(":")
        if colon and re.fullmatch(r"\w+", name):
            return Parameter(name=name, default=default.strip(), kind="keyword-only")
    name, hint, default = (
        _parts(plain) if style is ParameterStyle.NAME_FIRST else (*_at_equals(plain)[:1], "", _at_equals(plain)[1])
    )
    name = name.strip().removeprefix("...") or ("..." if piece == "..." else "")
    if kind and style is not ParameterStyle.NAME_FIRST:
        name = name.lstrip("*&.") or plain
    if re.fullmatch(r"&?\s*(?:'\w+\s+)?(?:mut\s+)?(?:self|this)", name):
        return Parameter(name=name, type=hint, kind="receiver")
    if re.fullmatch(r"\w+ \w+", name):  # Swift's label before the name
        name = name.partition(" ")[2]
    if not kind and (re.search(r"\w\.\.\.$|[\w\])]\*$", hint) or re.search(r"\bvararg\s", piece[: piece.find(":")])):
        kind = "var-positional"  # Swift's `Int...`, Scala's `Int*`, Kotlin's `vararg`
    if name.endswith("?"):
        return Parameter(name=name.rstrip("? "), type=hint, default=default, kind="optional")
    return Parameter(name=name, type=hint, default=default, kind=kind) if name else None


def _type_first(piece: str) -> Parameter | None:
    head, default = _at_equals(piece)
    head = head.strip()
    if head in {"void", ""}:
        return None
    if head == "...":
        return Parameter(name="...", kind="var-positional")
    pointed = re.search(r"\(\s*[*&^]+\s*(?:const\s+)?(\w*)", head)
    if pointed and pointed.group(1):
        return Parameter(name=pointed.group(1), type=head.replace(pointed.group(1), "", 1), default=default)
    word = _LAST_WORD.search(head)
    if (
        word is None
        or (word.start() == 0 and not head.startswith("$"))
        or word.group() in _TYPE_WORDS
        or head[: word.start()].endswith("::")
        or head[: word.start()].strip() in {"const", "struct", "enum"}
    ):
        return Parameter(name="", type=head, default=default)
    before, after = head[: word.start()], head[word.end() :]
    name = word.group()
    kind = ""
    if before.rstrip().endswith("...") or before.startswith("params "):
        kind = "var-positional"
    if before.endswith("$"):
        before = before[:-1]
        kind = "var-positional" if before.rstrip().endswith("...") else kind
    hint = f"{before.strip()}{after}".strip()
    return Parameter(name=name, type=_MODIFIERS.sub("", hint).strip(), default=default, kind=kind)
