"""Python's docstrings: Google's and NumPy's sections, Sphinx's and epytext's fields, in any mixture, over a body."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent

from agents.codebase.structure.documentation import admonitions, epytext, google, markdown, numpy, rest
from agents.codebase.structure.documentation.draft import ADMONITIONS, DocumentationDraft, entry, merged, paragraph
from agents.codebase.structure.documentation.rest_targets import with_targets
from agents.codebase.structure.documentation.words import text_of
from agents.contracts.documentation import Admonition, Block, Documentation, Entry
from agents.text import marked

Body = Callable[[str], list[Block]]

_FIELD = re.compile(r"^[:@]([A-Za-z]{1,20})((?:[ \t]+[^:\n]{1,160})?):(?:\s+(.*)|$)")
_EPYTEXT = re.compile(
    r"^\s*@(?:param|type|returns?|rtype|raises?|keyword|ivar|cvar|note|see|since)\b[^:\n]*:"
    # A mark around words; a formula's braces stand behind a backslash, a dollar or a sign of its own.
    r"|(?<![\w\\^$}{])[LCUIB]\{(?=[^{}\n]{0,200}[A-Za-z])[^{}]{1,300}\}",
    re.MULTILINE,
)
_MARKDOWN = re.compile(
    r"^[^\S\n]*(?:`{3,}|~{3,}|#{1,4}\s+\S|(?:\|[^\S\n]*)?:?-{3,}:?\s*\|)|(?<![!\]`])\[[^\[\]\n]+\]\([^()\s]+\)",
    re.MULTILINE,
)
_REST = re.compile(r"::[^\S\n]*$|^[^\S\n]*\.\. |:[\w:]{1,80}:`|`_|^[^\S\n]*>>>", re.MULTILINE)
_PARAMETERS = frozenset(["param", "parameter", "arg", "argument", "key", "keyword", "kwarg"])
_ATTRIBUTES = frozenset(["var", "ivar", "cvar", "attribute"])
_RETURNS = frozenset(["return", "returns"])
_RAISES = frozenset(["raise", "raises", "except", "exception"])
_TYPES = frozenset(["type", "paramtype", "kwtype", "vartype"])
_FIELDS = (
    _PARAMETERS | _ATTRIBUTES | _RETURNS | _RAISES | _TYPES | set(ADMONITIONS)
    | {"rtype", "yield", "yields", "ytype", "since", "deprecated", "see", "seealso", "version", "author", "meta",
       "summary"}
)  # fmt: skip


def read(text: str) -> Documentation | None:
    """A docstring, cleaned of its indentation, as a document."""
    draft = DocumentationDraft()
    body = _body(text)
    text = with_targets(text) if body is rest.blocks else text
    lines = text.split("\n")
    plain: list[str] = []
    at = 0
    fenced = False
    while at < len(lines):
        line = lines[at]
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        section = None if fenced or not line or line[0].isspace() else _section(lines, at)
        if section is not None:
            _flush(plain, draft, body)
            name, style, start = section
            end = style.end(lines, start)
            style.read(name, lines[start:end], draft, body)
            at = end
        elif not fenced and (field := _FIELD.match(line)) and field.group(1).lower() in _FIELDS:
            _flush(plain, draft, body)
            at = _field(lines, at, field, draft, body)
        else:
            plain.append(line)
            at += 1
    _flush(plain, draft, body)
    _lift(draft)
    return draft.finish()


def _body(text: str) -> Body:
    if _EPYTEXT.search(text):
        return epytext.blocks
    if _MARKDOWN.search(text) and not _REST.search(text):
        return markdown.blocks
    return rest.blocks


def _flush(plain: list[str], draft: DocumentationDraft, body: Body) -> None:
    draft.blocks += admonitions.blocks("\n".join(plain).strip("\n"), body)
    plain.clear()


def _section(lines: list[str], at: int) -> tuple[str, google.GoogleStyle | numpy.NumpyStyle, int] | None:
    """The section that begins on a line: its name, its style, and the line on which its content begins."""
    following = lines[at + 1] if at + 1 < len(lines) else ""
    name = lines[at].strip().rstrip(":").lower()
    if name in numpy.SECTIONS and re.fullmatch(r"\s*(-{3,}|={3,})\s*", following):
        return name, numpy.STYLE, at + 2
    if lines[at].rstrip().endswith(":") and name in google.SECTIONS:
        below = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
        if below[:1].isspace():
            return name, google.STYLE, at + 1
    return None


def _field(lines: list[str], at: int, match: re.Match[str], draft: DocumentationDraft, body: Body) -> int:
    """Read one `:param x: …` or `@param x: …`; returns the line after it."""
    end = at + 1
    while end < len(lines):
        line = lines[end]
        # What is not indented goes on with the field all the same, until an empty line or the next field.
        starts = not lines[end - 1].strip() or _FIELD.match(line) or line.startswith(".. ")
        if line.strip() and not line[0].isspace() and starts:
            break
        end += 1
    name, subject, first = match.group(1).lower(), match.group(2).strip(), match.group(3) or ""
    _fill(name, subject, body(f"{first.strip()}\n{dedent(chr(10).join(lines[at + 1 : end]))}".strip("\n")), draft)
    return end


def _fill(name: str, subject: str, blocks: list[Block], draft: DocumentationDraft) -> None:  # noqa: C901 (one branch for each kind)
    if name in _PARAMETERS:
        kind, _, own = subject.rpartition(" ")
        _join(draft.parameters, entry(own or subject, _shortened(kind) if own else "", blocks))
    elif name in _ATTRIBUTES:
        kind, _, own = subject.rpartition(" ")
        _join(draft.attributes, entry(own or subject, kind, blocks))
    elif name in _TYPES:
        fields = draft.attributes if name == "vartype" or _named(draft.attributes, subject) else draft.parameters
        _join(fields, Entry(name=subject, type=_flat(blocks)))
    elif name in _RETURNS:
        _first(draft.returns, entry("", subject, blocks))
    elif name == "rtype":
        _first(draft.returns, Entry(type=f"{subject} {_flat(blocks)}".strip()))
    elif name in {"yield", "yields"}:
        _first(draft.yields, entry("", subject, blocks))
    elif name == "ytype":
        _first(draft.yields, Entry(type=f"{subject} {_flat(blocks)}".strip()))
    elif name in _RAISES:
        draft.raises.append(entry("", subject, blocks))
    elif name == "deprecated":
        draft.deprecate(blocks, subject)
    elif name == "since":
        draft.since_when([*paragraph(subject), *blocks])
    elif name in {"see", "seealso"}:
        draft.see_also.append(entry(subject, blocks=blocks))
    elif name == "summary":
        draft.blocks[:0] = [*blocks, *paragraph(subject)]
    elif name in ADMONITIONS:
        draft.admonition(name, blocks, marked.escaped(subject))
    else:
        is_private = (name, subject) == ("meta", "private")
        draft.facts.append(entry("private" if is_private else f"{name} {subject}".strip(), blocks=blocks))


def _flat(blocks: list[Block]) -> str:
    words = " ".join(text_of(Documentation(blocks=tuple(blocks))).replace("`", "").split())
    return _shortened(words)


def _shortened(type_: str) -> str:
    """A type whose `~package.Name` is shown as `Name`."""
    return re.sub(r"~(?:\w+\.)*(?=\w)", "", type_)


def _named(entries: list[Entry], name: str) -> bool:
    return any(present.name.lstrip("*") == name.lstrip("*") for present in entries)


def _join(entries: list[Entry], new: Entry) -> None:
    """Add an entry, or what it says to the entry of its name."""
    for at, earlier in enumerate(entries[-200:], start=max(0, len(entries) - 200)):
        if earlier.name.lstrip("*") == new.name.lstrip("*"):
            entries[at] = merged(earlier, new)
            return
    entries.append(new)


def _first(entries: list[Entry], new: Entry) -> None:
    """A type and a text in separate entries are one returned value."""
    last = entries[-1] if entries else None
    if last is not None and not (last.type and new.type):
        entries[-1] = merged(last, new)
    else:
        entries.append(new)


def _lift(draft: DocumentationDraft) -> None:
    """Directives that say since when something exists or is deprecated are fields of the document."""
    rest_of: list[Block] = []
    for block in draft.blocks:
        if isinstance(block, Admonition) and block.label.startswith("deprecated"):
            draft.deprecate(block.blocks, marked.words(block.title))
        elif isinstance(block, Admonition) and block.label == "versionadded" and not block.blocks and not draft.since:
            draft.since = block.title
        elif isinstance(block, Admonition) and block.label == "see also":
            draft.see_also.append(entry(blocks=block.blocks))
        else:
            rest_of.append(block)
    draft.blocks[:] = rest_of
