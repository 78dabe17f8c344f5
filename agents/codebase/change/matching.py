"""Which symbol of the newer version is which of the older: in its place, moved, or under another name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from agents.codebase.change.units import Piece

#: Shorter code is the same by chance, and proves no rename.
_ENOUGH_FOR_RENAME = 12
_ENOUGH_TO_SAY = 20


class Matches:
    """Pairs of symbols; what has no partner was removed or added."""

    def __init__(self, before: Iterable[Piece], after: Iterable[Piece]) -> None:
        self._before = list(before)
        self._after = list(after)
        self.pairs: dict[Piece, Piece] = {}
        self._taken: set[Piece] = set()
        self._by_place = _grouped(self._after, lambda one: (one.path, one.name))
        self._pair()

    @property
    def removed(self) -> Iterator[Piece]:
        """What is not there any more."""
        return (one for one in self._before if one not in self.pairs)

    @property
    def added(self) -> Iterator[Piece]:
        """What was not there before."""
        return (one for one in self._after if one not in self._taken)

    @property
    def renamed(self) -> dict[str, str]:
        """The new last name of each symbol that has another one, by the old."""
        return {
            old.last_name: new.last_name
            for old, new in self.pairs.items()
            if old.name and old.last_name != new.last_name
        }

    @property
    def moved(self) -> int:
        """How many symbols are in another file or have another owner, and were not changed."""
        return sum(
            1
            for old, new in self.pairs.items()
            if old.name and (old.path, old.name) != (new.path, new.name) and old.whole == new.whole
        )

    def _pair(self) -> None:
        for one in self._before:  # of several with one name those that are equal first
            self._in_place(one, lambda old, new: old.whole == new.whole and old.doc == new.doc)
        for one in self._left():
            self._in_place(one, lambda old, new: old.whole == new.whole or old.signature == new.signature)
        for one in self._left():
            self._in_place(one, lambda _old, _new: True)
        self._moved()
        self._renamed()
        # What a renamed or moved owner holds has new owners in its name.
        self._of_owners()

    def _left(self) -> list[Piece]:
        return [one for one in self._before if one not in self.pairs]

    def _join(self, old: Piece, new: Piece) -> None:
        self.pairs[old] = new
        self._taken.add(new)

    def _in_place(self, old: Piece, fits: Callable[[Piece, Piece], bool]) -> None:
        if old in self.pairs:
            return
        for new in self._by_place.get((old.path, old.name), ()):
            if new not in self._taken and fits(old, new):
                self._join(old, new)
                return

    def _moved(self) -> None:
        """In another place: by its text, by its comment, or by its name in a file that is new."""
        by_whole = _grouped(self.added, lambda one: (one.last_name, one.whole))
        by_doc = _grouped((one for one in self.added if one.doc), lambda one: (one.last_name, one.doc))
        by_name = _grouped(self.added, lambda one: (one.name, one.kind))
        known = {one.path for one in self._before}
        left = known - {one.path for one in self._after}
        for old in self._left():
            found = self._free(by_whole[(old.last_name, old.whole)], old)
            if found is None and len(old.doc) > _ENOUGH_TO_SAY:
                found = self._free(by_doc[(old.last_name, old.doc)], old)
            if found is None and old.path in left and old.name:
                found = next(
                    (one for one in by_name[(old.name, old.kind)] if one not in self._taken and one.path not in known),
                    None,
                )
            if found is not None:
                self._join(old, found)

    def _free(self, candidates: list[Piece], old: Piece) -> Piece | None:
        free = [one for one in candidates if one not in self._taken and bool(one.name) == bool(old.name)]
        return min(free, key=lambda one: (one.name != old.name, one.path != old.path), default=None)

    def _renamed(self) -> None:
        """The same text under another name, else the same comment on what has the same owner in the same file."""
        by_text = _grouped((one for one in self.added if one.name), lambda one: (one.kind, one.nameless))
        by_doc = _grouped(
            (one for one in self.added if one.name and one.doc), lambda one: (one.path, _owner(one), one.doc)
        )
        for old in self._left():
            if not old.is_definition:
                continue
            found = None
            if len(old.whole) > _ENOUGH_FOR_RENAME:
                found = self._free(by_text[(old.kind, old.nameless)], old)
            if found is None and len(old.doc) > _ENOUGH_TO_SAY:
                found = self._free(by_doc[(old.path, _owner(old), old.doc)], old)
            if found is not None:
                self._join(old, found)

    def _of_owners(self) -> None:
        owners = {(old.path, old.name): new for old, new in self.pairs.items() if old.name}
        for old in sorted(self._left(), key=lambda one: one.name.count(".")):
            owner = owners.get((old.path, _owner(old)))
            if owner is None or (owner.path, owner.name) == (old.path, _owner(old)):
                continue
            for new in self._by_place.get((owner.path, f"{owner.name}.{old.last_name}"), ()):
                if new not in self._taken:
                    self._join(old, new)
                    owners[(old.path, old.name)] = new
                    break


def _owner(piece: Piece) -> str:
    return piece.name.rpartition(".")[0]


def _grouped(pieces: Iterable[Piece], key: Callable[[Piece], object]) -> dict[object, list[Piece]]:
    groups: dict[object, list[Piece]] = defaultdict(list)
    for one in pieces:
        groups[key(one)].append(one)
    return groups
