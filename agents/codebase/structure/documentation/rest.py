"""reStructuredText as docstrings hold it: blocks by lines, forgiving where docutils reports errors. Linear. Pure."""

from __future__ import annotations

import re
from textwrap import dedent

from agents.codebase.structure.documentation import rest_directives, rest_tables
from agents.codebase.structure.documentation.draft import ADMONITIONS, code_block, entry
from agents.codebase.structure.documentation.markdown import table
from agents.codebase.structure.documentation.rest_inline import inline
from agents.codebase.structure.documentation.rest_lists import BULLET, begins_list, breaks_paragraph
from agents.contracts.documentation import Admonition, Block, Code, Definitions, Entry, Heading, Listing, Paragraph
from agents.text import marked

_FENCE = re.compile(r"^(`{3,}|~{3,})\s*([\w+#.-]*)\s*$")
_DIRECTIVE = re.compile(r"^\.\.\s+(?:\|[^|]*\|\s+)?([\w:+-]+)::(?:\s+(.*))?$")
_EXPLICIT = re.compile(r"^\.\.(?:\s+(.*))?$")
_ADORNMENT = re.compile(r"^([=\-~^\"'`#*+:._])\1{2,}\s*$")
_GRID = re.compile(r"^\+(?:[-=]+\+)+\s*$")
_PIPE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_FIELD = re.compile(r"^:([^:`\s][^:\n]{0,100}):(?=\s|$)\s*(.*)$")
_LOOKS_LIKE_CODE = re.compile(r"[;{}=]\s*$|^\s*(?:\w[\w.]*\(.*\)|[\w.]+ = .*|(?:from \S+ )?import .*|[$%#>] .*)\s*$")
_DEEPEST = 12


def blocks(text: str, depth: int = 0) -> list[Block]:
    """A docstring's text as blocks."""
    if not text.strip():
        return []
    return _LineReader(dedent(text.expandtabs(8) if "\t" in text else text).split("\n"), depth).read()


