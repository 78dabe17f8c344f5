r"""Doxygen's commands (`\param`, `@brief`) over Markdown, and the kernel's own form (`name - words`, `@w: words`)."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import markdown, tags
from agents.codebase.structure.documentation.draft import DocumentationDraft, dedented, entry
from agents.contracts.documentation import Block, Documentation, Entry
from agents.text import marked

_TAG = re.compile(r"^[ \t]*[@\\]([a-zA-Z]+)(?=[\s{:\[<]|$)[ \t]?(.*)$")
_VERBATIM = re.compile(
    r"[@\\](code|verbatim|dot|msc|startuml)(?:\{\.?([\w+#]+)\})?[ \t]*\n?(.*?)"
    r"[@\\](?:endcode|endverbatim|enddot|endmsc|enduml)",
    re.DOTALL,
)
_VERBATIM_END = re.compile(r"[@\\](?:endcode|endverbatim|enddot|endmsc|enduml)")
#: `[the hint](@ref ROWS_HINT)`: a link of Markdown to what a command names.
_LINKED = re.compile(r"\]\([@\\](?:ref|link)[ \t]+([^\s()\"<>]{1,200}(?:\(\))?)[ \t]*(?:\"[^\"\n]{0,200}\")?\)")
_FORMULA = re.compile(r"[@\\]f(?:\$(.{1,500}?)[@\\]f\$|\[(.{1,2000}?)[@\\]f\]|\((.{1,500}?)[@\\]f\))", re.DOTALL)
_WORD = re.compile(r"(?<![\w\\])[@\\](c|p|a|e|em|b)[ \t]+(\([^\s()]+\)|[^\s,;()]*\w\([^\s()]*\)|[^\s,;]*[^\s.,;:!?)])")
_REF = re.compile(
    r"(?<!\w)[@\\](?:ref|link|copydoc|copybrief|copydetails|subpage)[ \t]+([^\s,;()]*\w(?:\([^\s()]*\))?)"
    r"(?:(?:[ \t]+|[ \t]*\n[ \t]*)\"([^\"\n]+)\")?(?:[ \t]+([^@\\\n]*)[@\\]endlink)?"
)
_INLINE = frozenset(
    [
        "c",
        "p",
        "a",
        "e",
        "em",
        "b",
        "ref",
        "link",
        "f",
        "n",
        "copydoc",
        "copybrief",
        "copydetails",
        "subpage",
        "code",
        "verbatim",
        "endcode",
        "li",
        "arg",
    ]
)
_WHAT = frozenset(
    ["file", "class", "struct", "union", "enum", "fn", "def", "var", "typedef", "namespace", "interface", "package",
     "page", "mainpage", "defgroup", "addtogroup", "weakgroup"]
)  # fmt: skip
#: What a comment that stands elsewhere is of: the page of the symbol says it already.
_OF_A_SYMBOL = frozenset(["class", "struct", "union", "enum", "fn", "def", "var", "typedef", "interface"])
#: Where doxygen lists a symbol, and what it draws for it, is no documentation.
_ARRANGES = frozenset(
    ["ingroup", "callgraph", "callergraph", "hidecallgraph", "hidecallergraph", "hideinitializer", "showinitializer",
     "nosubgrouping", "hiderefby", "showrefby", "headerfile"]
)  # fmt: skip
#: `\\file` alone on its line is of what it stands in.
_BARE = re.compile(rf"^[ \t]*[@\\](?:{'|'.join(sorted(_WHAT))})[ \t]*$", re.MULTILINE)
#: What ends with its line; the text goes on below it.
_OF_ONE_LINE = frozenset(
    ["image", "snippet", "include", "dotfile", "mscfile", "diafile", "dontinclude", "skip", "until"]
)
#: What an author keeps from readers, and the words that begin and end it.
_INTERNAL_MARK = re.compile(r"(?<![\w\\@`])[@\\](?:end)?internal\b[ \t]*")
_INTERNAL = re.compile(r"(?<![\w\\@`])[@\\]internal\b.*?(?:[@\\]endinternal\b|\Z)", re.DOTALL)
_KERNEL_HEAD = re.compile(
    r"^\s*(?:(?:struct|union|enum|typedef|define|macro|DOC:)\s+)?[\w.]+\s?(?:\(\))?\s+[-–]\s+\S|^\s*DOC:"
)
_KERNEL_ENTRY = re.compile(r"^\s*@([\w.]+(?:\.\.\.)?|\.\.\.)\s?:(?!:)\s*(.*)$", re.MULTILINE)
_KERNEL_SECTION = re.compile(
    r"^\s*(Returns?|Context|Note|Notes|Description|Locking|Example|Examples|Caution|Warning):\s*(.*)$", re.IGNORECASE
)
_HEADINGS = {"section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "par": 4}


def read(text: str) -> Documentation | None:
    """A comment in Doxygen's or the kernel's form as a document."""
    if _KERNEL_ENTRY.search(text) and not re.search(r"^\s*[@\\](?:param|brief|returns?)\b", text, re.MULTILINE):
        return _kernel(text)
    if _KERNEL_HEAD.match(text) and "@" not in text and "\\" not in text:
        return _kernel(text)
    draft = DocumentationDraft()
    text = _BARE.sub("", _one_a_line(_verbatim(_without_internal(text))))
    for name, content in tags.parts(text, _LINE):
        _fill(draft, name, content)
    return draft.finish()


#: Commands that stand inside a line are no tags, even at its start.
_LINE = re.compile(rf"^[ \t]*[@\\](?!(?:{'|'.join(sorted(_INLINE))})\b)([a-zA-Z]+)(?=[\s{{:\[<]|$)[ \t]?(.*)$")


#: A command that begins a section does so inside a line as well.
_INSIDE = re.compile(
    r"^([ \t]*(?:[@\\]\w+)?[^`@\\\n]*\S)[ \t]+(?=[@\\](?:throws?|exception|returns?|retval|param|tparam|note|warning"
    r"|attention|remarks?|sa|see|since|deprecated|pre|post|todo)[ \t]+\S)",
    re.MULTILINE,
)
#: The alias with which breathe's users write reST; what it holds is text.
_REST = re.compile(r"^[ \t]*[@\\](?:end)?rst[ \t]*$", re.MULTILINE)


def _without_internal(text: str) -> str:
    """The text without what its author keeps from readers; a comment of nothing else is shown."""
    if "internal" not in text:
        return text
    offered = _INTERNAL.sub("", text)
    return offered if offered.strip() else _INTERNAL_MARK.sub("", text)


def _one_a_line(text: str) -> str:
    """The text with each section on a line of its own: `Adds. @param a one @param b other`."""
    for _ in range(_MOST_INSIDE):
        text, parted = _INSIDE.subn(r"\1\n", text)
        if not parted:
            break
    return text


_MOST_INSIDE = 20


def _verbatim(text: str) -> str:
    text = _REST.sub("", text)
    if "\\f" in text or "@f" in text:
        text = _FORMULA.sub(lambda match: marked.code(next(part for part in match.groups() if part)), text)
    # Behind the last end no beginning has one: each would be looked for to the end of the text.
    last = max((end.end() for end in _VERBATIM_END.finditer(text)), default=0)
    fenced = _VERBATIM.sub(
        lambda match: f"\n```{match.group(2) or ''}\n{match.group(3).strip(chr(10)).rstrip()}\n```\n", text[:last]
    )
    return fenced + text[last:]


def _fill(draft: DocumentationDraft, name: str, content: str) -> None:
    low = name.lower()
    if not name:
        draft.blocks += blocks(content)
    elif low == "retval":
        value, words = tags.word(content)
        draft.returns.append(entry(value, blocks=blocks(words)))
    elif low in _HEADINGS:
        head, _, rest = content.partition("\n")
        title = head if low == "par" else tags.word(head)[1] or head
        if title.strip():
            draft.blocks += markdown.blocks("#" * _HEADINGS[low] + " " + title)
        draft.blocks += blocks(rest)
    elif low in _OF_ONE_LINE:
        head, _, rest = content.partition("\n")
        draft.facts.append(Entry(name=low, text=marked.escaped(" ".join(head.split()))))
        draft.blocks += blocks(rest)
    elif low in _ARRANGES:
        draft.blocks += blocks(content.partition("\n")[2])
    elif low in _WHAT:
        _fill_what(draft, low, content)
    else:
        tags.fill(draft, name, content, blocks, _split, blocks)


def _fill_what(draft: DocumentationDraft, low: str, content: str) -> None:
    """What a comment says that it is of, and what else it says."""
    head, _, rest = content.partition("\n")
    if low in {"defgroup", "page", "mainpage", "addtogroup"} and tags.word(head)[1]:
        draft.blocks += blocks(tags.word(head)[1] if low != "mainpage" else head)
        head = tags.word(head)[0]
    if low == "file" and re.match(r"\s*\S+\.\w+[ \t]+\S", head):  # `@file queue.h A queue.`
        head, words = tags.word(head)
        draft.blocks += blocks(words)
    if head.strip() and low not in _OF_A_SYMBOL:
        draft.facts.append(Entry(name=low, text=marked.escaped(" ".join(head.split()))))
    draft.blocks += blocks(rest)


def blocks(text: str) -> list[Block]:
    """Markdown with Doxygen's inline commands as blocks."""
    if "\\" in text or "@" in text:
        pieces = re.split(r"(```.*?(?:```|\Z))", text, flags=re.DOTALL)
        text = "".join(piece if number % 2 else _words(piece) for number, piece in enumerate(pieces))
    return markdown.blocks(text)


