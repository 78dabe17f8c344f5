"""Answers the editor with the statements as they are: one paragraph for each file they are about."""

from __future__ import annotations

from itertools import groupby

from agents.contracts.draft import EditorBrief, EditorReply


def respond(brief: EditorBrief) -> EditorReply:
    """The brief's statements in their order, those about the same file together."""
    return EditorReply(
        paragraphs=tuple(tuple(group) for _, group in groupby(brief.statements, key=lambda one: one.path))
    )
