"""Commits of a git repository as versions: their files and bytes, read from git's store and never from the network."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from cli.errors import BadInput
from cli.git_call import RUNS_NOTHING, git_variables

_FILES = (b"100644", b"100755", b"100664")
_MERGE_BASE, _PLAIN = "...", ".."


class GitRepository:
    """A git repository around a folder. Raises BadInput where there is none."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("git")
        if program is None:
            raise BadInput("git is not on PATH: install it, or give two folders")
        self._command = (program, *RUNS_NOTHING, "-C", str(folder))
        top = self.git("rev-parse", "--git-dir")
        if top.returncode != 0:
            reason = _reason(top.stderr)
            if "not a git repository" in reason:
                raise BadInput(f"{folder} is not in a git repository: go to one, or give two folders")
            raise BadInput(f"git cannot read {folder}: {reason}")

    def git(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run git to its end."""
        return subprocess.run(
            [*self._command, *arguments], capture_output=True, check=False, env=_variables(), stdin=subprocess.DEVNULL
        )

    def started(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start git, to be written to and read from."""
        return subprocess.Popen(
            [*self._command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_variables(),
        )

    def versions(self, span: str) -> tuple[Commit, Commit]:
        """The older and the newer commit of `A..B`, of `A...B` from where the two parted, or of `A` up to HEAD.

        Raises BadInput.
        """
        separator = _MERGE_BASE if _MERGE_BASE in span else _PLAIN
        first, _, last = span.partition(separator)
        older, newer = self._commit(first or "HEAD"), self._commit(last or "HEAD")
        if separator == _MERGE_BASE:
            found = self.git("merge-base", older, newer)
            if found.returncode != 0:
                raise BadInput(f"The two sides of {span} have no common commit{self._shallow_advice()}")
            older = found.stdout.decode().split()[0]
        return Commit(self, older), Commit(self, newer)

    def _commit(self, name: str) -> str:
        found = self.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found.returncode != 0:
            raise BadInput(f"There is no commit {name} in this repository{self._shallow_advice()}")
        return found.stdout.decode().strip()

    def _shallow_advice(self) -> str:
        shallow = self.git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        advice = ": the clone is shallow, fetch more of it (`git fetch --unshallow`; fetch-depth: 0 in CI)"
        return advice if shallow else ": `git log` lists the commits"


@dataclass(frozen=True)
class Commit:
    """The files of one commit: no links, no submodules."""

    repository: GitRepository
    name: str

    @cached_property
    def files(self) -> Mapping[str, str]:
        """The id of each file's content, by path; bytes of a name that are no UTF-8 are surrogates. Raises BadInput."""
        listed = self.repository.git("ls-tree", "-r", "-z", "--full-tree", self.name)
        if listed.returncode != 0:
            raise BadInput(f"git cannot list {self.name[:12]}: {_reason(listed.stderr)}")
        files: dict[str, str] = {}
        for entry in listed.stdout.split(b"\0"):
            head, _, path = entry.partition(b"\t")
            if head.startswith(_FILES):
                files[os.fsdecode(path)] = head.split()[2].decode()
        return files

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of files. Raises BadInput for one that this clone does not hold."""
        wanted = list(paths)
        if not wanted:
            return
        process = self.repository.started("cat-file", "--batch")
        if process.stdin is None or process.stdout is None:  # pragma: no cover (both are pipes)
            return
        try:
            for path in wanted:
                process.stdin.write(self.files[path].encode() + b"\n")
                process.stdin.flush()
                yield path, _blob(process.stdout, path)
        finally:
            process.stdin.close()
            process.stdout.close()
            process.wait()


def _blob(output: IO[bytes], path: str) -> bytes:
    head = output.readline().split()
    if len(head) != 3:
        raise BadInput(f"This clone does not hold the content of {path}: clone it whole, without --filter")
    data = output.read(int(head[2]))
    output.read(1)
    return data


def _variables() -> dict[str, str]:
    # Of a partial clone git would fetch what is missing, one by one.
    return git_variables(GIT_OPTIONAL_LOCKS="0", GIT_NO_LAZY_FETCH="1", GIT_TERMINAL_PROMPT="0")


def _reason(stderr: bytes) -> str:
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[0].removeprefix("fatal: ") if lines else "it gave no reason"
