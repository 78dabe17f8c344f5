"""How many planted secrets are found and where, what is taken for one in real projects, how fast."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.codebase.secrets import find, without_secret_names, without_secrets
from bench.secret_forms import Form, forms
from bench.secret_samples import Sample, places, samples

SEEDS = range(3)
RECALL = 0.99
LINES_PER_FALSE_ALARM = 2_000
FILES_PER_SECOND = 300
#: A source distribution each; what pip fetches lies in the user's cache and is never part of this repository.
PROJECTS = ("flask", "requests", "click", "rich", "httpx", "werkzeug", "jinja2", "tornado", "paramiko", "boto3")
_HOSTILE = (
    "password",
    "token=",
    "api_key ",
    "sk-",
    "ey" + "J",
    "pass:",
    "passwordA=",
    "key:api_",
    "://a:",
    "M.",
    "\\n",
    "a1B2c3D4",
)
_HOSTILE_BYTES = 5_000_000
_HOSTILE_SECONDS = 60


def figures() -> Iterator[dict[str, Any]]:
    """Recall, false alarms and speed by project, and the slowest hostile text."""
    yield recall()
    yield recall_in_forms()
    yield from _projects()
    yield _hostile()


def recall() -> dict[str, Any]:
    """The share of planted secrets that are gone from the text."""
    planted: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    leaked: Counter[str] = Counter()
    for sample in (sample for seed in SEEDS for sample in samples(seed)):
        for place, text in places(sample):
            planted[place] += 1
            kinds[sample.kind] += 1
            if leaks(sample, place, text):
                missed[f"{place}: {sample.kind}"] += 1
                leaked[sample.kind] += 1
    share = 1 - missed.total() / planted.total()
    return {
        "kinds": len(kinds),
        "places": dict(planted),
        "planted_by_kind": dict(kinds),
        "leaked_by_kind": dict(leaked),
        "missed": dict(missed),
        "recall": round(share, 4),
        "within": share >= RECALL and len(kinds) >= 100 and len(planted) == 12,
    }


def recall_in_forms() -> dict[str, Any]:
    """The share of secrets that are gone from files as people write them, and what was missed where."""
    planted = [form for seed in SEEDS for form in forms(seed)]
    folders = Counter(form.path.split("/")[0] for form in planted for _ in form.values)
    missed = Counter(form.name for form in planted for _ in leaking(form, without_secrets(form.text)))
    share = 1 - missed.total() / folders.total()
    return {
        "forms": len({form.name for form in planted}),
        "planted": dict(folders),
        "missed": dict(missed),
        "recall": round(share, 4),
        "within": share >= RECALL,
    }


def leaking(form: Form, text: str) -> list[str]:
    """The form's values that, but for their ends, stand in a text."""
    return [value for value in form.values if value[1:-2] in text]


def leaks(sample: Sample, place: str, text: str) -> bool:
    """Whether the secret, or all but its ends, still stands in the text."""
    cleaned = without_secret_names(text) if place == "file name" else without_secrets(text)
    return sample.value in cleaned or sample.value[1:-2] in cleaned


def _projects() -> Iterator[dict[str, Any]]:
    lines = alarms = files = 0
    seconds = 0.0
    for project in PROJECTS:
        before = lines, alarms
        for data in _texts(_fetched(project)):
            started = time.process_time()
            alarms += sum(1 for _ in find(data))
            seconds += time.process_time() - started
            lines += data.count(b"\n")
            files += 1
        yield {"project": project, "lines": lines - before[0], "alarms": alarms - before[1]}
    yield {
        "lines": lines,
        "alarms": alarms,
        "lines_per_alarm": lines // max(1, alarms),
        "files_per_second": round(files / seconds),
        "within": lines / max(1, alarms) >= LINES_PER_FALSE_ALARM and files / seconds >= FILES_PER_SECOND,
    }


def _fetched(project: str) -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "swarm-bench" / "sdists"
    folder.mkdir(parents=True, exist_ok=True)
    archives = sorted(folder.glob(f"{project}-[0-9]*.tar.gz"))
    if not archives:
        print(f"secrets: fetching {project}", file=sys.stderr)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", project, project]
        subprocess.run([*command, "--dest", str(folder)], check=True)
        archives = sorted(folder.glob(f"{project}-[0-9]*.tar.gz"))
    return archives[-1]


def _texts(archive: Path) -> Iterator[bytes]:
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() and member.size < 1_000_000 else None
            data = file.read() if file is not None else b"\0"
            if b"\0" not in data:
                yield data


def _hostile() -> dict[str, Any]:
    took = {}
    for seed in _HOSTILE:
        text = (seed * (_HOSTILE_BYTES // len(seed))).encode()
        started = time.process_time()
        hits = sum(1 for _ in find(text))
        took[seed] = round(time.process_time() - started, 1)
        print(f"secrets: {seed!r} {took[seed]} s, {hits} found", file=sys.stderr)
    return {"hostile_bytes": _HOSTILE_BYTES, "seconds": took, "within": max(took.values()) <= _HOSTILE_SECONDS}
