"""Says why a model was asked for a page (again), by what the session before cited. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from agents.contracts.draft import EditorBrief
from agents.contracts.reruns import RerunFile, RerunPage, Reruns
from agents.contracts.snapshot import FileChange, Manifest, ManifestEntry
from agents.text.wording import listed

_NAMED = 3
#: Changes of a file itself, not of what lies around it.
_OWN_CHANGES = frozenset({FileChange.BYTES, FileChange.LEFT_OUT_BEFORE})


def reruns(
    manifest: Manifest,
    briefs: Sequence[EditorBrief],
    asked_pages: Collection[str],
    before: Reruns | None,
    model: str,
    instructions: str,
) -> Reruns:
    """This session's files and pages with their reasons; `asked` are the pages that no earlier answer served."""
    files = {entry.path: entry for entry in manifest.entries if entry.batch_id is not None}
    page_before = {page.page: page for page in before.pages} if before else {}

    def why(brief: EditorBrief, cites: Collection[str]) -> str:
        was = page_before.get(brief.page)
        if was is None or before is None:
            return "a new page"
        if before.model != model:
            return f"the model changed from {before.model or 'another'}"
        if before.instructions != instructions:
            return "the instructions changed"
        return _cause(cites, was.cites, files) or _of_module(brief, files)

    pages = []
    for brief in briefs:
        cites = tuple(dict.fromkeys(statement.path for statement in brief.statements))
        reason = why(brief, cites) if brief.page in asked_pages else ""
        pages.append(RerunPage(page=brief.page, why=reason, cites=cites))
    return Reruns(
        session_id=manifest.session_id,
        previous=manifest.previous,
        model=model,
        instructions=instructions,
        files=tuple(RerunFile(path=path, why=files[path].why) for path in sorted(files)),
        files_reused=sum(1 for entry in manifest.entries if entry.reused),
        pages=tuple(pages),
    )


def _cause(cites: Collection[str], cited: Collection[str], files: Mapping[str, ManifestEntry]) -> str:
    """Which of the files that it cites, or cited, is not what it was."""
    both = list(dict.fromkeys([*cites, *cited]))
    changed = [path for path in both if path in files and files[path].change in _OWN_CHANGES]
    if changed:
        return f"cites {listed(changed, _NAMED)}, which changed"
    new = [path for path in cites if path in files and files[path].change is FileChange.NEW]
    if new:
        return f"cites {listed(new, _NAMED)}, which is new"
    again = [path for path in both if path in files]
    if again:
        return f"cites {listed(again, _NAMED)}, analysed again: {files[again[0]].why}"
    added = [path for path in cites if path not in cited]
    if added:
        return f"cites {listed(added, _NAMED)} now"
    gone = [path for path in cited if path not in cites]
    return f"cites {listed(gone, _NAMED)} no more" if gone else ""


def _of_module(brief: EditorBrief, files: Mapping[str, ManifestEntry]) -> str:
    own = [path for path in brief.module.files if path in files] if brief.module else []
    if own:
        return f"{listed(own, _NAMED)} of its module was analysed again: {files[own[0]].why}"
    return "what is known of its module changed" if brief.module else "what is said of its files changed"
