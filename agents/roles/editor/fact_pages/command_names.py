"""Commands as one types them: below the groups, programs and routers that hold them, across files. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from agents.codebase.facts.settings.words import MANAGEMENT, OCLIF, SCRIPT
from agents.contracts.facts import Fact
from agents.roles.editor.fact_pages.rows import PlacedFact
from agents.roles.editor.material import Material

#: Groups inside groups that are followed, and how many commands with how many mounts: each is looked for among all.
_FAR, _MOST = 6, 1_000 * 1_000
_ROUTER = re.compile(r"_?(?:app|typer|cli|commands?)$")


class CommandNames:
    """Whole names of the commands of a repository. `program` is what its one installed command is called."""

    def __init__(
        self, material: Material, declared: Sequence[PlacedFact], mounts: Sequence[PlacedFact], program: str
    ) -> None:
        self._material, self._declared, self._mounts, self._program = material, declared, mounts, program

    @cached_property
    def arguments(self) -> frozenset[int]:
        """Structs of clap that hold the arguments of a subcommand: the subcommand's own row speaks for them."""
        payloads = [
            self._one(placed, "owner", placed.fact.target) for placed in self._declared if _is_variant(placed.fact)
        ]
        return frozenset(id(item.fact) for item in payloads if item is not None and not _is_variant(item.fact))

    def text(self, placed: PlacedFact) -> str:
        """What a command does: in its own words, else in those of the struct of its arguments."""
        payload = self._one(placed, "owner", placed.fact.target) if _is_variant(placed.fact) else None
        return placed.fact.text or (payload.fact.text if payload is not None else "")

    def whole(self, placed: PlacedFact) -> str:
        """The command with what it is in, as one types it."""
        if placed.fact.source in {MANAGEMENT, OCLIF, SCRIPT}:
            return _of_file(placed, self._program)
        names = [self._name(placed)]
        above: PlacedFact | None = placed
        for _ in range(_FAR if len(self._declared) * len(self._mounts) <= _MOST else 0):
            outer = list(self._around(above)) if above is not None else []
            names.extend(outer)
            above = self._above(above) if above is not None else None
            if above is None or above is placed:
                break
            names.append(self._name(above).split(" ")[0])
        if placed.fact.source == "clap" and _is_variant(placed.fact) and self._program not in {"", names[-1]}:
            names.append(self._program)
        return " ".join(reversed(names))

    def _name(self, placed: PlacedFact) -> str:
        """A struct of clap without a name of its own is the program."""
        fact = placed.fact
        is_program = fact.source == "clap" and fact.name == fact.symbol and self._program
        return self._program if is_program else fact.name

    def _around(self, placed: PlacedFact) -> Iterator[str]:
        """The names under which routers of commands are put into others, the innermost first."""
        path, router = placed.path, placed.fact.owner
        for _ in range(_FAR if placed.fact.source == "typer" else 0):
            mount = next((item for item in self._mounts if self._holds(item, path, router)), None)
            if mount is None or (mount.path, mount.fact.owner) == (path, router):
                return
            if mount.fact.name:
                yield mount.fact.name
            path, router = mount.path, mount.fact.owner

    def _holds(self, mount: PlacedFact, path: str, router: str) -> bool:
        """Whether a file's router is the one that is mounted: by its name, or by that of its module."""
        if mount.fact.source != "typer":
            return False
        if mount.path == path:
            return mount.fact.target == router
        imported = {item.target for item in self._material.imports.get(mount.path, ())}
        target = mount.fact.target
        words = {mount.fact.name, _ROUTER.sub("", target.partition(".")[0]), _ROUTER.sub("", target)} - {""}
        folder = posixpath.dirname(path)
        is_near = path in imported or (bool(folder) and folder in {posixpath.dirname(item) for item in imported})
        return is_near and bool(words & set(re.split(r"[/.]", path)[-4:]))

    def _above(self, placed: PlacedFact) -> PlacedFact | None:
        """The command in which a command is."""
        fact = placed.fact
        if fact.source == "click":
            owner = fact.owner or next(
                (item.fact.owner for item in self._mounts
                 if item.fact.source == "click" and fact.symbol == item.fact.target.rpartition(".")[2]), "",
            )  # fmt: skip
            return self._one(placed, "symbol", owner)
        if fact.source == "clap":
            above = self._one(placed, "target", fact.owner)
            # A struct of arguments leads to further subcommands: those are below the subcommand that takes it.
            return self._above(above) if above is not None and id(above.fact) in self.arguments else above
        return self._cobra(placed) if fact.source == "cobra" else self._mounted(placed)

    def _mounted(self, placed: PlacedFact) -> PlacedFact | None:
        """The command that says that this one is below it, or that leads to the class in which this one is."""
        fact, own = placed.fact, _last(placed.fact.owner)
        mounts = [item for item in self._mounts if item.fact.source == fact.source and own]
        exact = (item for item in mounts if item.path == placed.path and item.fact.target == fact.owner)
        by_name = (item for item in mounts if item.path == placed.path and _last(item.fact.target) == own)
        far = (item for item in mounts if _last(item.fact.target) == own and self._is_only(placed))
        made = (item for item in mounts if _last(fact.symbol) and item.fact.target == f"{_last(fact.symbol)}()")
        mount = next((item for matches in (exact, by_name, far, made) for item in matches), None)
        if mount is not None:
            return self._outer(mount)
        return self._one(placed, "target", _last(fact.owner.rpartition(".")[0])) if fact.source == "Thor" else None

    def _is_only(self, placed: PlacedFact) -> bool:
        """Whether no other command of the framework goes by the same name among commands."""
        own, source = _last(placed.fact.owner), placed.fact.source
        return sum(item.fact.source == source and _last(item.fact.owner) == own for item in self._declared) == 1

    def _cobra(self, placed: PlacedFact) -> PlacedFact | None:
        folder = posixpath.dirname(placed.path)
        for mount in self._mounts:
            target = mount.fact.target
            own = placed.fact.owner if posixpath.dirname(mount.path) == folder else ""
            if mount.fact.source != "cobra" or not target:
                continue
            made_here = target == own and (placed.path == mount.path or _is_unique(own, folder, self._declared))
            made_by = target.endswith("()") and target[:-2].rpartition(".")[2] == placed.fact.symbol
            if made_here or made_by:
                return self._outer(mount)
        return None

    def _outer(self, mount: PlacedFact) -> PlacedFact | None:
        named = [item for item in self._declared if item.fact.owner == mount.fact.owner]
        same = [item for item in named if item.path == mount.path]
        near = [item for item in same if item.fact.symbol == mount.fact.symbol]
        folder = [item for item in named if posixpath.dirname(item.path) == posixpath.dirname(mount.path)]
        return next((matches[0] for matches in (near, same, folder) if len(matches) == 1), None)

    def _one(self, placed: PlacedFact, field: str, value: str) -> PlacedFact | None:
        """The command of the same framework with a value in a field: of the same file, else the only one there is."""
        plain = value.rpartition("::")[2]
        if not plain:
            return None
        matches = [
            item for item in self._declared
            if item.fact is not placed.fact and item.fact.source == placed.fact.source
            and getattr(item.fact, field).rpartition("::")[2] == plain
        ]  # fmt: skip
        here = [item for item in matches if item.path == placed.path]
        return here[0] if here else matches[0] if len(matches) == 1 else None


def _is_variant(fact: Fact) -> bool:
    """Whether a command of clap is an enum's variant."""
    return fact.source == "clap" and bool(fact.owner) and fact.symbol.rpartition(".")[0] == fact.owner


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _of_file(placed: PlacedFact, program: str) -> str:
    """What a command is called whose name is its file's."""
    name, _ = posixpath.splitext(placed.path)
    if placed.fact.source == MANAGEMENT:
        return f"manage.py {posixpath.basename(name)}"
    if placed.fact.source == SCRIPT:
        return posixpath.basename(placed.path)
    given = placed.fact.name if placed.fact.name != placed.fact.symbol else ""
    parts = given.split(":") if given else name.rpartition("commands/")[2].removesuffix("/index").split("/")
    return " ".join([program, *parts] if program else parts)


def _is_unique(owner: str, folder: str, declared: Sequence[PlacedFact]) -> bool:
    return sum(item.fact.owner == owner and posixpath.dirname(item.path) == folder for item in declared) == 1
