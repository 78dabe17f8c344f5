"""Folders made to hang, to lead out of themselves, or to hold nothing that can be documented."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.hostile.case import INNOCENT, INNOCENT_BODY

Make = Callable[[Path], None]


@dataclass(frozen=True)
class Repository:
    """`outcome` is an error's name, or the fate of `path`; `absent` where `path` is no part of the snapshot."""

    name: str
    make: Make
    outcome: str
    path: str = INNOCENT


def repositories() -> Iterator[Repository]:
    """Every repository of the table."""
    yield Repository("empty folder", lambda _: None, "BadInput")
    yield Repository("folders alone", lambda root: (root / "a/b/c").mkdir(parents=True), "BadInput")
    yield Repository("git folder alone", partial(_git), "BadInput")
    yield Repository(
        "broken git folder", partial(_written, {".git/HEAD": b"nonsense", INNOCENT: INNOCENT_BODY}), "documented"
    )
    yield Repository(
        "git file that leads away",
        partial(_written, {".git": b"gitdir: /etc\n", INNOCENT: INNOCENT_BODY}),
        "documented",
    )
    yield Repository("bare repository", lambda root: _run(root, "init", "--quiet", "--bare", "."), "BadInput")
    yield Repository(
        "binaries alone",
        partial(_written, {f"a{n}.bin": bytes(range(256)) * 9 for n in range(30)}),
        "skipped: binary",
        "a7.bin",
    )
    yield Repository(
        "empty files alone", partial(_written, {f"a{n}.py": b"" for n in range(30)}), "skipped: empty", "a7.py"
    )
    yield Repository("link to itself", partial(_linked, "loop", "loop"), "skipped: link", "loop")
    yield Repository("link round", partial(_linked, "a/round", ".."), "skipped: link", "a/round")
    yield Repository("link to the root", partial(_linked, "root", "/"), "skipped: link", "root")
    yield Repository("link to a device", partial(_linked, "zero.py", "/dev/zero"), "skipped: link", "zero.py")
    yield Repository(
        "link as ignore file", partial(_linked, ".gitignore", "/etc/passwd"), "skipped: link", ".gitignore"
    )
    yield Repository("link as settings", partial(_linked, "swarm.toml", "/etc/passwd"), "skipped: link", "swarm.toml")
    yield Repository(
        "link as attributes", partial(_linked, ".gitattributes", "/dev/zero"), "skipped: link", ".gitattributes"
    )
    yield Repository("pipe", lambda root: os.mkfifo(_innocent(root) / "pipe.py"), "absent", "pipe.py")
    yield Repository(
        "pipe as ignore file", lambda root: os.mkfifo(_innocent(root) / ".gitignore"), "absent", ".gitignore"
    )
    yield Repository("pipe as settings", lambda root: os.mkfifo(_innocent(root) / "swarm.toml"), "absent", "swarm.toml")
    yield Repository("socket", _socket, "absent", "s")
    yield Repository("file that grows", _growing, "documented")
    yield Repository("sparse file", _sparse, "skipped: binary", "sparse.bin")
    yield Repository(
        "ignore file that backtracks",
        partial(_written, {".gitignore": b"*a" * 40 + b"*b\n", "a" * 200: b"x = 1\n", INNOCENT: INNOCENT_BODY}),
        "documented",
    )
    yield Repository(
        "ignore file of folders that backtracks",
        partial(
            _written, {".gitignore": b"**/a/" * 20 + b"b\n", "a/" * 200 + "c.py": b"x = 1\n", INNOCENT: INNOCENT_BODY}
        ),
        "documented",
    )
    yield Repository(
        "ignore file that is none",
        partial(_written, {".gitignore": b"[\n!\n\\\n***\n/**/\n\xff\n", INNOCENT: INNOCENT_BODY}),
        "documented",
    )
    yield Repository(
        "ignore file that ignores all", partial(_written, {".gitignore": b"*\n", INNOCENT: INNOCENT_BODY}), "BadInput"
    )
    yield Repository(
        "names that differ in case",
        partial(_written, {"A/x.py": b"x = 1\n", "a/X.py": b"x = 1\n", "a/x.py": b"x = 1\n"}),
        "documented",
        "a/X.py",
    )
    yield Repository(
        "deep folders", partial(_written, {"d/" * 400 + "a.py": b"x = 1\n", INNOCENT: INNOCENT_BODY}), "documented"
    )
    yield Repository(
        "2,000 small files",
        partial(_written, {f"p{n % 50}/f{n}.py": b"x = %d\n" % n for n in range(2_000)}),
        "documented",
        "p7/f7.py",
    )
    yield Repository("hook that runs", _hooked, "documented")
    yield Repository(
        "submodule that leads away",
        partial(
            _written,
            {
                ".gitmodules": b'[submodule "x"]\n path = ../x\n url = ext::sh -c touch% escaped\n',
                INNOCENT: INNOCENT_BODY,
            },
        ),
        "documented",
    )
    yield Repository("filter that runs", _filtered, "documented")
    settings = {
        "unknown keys": b"hooks = ['evil.py']\n", "no TOML": b"title = \n", "deep": b"a = " + b"[" * 50_000, "wrong types": b"title = ['x']\n",
        "long numbers": b"title = " + b"9" * 50_000 + b"\n", "long title": b"title = '" + b"x" * 50_000 + b"'\n", "no text": bytes(range(256)),
        "pattern that is none": b"exclude = ['a\\']\n", "hidden coverage": b"[navigation]\nhide = ['coverage']\n",
    }  # fmt: skip
    for what, text in settings.items():
        yield Repository(
            f"settings with {what}", partial(_written, {"swarm.toml": text, INNOCENT: INNOCENT_BODY}), "BadInput"
        )
    yield Repository(
        "settings that backtrack",
        partial(
            _written,
            {
                "swarm.toml": b"exclude = ['" + b"*a" * 40 + b"*b']\n",
                "a" * 190 + ".py": b"x = 1\n",
                INNOCENT: INNOCENT_BODY,
            },
        ),
        "documented",
    )
    yield Repository(
        "notes about everything",
        partial(_written, {"docs/notes/innocent.py.md": b"# <script>1</script>\n" * 2_000, INNOCENT: INNOCENT_BODY}),
        "documented",
        "docs/notes/innocent.py.md",
    )


