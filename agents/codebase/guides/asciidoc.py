"""Guides in AsciiDoc: titles, paragraphs, lists, blocks, call-outs, tables, links and images. Linear. Pure.

No converter for Python is maintained, so this is a subset: a macro or block that it does not know stays as its text,
and conditions and counters have no effect.
"""

from __future__ import annotations

import re

from agents.codebase.guides import markup
from agents.codebase.guides.source import Repository, code_of_file
from agents.contracts.documentation import Block

_TITLE = re.compile(r"^(={1,6}|#{1,6})\s+(\S.*)$")
_ATTRIBUTE = re.compile(r"^:(!?[\w-]+)!?:\s*(.*)$")
_USE = re.compile(r"\{([\w-]+)\}")
_STYLE = re.compile(r"^\[([^\]\n]*)\]\s*$")
_BULLET = re.compile(r"^\s*(\*{1,5}|-|\.{1,5}|\d+\.)\s+(\S.*)$")
_TERM = re.compile(r"^(\S.*?)(?<!:)::++(?:\s+(.*))?$")
_NOTE = re.compile(r"^(NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s+(.*)$")
_DELIMITER = re.compile(r"^(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|```\w*|\|===)\s*$")
_MACRO = re.compile(r"^(image|include|video|toc|ifdef|ifndef|ifeval|endif)::([^\[]*)\[([^\]]*)\]\s*$")
#: Below the title: who wrote it, and which version it is.
_AUTHOR = re.compile(r"^[^.!?]*<[^<>\s]+@[^<>\s]+>$|^v?\d[\w.]*(?:,.*)?$")
_NOTES = {"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"}
#: What has no bound would be looked for behind each sign of a row of them.
_INLINE = re.compile(
    r"(?P<plus>\+{1,3}|`\+)(?P<passed>[^\n]{1,300}?)(?:\+{1,3}`?)(?!\w)"
    r"|(?P<tick>`{1,2})(?P<code>[^`\n]+)`{1,2}"
    r"|(?:link:|xref:)(?P<target>[^\[\s]{1,500})\[(?P<label>[^\]]{0,500})\]"
    r"|<<(?P<ref>[^,<>\n]{1,500})(?:,\s*(?P<reflabel>[^>\n]{1,500}))?>>"
    r"|(?P<url>https?://[^\s\[\]<>]+)(?:\[(?P<urllabel>[^\]]{0,500})\])?"
    r"|image:(?P<image>[^\[\s:]{1,500})\[(?P<alt>[^\]]{0,500})\]"
    r"|(?<!\w)\*(?P<strong>[^\s*](?:[^*\n]*[^\s*])?)\*(?!\w)"
    r"|(?<!\w)_(?P<em>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)"
)
_DEEPEST = 8


def blocks(text: str, path: str, repository: Repository) -> list[Block]:
    """AsciiDoc as blocks."""
    return markup.blocks(_Lines(text.expandtabs(4).split("\n"), path, repository, {}, 0).html())


