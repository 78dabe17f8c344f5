"""Comments as text: markers removed, tool directives and licences left out, found by the rows they end on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from inspect import cleandoc

import tree_sitter

from agents.codebase.structure.docs import spoken
from agents.codebase.structure.source import Source

_DOC_LENGTH = 4000
_LONGEST_RUN = 200
_FURTHEST_COLUMN = 500
_LINE_MARKER = re.compile(r"^(?://[/!]?<?|#+!?|--+|;+)[ \t]?")
_BLOCK_OPEN = re.compile(r"^(?:/\*[*!]*<?|--\[=*\[|=begin\b|\(\*+)")
_STAR = re.compile(r"^[ \t]*\*(?!\*)[ \t]?", re.MULTILINE)
_RULE = re.compile(r"^[\s\-=*#~/_.+|]*$")
_DIRECTIVE = re.compile(
    r"^\s*(?:!|go:|\+build|nolint|noqa|type:\s*ignore|pylint:|flake8:|fmt:|isort:|mypy:|pragma|eslint|jshint|tslint|prettier|"
    r"istanbul|@ts-|<reference|<amd|shellcheck\s|rubocop:|frozen_string_literal|encoding:|-\*-|vim:|swiftlint:|clang-format|"
    r"NOLINT|#region|region\b|endregion|coding[:=]|MARK:|@flow|@format|use strict)",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"copyright|licen[sc]ed? under|all rights reserved|spdx-license|permission is hereby granted|@license"
    r"|code generated .{0,80}do not edit",
    re.IGNORECASE,
)


def plain(comment: str) -> str:
    """A comment's words: no markers, no rules of dashes, no directives to tools."""
    text = comment.strip()
    if opened := _BLOCK_OPEN.match(text):
        text = _STAR.sub("", _unclosed(text[opened.end() :]))
    else:
        lines = (line.strip() for line in text.split("\n"))
        text = "\n".join(_LINE_MARKER.sub("", line) for line in lines if not line.startswith("#!/"))
    kept = [line.rstrip() for line in text.split("\n") if not _is_noise(line)]
    return spoken(cleandoc("\n".join(kept)).strip())[:_DOC_LENGTH].rstrip()


def _unclosed(text: str) -> str:
    """A block comment's text without what closes it."""
    if text.endswith("*/"):
        return text.removesuffix("/").rstrip("*")
    if text.endswith("]"):
        return text.removesuffix("]").rstrip("=").removesuffix("]")
    return text.removesuffix("=end").removesuffix("*)")


def _is_noise(line: str) -> bool:
    return bool(line.strip()) and (bool(_RULE.match(line)) or bool(_DIRECTIVE.match(line)))


def is_licence(text: str) -> bool:
    """Whether a comment is a licence's head and says nothing of the file."""
    return bool(_LICENCE.search(text[:2000]))


_REMINDER = re.compile(r"(?:TODO|FIXME|XXX|HACK)\b")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that begins its line; rows count from 0."""

    first: int
    last: int
    end: int
    text: str

    @property
    def block(self) -> bool:
        """Whether it is one comment of its own, not a line of a run."""
        return bool(_BLOCK_OPEN.match(self.text))

    @property
    def marker(self) -> str:
        """What a line comment starts with, so that `//` and `///` are not one run."""
        return self.text[:3] if self.text[:3] in {"///", "//!"} else self.text[:1]


class Comments:
    """A file's comments by the row on which they end."""

    def __init__(self, nodes: Iterable[tree_sitter.Node], source: Source) -> None:
        self._source = source
        self._by_row: dict[int, tree_sitter.Node] = {}
        self._read: dict[int, Comment] = {}
        self._taken: set[int] = set()
        data = source.data
        for node in nodes:
            start, column = node.start_byte, node.start_point[1]
            if column > _FURTHEST_COLUMN or (column and data[start - column : start].strip()):
                continue
            row, end_column = node.end_point
            self._by_row[row - 1 if end_column == 0 and row else row] = node

    def ending_on(self, row: int) -> Comment | None:
        """The comment that ends on this row."""
        node = self._by_row.get(row)
        if node is None:
            return None
        comment = self._read.get(row)
        if comment is None:
            comment = Comment(node.start_point[0], row, node.end_byte, self._source.text(node, 8000).rstrip("\r\n"))
            self._read[row] = comment
        return comment

    def above(self, row: int, byte: int, attributes: Mapping[int, int]) -> str:
        """The words of the comment that stands on or directly above a row, over the attributes between them.

        A comment is given once: what else begins on the same row has none of its own.
        """
        beside = self.ending_on(row)
        if beside is None or beside.end > byte:
            row -= 1
            while row in attributes:
                row = attributes[row] - 1
            if row not in self._by_row and self._is_doc_block(row - 1):
                row -= 1
        if row in self._taken:
            return ""
        self._taken.add(row)
        run = self._run(row)
        return plain("\n".join(comment.text for comment in run)) if run else ""

    def _is_doc_block(self, row: int) -> bool:
        """Whether a `/**` comment ends here: one blank line below it does not part it from its code."""
        comment = self.ending_on(row)
        if comment is None or not comment.text.startswith("/**"):
            return False
        between = self._source.span(comment.end, comment.end + 200).split("\n")
        return len(between) > 2 and not between[0].strip() and not between[1].strip()

    def _run(self, row: int) -> list[Comment]:
        """The comment that ends on the row, with the lines of the same kind above it; in order."""
        last = self.ending_on(row)
        if last is None or last.block:
            return [last] if last else []
        run = [last]
        while len(run) < _LONGEST_RUN:
            previous = self.ending_on(run[-1].first - 1)
            if previous is None or previous.block or previous.marker != last.marker:
                break
            run.append(previous)
        return run[::-1]

    def head(self, before: int, row: int, belongs: bool) -> tuple[str, int, int] | None:
        """The file's own leading comment with its rows: the first run before a byte that is no licence.

        `row` is where the code begins; a comment that touches it belongs to the code when `belongs` is true.
        """
        runs: list[list[Comment]] = []
        for end in sorted(self._by_row):
            comment = self.ending_on(end)
            if comment is None or comment.end > before or len(runs) > _LONGEST_RUN:
                break
            joins = runs and not comment.block and not runs[-1][-1].block and runs[-1][-1].last == comment.first - 1
            if joins and runs[-1][-1].marker == comment.marker and not runs[-1][-1].text.startswith("#!"):
                runs[-1].append(comment)
            else:
                runs.append([comment])
        for run in runs:
            text = plain("\n".join(comment.text for comment in run))
            if (
                text
                and not is_licence(text)
                and not _REMINDER.match(text)
                and not (belongs and run[-1].last >= row - 1)
            ):
                return text, run[0].first, run[-1].last
        return None
