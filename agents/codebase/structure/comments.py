"""A file's comments, found by the rows they end on: which one documents a symbol, which one the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import tree_sitter

from agents.codebase.structure import comment_marks as marks
from agents.codebase.structure.comment_macros import macros_of, with_macros
from agents.codebase.structure.documentation import NOTHING, Doc, document, of_comment
from agents.codebase.structure.documentation.comment_text import is_licence, uncommented
from agents.codebase.structure.section_titles import section_titles, with_titles
from agents.codebase.structure.source import Source
from agents.codebase.structure.source_comment import Comment

_LONGEST_RUN = 2_000
_LONGEST_COMMENT = 200_000
_FURTHEST_COLUMN = 500
#: Languages whose reference tools take a comment behind a member on its line for the member's.
_BEHIND = frozenset({"c", "cpp", "go", "rust", "python", "ruby"})
#: Languages whose documentation comments belong to what follows them, whatever blank lines stand between.
_OVER_BLANKS = frozenset({"rust", "csharp", "java", "javascript", "typescript", "tsx"})
#: Those that take a comment over one blank line, but for one at a file's top, and how its first line begins.
_OVER_ONE_BLANK = {"ruby": "#", "lua": "---"}
_MOST_BLANKS = 20
_BETWEEN = " \t,;"


def plain(comment: str, language: str = "") -> str:
    """A comment's words."""
    return of_comment(comment, language).text


