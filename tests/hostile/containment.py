"""Runs a hostile input in a process of its own, which may use so much time and memory and write into one folder."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from agents.errors import SwarmError
from cli.errors import CommandError

#: What one input may cost. The largest of them needs a tenth of each.
CPU_SECONDS = 20
MEMORY_BYTES = 400 << 20
#: What an error may say: longer than a sentence is a dump.
_LONGEST_MESSAGE = 1_000

#: A path's fate, such as `documented`, `skipped: binary` or `gap: FileTooLarge`; under "" stands the error's name.
Fates = Mapping[str, str]

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: Audit events of changes on a disk, with the places of the paths among their arguments.
_CHANGES = {
    "os.chmod": (0,), "os.chown": (0,), "os.link": (1,), "os.mkdir": (0,), "os.remove": (0,), "os.rename": (0, 1),
    "os.rmdir": (0,), "os.symlink": (1,), "os.truncate": (0,), "os.utime": (0,), "shutil.move": (1,),
}  # fmt: skip
_NEVER = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect", "socket.getaddrinfo"}
)


@dataclass(frozen=True)
class Contained:
    """What came of an input: its fates, the error's message, what it did outside its folder."""

    fates: Fates
    message: str = ""
    escapes: tuple[str, ...] = ()
    ended_by: str = ""


@dataclass
class _Watch:
    """An audit hook that writes down what leaves the folder."""

    folder: Path
    programs: frozenset[str]
    escapes: list[str] = field(default_factory=list)
    on: bool = True

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event in _NEVER:
            program = Path(os.fsdecode(arguments[0])).name if event == "subprocess.Popen" else event
            if program not in self.programs:
                self.escapes.append(f"{event} {program}")
        elif event == "open":
            path, _, flags = arguments
            if flags & _WRITES:
                self._changed(event, path)
        elif event in _CHANGES:
            for place in _CHANGES[event]:
                self._changed(event, arguments[place])

    def _changed(self, event: str, path: object) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):  # a descriptor of something that was opened before
            return
        place = Path(os.path.realpath(os.fsdecode(path)))
        if place != Path(os.devnull) and self.folder not in (place, *place.parents):
            self.escapes.append(f"{event} {place}")


def contained(
    work: Callable[[Path], Fates], folder: Path, programs: frozenset[str] = frozenset(), cpu_seconds: int = CPU_SECONDS
) -> Contained:
    """What `work` makes of a folder of its own, in a child process; `programs` are those that it may start."""
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_in_child, args=(work, folder, programs, cpu_seconds, sender))
    child.start()
    sender.close()
    try:
        result = receiver.recv() if receiver.poll(cpu_seconds * 10) else None
    except EOFError:
        result = None
    if result is None:
        child.kill()
    child.join()
    receiver.close()
    if isinstance(result, Contained):
        return result
    ended_by = signal.Signals(-child.exitcode).name if child.exitcode and child.exitcode < 0 else "time"
    return Contained({}, ended_by=ended_by)


def _in_child(
    work: Callable[[Path], Fates], folder: Path, programs: frozenset[str], cpu_seconds: int, sender: Connection
) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)  # the test's own time-out is the parent's
    # All temporary files of the product lie where the watch looks.
    tempfile.tempdir = str(folder)
    os.chdir(folder)
    # A module that is imported only here would be compiled into the project's own folder.
    sys.dont_write_bytecode = True
    used = sum(os.times()[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + cpu_seconds, int(used) + cpu_seconds + 1))
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if _is_linux() else 0
    if mapped:
        resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY_BYTES, mapped + MEMORY_BYTES))
    watch = _Watch(folder.resolve(), programs)
    sys.addaudithook(watch)
    try:
        outcome = Contained(work(folder), escapes=tuple(watch.escapes))
    except (SwarmError, CommandError) as error:
        outcome = Contained({"": type(error).__name__}, str(error)[: _LONGEST_MESSAGE + 1], tuple(watch.escapes))
    except MemoryError:
        outcome = Contained({}, ended_by="memory")
    except BaseException:  # noqa: BLE001 (the parent reports whatever it is)
        outcome = Contained({}, traceback.format_exc()[-3_000:], tuple(watch.escapes), "exception")
    watch.on = False
    sender.send(outcome)
    sender.close()
    # Without the parent's exit handlers, which are not the child's to run.
    os._exit(0)


def _is_linux() -> bool:
    return sys.platform == "linux"
