"""Which entries of a folder belong to its snapshot: git's own list for a checkout, a walk with .gitignore elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from agents.codebase.files.ignore_patterns import ignore_spec
from cli.git_call import RUNS_NOTHING, git_variables

_NOT_OPENED = re.compile(rb"could not open directory '(.*)': (.*)")


@dataclass
class FolderListing:
    """Relative names (forward slashes, undecodable bytes as surrogates), and what could not be listed, and why."""

    names: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: FolderListing, prefix: str) -> None:
        """Take over what was listed below a folder."""
        self.names += [f"{prefix}/{name}" for name in other.names]
        self.unreadable += [(f"{prefix}/{name}".rstrip("/"), detail) for name, detail in other.unreadable]


def list_folder(root: Path) -> FolderListing:
    """Everything of the folder that belongs to its snapshot, sorted; never `.git`.

    Raises:
        OSError: the folder itself cannot be read.
    """
    os.scandir(root).close()
    listing = _git_listing(root)
    if listing is None:
        listing = _walk(root)
    listing.names.sort(key=os.fsencode)
    listing.unreadable.sort()
    return listing


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    program = shutil.which("git")
    if program is None:
        return None
    variables = git_variables(GIT_OPTIONAL_LOCKS="0")
    command = [program, *RUNS_NOTHING, "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, check=False, env=variables, stdin=subprocess.DEVNULL)


def _git_listing(root: Path) -> FolderListing | None:
    """Tracked files, and untracked ones that are not ignored; None where git cannot say."""
    own = (root / ".git").exists()
    if not own:
        ignored = _git(root, "check-ignore", "--quiet", ".")
        if ignored is None or ignored.returncode != 1:
            return None
    # A setting of the repository, core.worktree, may lead git to another folder, of which it would list nothing here.
    here = ["--work-tree=."] if own else []
    listed = _git(root, *here, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if listed is None or listed.returncode != 0:
        return None
    listing = FolderListing()
    for name in dict.fromkeys(os.fsdecode(raw) for raw in listed.stdout.split(b"\0") if raw):
        path = root / name
        if path.is_dir() and not path.is_symlink():  # a submodule, or a checkout inside this one
            listing.add(_nested(path), name.rstrip("/"))
        elif os.path.lexists(path):  # tracked, but deleted in this working tree
            listing.names.append(name)
    for path_bytes, detail in _NOT_OPENED.findall(listed.stderr):
        listing.unreadable.append((os.fsdecode(path_bytes).rstrip("/"), os.fsdecode(detail)))
    return listing


def _nested(path: Path) -> FolderListing:
    if not (path / ".git").exists():  # a submodule that was not fetched: git would answer for the outer repository
        return _walk(path)
    try:
        return list_folder(path)
    except OSError as error:
        return FolderListing(unreadable=[("", error.strerror or str(error))])


_Rules = tuple[tuple[str, GitIgnoreSpec], ...]


def _walk(root: Path) -> FolderListing:
    listing = FolderListing()
    for entry, name in _entries(root, "", (), listing):
        if entry.is_symlink() or entry.is_file(follow_symlinks=False):
            listing.names.append(name)
    return listing


def _entries(root: Path, folder: str, rules: _Rules, listing: FolderListing) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Every file and link below `folder` that no .gitignore excludes."""
    pending = [(folder, rules)]
    while pending:
        folder, rules = pending.pop()
        try:
            with os.scandir(root / folder) as scanned:
                entries = list(scanned)
        except OSError as error:
            listing.unreadable.append((folder, error.strerror or str(error)))
            continue
        rules = _with_rules_of(root, folder, rules)
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name == ".git" or _ignored(name + "/" * is_folder, rules):
                continue
            if is_folder:
                pending.append((name, rules))
            else:
                yield entry, name


def _with_rules_of(root: Path, folder: str, rules: _Rules) -> _Rules:
    path = root / folder / ".gitignore"
    try:
        if path.is_symlink() or not path.is_file():
            return rules
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        return (*rules, (f"{folder}/" if folder else "", ignore_spec(lines)))
    except (OSError, ValueError):  # unreadable, or a pattern that is none: git too goes on without it
        return rules


def _ignored(name: str, rules: _Rules) -> bool:
    """The deepest .gitignore that says anything decides."""
    for base, spec in reversed(rules):
        verdict = spec.check_file(name.removeprefix(base)).include
        if verdict is not None:
            return verdict
    return False
