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
        self._by_place = _grouped(self._after, lambda piece: (piece.path, piece.name))
        self._pair()

    @property
    def removed(self) -> Iterator[Piece]:
        """What is not there any more."""
        return (piece for piece in self._before if piece not in self.pairs)

    @property
    def added(self) -> Iterator[Piece]:
        """What was not there before."""
        return (piece for piece in self._after if piece not in self._taken)

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
        for piece in self._before:  # of several with one name those that are equal first
            self._in_place(piece, lambda old, new: old.whole == new.whole and old.doc == new.doc)
        for piece in self._left():
            self._in_place(piece, lambda old, new: old.whole == new.whole or old.signature == new.signature)
        for piece in self._left():
            self._in_place(piece, lambda _old, _new: True)
        self._moved()
        self._renamed()
        # What a renamed or moved owner holds has new owners in its name.
        self._of_owners()

    def _left(self) -> list[Piece]:
        return [piece for piece in self._before if piece not in self.pairs]

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
        by_whole = _grouped(self.added, lambda piece: (piece.last_name, piece.whole))
        by_doc = _grouped((piece for piece in self.added if piece.doc), lambda piece: (piece.last_name, piece.doc))
        by_name = _grouped(self.added, lambda piece: (piece.name, piece.kind))
        earlier_paths = {piece.path for piece in self._before}
        left = earlier_paths - {piece.path for piece in self._after}
        for old in self._left():
            partner = self._free(by_whole[(old.last_name, old.whole)], old)
            if partner is None and len(old.doc) > _ENOUGH_TO_SAY:
                partner = self._free(by_doc[(old.last_name, old.doc)], old)
            if partner is None and old.path in left and old.name:
                partner = next(
                    (
                        piece
                        for piece in by_name[(old.name, old.kind)]
                        if piece not in self._taken and piece.path not in earlier_paths
                    ),
                    None,
                )
            if partner is not None:
                self._join(old, partner)

    def _free(self, candidates: list[Piece], old: Piece) -> Piece | None:
        free = [piece for piece in candidates if piece not in self._taken and bool(piece.name) == bool(old.name)]
        return min(free, key=lambda piece: (piece.name != old.name, piece.path != old.path), default=None)

    def _renamed(self) -> None:
        """The same text under another name, else the same comment on what has the same owner in the same file."""
        by_text = _grouped((piece for piece in self.added if piece.name), lambda piece: (piece.kind, piece.nameless))
        by_doc = _grouped(
            (piece for piece in self.added if piece.name and piece.doc),
            lambda piece: (piece.path, _owner(piece), piece.doc),
        )
        for old in self._left():
            if not old.is_definition:
                continue
            partner = None
            if len(old.whole) > _ENOUGH_FOR_RENAME:
                partner = self._free(by_text[(old.kind, old.nameless)], old)
            if partner is None and len(old.doc) > _ENOUGH_TO_SAY:
                partner = self._free(by_doc[(old.path, _owner(old), old.doc)], old)
            if partner is not None:
                self._join(old, partner)

    def _of_owners(self) -> None:
        owners = {(old.path, old.name): new for old, new in self.pairs.items() if old.name}
        for old in sorted(self._left(), key=lambda piece: piece.name.count(".")):
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
    for piece in pieces:
        groups[key(piece)].append(piece)
    return groups
