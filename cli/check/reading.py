"""Files of a version as the analysts would read them: what is left out of a documentation is left out here."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from agents.codebase.change.units import ComparedFile, source_file
from agents.codebase.files.attributes import FILE_NAME, RepositoryAttributes
from agents.codebase.files.built_folders import built_folders, with_built
from agents.codebase.files.encoding import decoded
from agents.codebase.files.vendor_folders import vendor_folders
from agents.codebase.structure.reader import TreeSitterReader
from agents.errors import FileUnparseable
from agents.roles.scanner.core import examine
from cli.check.versions import LARGEST_FILE, Version

#: From this many files on, starting further processes takes less time than it saves.
_WORTH_PROCESSES = 40
_FILES_AT_ONCE = 8
Text = tuple[str, str, str]


@dataclass
class VersionReader:
    """Reads files of one version; `unread` are those that could not be, with the reason."""

    version: Version
    with_evidence: bool = False
    unread: list[tuple[str, str]] = field(default_factory=list)

    def read(self, paths: Iterable[str]) -> dict[str, ComparedFile]:
        """The files that are documented, by path."""
        texts = self.texts(paths)
        return self.sources(texts, _read_all(texts, self.with_evidence))

    def sources(self, texts: list[Text], files: Iterable[ComparedFile | str]) -> dict[str, ComparedFile]:
        """The files that could be read, by path; the others and their reasons are in `unread` afterwards."""
        found: dict[str, ComparedFile] = {}
        for (path, _, _), file in zip(texts, files, strict=True):
            if isinstance(file, ComparedFile):
                found[path] = file
            else:
                self.unread.append((path, file))
        return found

    def holding(self, names: Collection[str], known: Collection[str]) -> dict[str, ComparedFile]:
        """The files, other than those that are known already, in whose bytes one of the names stands."""
        needles = [name.encode("utf-8", "surrogateescape") for name in names]
        others = [path for path in self.version.files if path not in known]
        holding = [path for path, data in self.version.read(others) if any(needle in data for needle in needles)]
        return self.read(holding)

    def source(self, path: str, language: str, text: str) -> ComparedFile | None:
        """One file whose language and text are known; None, and a reason in `unread`, for one that cannot be read."""
        texts = [(path, language, text)]
        return self.sources(texts, _read_all(texts, self.with_evidence)).get(path)

    def texts(self, paths: Iterable[str]) -> list[Text]:
        """Path, language and text of the files that are documented."""
        names = list(self.version.files)
        vendored, built = vendor_folders(names), built_folders(names)
        attributes = self._attributes()
        texts: list[Text] = []
        for path, data in self.version.read(sorted(paths)):
            examined = examine(path, [data], LARGEST_FILE, vendored, with_built(path, built, attributes.of(path)))
            if examined.gap is not None:
                self.unread.append((path, examined.gap.detail))
            if examined.text is not None:
                texts.append((path, examined.language, examined.text))
        return texts

    def _attributes(self) -> RepositoryAttributes:
        places = [path for path in self.version.files if path.rpartition("/")[2] == FILE_NAME]
        return RepositoryAttributes({path: decoded(data) for path, data in self.version.read(places)})


def read_both(
    left: VersionReader, left_paths: Iterable[str], right: VersionReader, right_paths: Iterable[str]
) -> tuple[dict[str, ComparedFile], dict[str, ComparedFile]]:
    """Files of two versions: both texts of a file go to the same process, which remembers the comments of the first."""
    before, after = left.texts(left_paths), right.texts(right_paths)
    both = [*((text, 0) for text in before), *((text, 1) for text in after)]
    order = sorted(range(len(both)), key=lambda at: (both[at][0][0], both[at][1]))
    files = _read_all([both[at][0] for at in order], left.with_evidence or right.with_evidence)
    placed = [file for _, file in sorted(zip(order, files, strict=True), key=lambda pair: pair[0])]
    return left.sources(before, placed[: len(before)]), right.sources(after, placed[len(before) :])


def _read_all(texts: list[Text], with_evidence: bool) -> list[ComparedFile | str]:
    """Each file, or why it cannot be read; many of them on every processor."""
    processors = os.cpu_count() or 1
    read = _read_with_evidence if with_evidence else _read
    if len(texts) < _WORTH_PROCESSES or processors < 2:
        return [read(text) for text in texts]
    with ProcessPoolExecutor(min(processors, len(texts) // _FILES_AT_ONCE)) as pool:
        return list(pool.map(read, texts, chunksize=_FILES_AT_ONCE))


def _read(text: Text) -> ComparedFile | str:
    try:
        return source_file(*text, TreeSitterReader().read_unmasked(*text))
    except (FileUnparseable, ValueError) as error:
        return str(error)


def _read_with_evidence(text: Text) -> ComparedFile | str:
    try:
        return source_file(*text, TreeSitterReader().read(*text))
    except (FileUnparseable, ValueError) as error:
        return str(error)
