"""A comment's markers go, its text and indentation stay."""

from __future__ import annotations

import pytest

from agents.codebase.structure.documentation.comment_text import is_licence, uncommented


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("//// Create a list.\n//// More.", "Create a list.\nMore."),
        ("/**\n * One.\n *\n *     code\n */", "One.\n\n    code"),
        ("/** One.\n *\n *     code\n */", "One.\n\n    code"),
        ("/**\n  One:\n\n  * first\n  * second\n*/", "One:\n\n* first\n* second"),
        ("/*\n** One.\n** Two.\n*/", "One.\nTwo."),
        ("/* ---- section ---- */", ""),
        ("# ---- Helpers ----", ""),
        ("//======= foo =======", ""),
        ("#########\n# Helpers\n#########", ""),
        ("// ---------\n", ""),
        ("/// | a |\n/// |---|\n/// | 1 |", "| a |\n|---|\n| 1 |"),
        ("# eslint-disable no-x", ""),
        ("// Region of memory\n// region that is shared.", "Region of memory\nregion that is shared."),
        ("/// ```\n/// ----\n/// ```", "```\n----\n```"),
    ],
)
def test_markers_and_rules_are_removed(comment: str, text: str) -> None:
    assert uncommented(comment) == text


@pytest.mark.parametrize(
    "text",
    [
        "Copyright 2020 Ann",
        "This program is free software; you can redistribute it",
        "Redistribution and use in source and binary forms",
        "SPDX-License-Identifier: MIT",
        "Permission to use, copy, modify",
    ],
)
def test_licence_heads_are_known(text: str) -> None:
    assert is_licence(text)


@pytest.mark.parametrize("text", ["Reads rows.", "@brief Public interface.\nCopyright 2020 Ann"])
def test_documentation_is_no_licence(text: str) -> None:
    assert not is_licence(text)
