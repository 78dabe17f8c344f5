"""The patterns of .gitignore and .gitattributes, as expressions that no path keeps busy. Pure.

pathspec writes each `*` as `[^/]*` and each `**` as `.+`: with several of them in one pattern, a name that nearly
matches costs years. Of two wildcards the earlier one may always stop at the first place where what follows it matches,
so all but the last need no second attempt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, Literal

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.basic import GitIgnoreBasicPattern
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

#: What pathspec writes for `*`, for `**` in front, and for `**` between folders; a pattern's own text is escaped.
_STAR: Final = "[^/]*"
_LEADING: Final = "^(?:.+/)?"
#: `[!a]`, which pathspec lets match a slash. Git does not (wildmatch.c, WM_PATHNAME).
_NEGATED: Final = re.compile(r"\[\^(?!/\])")
_INNER: Final = "(?:/.+)?"


class _Linear:
    __slots__ = ()

    @staticmethod
    def _translate_segment_glob(pattern: str, range_error: Literal["literal", "raise"]) -> str:
        # The method is pathspec's own: nothing public says how one part of a pattern is written.
        written = GitIgnoreSpecPattern._translate_segment_glob(pattern, range_error)
        first, *rest = _NEGATED.sub("[^/", written).split(_STAR)
        if not rest:
            return first
        between = "".join(f"(?>[^/]*?{part})" for part in rest[:-1] if part)
        return f"{first}{between}{_STAR}{rest[-1]}"


class IgnorePattern(_Linear, GitIgnoreSpecPattern):
    """A line of .gitignore."""

    __slots__ = ()

    @classmethod
    def pattern_to_regex(cls, pattern: str) -> tuple[str | None, bool | None]:  # type: ignore[override]  # of texts alone
        """The expression and whether it includes. Raises ValueError for a pattern that is none."""
        expression, include = super().pattern_to_regex(pattern)
        return expression and _linear(expression), include


class AttributePattern(_Linear, GitIgnoreBasicPattern):
    """The pattern of a line of .gitattributes."""

    __slots__ = ()

    @classmethod
    def pattern_to_regex(cls, pattern: str) -> tuple[str | None, bool | None]:  # type: ignore[override]  # of texts alone
        """The expression and whether it includes. Raises ValueError for a pattern that is none."""
        expression, include = super().pattern_to_regex(pattern)
        return expression and _linear(expression), include


def ignore_spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """What these lines of a .gitignore match. Raises ValueError for a pattern that is none."""
    factory: Callable[[str], IgnorePattern] = IgnorePattern
    return GitIgnoreSpec.from_lines(lines, factory)


def _linear(expression: str) -> str:
    first, *rest = expression.split(_INNER)
    if not rest:
        return expression
    if first.startswith(_LEADING):
        first = f"^(?>(?:.+?/)??{first.removeprefix(_LEADING)}(?=/))"
    between = "".join(f"(?>(?:/.+?)??{part}(?=/))" for part in rest[:-1])
    return f"{first}{between}{_INNER}{rest[-1]}"
