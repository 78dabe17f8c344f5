"""What the router predicts for real projects' sources, beside what analysing them took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.analysis import Analysis, AnalystReply
from agents.contracts.session import Pace
from agents.contracts.snapshot import Route, SourceFile
from agents.models.extractive.model import ExtractiveModel
from agents.ports import Question
from agents.questions.instructions import instructions_of
from agents.roles.analyst.core import brief, verify
from agents.roles.scanner.core import ExaminedFile, examine
from agents.roles.scanner.plan import FileToPlan, plan
from cli.stack.stack_settings import read_settings

#: Projects whose sources every development environment has: libraries of Python, data, templates and scripts.
PROJECTS = ("botocore", "material", "moto", "pydantic", "rich")
MOST_FILES = 600
#: Share of batches that Lambda may not finish, in percent.
ESCALATED_LIMIT = 2.0


def figures() -> Iterator[dict[str, Any]]:
    """A line a project, predicted with the history of those before it, and one for all of them."""
    settings = read_settings("local", {}).for_agents
    paces: dict[str, Pace] = {}
    batches = escalated = 0
    for project in PROJECTS:
        print(f"routing: {project}", file=sys.stderr)
        predicted, measured = 0.0, 0.0
        count, routes = 0, {"lambda": 0, "fargate": 0}
        files, texts = _files_of(project)
        for batch, paths in plan(files.values(), settings, dict(paces)):
            seconds = _analyse([files[path] for path in paths], texts, paces)
            predicted, measured, count = predicted + batch.predicted_seconds, measured + seconds, count + 1
            routes[batch.route.value] += 1
            escalated += batch.route is Route.LAMBDA and seconds > settings.lambda_seconds
        batches += count
        yield {
            "project": project,
            "files": len(files),
            "bytes": sum(file.bytes for file in files.values()),
            "batches": count,
            **routes,
            "predicted_s": round(predicted, 2),
            "measured_s": round(measured, 2),
            "predicted_to_measured": round(predicted / measured, 2) if measured else None,
        }
    share = 100 * escalated / max(1, batches)
    yield {"batches": batches, "escalated_percent": round(share, 2), "within": share < ESCALATED_LIMIT}


def _files_of(project: str) -> tuple[dict[str, FileToPlan], dict[str, str]]:
    """What the scanner would plan of the project, and the texts, by path."""
    spec = find_spec(project)
    assert spec is not None and spec.submodule_search_locations, f"{project} is not installed"
    root = Path(next(iter(spec.submodule_search_locations)))
    files: dict[str, FileToPlan] = {}
    texts: dict[str, str] = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and len(files) < MOST_FILES:
            name = path.relative_to(root).as_posix()
            seen: ExaminedFile = examine(name, [path.read_bytes()], 5_000_000)
            if seen.text is not None:
                files[name], texts[name] = FileToPlan(name, seen.bytes, seen.language), seen.text
    return files, texts


def _analyse(files: list[FileToPlan], texts: dict[str, str], paces: dict[str, Pace]) -> float:
    """Seconds of the batch's analysis; the history learns them."""
    reader, model = TreeSitterReader(), ExtractiveModel()
    total = 0.0
    for file in files:
        began = time.perf_counter()
        source = SourceFile(path=file.path, language=file.language, analysis_key="0" * 64, text=texts[file.path])
        structure = reader.read(file.path, file.language, texts[file.path])
        question = Question("analyst", instructions_of("analyst"), brief(source, structure), AnalystReply)
        analysis = verify(source, structure, model.answer(question).reply, model.name).claims
        assert isinstance(analysis, Analysis)
        analysis.model_dump_json()
        took = time.perf_counter() - began
        paces[file.language] = paces.get(file.language, Pace()) + Pace(files=1, bytes=file.bytes, seconds=took)
        total += took
    return total