class _Lines:
    """Turns lines into HTML, once from top to bottom."""

    def __init__(self, lines: list[str], path: str, repository: Repository, names: dict[str, str], depth: int) -> None:
        self._lines = lines
        self._path, self._repository, self._names, self._depth = path, repository, names, depth
        self._at = 0
        self._style = ""
        self._out: list[str] = []

    def html(self) -> str:
        while self._at < len(self._lines):
            self._one(self._lines[self._at].rstrip())
        return "\n".join(self._out)

    def _one(self, line: str) -> None:  # noqa: C901 (one branch for each kind)
        self._at += 1
        if not line or (line.startswith("//") and not line.startswith("////")):
            return
        if match := _ATTRIBUTE.match(line):
            self._names[match.group(1)] = match.group(2)
        elif match := _DELIMITER.match(line):
            self._block(match.group(1))
        elif match := _STYLE.match(line):
            self._style = match.group(1)
        elif match := _TITLE.match(line):
            level = len(match.group(1))
            self._out.append(f"<h{level}>{self._said(match.group(2))}</h{level}>")
            if level == 1 and self._depth == 0:
                self._skip_authors()
        elif match := _MACRO.match(line):
            self._macro(*match.groups())
        elif match := _NOTE.match(line):
            body_text = self._said(" ".join([match.group(2), *self._paragraph()]))
            self._out.append(_note(match.group(1), f"<p>{body_text}</p>"))
        elif _BULLET.match(line):
            self._list(line)
        elif (match := _TERM.match(line)) and "://" not in match.group(1):
            body_text = " ".join([match.group(2) or "", *(line.strip() for line in self._paragraph())])
            self._out.append(f"<dl><dt>{self._said(match.group(1))}</dt><dd>{self._said(body_text)}</dd></dl>")
        elif line[0] == " ":
            self._out.append(_code("\n".join([line, *self._paragraph()])))
        elif line.startswith(".") and not line.startswith(".."):
            self._out.append(f"<p><strong>{self._said(line[1:])}</strong></p>")
        elif line not in {"+", "'''", "<<<"}:
            body = [line, *self._paragraph()]
            style, self._style = self._style, ""
            if style.startswith(("source", "listing", "literal")):
                self._out.append(_code("\n".join(body), _language(style)))
            else:
                body_text = self._said(" ".join(line.removesuffix(" +").strip() for line in body))
                self._out.append(_note(style, f"<p>{body_text}</p>") if style in _NOTES else f"<p>{body_text}</p>")

    def _paragraph(self) -> list[str]:
        """The lines up to the next empty one, or to what begins a block."""
        taken: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at].rstrip()
            if not line or line == "+" or _DELIMITER.match(line) or _STYLE.match(line) or _BULLET.match(line):
                break
            taken.append(line)
            self._at += 1
        return taken

    def _skip_authors(self) -> None:
        while self._at < len(self._lines) and self._lines[self._at].strip():
            line = self._lines[self._at].rstrip()
            if _ATTRIBUTE.match(line):
                self._one(line)
            elif _AUTHOR.match(line):
                self._at += 1
            else:
                break

    def _block(self, bars: str) -> None:
        closing = "```" if bars.startswith("```") else bars
        body: list[str] = []
        while self._at < len(self._lines) and self._lines[self._at].rstrip() != closing:
            body.append(self._lines[self._at])
            self._at += 1
        self._at += 1
        style, self._style = self._style, ""
        if bars.startswith("/"):
            return
        if bars == "|===":
            self._out.append(self._table(body, style))
        elif bars[0] in "-.`+" and bars != "--":
            included = [match for line in body if (match := _MACRO.match(line)) and match.group(1) == "include"]
            if len(body) == len(included) == 1:
                self._out.append(code_of_file(included[0].group(2), self._path, self._repository))
            else:
                self._out.append(
                    _code("\n".join(body), _language(style) or bars[3:] if bars[0] == "`" else _language(style))
                )
        elif self._depth >= _DEEPEST or (bars == "--" and style.startswith("source")):
            self._out.append(_code("\n".join(body), _language(style)))
        else:
            inner = _Lines(body, self._path, self._repository, self._names, self._depth + 1).html()
            quoted = bars[0] == "_" or style.startswith("quote")
            self._out.append(
                _note(style, inner) if style in _NOTES else f"<blockquote>{inner}</blockquote>" if quoted else inner
            )

    def _macro(self, name: str, target: str, words: str) -> None:
        target = self._filled(target)
        if name == "image":
            folder = self._names.get("imagesdir", "")
            address = f"{folder.rstrip('/')}/{target}" if folder and "://" not in target else target
            alt = words.split(",")[0].strip('" ')
            self._out.append(f'<p><img src="{markup.escaped(address)}" alt="{markup.escaped(alt)}"></p>')
        elif name == "include":
            text = self._repository.text(target, self._path)
            if target.endswith((".adoc", ".asciidoc", ".asc")) and text and self._depth < 3:
                lines = text.expandtabs(4).split("\n")
                self._out.append(_Lines(lines, self._path, self._repository, self._names, self._depth + 1).html())
            else:
                self._out.append(code_of_file(target, self._path, self._repository))

    def _list(self, line: str) -> None:
        """A list's items, by their marks; what is attached with + belongs to its item."""
        rows: list[tuple[str, str]] = []
        while True:
            match = _BULLET.match(line)
            if match is None:
                break
            words = [match.group(2), *(line.strip() for line in self._paragraph())]
            text = self._said(" ".join(words))
            while self._at < len(self._lines) and self._lines[self._at].strip() == "+":
                self._at += 1
                before, self._out = self._out, []
                while self._at < len(self._lines) and not self._out and self._lines[self._at].strip():
                    self._one(self._lines[self._at].rstrip())
                text, self._out = text + "".join(self._out), before
            rows.append((match.group(1), text))
            following = self._at
            while following < len(self._lines) and not self._lines[following].strip():
                following += 1
            if following >= len(self._lines) or not _BULLET.match(self._lines[following]):
                break
            line = self._lines[following].rstrip()
            self._at = following + 1
        self._out.append(_nested(rows))

    def _table(self, body: list[str], style: str) -> str:
        rows: list[list[str]] = []
        for line in body:
            cells = [cell.strip() for cell in re.split(r"(?:^|\s)(?:\d*[.+<^>]*[aehlmsv]?)\|", line)[1:]]
            if cells:
                rows.append(cells)
        columns = re.search(r"cols=[\"']?([^\"'\]]+)", style)
        if columns and (width := len(columns.group(1).split(","))) > 1 and any(len(row) == 1 for row in rows):
            flat = [cell for row in rows for cell in row]
            rows = [flat[start : start + width] for start in range(0, len(flat), width)]
        made = "".join("<tr>" + "".join(f"<td>{self._said(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        return f"<table>{made}</table>" if made else ""

    def _filled(self, text: str) -> str:
        return _USE.sub(lambda match: self._names.get(match.group(1), match.group()), text)

    def _said(self, text: str) -> str:
        text = self._filled(text)
        parts: list[str] = []
        at = 0
        for match in _INLINE.finditer(text):
            parts += [markup.escaped(text[at : match.start()]), _inline(match)]
            at = match.end()
        return "".join([*parts, markup.escaped(text[at:])])


def _inline(match: re.Match[str]) -> str:
    groups = {name: markup.escaped(value) for name, value in match.groupdict().items() if value is not None}
    if "passed" in groups or "code" in groups:
        return f"<code>{groups.get('passed') or groups['code']}</code>"
    if "image" in groups:
        return f'<img src="{groups["image"]}" alt="{groups["alt"].split(",")[0]}">'
    if "strong" in groups or "em" in groups:
        return f"<strong>{groups['strong']}</strong>" if "strong" in groups else f"<em>{groups['em']}</em>"
    if "ref" in groups:
        return f'<a href="#{groups["ref"].lstrip("#")}">{groups.get("reflabel") or groups["ref"]}</a>'
    target = groups.get("target") or groups["url"]
    label = (groups.get("label") or groups.get("urllabel") or "").split(",")[0].removesuffix("^").strip()
    return f'<a href="{target}">{label or target}</a>'


def _nested(rows: list[tuple[str, str]]) -> str:
    """Items with their marks as lists inside each other."""
    open_: list[str] = []
    out: list[str] = []
    for mark, text in rows:
        kind = "1." if mark[0].isdigit() else mark
        if kind in open_:
            while open_[-1] != kind:
                out.append("</li></ol>" if _ordered(open_.pop()) else "</li></ul>")
            out.append("</li>")
        else:
            open_.append(kind)
            out.append("<ol>" if _ordered(kind) else "<ul>")
        out.append(f"<li>{text}")
    while open_:
        out.append("</li></ol>" if _ordered(open_.pop()) else "</li></ul>")
    return "".join(out)


def _ordered(mark: str) -> bool:
    return mark[0] in ".1"


def _language(style: str) -> str:
    parts = [part.strip().strip("\"'") for part in style.split(",")]
    return parts[1] if len(parts) > 1 and parts[0] in {"source", ""} and re.fullmatch(r"[\w+#-]+", parts[1]) else ""


def _code(text: str, language: str = "") -> str:
    return f'<pre><code class="language-{markup.escaped(language)}">{markup.escaped(text)}</code></pre>'


def _note(label: str, inner: str) -> str:
    name = label.lower()
    return markup.call_out(name, name, inner)
