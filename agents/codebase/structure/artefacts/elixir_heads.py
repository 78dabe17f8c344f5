"""Heads of Elixir's definitions: where the body begins, the parameters, and what annotations add to a text."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

from agents.codebase.structure.documentation import Doc
from agents.codebase.structure.documentation.words import text_of
from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import fold
from agents.contracts.documentation import Documentation
from agents.contracts.structure import Parameter
from agents.text.marked import escaped

_BODY = re.compile(r"\s+do\b|,\s*do:|,\s*to:")


def with_part(doc: Doc, more: dict[str, Any]) -> Doc:
    """A documentation with one more part."""
    whole = (doc.document or Documentation(summary=escaped(doc.text))).model_copy(update=more)
    return Doc(text_of(whole), whole)


def is_balanced(code: str) -> bool:
    """Whether every bracket is closed."""
    return all(code.count(a) == code.count(b) for a, b in ("()", "[]", "{}"))


def head(line: str) -> str:
    """What stands before a definition's body, which may begin behind a keyword in its list."""
    written = line.strip()
    for match in _BODY.finditer(written):
        before = written[: match.start()]
        if is_balanced(before):
            return fold(before)
    return fold(written)


def parameters(written: str) -> tuple[Parameter, ...]:
    """The parameters of a function's first clause; `a \\\\ 1` has a default."""
    if not written.startswith("("):
        return ()
    depths = accumulate((sign in "([{") - (sign in ")]}") for sign in written)
    end = next((at for at, depth in enumerate(depths) if not depth), len(written))
    result: list[Parameter] = []
    for piece in split(written[1:end], angles=False):
        name, _, default = piece.strip().partition("\\\\")
        bound = re.search(r"=\s*(\w+)\s*$", name)
        name = bound.group(1) if bound else name.strip()
        if name:
            result.append(Parameter(name=fold(name, 160), default=fold(default.strip())))
    return tuple(result)


#: `> #### Mind the gap {: .warning}`
_NOTE = re.compile(
    r"^(>[ \t]*)#{1,6}[ \t]+(.*?)[ \t]*\{:[^{}\n]*\.(warning|error|info|tip|neutral)\b[^{}\n]*\}", re.MULTILINE
)
_ATTRIBUTES = re.compile(r"[ \t]*\{: [^{}\n]*\}")
_LABELS = {"warning": "WARNING", "error": "CAUTION", "tip": "TIP"}
_LITERAL = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")


def marked(text: str) -> str:
    """Documentation with ExDoc's notes as Markdown writes them, without other attributes of blocks."""
    return _ATTRIBUTES.sub("", _NOTE.sub(_note, text))


def _note(match: re.Match[str]) -> str:
    label, title = match.group(3), match.group(2)
    named = "" if title.lower() == label else f" **{title}**"
    return f"{match.group(1)}[!{_LABELS.get(label, 'NOTE')}]{named}"


def literal(written: str) -> str:
    """The words of a string, behind its first quote; of several that are joined, those of all."""
    if not re.search(r"\"[ \t]*<>", written):
        return written.strip().removesuffix('"')
    return "".join(_LITERAL.findall(f'"{written}'))


def implemented(written: str) -> list[str]:
    """The types that `for: Map` or `for: [Map, List]` names."""
    named = re.search(r"\bfor:\s*(?:\[([^\]\n]*)|([A-Z][\w.]*))", written)
    return re.findall(r"[A-Z][\w.]*", named.group(1) or named.group(2) or "") if named else []
