"""Files of a version as the analysts would read them: what is left out of a documentation is left out here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from agents.codebase.change.units import SourceFile
from agents.codebase.files.attributes import FILE_NAME, RepositoryAttributes
from agents.codebase.files.encoding import decoded
from agents.codebase.files.vendor_folders import vendor_folders
from agents.codebase.structure.reader import TreeSitterReader
from agents.errors import FileUnparseable
from agents.roles.scanner.core import examine
from cli.check.versions import LARGEST_FILE, Version


@dataclass
class VersionReader:
    """Reads files of one version; `unread` are those that could not be, with the reason."""

    version: Version
    unread: list[tuple[str, str]] = field(default_factory=list)

    def read(self, paths: Iterable[str]) -> dict[str, SourceFile]:
        """The files that are documented, by path."""
        wanted = sorted(paths)
        vendored = vendor_folders(list(self.version.files))
        attributes = self._attributes()
        found: dict[str, SourceFile] = {}
        for path, data in self.version.read(wanted):
            file = self._file(path, data, vendored, attributes)
            if file is not None:
                found[path] = file
        return found

    def holding(self, names: Collection[str], known: Collection[str]) -> dict[str, SourceFile]:
        """The files, other than those that are known already, in whose bytes one of the names stands."""
        needles = [name.encode("utf-8", "surrogateescape") for name in names]
        others = [path for path in self.version.files if path not in known]
        holding = [path for path, data in self.version.read(others) if any(needle in data for needle in needles)]
        return self.read(holding)

    def source(self, path: str, language: str, text: str) -> SourceFile | None:
        """One file whose language and text are known; None, and a reason in `unread`, for one that cannot be read."""
        try:
            file = SourceFile(path, language, text, TreeSitterReader().read(path, language, text))
            _ = file.pieces  # a grammar may give up here as well
        except (FileUnparseable, ValueError) as error:
            self.unread.append((path, str(error)))
            return None
        return file

    def _file(
        self, path: str, data: bytes, vendored: Collection[str], attributes: RepositoryAttributes
    ) -> SourceFile | None:
        examined = examine(path, [data], LARGEST_FILE, vendored, attributes.of(path))
        if examined.gap is not None:
            self.unread.append((path, examined.gap.detail))
        if examined.text is None:
            return None
        return self.source(path, examined.language, examined.text)

    def _attributes(self) -> RepositoryAttributes:
        places = [path for path in self.version.files if path.rpartition("/")[2] == FILE_NAME]
        return RepositoryAttributes({path: decoded(data) for path, data in self.version.read(places)})