class Comments:
    """A file's comments by the row on which they end."""

    def __init__(self, nodes: Iterable[tree_sitter.Node], source: Source, language: str = "") -> None:
        self._source = source
        self._language = language
        self._by_row: dict[int, tree_sitter.Node] = {}
        self._read: dict[int, Comment] = {}
        self._taken: set[int] = set()
        self._behind: dict[int, list[tree_sitter.Node]] = {}
        self._rows: list[bytes] = []
        data = source.data
        self._titles = section_titles(data) if language in marks.PREPROCESSED else {}
        self._macros = macros_of(data) if language == "ruby" else {}
        for node in sorted(nodes, key=lambda node: node.start_byte):  # the binding has an order of its own
            start, column = node.start_byte, node.start_point[1]
            if column > _FURTHEST_COLUMN or (column and data[start - column : start].strip()):
                self._behind.setdefault(node.start_point[0], []).append(node)
                if node.end_point[0] > node.start_point[0] and data[start + 3 : start + 4] == b"<":
                    self._behind.setdefault(node.end_point[0], []).append(node)  # a macro ends with it
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
            comment = Comment(
                node.start_point[0], row, node.end_byte, self._source.text(node, _LONGEST_COMMENT).rstrip("\r\n")
            )
            self._read[row] = comment
        return comment

    def _beginning_on(self, row: int) -> Comment | None:
        last = next((below for below in range(row, row + _MOST_BLANKS) if below in self._by_row), row)
        comment = self.ending_on(last)
        return comment if comment is not None and comment.first == row else None

    def above(self, row: int, byte: int, attributes: Mapping[int, int]) -> Doc:
        """What the comment says that stands on or directly above a row, over the attributes between them.

        A comment is given once: what else begins on the same row has none of its own.
        """
        beside_it = self.follows(row)
        if (before := self._directly_before(row, byte)) is not None:
            return self._said(self._source.text(before, _LONGEST_COMMENT))
        beside = self.ending_on(row)
        if beside is None or beside.end > byte:
            row -= 1
            while row in attributes:
                row = attributes[row] - 1
            if row not in self._by_row and self._is_doc_block(row - 1):
                row -= 1
            else:
                row = self._beyond(row)
            row = self._documentation(row, attributes)
        if row in self._taken:
            return NOTHING
        self._taken.add(row)
        run = self._run(row)
        if (
            not run
            or marks.is_no_doc(self._language, run[0].text)
            or marks.is_of_group(self._language, run[0].text)
            or marks.FOLLOWS.match(run[0].text)
            or (beside_it and not marks.DOXYGEN.match(run[0].text))
            or (self._language in marks.JSDOC and marks.DECLARES.search(run[0].text))
        ):
            return NOTHING
        doc = self._said("\n".join(comment.text for comment in run))
        if run[0].first == self._first_row() and is_licence(doc.text):
            return NOTHING
        earlier = self._earlier(run) if self._language in marks.PREPROCESSED else []
        if not earlier:
            return doc
        texts = [uncommented("\n".join(comment.text for comment in block)) for block in (*earlier, run)]
        return document(with_titles("\n\n".join(text for text in texts if text), self._titles), self._language)

    def _directly_before(self, row: int, byte: int) -> tree_sitter.Node | None:
        """The documentation comment that stands on a row between other code and what it documents."""
        last = next((node for node in reversed(self._behind.get(row, ())) if node.end_byte <= byte), None)
        if last is None or self._source.span(last.end_byte, byte).strip():
            return None
        return last if marks.DOCUMENTATION.match(text := self._source.text(last, 5)) and text[3:4] != "<" else None

    def _beyond(self, row: int) -> int:
        """The row of the documentation above what documents nothing in this language, else the same row."""
        if self._language in marks.BETWEEN_LINES:
            return self._over_lines(row, marks.BETWEEN_LINES[self._language])
        if self._language in _OVER_ONE_BLANK:
            return self._over_one_blank(row)
        return self._over_blanks(row) if self._language in _OVER_BLANKS else row

    def _over_blanks(self, row: int) -> int:
        """The row of the documentation comment that blank lines alone part from a row, else the same row."""
        for above in range(row - 1, max(-1, row - _MOST_BLANKS), -1):
            comment = self.ending_on(above)
            if comment is not None:
                lines = self._source.data[comment.end : comment.end + _FURTHEST_COLUMN].split(b"\n")
                ends_line = self._source.data[comment.end - 1 : comment.end] == b"\n"
                blank = not b"".join(lines[: row - above + (not ends_line)]).strip()
                documents = marks.DOCUMENTATION.match(comment.text) and not marks.OF_FILE.search(comment.text)
                return above if blank and documents else row
        return row

    def _over_one_blank(self, row: int) -> int:
        """The row of the comment that one blank line parts from a row, else the same row."""
        comment = self.ending_on(row - 1) if row not in self._by_row else None
        self._rows = self._rows or self._source.data.split(b"\n")
        if comment is None or row >= len(self._rows) or self._rows[row].strip():
            return row
        first = self._run(row - 1)[0]
        is_of_file = first.first == next(at for at, line in enumerate(self._rows) if line.strip())
        return row - 1 if first.text.startswith(_OVER_ONE_BLANK[self._language]) and not is_of_file else row

    def _over_lines(self, row: int, passed: re.Pattern[bytes]) -> int:
        """The row of the documentation that lines such as a condition's part from a row, else the same row."""
        self._rows = self._rows or self._source.data.split(b"\n")
        above = row
        while above > max(-1, row - _MOST_BLANKS):
            comment = self.ending_on(above)
            if comment is not None and marks.documents(self._language, comment.text):
                return above
            if comment is None and (above >= len(self._rows) or not passed.match(self._rows[above])):
                return row
            above = comment.first - 1 if comment is not None else above - 1
        return row

    def _documentation(self, row: int, attributes: Mapping[int, int]) -> int:
        """The row of the documentation comment that a remark or an attribute parts from its code, else the same row."""
        at = row
        while at in self._by_row or at in attributes:
            comment = self.ending_on(at)
            if comment is None:
                at = attributes[at] - 1
            elif marks.documents(self._language, comment.text):
                return at
            else:
                at = self._beyond(comment.first - 1)
        return row

    def behind(self, row: int, byte: int) -> Doc:
        """What the comment says that follows a member on its last row, with nothing but a separator between them."""
        nodes = self._behind.get(row, ()) if self._language in _BEHIND else ()
        # A macro ends with its line, behind its comment.
        fit = (item for item in nodes if item.start_byte >= byte or not self._source.span(item.end_byte, byte).strip())
        node = min(fit, key=lambda item: item.start_byte, default=None)
        alone = self._beginning_on(row + 1) if node is None and self._language in marks.PREPROCESSED else None
        if alone is not None and marks.FOLLOWS.match(alone.text):
            return self._said(alone.text)
        if node is None:
            return NOTHING
        between = self._source.span(byte, min(node.start_byte, byte + _FURTHEST_COLUMN)).strip(_BETWEEN)
        if between and not (self._language in marks.PREPROCESSED and marks.ATTRIBUTE.fullmatch(between)):
            return NOTHING
        comment = self._source.text(node, _LONGEST_COMMENT).rstrip("\r\n")
        if self._language == "python" and not marks.SPHINX.match(comment):
            return NOTHING
        if comment.startswith("//"):  # its next lines stand below it
            below = self.ending_on(row + 1)
            while below is not None and below.text.startswith(("///<", "//!<")):
                comment, row = f"{comment}\n{below.text}", row + 1
                below = self.ending_on(row + 1)
        if marks.is_no_doc(self._language, comment) or marks.REMINDER.match(uncommented(comment)):
            return NOTHING
        return self._said(comment)

    def left_out(self, row: int) -> str:
        """What RDoc's comment behind a head leaves out: `own`, or with `# :nodoc: all` the types in it as well."""
        for node in self._behind.get(row, ()) if self._language == "ruby" else ():
            if (match := marks.LEFT_OUT.match(self._source.text(node, 200))) is not None:
                return match.group(1) or "own"
        return ""

    def follows(self, row: int) -> bool:
        """Whether the comment behind what ends on a row says that it documents that, `///< Like this.`."""
        nodes = self._behind.get(row, ())
        return any(marks.FOLLOWS.match(self._source.text(node, 8)) for node in nodes[-1:])

    def _said(self, comment: str) -> Doc:
        return of_comment(with_macros(with_titles(comment, self._titles), self._macros), self._language)

    def _first_row(self) -> int:
        first = self.ending_on(min(self._by_row)) if self._by_row else None
        return first.first if first is not None else -1

    def _earlier(self, run: list[Comment]) -> list[list[Comment]]:
        """Documentation that ends above another: to doxygen all of it belongs to what follows, over blank lines."""
        earlier: list[list[Comment]] = []
        while marks.DOXYGEN.match(run[0].text) and len(earlier) < _MOST_BLANKS:
            row = run[0].first - 1
            while row >= 0 and run[0].first - row < _MOST_BLANKS and row not in self._by_row:
                self._rows = self._rows or self._source.data.split(b"\n")
                if self._rows[row].strip() and not marks.CONDITION_LINE.match(self._rows[row]):
                    return earlier
                row -= 1
            run = self._run(row) if row not in self._taken else []
            text = "\n".join(comment.text for comment in run)
            if not run or not marks.DOXYGEN.match(text) or marks.FOLLOWS.match(text) or marks.OF_OTHERS.search(text):
                return earlier
            if is_licence(text):
                return earlier
            earlier.insert(0, run)
        return earlier

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
            row = run[-1].first - 1
            if self._language == "rust" and last.marker == "///" and row not in self._by_row:
                row = self._over_blanks(row)  # every comment of an item is a paragraph of one
            previous = self.ending_on(row)
            if previous is None or previous.block or previous.marker != last.marker:
                break
            run.append(previous)
        return run[::-1]

    def head(self, before: int, row: int, belongs: bool) -> tuple[Doc, int, int] | None:
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
            comment_text = "\n".join(comment.text for comment in run)
            text = uncommented(comment_text)
            if (
                not text
                or marks.is_no_doc(self._language, comment_text)
                or is_licence(text)
                or marks.REMINDER.match(text)
                or marks.LABEL.fullmatch(text)
                or (self._language in marks.JSDOC and marks.OF_SYMBOL.search(text))
                or (belongs and run[-1].last >= row - 1 and not re.search(r"[@\\]file\b", comment_text))
            ):
                continue
            doc = self._said(comment_text)
            if doc.says:
                return doc, run[0].first, run[-1].last
        return None
