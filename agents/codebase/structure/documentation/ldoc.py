"""Lua: LDoc's tags, which name a parameter by its type, and the Lua language server's annotations."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import markdown, tags
from agents.codebase.structure.documentation.draft import DocumentationDraft, entry, type_end
from agents.contracts.documentation import Documentation

_TYPES = frozenset(["string", "number", "int", "tab", "bool", "boolean", "func", "thread", "userdata"])
_LANGUAGE_SERVER = re.compile(
    r"^@(?:class|alias|overload|generic|cast|meta|enum|type\s+\S*[^\w\s])|\b(?:fun\(|table<)",
    re.MULTILINE,
)
_TYPE_WORD = re.compile(
    r"(?:string|number|integer|int|float|boolean|bool|table|any|nil|function|userdata|thread|self|fun\b|[A-Z][\w.]*(?=[|?\[<])|[\w.]+\s*$)"
)
#: Tags that name what the comment documents.
_NAMES = frozenset({"function", "table"})
_MODIFIER = re.compile(r"^\s*\[(?:\d+|\w+=[^\[\]]*)\]\s*")


def read(text: str) -> Documentation | None:
    """A doc comment of Lua as a document."""
    draft = DocumentationDraft()
    server = bool(_LANGUAGE_SERVER.search(text))
    for name, content in tags.parts(text):
        if not name or (name in _NAMES and re.fullmatch(r"[\w.:]+", content.strip())):
            draft.blocks += markdown.blocks(content) if not name else []
        else:
            _fill(draft, name, content, server)
    return draft.finish()


def _fill(draft: DocumentationDraft, name: str, content: str, server: bool) -> None:
    low = name.lower()
    if low in {"return", "treturn", "raise"}:
        content = _MODIFIER.sub("", content)  # the number of a group of returns
    if low in _TYPES or low in {"tparam", "tfield"}:
        # Modifiers such as [opt] follow the tag.
        modifier = re.match(r"\[([^\[\]]*)\]\s*", content)
        rest = content[modifier.end() :] if modifier else content
        kind = low
        if low in {"tparam", "tfield"}:
            end = type_end(rest)
            kind, rest = rest[:end], rest[end:]
        own, words = tags.word(rest)
        default = modifier.group(1).partition("=")[2] if modifier else ""
        item = entry(own, kind, markdown.blocks(words), default, bool(modifier))
        (draft.attributes if low == "tfield" else draft.parameters).append(item)
    elif low == "treturn":
        kind, words = tags.typed_value(content)
        draft.returns.append(entry("", kind, markdown.blocks(words)))
    elif low == "type" and type_end(content) >= len(content.strip()):
        draft.facts.append(entry("type", content.strip()))
    elif low == "raise":
        draft.raises.append(entry(blocks=markdown.blocks(content)))
    elif low in {"param", "field"}:
        own, words = tags.word(
            re.sub(r"^(?:private|protected|public|package)\s+", "", re.sub(r"^\[[^\[\]]*\]\s*", "", content))
        )
        kind = ""
        if server or _TYPE_WORD.match(words):
            end = type_end(words)
            kind, words = words[:end], words[end:]
        optional = own.endswith("?")
        target = draft.attributes if low == "field" else draft.parameters
        target.append(entry(own.rstrip("?"), kind, markdown.blocks(re.sub(r"^\s*#\s*", "", words)), optional=optional))
    elif low == "return" and (server or _TYPE_WORD.match(content)):
        kind, words = tags.typed_value(content)
        own, rest = tags.word(words) if re.match(r"[a-z_]\w*(?:\s|$)", words) else ("", words)
        draft.returns.append(entry(own, kind, markdown.blocks(re.sub(r"^#\s*", "", rest))))
    else:
        tags.fill(draft, low, content, markdown.blocks, tags.named)
