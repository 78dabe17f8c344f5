"""An invented repository, small enough to read, with everything that a page can show."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.analysis import Analysis
from agents.contracts.base import Lines, Statement
from agents.contracts.review import Finding, Review, Severity
from agents.contracts.session import Coverage
from agents.contracts.snapshot import Gap, Manifest, ManifestEntry, SkipReason
from agents.contracts.structure import Import, Structure, Symbol, SymbolKind, Topic
from agents.models.extractive.editor import respond as edit
from agents.models.extractive.synthesizer import respond as synthesize
from agents.roles.editor.material import Material
from agents.roles.synthesizer.core import merge, picture, verify
from tests.agents.fakes import SESSION_ID

#: Every file's text.
TEXT = "line\n" * 10
README = "# Demo\n\nA demo that greets people, politely and in several languages.\n" + "\n" * 7
FILES: Mapping[str, tuple[str, str, str]] = {
    "README.md": ("markdown", "A demo that greets people, politely and in several languages.", ""),
    "demo/__init__.py": ("python", "Greets people.", ""),
    "demo/greet.py": ("python", "Writes greetings.", "demo.names"),
    "demo/names.py": ("python", "Knows names.", ""),
    "tests/test_greet.py": ("python", "Holds greetings to their promises.", "demo.greet"),
}


def text_of(path: str) -> str:
    return README if path == "README.md" else TEXT


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def analysis(path: str, language: str, doc: str, imported: str = "") -> Analysis:
    name = path.rsplit("/", 1)[-1].split(".")[0]
    symbol = Symbol(
        name=name,
        kind=SymbolKind.FUNCTION,
        signature=f"def {name}(who: str) -> str",
        lines=Lines(start=3, end=8),
        doc=doc,
        calls=("format",),
        raises=("ValueError",),
    )
    return Analysis(
        analysis_key=digest(path),
        structure=Structure(
            language=language,
            line_count=10,
            doc=doc,
            doc_lines=Lines(start=1, end=1),
            symbols=(symbol,),
            imports=(Import(target=imported, lines=Lines(start=2, end=2)),) if imported else (),
        ),
        summary=(Statement(text=doc, lines=Lines(start=1, end=1)),),
        model="extractive",
    )


def manifest(files: Mapping[str, tuple[str, str, str]] = FILES) -> Manifest:
    done = [
        ManifestEntry(
            path=path, language=language, bytes=100, lines=10, digest=digest(path), analysis_key=digest(path),
            batch_id="b00000",
        )
        for path, (language, _, _) in files.items()
    ]  # fmt: skip
    plain = {"language": "text", "bytes": 9, "lines": 0, "digest": digest("x"), "analysis_key": None}
    gap = Gap(path="huge.sql", reason="FileTooLarge", detail="9 MB")
    left_out = ManifestEntry.model_validate({**plain, "path": "logo.png", "skipped": SkipReason.BINARY})
    missing = ManifestEntry.model_validate({**plain, "path": "huge.sql", "gap": gap})
    return Manifest(session_id=SESSION_ID, repository="demo-repo", entries=(*done, left_out, missing))


def analyses(files: Mapping[str, tuple[str, str, str]] = FILES) -> dict[str, Analysis]:
    return {path: analysis(path, *words) for path, words in files.items()}


def finding(path: str = "demo/greet.py", start: int = 4, **changes: object) -> Finding:
    plain = {
        "rule": "shell-injection",
        "severity": Severity.HIGH,
        "path": path,
        "lines": Lines(start=start, end=start),
        "symbol": "greet",
        "title": "A shell runs text",
        "reason": "The text comes from outside",
        "advice": "Pass a list",
        "excerpt": "os.system(name)",
    }
    return Finding.model_validate({**plain, **changes})


def material(files: Mapping[str, tuple[str, str, str]] = FILES, model: str = "extractive") -> Material:
    whole, read = manifest(files), analyses(files)
    known = picture(whole, read)
    return Material(
        manifest=whole,
        analyses=read,
        synthesis=merge(whole, known, verify(known, known.brief, synthesize(known.brief))),
        reviews={
            Topic.SECURITY: Review(
                topic=Topic.SECURITY, reviewed=True, evidence=3, findings=(finding(next(iter(read))),)
            ),
            Topic.PERFORMANCE: Review(topic=Topic.PERFORMANCE, reviewed=False, detail="ModelUnavailable"),
        },
        coverage=Coverage(files_total=len(read) + 2, files_analysed=len(read), files_skipped=1, symbols_total=5,
                          symbols_documented=4),
        gaps=(Gap(path="huge.sql", reason="FileTooLarge", detail="9 MB"),),
        model=model,
        texts=SnapshotTexts(lambda path: text_of(path) if path in files else None),
        asked_roles=frozenset() if model == "extractive" else frozenset({"synthesizer", "editor"}),
    )  # fmt: skip


__all__ = ["FILES", "analyses", "analysis", "digest", "edit", "finding", "manifest", "material"]
