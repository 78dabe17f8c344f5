"""What a call of a Rust macro by example stands for, where the file defines the macro as well. Pure.

A macro's arms are tried in order, as the compiler does. Of a type or an expression only its end is looked for: the sign
that the arm writes behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<blank>\s+|//(?![/!])[^\n]*|////[^\n]*|/\*(?!\*[^/]).*?\*/)|(?P<doc>///[^\n]*|/\*\*.*?\*/)"
    r"|(?P<text>b?r(?P<hash>#*)\".*?\"(?P=hash)|b?\"(?:[^\"\\]|\\.)*\"|b?'(?:[^'\\\n]|\\[^\n]{1,10})'|'\w+"
    r"|(?:r#)?\w+|=>|->|::|\.\.=|\.\.\.?|&&|\|\||[=!<>]=|[-+*/%^]=|.)",
    re.DOTALL,
)
_OPENS = {"(": ")", "[": "]", "{": "}"}
_WORD = re.compile(r"(?:r#)?[A-Za-z_]\w*\Z")
_LITERAL = re.compile(r"[b\d\"'r#]*[\"'\d]|true\Z|false\Z")
_ONE_TREE = frozenset({"tt", "block", "lifetime"})
_DOC = re.compile(
    r"(?<!\s)\s*#\s*\[\s*doc\s*=\s*(r(?P<hash>#*)\"(?P<raw>.*?)\"(?P=hash)|\"(?P<said>(?:[^\"\\]|\\.)*)\")\s*\]",
    re.DOTALL,
)
_BLANK_LINES = re.compile(r"\n\s*\n")
_ESCAPES = {"n": "\n", "t": "\t"}
_MOST_TOKENS = 20_000
_DEEPEST = 60
_MOST_TEXT = 200_000
_LONGEST = 60_000
_MOST_REPEATED = 2_000


class Unmatched(Exception):
    """A call that no arm of the macro takes, or that is too large to be followed."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A token, or a bracket with what stands in it; `before` are the blanks in front of it."""

    text: str
    before: str = ""
    inside: tuple[Tree, ...] | None = None

    def written(self) -> str:
        """The tree as its author wrote it."""
        if self.inside is None:
            return self.before + self.text
        return f"{self.before}{self.text}{''.join(tree.written() for tree in self.inside)}{_OPENS[self.text]}"


@dataclass(slots=True)
class Bound:
    """What a name of an arm stands for: trees, or one such thing for each turn of a repetition."""

    trees: tuple[Tree, ...] = ()
    turns: list[Bound] = field(default_factory=list)
    repeated: bool = False


Bindings = dict[str, Bound]


def trees(text: str) -> tuple[Tree, ...]:
    """A text's tokens, in the brackets that hold them. Raises Unmatched."""
    if len(text) > _LONGEST:
        raise Unmatched
    stack: list[tuple[str, str, list[Tree]]] = [("", "", [])]
    before = ""
    for number, match in enumerate(_TOKEN.finditer(text)):
        if number > _MOST_TOKENS or len(stack) > _DEEPEST:
            raise Unmatched
        token = match.group()
        if match.lastgroup == "blank" or match.group("blank"):
            before += " " if token.startswith("/") else token
            continue
        if match.group("doc"):
            stack[-1][2].extend(_documented(token, before))
        elif token in _OPENS:
            stack.append((token, before, []))
        elif token in _OPENS.values():
            opening, ahead, inside = stack.pop()
            if not stack or _OPENS[opening] != token:
                raise Unmatched
            stack[-1][2].append(Tree(opening, ahead, tuple(inside)))
        else:
            stack[-1][2].append(Tree(token, before))
        before = ""
    if len(stack) > 1:
        raise Unmatched
    return tuple(stack[0][2])


def _documented(comment: str, before: str) -> Iterator[Tree]:
    """A comment as the attribute that it is to a macro."""
    words = comment[3:].removesuffix("*/").replace("\\", "\\\\").replace('"', '\\"')
    yield Tree("#", before)
    yield Tree("[", "", (Tree("doc"), Tree("=", " "), Tree(f'"{words}"', " ")))


def expansion(definition: str, call: str) -> str:
    """The text that a call of a macro stands for. Raises Unmatched."""
    given = trees(call)
    for pattern, body in _arms(trees(definition)):
        bindings: Bindings = {}
        if _matched(pattern, given, 0, bindings) == len(given):
            return _BLANK_LINES.sub("\n", _DOC.sub(_comment, _bounded(_filled(body, bindings, ()))))
    raise Unmatched


def _bounded(pieces: Iterator[str]) -> str:
    written: list[str] = []
    left = _MOST_TEXT
    for piece in pieces:
        left -= len(piece) + 1
        if left < 0:
            raise Unmatched
        written.append(piece)
    return "".join(written)


def _arms(definition: Sequence[Tree]) -> Iterator[tuple[tuple[Tree, ...], tuple[Tree, ...]]]:
    for at in range(len(definition) - 2):
        pattern, arrow, body = definition[at : at + 3]
        if arrow.text == "=>" and pattern.inside is not None and body.inside is not None:
            yield pattern.inside, body.inside


