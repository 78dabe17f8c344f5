"""What the stub servers answer: read off the question itself, for every role, and true as far as it goes."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
_FILE = re.compile(r"^File: (?P<path>.+)$", re.MULTILINE)
_LINES = re.compile(r"^Language: .*; lines: (?P<count>\d+)$", re.MULTILINE)
_SYMBOL = re.compile(r"^- (?P<name>\S+) \(\w+, lines (?P<start>\d+)-(?P<end>\d+), undocumented\)$", re.MULTILINE)
_FENCE = re.compile(r"^(=== material \d+ ===)\n(?P<material>.*)\n\1$", re.MULTILINE | re.DOTALL)
_WANTED = re.compile(r"Answer with one (?P<kind>\w+)\.")


def material_of(question: str) -> str:
    """The text between the fences of a user's message."""
    fenced = _FENCE.search(question)
    return fenced["material"] if fenced else question


def kind_of(schema_title: str, question: str) -> str:
    """The reply type that is asked for: the schema's title, or what the end of the message says."""
    wanted = [*(kind_named["kind"] for kind_named in _WANTED.finditer(question)), schema_title]
    for kind in ANSWERS:
        if any(kind in title for title in wanted):
            return kind
    raise ValueError(f"the stub knows no reply {schema_title!r}")


def reply_to(kind: str, material: str) -> Json:
    """The honest reply."""
    return ANSWERS[kind](material)


def path_of(material: str) -> str:
    """The file that an analyst's question is about."""
    named = _FILE.search(material)
    if named is None:
        raise ValueError("an analyst's question has a path")
    return named["path"]


def _analyst(material: str) -> Json:
    starts = [heading.start() for heading in _FILE.finditer(material)]
    parts = [material[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    # A file's own text is numbered, so that only the analyst's heading begins a line with `File: `.
    return {"files": [_file(part) for part in parts or [material]]}


def _file(material: str) -> Json:
    lines = _LINES.search(material)
    # Another question, another answer: what a real model does, and what a page's rerun depends on.
    read = f"{zlib.crc32(material.encode()):08x}"
    summary: list[Json] = [{"text": f"`{path_of(material)}` is described by a stub that read {read}.", "lines": None}]
    if lines is not None and int(lines["count"]):
        summary.append({"text": "It begins here.", "lines": {"start": 1, "end": 1}})
    notes = [
        {"symbol": symbol["name"], "text": f"Stands on lines {symbol['start']} to {symbol['end']}."}
        for symbol in list(_SYMBOL.finditer(material))[:20]
    ]
    return {"path": path_of(material), "summary": summary, "notes": notes}


def _synthesizer(material: str) -> Json:
    brief = json.loads(material)
    first = [statement for module in brief["modules"] for statement in module["statements"][:1]]
    if brief.get("part") == "overview":
        return {"overview": first[:3] or brief.get("readme", [])[:3], "modules": []}
    return {
        "overview": first[:3] or brief.get("readme", [])[:3],
        "modules": [
            {"module": module["module"]["name"], "statements": module["statements"][:3]} for module in brief["modules"]
        ],
    }


def _editor(material: str) -> Json:
    return {"paragraphs": [json.loads(material)["statements"]]}


def _ask(material: str) -> Json:
    """A sentence about each excerpt, which cites its lines."""
    statements = [
        {"text": f"`{at['path']}` speaks of it.", "path": at["path"], "lines": at["lines"]}
        for at in json.loads(material)["excerpts"]
    ]
    return {"statements": statements[:6], "gap": "" if statements else "No excerpt speaks of it."}


def _critic(_: str) -> Json:
    return {"completeness": 90, "truthfulness": 95, "helpfulness": 85, "consistency": 90, "findings": []}


def _reviewer(material: str) -> Json:
    seen = json.loads(material)["evidence"]
    return {
        "findings": [
            {
                "rule": at["evidence"]["rule"],
                "severity": "medium",
                "path": at["path"],
                "lines": at["evidence"]["lines"],
                "symbol": at["evidence"].get("symbol", ""),
                "title": f"A stub looked at {at['evidence']['rule']}",
                "reason": "The evidence is there.",
                "advice": "Read the line.",
                "excerpt": at["evidence"]["excerpt"],
            }
            for at in seen
        ]
    }


ANSWERS: Mapping[str, Callable[[str], Json]] = {
    "AnalystReply": _analyst,
    "SynthesizerReply": _synthesizer,
    "EditorReply": _editor,
    "CriticReply": _critic,
    "ReviewReply": _reviewer,
    "AskReply": _ask,
}
