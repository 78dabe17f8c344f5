"""Facts about one file that a security or performance reviewer may judge. Rule tables here, judgement elsewhere."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import tree_sitter

from agents.codebase import secrets as secret_detection
from agents.codebase.structure.evidence import compiled, engine, javascript, python, scripting, settings
from agents.codebase.structure.evidence.grammars import QUERIES
from agents.codebase.structure.evidence.used import is_quoted, is_used
from agents.codebase.structure.innermost import innermost
from agents.contracts.base import Lines
from agents.contracts.structure import Evidence, Symbol, Topic
from agents.text.orders import orders

#: Evidence of one rule kept for one file, and of all rules; where a rule has more, its last one says so.
RULE_LIMIT = 25
FILE_LIMIT = 200
EXCERPT_LIMIT = 200
ORDER_RULE = "model-order"

_TABLES = {
    "python": engine.index(python.RULES),
    **dict.fromkeys(("javascript", "typescript", "tsx"), engine.index(javascript.RULES)),
    **{language: engine.index(rules) for language, rules in (compiled.RULES | scripting.RULES).items()},
}


def collect(
    language: str,
    root: tree_sitter.Node | None,
    source: bytes,
    symbols: Sequence[Symbol],
) -> tuple[Evidence, ...]:
    """Evidence of one file, in order of lines; `root` is None for files without a syntax tree.

    A rule is kept RULE_LIMIT times a file; the excerpt of the last one then ends with how many more there are. The last
    one of a secret's rule spans them all: who shows the file hides the lines that evidence names.
    """
    lines = _LineIndex(source)
    places = [*_secrets(language, root, source, lines), *_orders(language, source, lines)]
    conditions: dict[tuple[str, int], str] = {}
    if root is not None and language in QUERIES:
        sites = list(engine.matches(language, root, source, _TABLES[language]))
        places.extend(
            (rule.topic, rule.name, site.node.start_point[0] + 1, _last_line(site.node)) for rule, site in sites
        )
        conditions = {
            (rule.name, site.node.start_point[0] + 1): engine.condition_of(site)
            for rule, site in sites
            if rule.topic is Topic.SECURITY
        }
    if root is None:
        text = source.decode("utf-8", "replace").split("\n")
        places.extend((topic, rule, line, line) for topic, rule, line in settings.find(language, text))
    return tuple(_evidence(places, lines, symbols, conditions))


_Found = tuple[Topic, str, int, int]
_PROSE = frozenset({"markdown", "restructuredtext", "asciidoc", "text"})


class _LineIndex:
    """A file's lines, counted from 1, with the places where secrets stand."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.starts = [0, *accumulate(len(line) + 1 for line in source.split(b"\n"))]
        self.hidden: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def number(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def hide(self, start: int, end: int) -> None:
        """Hide a span, of one line or of several."""
        for number in range(self.number(start), self.number(max(start, end - 1)) + 1):
            begin, stop = self.starts[number - 1], self.starts[number] - 1
            if max(start, begin) < min(end, stop):
                self.hidden[number].append((max(start, begin), min(end, stop)))

    def excerpt(self, number: int) -> str:
        """The line without its indentation, secrets replaced by stars, cut around the first of them."""
        begin, end = self.starts[number - 1], self.starts[number] - 1
        spans = sorted(self.hidden.get(number, ()))
        if spans and spans[0][0] - begin > EXCERPT_LIMIT // 2:
            begin = spans[0][0] - EXCERPT_LIMIT // 2
        parts, at = [], begin
        for start, stop in spans:
            parts.append(self.source[at : max(start, at)])
            parts.append(secret_detection.STARS.encode())
            at = max(at, stop)
        parts.append(self.source[at : min(end, at + 4 * EXCERPT_LIMIT)])
        return b"".join(parts).decode("utf-8", "replace").strip()[:EXCERPT_LIMIT]


def _secrets(language: str, root: tree_sitter.Node | None, source: bytes, lines: _LineIndex) -> Iterator[_Found]:
    """What looks like a secret is hidden; it is evidence where it is also used as one."""
    for secret in secret_detection.find(source):
        lines.hide(secret.start, secret.end)
        if is_used(language, root, source, secret):
            yield (
                Topic.SECURITY,
                secret.rule,
                lines.number(secret.first),
                lines.number(max(secret.first, secret.last - 1)),
            )


def _orders(language: str, source: bytes, lines: _LineIndex) -> Iterator[_Found]:
    """Prompt injection. Its words are hidden like a secret: quoted, they would give their order again.

    A document that quotes an order to talk about it gives none, so that is no evidence. In code a quotation mark is the
    beginning of a string or a docstring, which a model reads.
    """
    text = source.decode("utf-8", "replace")
    for start, end in orders(text):
        for number in range(start, end + 1):
            lines.hide(lines.starts[number - 1], lines.starts[number] - 1)
        if language not in _PROSE or not is_quoted(text, start, end):
            yield Topic.SECURITY, ORDER_RULE, start, end


def _last_line(node: tree_sitter.Node) -> int:
    """The node's last line, or its first when it is a whole loop: the loop's head is what proves it."""
    return int(node.start_point[0] if "for" in node.type or "while" in node.type else node.end_point[0]) + 1


def _evidence(
    places: Sequence[_Found],
    lines: _LineIndex,
    symbols: Sequence[Symbol],
    conditions: Mapping[tuple[str, int], str],
) -> Iterator[Evidence]:
    ordered = sorted(dict.fromkeys(places), key=lambda place: (place[2], place[3], place[1]))
    totals = Counter(rule for _, rule, _, _ in ordered)
    last_line = {rule: max(end for _, other, _, end in ordered if other == rule) for rule in totals if _secret(rule)}
    counts: Counter[str] = Counter()
    left = FILE_LIMIT
    for topic, rule, start, end in ordered:
        counts[rule] += 1
        if counts[rule] > RULE_LIMIT or (left == 0 and not _secret(rule)):
            continue
        left -= left > 0
        excerpt, last = lines.excerpt(start), max(start, end)
        if counts[rule] == RULE_LIMIT and totals[rule] > RULE_LIMIT:
            more = f" (and {totals[rule] - RULE_LIMIT} more in this file)"
            excerpt = excerpt[: EXCERPT_LIMIT - len(more)] + more
            last = max(end, last_line.get(rule, 0))
        yield Evidence(
            topic=topic,
            rule=rule,
            lines=Lines(start=start, end=last),
            symbol=_innermost(symbols, start),
            excerpt=excerpt,
            condition=conditions.get((rule, start), ""),
        )


def _secret(rule: str) -> bool:
    return rule.startswith("secret-") or rule == ORDER_RULE


def _innermost(symbols: Sequence[Symbol], line: int) -> str:
    around = innermost(symbols, line)
    return around.name if around is not None else ""
