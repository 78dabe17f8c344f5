"""Runs the command as a person does, in a process of its own, and reads what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 300

#: A small repository with a bit of everything: code that imports, data, a page of text, and files that are left out.
SMALL_REPOSITORY = {
    "README.md": "# Hive\n\nKeeps bees.\n\n## Use\n\nRun `hive`.\n",
    "pyproject.toml": '[project]\nname = "hive"\nversion = "1.0"\n',
    "hive/__init__.py": '"""Keeps bees."""\n',
    "hive/queen.py": (
        '"""The queen."""\n\nfrom hive.worker import Worker\n\n\nclass Queen:\n    """Lays eggs."""\n\n'
        '    def lay(self, count: int) -> list[Worker]:\n        """That many workers."""\n'
        "        return [Worker(number) for number in range(count)]\n"
    ),
    "hive/worker.py": (
        '"""Workers."""\n\nimport subprocess\n\n\nclass Worker:\n    """Works."""\n\n'
        "    def __init__(self, number: int) -> None:\n        self.number = number\n\n"
        '    def dance(self, where: str) -> int:\n        """Tell the others."""\n'
        '        return subprocess.call("dance " + where, shell=True)\n'
    ),
    "web/index.js": (
        "import { draw } from './draw.js';\n\n/** Starts. */\nexport function start() {\n  return draw(1);\n}\n"
    ),
    "web/draw.js": "export function draw(size) {\n  return size * 2;\n}\n",
    "empty.py": "",
}

#: Names that a site, a shell, a URL or a page of Markdown could trip over, and names that the site has itself.
ODD_NAMES = (
    "with space.py",
    "quote's.py",
    'double"quote.py',
    "emoji \U0001f41d.py",
    "new\nline.py",
    "new_line.py",
    "-dash.py",
    "hash#tag.py",
    "per%20cent.py",
    "what?.py",
    "Case.py",
    "case.py",
    "index.md",
    "index.html",
    "api/users.py",
    "api.py",
    "source/thing.py",
    "source.py",
    "modules/x.py",
    "search/a.py",
    "assets/b.py",
    "security.md",
    "404.html",
    "llms.txt",
    "<b>bold</b>.py".replace("/", "_"),
    "brackets[1](x).py",
    "pipe|table.py",
    "back`tick.py",
    "back\\slash.py",
    "amp&ersand.py",
    "semi;colon.py",
    "{{ jinja }}.py",
    "tab\there.py",
    "a:b.py",
    ".hidden/x.py",
    "pkg.v1/x.py",
    "folder.py/inner.py",
    "n" * 240 + ".py",
    "/".join(["deep"] * 100) + "/down.py",
    "/".join(["x" * 60] * 5) + ".py",
)
#: Contents that a decoder, a parser or a page could trip over.
ODD_CONTENTS: Mapping[str, bytes] = {
    "odd/invalid.py": b"def g():\n    '''caf\xe9 \xff\xfe'''\n",
    "odd/long_line.py": b"x = '" + b"a" * 100_000 + b"'\n\ndef after():\n    '''After.'''\n",
    "odd/windows.py": b"def a():\r\n    '''A.'''\r\n",
    "odd/old_mac.py": b"def a():\r    '''A.'''\r",
    "odd/separators.py": "def a():\n\x0c\n    '''A.'''\n\u2028\x85x = 1\n".encode(),
    "odd/no_newline.py": b"def z():\n    return eval(input())",
    "odd/utf16.py": "def u():\n    return 1\n".encode("utf-16"),
    "odd/broken.py": b"def (((\n class",
    "odd/nested.py": b"x = " + b"(" * 3_000 + b")" * 3_000 + b"\n",
    "odd/nested.json": b"[" * 3_000 + b"]" * 3_000,
    "odd/many_aliases.yaml": b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a,*a,*a]\n" % (n, n) for n in range(30)),
    "odd/evil.md": b"# <img src=x onerror=alert(1)>\n\n{% raw %}{{ 7*7 }}\n[x](javascript:alert(1))\n",
    "odd/evil.py": b'"""<script>alert(2)</script> [a](javascript:b) |\n\n# Top"""\n\ndef q():\n    "</code><b>hi"\n',
    "odd/empty.py": b"",
    "odd/nul.py": b"x = 1\n\x00\x00\n",
    "odd/picture.png": bytes(range(256)),
}


@dataclass(frozen=True)
class Finished:
    """What a run of the command came to."""

    code: int
    stdout: str
    stderr: str
    out: Path

    @property
    def session(self) -> dict[str, Any]:
        """session.json."""
        session: dict[str, Any] = json.loads((self.out / "session.json").read_text("utf-8"))
        return session


def write_repository(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write a repository's files; the small one by default."""
    for name, text in (SMALL_REPOSITORY if files is None else files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def add_oddities(root: Path) -> Path:
    """Add odd names, odd contents, links that lead nowhere or round, and a pipe."""
    contents = {name: f'def f{n}(x):\n    """Does {n}."""\n    return x\n'.encode() for n, name in enumerate(ODD_NAMES)}
    contents |= ODD_CONTENTS
    if sys.platform == "linux":  # elsewhere file systems refuse the name
        contents[os.fsdecode(b"bad\xff\xfename.py")] = b"x = 1\n"
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name, target in (("loop", "."), ("self", "self"), ("dangling.py", "nowhere"), ("passwd.py", "/etc/passwd")):
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe.py")
    return root


def count_files(root: Path) -> int:
    """Regular files and links below a folder, without following any."""
    paths = [Path(folder, name) for folder, folders, files in os.walk(root) for name in folders + files]
    return sum(1 for path in paths if path.is_symlink() or path.is_file())


def swarm_run(path: Path, out: Path, state: Path, *options: str, seconds: float = TIMEOUT_SECONDS) -> Finished:
    """`swarm run PATH --json` with a state of its own."""
    command = [
        sys.executable,
        "-m",
        "cli",
        "run",
        str(path),
        "--out",
        str(out),
        "--state",
        str(state),
        "--json",
        *options,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    return Finished(done.returncode, done.stdout, done.stderr, out)


def adds_up(session: dict[str, Any]) -> bool:
    """files_total = files_analysed + files_reused + files_skipped + gaps."""
    c = session["coverage"]
    parts: int = c["files_analysed"] + c["files_reused"] + c["files_skipped"] + len(session["gaps"])
    return bool(c["files_total"] == parts)
