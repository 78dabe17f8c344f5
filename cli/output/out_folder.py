"""The folder OUT. New entries are built beside the old ones and swapped in whole: a failed run loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from agents import keys
from cli.disk_errors import explained
from cli.errors import BadInput
from cli.output import unpacking

if TYPE_CHECKING:
    from cli.session.run_outcome import RunOutcome
    from cli.stack.clients import Stack

_PARTIAL = ".swarm-partial-"


@contextmanager
def out_folder(out: Path, repository: Path | None = None) -> Iterator[Path]:
    """An empty folder inside OUT to build in; it is gone afterwards, and so is an OUT that nothing was written to.

    Raises:
        BadInput: OUT is a file, cannot be written to, or is the repository itself.
    """
    place = check_out(out, repository)
    is_new = not place.exists()
    with explained(f"--out cannot be written to: {out}"):
        place.mkdir(parents=True, exist_ok=True)
        _remove_orphans(place)
        partial = Path(tempfile.mkdtemp(prefix=f"{_PARTIAL}{os.getpid()}-", dir=place))
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if is_new and not any(place.iterdir()):
            place.rmdir()


def check_out(out: Path, repository: Path | None = None) -> Path:
    """OUT as an absolute path.

    Raises:
        BadInput: OUT is a file, cannot be written to, or is the repository itself.
    """
    with explained(f"--out cannot be written to: {out}"):
        return _checked(out, repository)


def check_ours(out: Path, session: str) -> None:
    """Raises BadInput for a folder with anything in it but what a run, or an earlier fetch, of this session wrote."""
    place = check_out(out)
    with explained(f"--out cannot be read: {out}"):
        if not place.exists() or not any(place.iterdir()):
            return
        try:
            present = str(json.loads((place / "session.json").read_text(encoding="utf-8"))["session_id"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            raise BadInput(
                f"--out {out} has files that are not of a session, and nothing is written among them: name a new folder"
            ) from None
    if present != session:
        raise BadInput(
            f"--out {out} has session {present or 'without an id'}, which is not replaced: name a new folder"
        )


def _checked(out: Path, repository: Path | None) -> Path:
    place = out.expanduser().absolute()
    if repository is not None:
        _check_apart(out, place, repository.expanduser().resolve())
    if place.exists() and not place.is_dir():
        raise BadInput(f"--out is not a folder: {out}")
    above = next(folder for folder in (place, *place.parents) if folder.exists())
    if not above.is_dir():
        raise BadInput(f"--out cannot be written to: {out}: {above} is a file. Name another folder.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise BadInput(f"--out cannot be written to: {out}: no permission in {above}. Name another folder.")
    return place


def _check_apart(out: Path, place: Path, source: Path) -> None:
    if place.resolve() == source:
        raise BadInput(f"--out is the repository itself: {out}. Name another folder, inside it or elsewhere.")
    for entry in ("site", "site-src"):
        written = place.resolve() / entry
        if written == source or written in source.parents:
            raise BadInput(f"The repository lies inside {written}, which the run would replace.")


def _remove_orphans(out: Path) -> None:
    """What a run that was killed has left half-built; the folder of a living run is named after its process."""
    for left in out.glob(f"{_PARTIAL}*"):
        process = left.name.removeprefix(_PARTIAL).partition("-")[0]
        if not (process.isdecimal() and _is_alive(int(process))):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def write(stack: Stack, outcome: RunOutcome, partial: Path, options: str = "") -> None:
    """Build every file of a run in `partial` and swap them into its parent. Raises BadInput when the disk refuses.

    `options` lead `swarm logs` to the session.
    """
    with explained(f"--out cannot be written to: {partial.parent}"):
        _write(stack, outcome, partial, options)


def _write(stack: Stack, outcome: RunOutcome, partial: Path, options: str) -> None:
    # A folder is checked and made before a run begins; what is written into it is imported while the run waits.
    from cli.output import report
    from cli.session import execution_history as history
    from cli.session import run_outcome

    session_id = outcome.record.session_id
    with ExitStack() as beside:
        if outcome.record.status.published:
            beside.enter_context(_unpacked_beside(stack, keys.site_source(session_id), partial / "site-src"))
            _unpack(_downloaded(stack, keys.site(session_id), partial / "site"), partial / "site")
        (partial / "session.json").write_text(run_outcome.as_json(outcome.record), encoding="utf-8")
        (partial / "history.json").write_text(history.as_json(outcome.events), encoding="utf-8")
        (partial / "report.html").write_text(report.render(outcome, options=options), encoding="utf-8")
    swap_in(partial, partial.parent)


@contextmanager
def _unpacked_beside(stack: Stack, key: str, folder: Path) -> Iterator[None]:
    """Unpack an archive while the block runs, in a second process: both of a session have thousands of files.

    It is no fork of `agents.second_process`: this process may serve the cloud, with its threads and sockets.
    """
    packed = _downloaded(stack, key, folder)
    command = [sys.executable, "-I", "-S", unpacking.__file__, str(packed), str(_earlier(folder)), str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.wait() == 0:
        packed.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)
        _unpack(packed, folder)  # what was in its way is raised here, in words of its own


def _downloaded(stack: Stack, key: str, folder: Path) -> Path:
    packed = folder.with_name(f"{folder.name}.zip")
    stack.blobs.download(key, packed)
    return packed


def _unpack(packed: Path, folder: Path) -> None:
    unpacking.unpack(packed, folder, _earlier(folder))
    packed.unlink()


def _earlier(folder: Path) -> Path:
    """What an earlier run wrote to OUT in place of this folder of the partial one."""
    return folder.parent.parent / folder.name


def swap_in(partial: Path, out: Path) -> None:
    """Replace OUT's entries by those of the same names in `partial`.

    Folders go first, so that session.json describes files that exist.
    """
    for entry in sorted(partial.iterdir(), key=lambda path: (not path.is_dir(), path.name)):
        target = out / entry.name
        if target.is_dir() and not target.is_symlink():
            target.rename(partial / f".old-{entry.name}")
        elif entry.is_dir():
            target.unlink(missing_ok=True)
        entry.replace(target)
