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


def unsteady() -> Iterator[Repository]:
    """Repositories that change while they are read, and those that git itself could be misled by."""
    yield Repository("file that becomes a link", partial(_swapped, "/etc/passwd"), "documented")
    yield Repository("folder that becomes a link", _folder_swapped, "documented")
    yield Repository("files that vanish", _vanishing, "documented")
    yield Repository("file that shrinks", _shrinking, "documented")
    yield Repository("git with alternates", _alternates, "documented")
    yield Repository("git whose index lies", _lying_index, "documented")
    yield Repository("git that includes a configuration", _including, "documented")
    yield Repository("git whose work tree is elsewhere", _elsewhere, "documented")
    yield Repository("submodule as a folder of its own", _submodule, "documented", "sub/inner.py")
    yield Repository(
        "submodule whose name climbs",
        partial(
            _written,
            {".gitmodules": b'[submodule "../../x"]\n path = sub\n url = -u./x\n', INNOCENT: INNOCENT_BODY},
        ),
        "documented",
    )
    yield Repository("names that are no text", _no_text, "documented")
    yield Repository(
        "names that differ in composition",
        partial(_written, {"\u00e9.py": b"x = 1\n", "e\u0301.py": b"x = 2\n", INNOCENT: INNOCENT_BODY}),
        "documented",
        "e\u0301.py",
    )
    yield Repository("file that nobody may read", _forbidden, "documented")


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


def _meanwhile(work: Callable[[int], None], times: int = 300) -> None:
    """Do it again and again while the repository is read; it ends when its folder is gone."""

    def repeat() -> None:
        for number in range(times):
            try:
                work(number)
            except OSError:
                return

    threading.Thread(target=repeat, daemon=True).start()


def _swapped(target: str, root: Path) -> None:
    path, other = _innocent(root) / "swapped.py", root.parent / "other"
    path.write_bytes(b"x = 1\n")

    def swap(number: int) -> None:
        if number % 2:
            other.write_bytes(b"x = 1\n")
        else:
            other.symlink_to(target)
        other.replace(path)

    _meanwhile(swap)


def _folder_swapped(root: Path) -> None:
    _written({"d/a.py": b"x = 1\n", INNOCENT: INNOCENT_BODY}, root)

    def swap(number: int) -> None:
        if number % 2:
            (root / "d").unlink()
            (root / "was").rename(root / "d")
        else:
            (root / "d").rename(root / "was")
            (root / "d").symlink_to("/etc")

    _meanwhile(swap)


def _vanishing(root: Path) -> None:
    _written({f"v{number}.py": b"x = 1\n" for number in range(300)} | {INNOCENT: INNOCENT_BODY}, root)
    _meanwhile(lambda number: (root / f"v{number}.py").unlink())


def _shrinking(root: Path) -> None:
    path = _innocent(root) / "shrinks.py"
    path.write_bytes(b"x = 1\n" * 10_000)
    _meanwhile(lambda number: os.truncate(path, 60_000 - 200 * number))


def _alternates(root: Path) -> None:
    _git(_innocent(root))
    (root / ".git/objects/info").mkdir(parents=True, exist_ok=True)
    (root / ".git/objects/info/alternates").write_text("/etc\n../../../..\n" * 100)


def _lying_index(root: Path) -> None:
    _git(_innocent(root))
    (root / ".git/index").write_bytes(b"DIRC\0\0\0\2\xff\xff\xff\xff" + bytes(100))


def _including(root: Path) -> None:
    _git(_innocent(root))
    settings = root / "evil.config"
    settings.write_text(f"[core]\n fsmonitor = {_script(root, 'included')}\n sshCommand = {root.parent / 'included'}\n")
    _run(root, "config", "include.path", str(settings))


def _elsewhere(root: Path) -> None:
    _git(_innocent(root))
    _run(root, "config", "core.worktree", "/etc")


def _submodule(root: Path) -> None:
    _git(_innocent(root))
    _written({"sub/.git": b"gitdir: ../.git/modules/sub\n", "sub/inner.py": b"x = 1\n"}, root)
    modules = root / ".git/modules/sub"
    modules.mkdir(parents=True)
    (modules / "config").write_text(f"[core]\n fsmonitor = {_script(root, 'inner')}\n worktree = ../../../sub\n")
    (modules / "HEAD").write_text("ref: refs/heads/main\n")


def _no_text(root: Path) -> None:
    folder = os.fsencode(_innocent(root))
    for name in (b"\xff\xfe.py", b"a\nb.py", b"\x1b[31m.py"):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(b"x = 1\n")


def _forbidden(root: Path) -> None:
    path = _innocent(root) / "secret.py"
    path.write_bytes(b"x = 1\n")
    path.chmod(0)