def _words(text: str) -> str:
    def replacement(replacement: re.Match[str]) -> str:
        sign, inner = replacement.groups()
        return f"**{inner}**" if sign == "b" else f"*{inner}*" if sign in {"e", "em"} else marked.code(inner)

    def link(match: re.Match[str]) -> str:
        target, quoted, label = match.groups()
        return f"[{quoted or label or '`' + target + '`'}](<{marked.SYMBOL}{target}>)"

    text = _LINKED.sub(rf"](<{marked.SYMBOL}\1>)", text)
    text = _REF.sub(link, _WORD.sub(replacement, text))
    text = re.sub(r"^([ \t]*)[@\\](?:li|arg)[ \t]+", r"\1- ", text, flags=re.MULTILINE)
    return re.sub(r"[@\\]n(?=\s|$)", "  \n", re.sub(r"(?<!\w)[@\\]([{}])", "", text))


def _split(tag: str, text: str) -> tags.TagHead:
    direction = re.match(r"\s*\[([\w, ]+)\]\s*", text)
    rest = text[direction.end() :] if direction else text
    tag_parts = tags.named(tag, rest)
    return tags.TagHead(
        tag_parts.name.strip(","),
        tag_parts.type or (f"[{direction.group(1)}]" if direction else ""),
        words=tag_parts.words,
    )


