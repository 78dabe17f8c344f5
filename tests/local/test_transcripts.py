"""The transcripts of docs/commands.md show what the commands print today, on a stack of the local cloud.

Numbers, names of sessions and times may differ. After a change that is meant: UPDATE_GOLDEN=1 python -m pytest on this
file writes the outputs into the page, then read the diff.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pytest

from local.cloud import LocalCloud
from local.root import ROOT
from releases.build import build

pytestmark = pytest.mark.local
PAGE = ROOT / "docs" / "commands.md"
SESSION = re.compile(r"\bs[0-9a-f]{20}\b")
#: Lines that come and go with the speed of the machine.
_PROGRESS = re.compile(r"^\s*[\d.]+ s  .*\n", re.MULTILINE)
#: In a normalised text, in this order; what remains of a line is words.
_VARIES = (
    (SESSION, "SESSION"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b|\b(?=\w*\d)[0-9a-f]{16}\b"), "ID"),
    (re.compile(r"\d[\d,.:]*"), "N"),
    (re.compile(r"\bN (?:s|min|h)\b"), "AGE"),
    (re.compile(r"[ \t]+"), " "),
    (re.compile(r" ?\n"), "\n"),
)


@dataclass(frozen=True)
class Shown:
    """A command of the page and what stands below it."""

    command: str
    output: str


def transcript(beginning: str) -> list[Shown]:
    """The commands of the page's block that begins with this command."""
    text = PAGE.read_text("utf-8")
    (block,) = [each for each in re.findall(r"```console\n(.*?)```", text, re.DOTALL) if each.startswith(beginning)]
    return [Shown(*each.partition("\n")[::2]) for each in re.split(r"^\$ ", block, flags=re.MULTILINE) if each]


def words_of(output: str) -> str:
    """The output without what varies."""
    text = _PROGRESS.sub("", output).strip() + "\n"
    for pattern, name in _VARIES:
        text = pattern.sub(name, text)
    return text


@dataclass
class Terminal:
    """Runs the page's commands in a folder, with the sessions of this run in the place of the page's."""

    folder: Path
    variables: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)

    def type(self, shown: Shown) -> str:
        """What the command prints, both streams, and its exit code where that is not 0."""
        line = SESSION.sub(lambda name: self.names.get(name[0], name[0]), shown.command)
        words = shlex.split(line)
        done = subprocess.run(
            [sys.executable, "-m", "cli", *words[1:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.variables,
            cwd=self.folder,
            check=False,
            timeout=180,
        )
        of_page, printed = SESSION.search(shown.output), SESSION.search(done.stdout)
        if words[1] == "submit" and of_page and printed:
            self.names[of_page[0]] = printed[0]
        code = f"[exit code {done.returncode}]\n" if done.returncode else ""
        return "\n".join(each.rstrip() for each in done.stdout.splitlines()) + "\n" + code


def held(shown: Shown, printed: str, names: Mapping[str, str] = MappingProxyType({})) -> None:
    """The page has this output; with UPDATE_GOLDEN=1 it is made to, and keeps its `names` of sessions."""
    of_page = {ours: theirs for theirs, ours in names.items()}
    if os.environ.get("UPDATE_GOLDEN") == "1":
        text, between = PAGE.read_text("utf-8"), "\n" if shown.output.endswith("\n\n") else ""
        before = f"$ {shown.command}\n{shown.output}"
        assert text.count(before) == 1
        renewed = SESSION.sub(lambda name: of_page.get(name[0], name[0]), _PROGRESS.sub("", printed)).rstrip()
        PAGE.write_text(text.replace(before, f"$ {shown.command}\n{renewed}\n{between}"), "utf-8")
        return
    assert words_of(printed) == words_of(shown.output), f"renew {PAGE.name}, `{shown.command}`: UPDATE_GOLDEN=1"


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("transcripts")
    (folder / "shop").mkdir()
    for name in ("basket", "customer", "order", "price", "stock", "tax", "window"):
        text = f'"""About a {name}."""\n\n\ndef {name}() -> int:\n    """One {name}."""\n    return 1\n'
        (folder / "shop" / f"{name}.py").write_text(text)
    (folder / "large").mkdir()
    (folder / "large" / "prose.txt").write_text("A line that is too much for a function, again and again.\n" * 36_000)
    with LocalCloud("local", settings={"release": build().release}, warm=True) as cloud:
        here = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
        yield Terminal(folder, {**here, **cloud.variables()})


def test_sessions_are_submitted_watched_and_read_as_the_page_shows(terminal: Terminal) -> None:
    # In the order of the page: its list of sessions was printed before the second one.
    for beginning in ("$ swarm submit shop --stack local\n", "$ swarm submit large --stack local"):
        for shown in transcript(beginning):
            held(shown, terminal.type(shown), terminal.names)


def test_wrong_arguments_are_refused_as_the_page_shows(terminal: Terminal) -> None:
    wrong = [
        shown
        for shown in transcript("$ swarm watch s00000000000000000000")
        if "--stack local" in shown.command and "#" not in shown.command
    ]
    assert len(wrong) >= 10
    for shown in wrong:
        held(shown, terminal.type(shown))


def test_a_line_that_the_page_lacks_is_noticed() -> None:
    line = "2026-11-28 04:34:24  INFO     Publish                   state done  seconds=2.281\n"
    assert words_of(line) == words_of(line.replace("04:34:24", "17:00:01").replace("2.281", "14"))
    assert words_of(line) != words_of(line.replace("done", "begun") + line)
    assert words_of("session s0123456789abcdef0123\n") == words_of("session s3210fedcba9876543210\n")