class _LineReader:
    """Reads dedented lines once, from top to bottom."""

    def __init__(self, lines: list[str], depth: int) -> None:
        self._lines = [line.rstrip() for line in lines]
        self._depth = depth
        self._at = 0
        self._result: list[Block] = []

    def read(self) -> list[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line:
                self._at += 1
            elif line[0] == " ":
                self._indented()
            else:
                self._one(line)
        return self._result

    def _inner(self, lines: list[str]) -> list[Block]:
        text = "\n".join(lines)
        if self._depth >= _DEEPEST:
            return code_block(text)
        return blocks(text, self._depth + 1)

    def _one(self, line: str) -> None:  # noqa: C901 (one branch for each kind)
        following = self._lines[self._at + 1] if self._at + 1 < len(self._lines) else ""
        if fence := _FENCE.match(line):
            self._fenced(fence.group(1), fence.group(2))
        elif line.startswith(">>>"):
            self._session()
        elif line.startswith("..") and _EXPLICIT.match(line):
            self._explicit(line)
        elif rest_tables.SIMPLE.match(line):
            self._take_table(rest_tables.simple(self._lines, self._at))
        elif _GRID.match(line):
            self._take_table(rest_tables.grid(self._lines, self._at))
        elif "|" in line and "|" in following and _PIPE_RULE.match(following):
            self._take_table(rest_tables.pipes(self._lines, self._at))
        elif line.startswith("| ") or line == "|":
            self._line_block()
        elif _ADORNMENT.match(line):
            self._adorned(line)
        elif _ADORNMENT.match(following) and len(following) + 2 >= len(line) and not begins_list(self._lines, self._at):
            self._at += 2
            self._result.append(Heading(text=inline(line), level=1 if following[0] in "=#*" else 2))
        elif begins_list(self._lines, self._at):
            self._list()
        elif _FIELD.match(line):
            self._fields()
        elif self._is_term(line, following):
            self._definitions()
        else:
            self._paragraph()

    def _take_indented(self, least: int = 1) -> list[str]:
        """The indented lines from here on, empty lines between them included."""
        taken: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line and len(line) - len(line.lstrip()) < least:
                break
            taken.append(line)
            self._at += 1
        while taken and not taken[-1]:
            taken.pop()
        return taken

    def _indented(self) -> None:
        taken = self._take_indented()
        first = dedent("\n".join(taken)).split("\n")
        if first[0].startswith((">>>", "- ", "* ", "```")) or begins_list(first, 0):
            self._result += self._inner(taken)
        elif sum(1 for line in first if _LOOKS_LIKE_CODE.search(line)) * 2 >= len([line for line in first if line]):
            self._result += code_block("\n".join(taken))
        else:
            inside = tuple(self._inner(taken))
            self._result.append(Admonition(label="quote", blocks=inside))

    def _fenced(self, fence: str, language: str) -> None:
        end = self._at + 1
        while end < len(self._lines) and self._lines[end] != fence:
            end += 1
        self._result += code_block("\n".join(self._lines[self._at + 1 : end]), language)
        self._at = end + 1

    def _session(self) -> None:
        taken: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line and not any(self._lines[self._at + 1 : self._at + 2]):
                break
            if not line and not self._lines[self._at + 1].startswith(">>>"):
                break
            taken.append(line)
            self._at += 1
        self._result.append(Code(text="\n".join(taken), language="pycon"))

    def _explicit(self, line: str) -> None:
        self._at += 1
        start = self._at
        while self._at < len(self._lines) and (not self._lines[self._at] or self._lines[self._at][0] == " "):
            self._at += 1
        body = self._lines[start : self._at]
        if (match := _DIRECTIVE.match(line)) is None:
            comment = (line[2:].strip() + "\n" + dedent("\n".join(body))).strip()
            target = re.match(r"_([^:]+):\s*(\S*)\s*$", comment)
            if target and target.group(2):
                self._result.append(Paragraph(text=marked.link(marked.escaped(target.group(1)), target.group(2))))
            elif comment and not target:
                self._result += self._inner([comment])
            return
        self._directive(match.group(1).lower().rpartition(":")[2], (match.group(2) or "").strip(), body)

    def _directive(self, name: str, argument: str, body: list[str]) -> None:
        options = rest_directives.taken_options(body)
        arguments = [argument] if argument else []
        if name in rest_directives.LITERAL:
            argument = "" if name in rest_directives.GROUPED else argument
            formula, text = argument if name == "math" else "", dedent("\n".join(body))
            language = "latex" if name == "math" else argument or ("pycon" if name == "doctest" else "")
            self._result += code_block(f"{formula}\n{text}", language)
        elif name in ADMONITIONS or name in {"seealso", "admonition", "topic", "rubric"}:
            title = inline(argument) if name in {"admonition", "topic", "rubric"} else ""
            inside = self._inner(([] if title else arguments) + [dedent("\n".join(body))])
            if name == "rubric":
                self._result += [Heading(text=title, level=3), *inside]
            else:
                label = ADMONITIONS.get(name, "see also" if name == "seealso" else "note")
                self._result.append(Admonition(label=label, title=title, blocks=tuple(inside)))
        elif name in rest_directives.VERSIONS:
            version, _, rest = argument.partition(" ")
            inside = self._inner([rest, dedent("\n".join(body))])
            self._result.append(Admonition(label=name, title=marked.escaped(version), blocks=tuple(inside)))
        elif name in {"image", "figure"}:
            self._result.append(Paragraph(text=marked.link(marked.escaped(rest_tables.alternative(options)), argument)))
            self._result += self._inner([dedent("\n".join(body))])
        elif name in {"list-table", "csv-table"}:
            read = rest_tables.bulleted if name == "list-table" else rest_tables.separated
            self._result += [Paragraph(text=inline(argument))] if argument else []
            self._add_table(read(options, dedent("\n".join(body)).split("\n")))
        else:
            content = self._inner([dedent("\n".join([*options, *body]))])
            self._result += [*([Paragraph(text=inline(argument))] if argument else []), *content]

    def _take_table(self, rows_and_end: tuple[list[list[str]], int]) -> None:
        self._add_table(rows_and_end[0])
        self._at = rows_and_end[1]

    def _add_table(self, rows: list[list[str]]) -> None:
        self._result += table([[inline(cell) for cell in row] for row in rows])

    def _line_block(self) -> None:
        lines: list[str] = []
        while self._at < len(self._lines) and self._lines[self._at].startswith("|"):
            lines.append(inline(self._lines[self._at][1:].strip()))
            self._at += 1
        self._result.append(Paragraph(text="\n".join(lines)))

    def _adorned(self, line: str) -> None:
        """A rule, or the line above a title."""
        title = self._lines[self._at + 1 : self._at + 3]
        if len(title) == 2 and title[0] and title[1] == line:
            self._result.append(Heading(text=inline(title[0]), level=1))
            self._at += 3
        else:
            self._at += 1

    def _list(self) -> None:
        match = BULLET.match(self._lines[self._at])
        if match is None:
            return self._paragraph()
        ordered = match.group(1) not in set("-*+•‣")
        start = int(re.sub(r"\D", "", match.group(1)) or 1) if ordered else 1
        items: list[tuple[Block, ...]] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            again = BULLET.match(line)
            if again is None or (again.group(1) not in set("-*+•‣")) != ordered:
                break
            self._at += 1
            own = [line[again.end() :]]
            while self._at < len(self._lines):
                following = self._lines[self._at]
                if following and following[0] != " ":
                    lazy = own[-1] and not BULLET.match(following) and not self._starts_block(following)
                    if not lazy:
                        break
                    own.append(" " * again.end() + following)
                elif (not following and not any(self._lines[self._at + 1 : self._at + 2])) or (
                    not following and self._lines[self._at + 1][0] != " "
                ):
                    break
                else:
                    own.append(following)
                self._at += 1
            rest = dedent("\n".join(own[1:]))
            items.append(tuple(self._inner([own[0] + ("\n" + rest if rest.strip() else "")])))
            while self._at < len(self._lines) and not self._lines[self._at]:
                self._at += 1
        self._result.append(Listing(items=tuple(items), ordered=ordered, start=min(start, 1_000_000)))
        return None

    def _starts_block(self, line: str) -> bool:
        return line.startswith((">>>", ".. ", "```", "~~~", "| ")) or bool(_FIELD.match(line))

    def _fields(self) -> None:
        entries: list[Entry] = []
        while self._at < len(self._lines) and (match := _FIELD.match(self._lines[self._at])):
            self._at += 1
            rest = dedent("\n".join(self._take_indented()))
            entries.append(entry(match.group(1), blocks=self._inner([match.group(2), rest])))
            while self._at < len(self._lines) and not self._lines[self._at]:
                self._at += 1
        self._result.append(Definitions(entries=tuple(entries)))

    def _is_term(self, line: str, following: str) -> bool:
        return (
            following.startswith("  ")
            and len(line) < 80
            and not line.endswith((":", ".", ",", "::"))
            and (self._at > 0 or self._depth > 0)
            and not (self._at and self._lines[self._at - 1])
        )

    def _definitions(self) -> None:
        entries: list[Entry] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            following = self._lines[self._at + 1] if self._at + 1 < len(self._lines) else ""
            if not line or line[0] == " " or not following.startswith("  ") or begins_list(self._lines, self._at):
                break
            self._at += 1
            name, _, kind = line.partition(" : ")
            entries.append(entry(marked.words(inline(name)), kind, self._inner(self._take_indented())))
            while self._at < len(self._lines) and not self._lines[self._at]:
                self._at += 1
        self._result.append(Definitions(entries=tuple(entries)))

    def _paragraph(self) -> None:
        words = [self._lines[self._at]]
        ticks = words[0].count("``")
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line or self._starts_block(line):
                break
            if breaks_paragraph(self._lines, self._at, words[-1], in_code=ticks % 2 > 0):
                break
            if line.startswith("    ") and words[-1].endswith((":", "::")):
                break
            words.append(line.strip())
            ticks += line.count("``")
            self._at += 1
        text = " ".join(words)
        literal = text.endswith("::")
        if literal:
            text = text[:-1] if len(text) > 2 and not text[-3].isspace() else text[:-2]
        if text.strip():
            self._result.append(Paragraph(text=inline(text.strip())))
        if literal:
            while self._at < len(self._lines) and not self._lines[self._at]:
                self._at += 1
            self._result += code_block("\n".join(self._take_indented()))