def _kernel(text: str) -> Documentation | None:
    """kernel-doc: the kernel's `Documentation/doc-guide/kernel-doc.rst`."""
    draft = DocumentationDraft()
    head, _, rest = text.strip("\n").partition("\n")
    match = re.match(r"^\s*((?:(struct|union|enum|typedef)\s+)?[\w.]+\s?(?:\(\))?)\s+[-–:](?:\s+|$)(.*)$", head)
    members = bool(match and match.group(2))
    lines = rest.split("\n") if match else text.split("\n")
    kind, name = "", ""
    content = [match.group(3)] if match else []
    for line in lines:
        tagged, section = _KERNEL_ENTRY.match(line), _KERNEL_SECTION.match(line)
        if tagged or section or (not line.strip() and kind != "section"):
            _kernel_part(draft, kind, name, content, members)
            kind, name = (
                ("entry", tagged.group(1)) if tagged else ("section", section.group(1)) if section else ("", "")
            )
            content = [tagged.group(2) if tagged else section.group(2) if section else ""]
        else:
            content.append(line)
    _kernel_part(draft, kind, name, content, members)
    return draft.finish()


def _kernel_part(draft: DocumentationDraft, kind: str, name: str, lines: list[str], members: bool) -> None:
    text = dedented(lines[0], lines[1:]) if lines else ""
    if not text and kind != "entry":
        return
    content = markdown.blocks(_kernel_words(text))
    if kind == "entry":
        (draft.attributes if members else draft.parameters).append(entry(name, blocks=content))
    elif kind == "section" and name.lower().startswith("return"):
        draft.returns.append(entry(blocks=content))
    elif kind == "section" and name.lower().startswith("example"):
        draft.examples += content
    elif kind == "section" and name.lower() != "description":
        draft.admonition(name, content, "Context" if name.lower() in {"context", "locking"} else "")
    else:
        draft.blocks += content


def _kernel_words(text: str) -> str:
    text = re.sub(r"(?<![\w`])[%@](\w+)", r"`\1`", text)
    return re.sub(
        r"(?<![\w`&])&(?:(?:struct|enum|union|typedef)\s+)?([a-z_]\w*(?:(?:\.|->)\w+)*)",
        lambda match: f"[`{match.group(1)}`](<{marked.SYMBOL}{match.group(1).replace('->', '.')}>)",
        text,
    )
