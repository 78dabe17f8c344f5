"""Answers the editor with the statements as they are, put together as paragraphs that name the file they speak of."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from itertools import groupby

from agents.codebase.paths import speaks_for_folder
from agents.contracts.draft import EditorBrief, EditorReply
from agents.contracts.synthesis import CitedStatement

#: Sentences of one paragraph.
_LONGEST = 3
#: How the extractive analyst starts a sentence of its own: the file's name takes the place of the subject.
_VERB = re.compile(r"^(Defines|Runs|Imports|Raises) ")
#: A document that is described by its counts.
_COUNTED = re.compile(
    r"^(?:[A-Z]\w*|GitHub Actions|GitLab CI) (?:document|workflow|pipeline|page|sheet|file|script) (?:with|of) |"
    r"^(?:Dockerfile|Makefile) (?:with|of) "
)


def respond(brief: EditorBrief) -> EditorReply:
    """The brief's statements in their order: of a module, what speaks for it alone, then the other files by name."""
    by_file = [list(group) for _, group in groupby(brief.statements, key=lambda statement: statement.path)]
    if brief.module is None or len(by_file) < 2:
        return EditorReply(paragraphs=tuple(map(tuple, by_file)))
    names = Counter(posixpath.basename(group[0].path) for group in by_file)
    own, others = by_file[:1], by_file[1:]
    if not speaks_for_folder(own[0][0].path):
        own, others = [], by_file
    rest = [_named(statement, names, first=number == 0) for group in others for number, statement in enumerate(group)]
    parts = [rest[start : start + _LONGEST] for start in range(0, len(rest), _LONGEST)]
    return EditorReply(paragraphs=tuple(tuple(part) for part in [*own, *parts]))


def _named(statement: CitedStatement, names: Counter[str], *, first: bool) -> CitedStatement:
    """The sentence with its file's name before it, the way a sentence reads."""
    base = posixpath.basename(statement.path)
    plain = (base if names[base] == 1 else "/".join(statement.path.split("/")[-2:])).replace("`", "'")
    if not first:
        text = _VERB.sub(lambda match: f"It {match[1].lower()} ", statement.text)
    elif _VERB.match(statement.text):
        text = _VERB.sub(lambda match: f"`{plain}` {match[1].lower()} ", statement.text)
    elif _COUNTED.match(statement.text):
        article = "an" if statement.text[0] in "AEHIX" and not statement.text.startswith("HTM") else "a"
        text = f"`{plain}` is {article} {statement.text}"
    else:
        text = f"`{plain}`: {statement.text}"
    return statement.with_changes(text=text)