def _matched(pattern: Sequence[Tree], given: Sequence[Tree], at: int, bindings: Bindings) -> int:
    """How far the pattern takes what is given from `at`; -1 where it does not."""
    place = 0
    while place < len(pattern):
        tree = pattern[place]
        if tree.text == "$" and place + 1 < len(pattern):
            follows = pattern[place + 1]
            if follows.inside is not None and follows.text == "(":
                separator, place = _repetition(pattern, place + 2)
                at = _repeated(follows.inside, separator, given, at, bindings)
                continue
            kind = pattern[place + 3].text if place + 3 < len(pattern) else ""
            place += 4
            end = _taken(kind, given, at, pattern[place].text if place < len(pattern) else "")
            if end < 0:
                return -1
            bindings[follows.text] = Bound(tuple(given[at:end]))
            at = end
            continue
        if at >= len(given) or given[at].text != tree.text or (tree.inside is None) != (given[at].inside is None):
            return -1
        if tree.inside is not None:
            inside = given[at].inside or ()
            if _matched(tree.inside, inside, 0, bindings) != len(inside):
                return -1
        at, place = at + 1, place + 1
    return at


def _repetition(pattern: Sequence[Tree], at: int) -> tuple[str, int]:
    """The separator of a repetition, and where the pattern goes on behind its sign."""
    if at < len(pattern) and pattern[at].text in {"*", "+", "?"}:
        return "", at + 1
    return (pattern[at].text if at < len(pattern) else ""), at + 2


def _repeated(inside: Sequence[Tree], separator: str, given: Sequence[Tree], at: int, bindings: Bindings) -> int:
    """How far a repetition's turns go, each of which gives every name in it one more thing."""
    for name in _names(inside):
        bindings.setdefault(name, Bound(repeated=True))
    for turn in range(_MOST_REPEATED):
        start = at
        if turn and separator:
            if start >= len(given) or given[start].text != separator:
                return at
            start += 1
        turned: Bindings = {}
        end = _matched(inside, given, start, turned) if start < len(given) else -1
        if end <= start:
            return at
        for name, bound in turned.items():
            bindings[name].turns.append(bound)
        at = end
    raise Unmatched


def _names(pattern: Sequence[Tree]) -> Iterator[str]:
    for place, tree in enumerate(pattern):
        if tree.inside is not None:
            yield from _names(tree.inside)
        elif tree.text == "$" and place + 2 < len(pattern) and pattern[place + 2].text == ":":
            yield pattern[place + 1].text


def _taken(kind: str, given: Sequence[Tree], at: int, behind: str) -> int:
    """Where a part of the given kind ends; -1 where there is none. `behind` is the sign that the arm writes next."""
    if kind == "vis":
        public = at < len(given) and given[at].text == "pub"
        within = public and at + 1 < len(given) and given[at + 1].text == "("
        return at + 2 if within else at + 1 if public else at
    if at >= len(given):
        return -1
    tree = given[at]
    if kind == "ident":
        return at + 1 if tree.inside is None and _WORD.match(tree.text) else -1
    if kind in _ONE_TREE:
        return at + 1
    if kind == "literal":
        at += tree.text == "-"
        return at + 1 if at < len(given) and _LITERAL.match(given[at].text) else -1
    if kind == "item":
        return _item(given, at)
    depth, end = 0, at
    angles = {"<": 1, ">": -1} if kind in {"ty", "path"} else {}
    while end < len(given) and (depth > 0 or given[end].text not in {behind, ",", ";", "=>", *list(angles)[1:]}):
        if kind == "expr" and end > at and _is_value(given[end]) and _is_value(given[end - 1]):
            break  # `1 2 3` are three expressions
        depth += angles.get(given[end].text, 0)
        end += 1
    return end if end > at else -1


def _is_value(tree: Tree) -> bool:
    return tree.inside is None and _LITERAL.match(tree.text) is not None


def _item(given: Sequence[Tree], at: int) -> int:
    while at < len(given):
        tree = given[at]
        if tree.text == ";" or (tree.inside is not None and tree.text == "{"):
            return at + 1
        at += 1
    return at


def _filled(body: Sequence[Tree], bindings: Mapping[str, Bound], turns: tuple[int, ...]) -> Iterator[str]:
    """The body with what its names stand for in the given turn of each repetition around it."""
    place = 0
    while place < len(body):
        tree = body[place]
        follows = body[place + 1] if tree.text == "$" and place + 1 < len(body) else None
        if follows is not None and follows.inside is not None and follows.text == "(":
            separator, place = _repetition(body, place + 2)
            names = [bindings[name] for name in _used(follows.inside) if name in bindings]
            several = [bound for name in names if (bound := _turned(name, turns)).repeated]
            for turn in range(max((len(bound.turns) for bound in several), default=0)):
                yield f"{separator} " if turn else ""
                yield tree.before
                yield from _filled(follows.inside, bindings, (*turns, turn))
            continue
        if follows is not None and follows.text in bindings:
            bound = _turned(bindings[follows.text], turns)
            written = "".join(tree.written() for tree in bound.trees)
            yield tree.before + written.strip()
            place += 2
            continue
        if tree.inside is not None:
            yield tree.before + tree.text
            yield from _filled(tree.inside, bindings, turns)
            yield _OPENS[tree.text]
        else:
            yield tree.before + tree.text
        place += 1


def _used(body: Sequence[Tree]) -> Iterator[str]:
    for place, tree in enumerate(body):
        if tree.inside is not None:
            yield from _used(tree.inside)
        elif place and body[place - 1].text == "$":
            yield tree.text


def _turned(bound: Bound, turns: tuple[int, ...]) -> Bound:
    """What a name stands for in some turns: one that no repetition holds is the same in each."""
    for turn in turns:
        if not bound.repeated or turn >= len(bound.turns):
            break
        bound = bound.turns[turn]
    return bound


def _comment(attribute: re.Match[str]) -> str:
    """An attribute that documents what follows as the comment that says the same."""
    words = attribute.group("raw")
    if words is None:
        words = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), attribute.group("said"))
    return "".join(f"\n///{line}" for line in words.split("\n")) + "\n"
