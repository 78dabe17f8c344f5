"""PHPDoc: @tags with types before names, over Markdown or HTML."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import jsdoc, tags
from agents.contracts.documentation import Documentation, Entry
from agents.text.marked import plain

_BY_REFERENCE = re.compile(r"(@param\s+[^\s$]+\s+)&(?=\$|\.\.\.)")
_VARIABLE = re.compile(r"\s*((?:&|\.\.\.)*\$\w+(?:\[\w+\])*)\s*")
_DECLARES = frozenset({"method", "property-read", "property-write"})
#: WordPress lists the keys of an array below it, between braces.
_LISTS_KEYS = re.compile(r"^@(?:param|return|var)\b.*\{$")
_KEY = re.compile(r"@type\s+(?P<type>\S.*?)\s+(?:\.\.\.)?\$(?P<name>\w+)\s*(?P<words>.*)")


def read(text: str) -> Documentation | None:
    """A PHPDoc comment as a document."""
    text = _with_keys(text) if "@type" in text else text
    draft = tags.read(_BY_REFERENCE.sub(r"\1", text), jsdoc.blocks, split)
    for at, fact in enumerate(draft.facts):
        if fact.name == "var" and fact.text:
            head = split("var", plain(fact.text))
            draft.blocks += jsdoc.blocks(head.words)
            draft.facts[at] = Entry(name="type", type=head.type)
    # What these declare are members of the type.
    draft.facts = [fact for fact in draft.facts if fact.name not in _DECLARES]
    return draft.finish()


def _with_keys(text: str) -> str:
    """The keys of a parameter's array as parameters, `$args[name]`; of what is returned as a list."""
    holders: list[str] = []
    lines: list[str] = []
    for line in text.split("\n"):
        written = line.strip()
        key = _KEY.match(written) if holders else None
        if written == "}" and holders:
            holders.pop()
        elif key is not None:
            name = f"{holders[-1]}[{key['name']}]" if holders[-1] else ""
            words = key["words"].removesuffix("{").strip()
            lines.append(
                f"@param {key['type']} {name} {words}" if name else f"- `{key['name']}` ({key['type']}): {words}"
            )
            holders += [name] if written.endswith("{") else []
        elif _LISTS_KEYS.match(written):
            variable = re.search(r"\$\w+", written) if written.startswith("@param") else None
            holders.append(variable.group() if variable else "")
            lines.append(line.rstrip().removesuffix("{"))
        else:
            lines.append(line)
    return "\n".join(lines)


def split(tag: str, text: str) -> tags.TagHead:
    if tag in {"return", "returns", "yield", "yields", "throws", "throw", "exception"}:
        kind, words = tags.typed_value(text)
        return tags.TagHead(type=kind, words=words)
    if tag.startswith("template"):
        name, words = tags.word(text)
        bound, rest = tags.typed_value(words[3:]) if words.startswith("of ") else ("", words)
        return tags.TagHead(name, bound, words=rest)
    if alone := _VARIABLE.match(text):
        return tags.TagHead(alone.group(1), words=text[alone.end() :])
    kind, rest = tags.typed_value(text)
    if match := _VARIABLE.match(rest):
        return tags.TagHead(match.group(1), kind, words=rest[match.end() :])
    if tag == "var":
        return tags.TagHead(type=kind, words=rest)
    name, words = tags.word(text)
    return tags.TagHead(name, words=words)
