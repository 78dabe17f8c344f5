"""YARD's @tags over RDoc's or Markdown's marks."""

from __future__ import annotations

import re
from textwrap import dedent

from agents.codebase.structure.documentation import markdown, tags
from agents.codebase.structure.documentation.draft import DocumentationDraft, balanced, code_block, entry, merged
from agents.contracts.documentation import Block, Documentation, Heading
from agents.text import marked

_TAG = re.compile(r"^@(!?[a-z_]+)(?=[\s:\[]|$)[ \t]?(.*)$")
#: An example whose code begins on the next line, and a sign for the title that it does not have.
_NO_TITLE = re.compile(r"^@example[ \t]*$", re.MULTILINE)
_UNTITLED = "@example \0"
_LINK = re.compile(r"(?<![\w`$#\\])\{([^{}\n]{1,200})\}(?:\[([^\[\]\s]{1,400})\])?")
_WORD_LINK = re.compile(r"(?<![\w\]`])(\w+)\[((?:https?://|rdoc-ref:)[^\[\]\s]+)\]")
_CODE = re.compile(r"(?<![\w+`])\+([\w:.?!@#=<>\[\]*()/-]{1,80})\+(?![\w+])")
_BOLD = re.compile(r"(?<![\w*`])\*(\w[\w-]*)\*(?![\w*])")
_HEADING = re.compile(r"^(={1,6})\s+(?=\S)", re.MULTILINE)
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")
#: A backslash keeps RDoc from linking a name.
_UNLINKED = re.compile(r"(?<![\w\\])\\(?=[A-Z#]\w)")
_DIRECTIVE = re.compile(
    r"^\s*:(call-seq|nodoc|doc|stopdoc|startdoc|notnew|arg|args|yields?|main|title|include|category"
    r"|section):[ \t]*(.*)$"
)


#: A directive that says the same as a tag of other dialects.
_SAME = {"visibility": "access"}
_CALLS = re.compile(r"^(?::?call-seq:[ \t]*\n)(?=[ \t]+\S)", re.MULTILINE)
#: RDoc's lists of labels: `[label] words` and `label:: words`.
_LABEL = re.compile(r"^(?:\[([^\[\]]{1,100})\](?![\[(])|([\w+.:#?!-][^:\n]{0,80})::)(?:[ \t]+(\S.*)|[ \t]*)$")


def read(text: str) -> Documentation | None:
    """A comment of Ruby as a document."""
    draft = DocumentationDraft()
    for name, content in tags.parts(_NO_TITLE.sub(_UNTITLED, text), _TAG):
        if name != "!method":  # it declares another symbol
            _fill(draft, name, content)
    return draft.finish()


def _fill(draft: DocumentationDraft, name: str, content: str) -> None:
    low = name.lstrip("!")
    if not name:
        draft.blocks += _body(content, draft)
    elif low == "attribute" and "\n" in content:
        head, _, rest = content.partition("\n")
        inner = DocumentationDraft()
        for tag, words in tags.parts(dedent(rest), _TAG):
            _fill(inner, tag, words)
        returned = inner.returns[0] if inner.returns else entry()
        named = entry(tags.word(_bracketed(head)[1])[0], returned.type, inner.blocks)
        draft.attributes.append(merged(named, returned.model_copy(update={"type": ""})))
    elif low in {"param", "yieldparam", "option", "attr", "attr_reader", "attr_writer", "attribute"}:
        target = draft.attributes if low.startswith("attr") else draft.parameters
        item = _parameter(low, content)
        if low == "yieldparam":
            draft.yields.append(entry(item.name, item.type, blocks(item.words)))
        else:
            target.append(entry(item.name, item.type, blocks(item.words), item.default, item.optional))
    elif low in {"return", "yieldreturn", "raise", "yield"}:
        kind, words = _bracketed(content)
        field = {"return": draft.returns, "raise": draft.raises}.get(low, draft.yields)
        field.append(entry("", kind, blocks(words)))
    elif low == "example":
        title, _, code = content.partition("\n")
        title = title.strip("\0")
        draft.examples += [
            *([Heading(text=marked.escaped(title), level=4)] if title.strip() else []),
            *code_block(code),
        ]
    elif low == "overload":
        head, _, rest = content.partition("\n")
        draft.blocks += code_block(head, "ruby")
        for tag, words in tags.parts(dedent(rest), _TAG):
            _fill(draft, tag, words)
    else:
        tags.fill(draft, _SAME.get(low, low), content, blocks, tags.named)


