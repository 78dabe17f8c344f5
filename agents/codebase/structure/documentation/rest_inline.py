"""Inline marks of reStructuredText, and of the Markdown that docstrings mix into it. Pure."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation.html import is_safe
from agents.text import marked

_MARK = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`{2,})(?!`)(?P<inside>[^`]+(?:`(?!`)[^`]+)*)(?P=ticks)(?!`))"
    r"|:(?P<role>[\w+.:-]{1,40}):`(?P<role_text>[^`]{1,500})`"
    r"|`(?P<title>[^`<>\n]{1,300}?)\s*<(?P<target>[^<>`\n]{1,500})>`_{1,2}"
    r"|`(?P<reference>[^`]{1,500})`(?P<link>_{0,2})"
    r"|(?<![\w*\\])\*\*(?P<strong>[^\s*](?:[^*\n]{0,500}[^\s*\\])?)\*\*(?![\w*])"
    r"|(?<![\w*\\])\*(?P<em>[^\s*](?:[^*\n]{0,500}[^\s*\\])?)\*(?![\w*])"
    r"|(?<![\w\]!\\])!?\[(?P<label>[^\[\]\n]{1,300})\]\((?P<href>[^()\s]{1,500})\)"
    r"|(?P<url>\bhttps?://[^\s<>`\"]*[^\s<>`\".,;:!?)\]}'])"
    r"|(?<!\w)\[(?P<note>[\w#*][\w.-]{0,60})\]_(?!\w)"
    r"|(?<!\w)\|(?P<substitution>[A-Za-z][\w .-]{0,60})\|(?=\W|$)"
    r"|(?<![\w$\\])\$(?P<formula>[^\s$`](?:[^$`\n]{0,300}[^\s$`\\])?)\$(?![\w$])"
    r"|(?<![\w`])(?P<named>[A-Za-z][\w-]{0,80})_(?![\w`(\[.=])"
)
#: What tells a formula from prices: `$O(|V|^2)$`.
_LATEX = re.compile(r"[\\^_{|]")
_CODE_ROLES = frozenset({"math", "code", "kbd", "file", "samp", "command", "envvar", "option", "program", "literal"})
_WORD_ROLES = frozenset({"ref", "doc", "term", "abbr", "guilabel", "menuselection", "sup", "sub", "emphasis", "strong"})


def inline(text: str) -> str:
    """reStructuredText of one paragraph as inline text."""
    flat = " ".join(text.split())
    if not any(sign in flat for sign in "`*[_|$") and "://" not in flat:
        return marked.escaped(flat)
    parts: list[str] = []
    at = 0
    for match in _MARK.finditer(flat):
        parts += [marked.escaped(flat[at : match.start()]), _converted(match)]
        at = match.end()
    return "".join([*parts, marked.escaped(flat[at:])])


def _converted(match: re.Match[str]) -> str:  # noqa: C901 (one branch for each mark)
    groups = match.groupdict()
    if groups["inside"]:
        return marked.code(groups["inside"])
    if groups["role"]:
        return _role(groups["role"].rpartition(":")[2].lower(), groups["role_text"])
    if groups["title"] and groups["target"]:
        target = groups["target"].strip()
        return (
            marked.link(marked.escaped(groups["title"]), target) if is_safe(target) else marked.escaped(match.group())
        )
    if groups["reference"]:
        return marked.escaped(groups["reference"]) if groups["link"] else marked.code(groups["reference"])
    if groups["strong"]:
        return marked.strong(marked.escaped(groups["strong"]))
    if groups["em"]:
        return marked.emphasis(marked.escaped(groups["em"]))
    if groups["label"]:
        href = groups["href"]
        return marked.link(marked.escaped(groups["label"]), href) if is_safe(href) else marked.escaped(match.group())
    if groups["url"]:
        return marked.link(marked.escaped(groups["url"]), groups["url"])
    if groups["note"]:
        return marked.escaped(f"[{groups['note'].lstrip('#')}]")
    if groups["formula"]:
        return marked.code(groups["formula"]) if _LATEX.search(groups["formula"]) else marked.escaped(match.group())
    if groups["named"]:
        return marked.escaped(groups["named"] + "_")
    return marked.escaped(groups["substitution"] or match.group())


def _role(role: str, role_text: str) -> str:
    """A role's words; one that names a symbol links it, `~a.b` shows its last part."""
    if role in _CODE_ROLES:
        return marked.code(role_text)
    title, angle, target = role_text.partition("<")
    target = target.rstrip("> ") if angle and title.strip() else role_text.strip()
    if role in _WORD_ROLES:
        return marked.escaped(title.strip() if angle and title.strip() else role_text.strip())
    name = target.lstrip("!~.").strip()
    if angle and title.strip():
        return marked.link(marked.escaped(title.strip()), marked.SYMBOL + name)
    label = name.rpartition(".")[2] if target.startswith("~") else name
    return marked.link(marked.code(label), marked.SYMBOL + name)
