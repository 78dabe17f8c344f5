"""HTTP routes of warp: chains of filters that end in what answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal, parts
from agents.contracts.facts import Fact

_ANSWERS = ("map", "and_then", "then")
_FILTER = re.compile(
    rf"warp::path!\(([^()]*)\)|warp::path\(\"([^\"]*)\"\)|warp::path::(param|end)\b|warp::({'|'.join(VERBS)})\(\)"
)


def warp_routes(file: ParsedCode) -> Iterator[Fact]:
    """`warp::path!("users" / u32).and(warp::get()).and_then(show)`."""
    for call in file.calls(*_ANSWERS):
        if call.node is None or call.before is None or any(item.method in _ANSWERS for item in call.after()):
            continue
        chain = file.text(call.node)
        segments: list[str] = []
        method, is_path = "", False
        for macro, plain, word, verb in _FILTER.findall(chain[: chain.rfind(call.value(0)) or None]):
            is_path = is_path or not verb
            method = verb or method
            segments += [_segment(part) for part in parts(macro, "/")] if macro else [plain] * bool(plain)
            segments += ["{}"] * (word == "param")
        if is_path:
            handler = call.value(0) if re.fullmatch(r"[\w:]+", call.value(0)) else ""
            yield route_fact(joined_path(*segments), method.upper() or ANY, "warp", call, target=handler)


def _segment(written: str) -> str:
    """A text as it is, and a type, which stands for a part of the path, by its name."""
    text = literal(written)
    return text if text is not None else f"{{{written}}}"