def _body(text: str, draft: DocumentationDraft) -> list[Block]:
    text_lines: list[str] = []
    for line in _CALLS.sub("\n", text).split("\n"):
        match = _DIRECTIVE.match(line)
        if match is None:
            text_lines.append(line)
        elif match.group(1) == "nodoc":
            draft.facts.append(entry("nodoc"))
        elif match.group(2).strip():
            draft.facts.append(entry(match.group(1), blocks=code_block(match.group(2), "ruby")))
    return blocks("\n".join(text_lines).strip("\n"))


def blocks(text: str) -> list[Block]:
    """RDoc and Markdown as blocks: two blanks make code as four do, `=` begins a heading."""
    if not text.strip():
        return []
    result: list[str] = []
    before = ""
    code = False
    for line in _with_labels(text.split("\n")):
        indented = line.startswith("  ")
        led = before[:1].strip() != "" and before.rstrip().endswith(":") and not _ITEM.match(before)
        starts = indented and (led or not before.strip()) and not _ITEM.match(line)
        if starts and led and not code:
            result.append("")
        code = (indented and (code or starts)) or (code and not line.strip())
        result.append("  " + line if code and indented else line if code else _inline(line))
        before = line
    return markdown.blocks(_HEADING.sub(lambda match: "#" * len(match.group(1)) + " ", "\n".join(result)))


def _with_labels(lines: list[str]) -> list[str]:
    """The lines with labels as items of a list, whose words go on where a line is indented."""
    result: list[str] = []
    for line in lines:
        label = _LABEL.match(line)
        result.append(f"- {label.group(1) or label.group(2)}: {label.group(3) or ''}".rstrip() if label else line)
    return result


def _inline(line: str) -> str:
    if not any(sign in line for sign in "+{*[\\"):
        return line
    pieces = re.split(r"(`[^`\n]+`)", line)
    return "".join(piece if number % 2 else _marks(piece) for number, piece in enumerate(pieces))


def _marks(text: str) -> str:
    text = _UNLINKED.sub("", text)
    text = _CODE.sub(lambda match: marked.code(match.group(1)), text)
    text = _LINK.sub(_link, text)
    text = _WORD_LINK.sub(r"[\1](<\2>)", text)
    return _BOLD.sub(r"**\1**", text)


def _link(match: re.Match[str]) -> str:
    inner, address = match.groups()
    if address:
        return f"[{inner}](<{address}>)"
    target, _, label = inner.strip().partition(" ")
    if target.startswith(("http://", "https://")):
        return f"[{label or target}](<{target}>)"
    if not re.fullmatch(r"(?:file:|include:)?[#\w:.?!=/]+", target) or ":" in inner.replace("::", "").replace(
        "file:", ""
    ):
        return match.group()
    return f"[{label or '`' + target.lstrip('#') + '`'}](<{marked.SYMBOL}{target}>)"


def _bracketed(text: str) -> tuple[str, str]:
    rest = text.lstrip()
    if not rest.startswith("[") or (end := balanced(rest)) < 0:
        return "", text
    return rest[1 : end - 1], rest[end:].lstrip()


def _parameter(tag: str, text: str) -> tags.TagHead:
    """`name [Type] words` or `[Type] name words`; an option is `opts [Type] :key (default) words`."""
    kind, rest = _bracketed(text)
    name, words = tags.word(rest)
    if not kind:
        kind, words = _bracketed(words)
    default = ""
    if tag == "option":
        key, words = tags.word(words)
        name = f"{name}[{key}]"
    if tag == "option" and (match := re.match(r"\(([^()]*)\)\s*", words)):
        default, words = match.group(1), words[match.end() :]
    return tags.TagHead(name, kind, default, tag == "option", re.sub(r"^-\s+", "", words))
