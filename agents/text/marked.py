r"""Inline text with few marks: `code`, *emphasis*, **strong**, [label](target); a newline is a line break. Pure.

A backslash takes the meaning from a mark. Emphasis holds no strong text and strong text no emphasis; a link's label
holds no link. A target is an address, or `symbol:` and a name as the author wrote it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agents.text.cleaning import clean_text
from agents.text.orders import without_orders

SYMBOL = "symbol:"

_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*[]"})
_SPECIAL = re.compile(r"[\\`*\[\]]")
_MARK = re.compile(r"\\(?P<escaped>[\\`*\[\]])|(?P<ticks>`+)|(?P<star>\*\*?)|(?P<open>\[)|(?P<close>\])")
_TARGET = re.compile(r"\]\(([^()\s]*)\)")
_UNSAFE = re.compile(r"[()\s<>\\\"'`]")


@dataclass(slots=True)
class Run:
    """A piece of inline text. `kind` is text, code, emphasis, strong or link; only the last three hold others."""

    kind: str
    text: str = ""
    target: str = ""
    inside: list[Run] = field(default_factory=list)


def escaped(text: str) -> str:
    """Plain text as inline text that shows it."""
    return text.translate(_ESCAPED) if _SPECIAL.search(text) else text


def code(text: str) -> str:
    """Code as inline text."""
    flat = " ".join(text.split())
    if not flat:
        return ""
    bars = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{bars}{pad}{flat}{pad}{bars}"


def emphasis(marked: str) -> str:
    """Inline text, emphasised."""
    inner = _without(marked, {"emphasis", "strong"}).strip()
    return f"*{inner}*" if inner else ""


def strong(marked: str) -> str:
    """Inline text in strong letters."""
    inner = _without(marked, {"emphasis", "strong"}).strip()
    return f"**{inner}**" if inner else ""


def link(label: str, target: str) -> str:
    """A link with inline text as its label; `target` is an address or SYMBOL and a name."""
    safe = _UNSAFE.sub(lambda match: f"%{ord(match.group()):02X}", target.strip())
    inner = _without(label, {"link"}).strip()
    return f"[{inner or escaped(target)}]({safe})" if safe else inner


def runs(marked: str) -> list[Run]:
    """Inline text as its pieces; marks without a partner are text."""
    stack: list[Run] = [Run("root")]
    at = links = 0
    without: set[str] = set()
    while match := _MARK.search(marked, at):
        _text(stack, marked[at : match.start()])
        at = match.end()
        if match["escaped"]:
            _text(stack, match["escaped"])
        elif ticks := match["ticks"]:
            end = _closing(marked, at, ticks, without)
            if end < 0:
                _text(stack, ticks)
            else:
                stack[-1].inside.append(Run("code", marked[at:end].strip()))
                at = end + len(ticks)
        elif match["star"]:
            at = _star(stack, match["star"], match.start())
        elif match["open"]:
            stack.append(Run("link", "["))
            links += 1
        else:
            target = _TARGET.match(marked, match.start())
            if target is None or not links:
                _text(stack, "]")
            else:
                _unwind(stack, "link")
                run = stack.pop()
                links -= 1
                stack[-1].inside.append(Run("link", "", target.group(1), run.inside))
                at = target.end()
    _text(stack, marked[at:])
    _unwind(stack, "root")
    return stack[0].inside


def plain(marked: str) -> str:
    """Inline text as a person would say it; code stays between backticks."""
    if not _SPECIAL.search(marked):
        return marked
    return "".join(_plain(runs(marked)))


def words(marked: str) -> str:
    """Inline text without any mark."""
    return plain(marked).replace("`", "") if "`" in marked else plain(marked)


def marked_without_orders(marked: str) -> str:
    """Inline text, clean and without orders to a language model; text that held one has no marks left."""
    clean = clean_text(marked)
    readable = plain(clean)
    allowed = without_orders(readable, "…")
    return clean if allowed == readable else escaped(allowed)


def _plain(pieces: list[Run]) -> list[str]:
    texts: list[str] = []
    pending = list(reversed(pieces))
    while pending:
        run = pending.pop()
        if run.kind == "code":
            texts.append(code(run.text))
        elif run.kind == "text":
            texts.append(run.text)
        else:
            pending += reversed(run.inside)
    return texts


def _without(marked: str, kinds: set[str]) -> str:
    if not _SPECIAL.search(marked):
        return marked
    return "".join(_written(run, kinds) for run in runs(marked))


def _written(run: Run, without: set[str]) -> str:
    if run.kind == "text":
        return escaped(run.text)
    if run.kind == "code":
        return code(run.text)
    inner = "".join(_written(part, without) for part in run.inside)
    if run.kind in without or not inner.strip():
        return inner
    sign = {"emphasis": "*", "strong": "**"}.get(run.kind, "")
    return f"[{inner}]({run.target})" if run.kind == "link" else f"{sign}{inner}{sign}"


def _text(stack: list[Run], text: str) -> None:
    if text:
        stack[-1].inside.append(Run("text", text))


def _closing(marked: str, at: int, ticks: str, without: set[str]) -> int:
    """Where a run of exactly these backticks begins; each length is looked for in vain once."""
    if ticks in without:
        return -1
    while (end := marked.find(ticks, at)) >= 0:
        stop = end + len(ticks)
        while stop < len(marked) and marked[stop] == "`":
            stop += 1
        if stop - end == len(ticks):
            return end
        at = stop
    without.add(ticks)
    return -1


def _star(stack: list[Run], star: str, start: int) -> int:
    """Open or close emphasis; returns where the rest begins."""
    top = stack[-1]
    if top.kind == "emphasis":
        stack.pop()
        stack[-1].inside.append(Run("emphasis", inside=top.inside))
        return start + 1
    if top.kind == "strong" and star == "**":
        stack.pop()
        stack[-1].inside.append(Run("strong", inside=top.inside))
        return start + 2
    stack.append(Run("strong" if star == "**" else "emphasis", star))
    return start + len(star)


def _unwind(stack: list[Run], kind: str) -> None:
    """Turn what was opened above the last of a kind, and never closed, into text."""
    at = len(stack) - 1
    while stack[at].kind != kind:
        at -= 1
    inside = stack[at].inside
    for opened in stack[at + 1 :]:
        inside.append(Run("text", opened.text))
        inside += opened.inside
    del stack[at + 1 :]