def large() -> Repository:
    """The one that takes too long for each change."""
    return Repository(
        "60,000 small files",
        partial(_written, {f"p{n % 300}/f{n}.py": b"x = %d\n" % n for n in range(60_000)}),
        "documented",
        "p7/f7.py",
    )


def _written(files: dict[str, bytes], root: Path) -> None:
    for name, body in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


def _innocent(root: Path) -> Path:
    _written({INNOCENT: INNOCENT_BODY}, root)
    return root


def _linked(name: str, target: str, root: Path) -> None:
    path = _innocent(root) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def _run(root: Path, *arguments: str) -> None:
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    # A fixed command.
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=variables)  # noqa: S607


def _git(root: Path) -> None:
    _run(root, "init", "--quiet")


def _script(root: Path, name: str) -> Path:
    script = root.parent / name
    script.write_text(f"#!/bin/sh\ntouch {root.parent / 'escaped'}\ncat\n")
    script.chmod(0o755)
    return script


def _hooked(root: Path) -> None:
    _git(_innocent(root))
    _run(root, "config", "core.fsmonitor", str(_script(root, "hook")))
    _run(root, "config", "core.hooksPath", str(root.parent))


def _filtered(root: Path) -> None:
    _git(_innocent(root))
    _run(root, "config", "filter.x.clean", str(_script(root, "filter")))
    _run(root, "config", "diff.external", str(root.parent / "filter"))
    _run(root, "config", "core.pager", str(root.parent / "filter"))
    (root / ".gitattributes").write_text("*.py filter=x diff=x\n")


def _socket(root: Path) -> None:
    _innocent(root)
    folder = os.open(root, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(f"/proc/self/fd/{folder}/s")  # a socket's own name may have 108 bytes
    finally:
        os.close(folder)


def _growing(root: Path) -> None:
    _innocent(root)
    path = root / "grows.log"
    path.write_bytes(b"line\n" * 1_000)

    def grow() -> None:
        for _ in range(400):
            try:
                with path.open("ab") as file:
                    file.write(b"line\n" * 500)
            except OSError:
                return

    threading.Thread(target=grow, daemon=True).start()


def _sparse(root: Path) -> None:
    with (_innocent(root) / "sparse.bin").open("wb") as file:
        file.truncate(60_000_000)
