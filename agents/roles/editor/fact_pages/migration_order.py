"""Which migrations follow each other, by the numbers in their names or by what Alembic's say they revise. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple, TypeAlias

#: A folder of migrations, with the sign behind it.
MIGRATION = re.compile(r"(?:^|/)(?:migrations?|migrate|alembic|versions|evolutions)/")
#: A file that only takes a migration back.
_UNDOING = re.compile(r"(?:^|/)(?:[^/]*[._-])?(?:down|undo|rollback)\.sql$|(?:^|/)U\d[\d._]*__[^/]*\.sql$")
_FLYWAY = re.compile(r"(?:^|/)(?=V\d[\d._]*__[^/]*\.sql$)")
_NUMBERED = re.compile(r"^[Vv]?(\d+(?:[._-]\d+)*)[A-Za-z]?(?=[._-]|$)")
_REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]{0,80}=[ \t]*(\([^()]{0,400}\)|[^\n]{0,200})", re.MULTILINE)
_TEXT = re.compile(r"[\"']([^\"'\n]{1,80})[\"']")

#: The numbers of each part of a path, and the part.
_Key: TypeAlias = tuple[tuple[tuple[int, ...], str], ...]


class _Revision(NamedTuple):
    """A migration of Alembic, and those that it follows."""

    name: str
    follows: tuple[str, ...]


def is_undoing(path: str) -> bool:
    """Whether a file only takes a migration back."""
    return _UNDOING.search(path) is not None


def histories(paths: Iterable[str], text: Callable[[str], str]) -> list[list[str]]:
    """The files whose order is known, together and in it; one whose place nothing tells is a history of its own."""
    numbered: dict[str, list[tuple[_Key, str]]] = defaultdict(list)
    revised: dict[str, dict[str, _Revision]] = defaultdict(dict)
    for path in sorted(paths):
        sign = MIGRATION.search(path)
        revision = _revision(text(path)) if sign is not None and path.endswith(".py") else None
        if sign is not None and revision is not None:
            revised[path[: sign.end()]][path] = revision
        else:
            history, key = _place(path)
            numbered[history].append((key, path))
    ordered = [[path for _, path in sorted(files)] for files in numbered.values()]
    return [*ordered, *(history for revisions in revised.values() for history in _chained(revisions))]


def _place(path: str) -> tuple[str, _Key]:
    """The history of a file, and its place there."""
    sign = MIGRATION.search(path) or _FLYWAY.search(path)
    parts = path[sign.end() :].split("/") if sign is not None else []
    first = next((at for at, part in enumerate(parts) if _NUMBERED.match(part)), None)
    if sign is None or first is None:
        return path, ()
    return "/".join([path[: sign.end()], *parts[:first]]), tuple((_numbers(part), part) for part in parts[first:])


def _numbers(part: str) -> tuple[int, ...]:
    match = _NUMBERED.match(part)
    return tuple(map(int, re.split(r"[._-]", match[1]))) if match is not None else ()


def _revision(text: str) -> _Revision | None:
    declared = {match[1]: tuple(_TEXT.findall(match[2])) for match in _REVISION.finditer(text)}
    names = declared.get("revision", ())
    return _Revision(names[0], declared.get("down_revision", ())) if names else None


def _chained(revisions: Mapping[str, _Revision]) -> list[list[str]]:
    """The files of one chain in its order; each alone where they are several chains."""
    paths = {revision.name: path for path, revision in revisions.items()}
    before = {path: [paths[name] for name in revision.follows if name in paths] for path, revision in revisions.items()}
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError:
        order = []
    is_chain = bool(order) and sum(not followed for followed in before.values()) == 1
    return [order] if is_chain else [[path] for path in revisions]
