"""Patterns match what pathspec's own match, in time by a path's length."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.basic import GitIgnoreBasicPattern

from agents.codebase.files.ignore_patterns import AttributePattern, ignore_spec

PARTS = st.lists(st.sampled_from(["*", "**", "a", "b", "ab", "?", "[ab]", ".", "a*", "*b"]), min_size=1, max_size=4)
PATTERNS = st.lists(PARTS.map("".join), min_size=1, max_size=5).map("/".join)
PATHS = st.lists(st.text("ab.", min_size=1, max_size=5), min_size=1, max_size=5).map("/".join)


@settings(max_examples=1_500)
@given(
    pattern=st.tuples(st.sampled_from(["", "/"]), PATTERNS, st.sampled_from(["", "/", "/**"])).map("".join), path=PATHS
)
@example(pattern="**/*/**/*/*", path="a/a/a")
def test_a_pattern_matches_what_pathspecs_own_matches(pattern: str, path: str) -> None:
    assert ignore_spec([pattern]).match_file(path) == GitIgnoreSpec.from_lines([pattern]).match_file(path)
    theirs, ours = GitIgnoreBasicPattern.pattern_to_regex(pattern)[0], AttributePattern.pattern_to_regex(pattern)[0]
    if theirs is not None and ours is not None:
        assert bool(re.match(ours, path)) == bool(re.match(theirs, path))


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("[!a]b", "bb", True),
        ("[!a]b", "x/bb", True),
        ("*[!a]*a", "ba", True),
        ("*[!a]*a", "a./a", False),
        ("*[!a]*b", "b/b", False),
        ("x[!a]y", "x/y", False),
        ("/x[!a]y", "x/y", False),
        ("[^a]b", "ab", False),
        ("a?[!b]", "abc", True),
    ],
)
def test_what_is_not_in_brackets_is_no_slash_to_git(pattern: str, path: str, matches: bool) -> None:
    """As `git check-ignore` answers; pathspec lets such brackets match a slash."""
    assert ignore_spec([pattern]).match_file(path) == matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 40 + "*b", "a" * 200),
        ("**/a/" * 20 + "b", "a/" * 400 + "c"),
        ("a/**/*a*a*a*a*b/**/a", "a/" * 200 + "a" * 100),
        ("[a]*?*" * 30 + "b", "a" * 200),
    ],
)
def test_a_path_that_nearly_matches_costs_little(pattern: str, path: str) -> None:
    started = time.process_time()
    assert not ignore_spec([pattern]).match_file(path)
    assert time.process_time() - started < 2
