"""A draft in the store: JSON lines, the revision first and then page by page, so that nobody holds all of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from agents import keys
from agents.contracts.approval import Approval, ApprovalDecision
from agents.contracts.draft import LAST_REVISION, AnyPage, Critique, Draft, Page, PageLine, Verdict
from agents.contracts.session import Session
from agents.errors import BlobMissing
from agents.ports import Approvals, Ports


class StoredDraft:
    """A Revision that is read from a file, page by page."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with file.open("rb") as lines:
            head = Draft.model_validate_json(lines.readline())
        self.revision = head.revision
        self.rewritten = head.rewritten

    @property
    def pages(self) -> Iterator[Page]:
        """The pages, from the first, each time they are asked for."""
        with self._file.open("rb") as lines:
            # A draft on one line holds its pages itself: releases before this one wrote them so.
            yield from Draft.model_validate_json(lines.readline()).pages
            for line in lines:
                yield Page.model_validate_json(line)


@contextmanager
def stored_draft(ports: Ports, session_id: str, revision: int) -> Iterator[StoredDraft]:
    """The draft, on this machine's disk while it is used. Raises BlobMissing."""
    with TemporaryDirectory(prefix="swarm-draft-") as folder:
        file = Path(folder, "draft.jsonl")
        ports.blobs.download(keys.draft(session_id, revision), file)
        yield StoredDraft(file)


def critiques_of(session: Session, ports: Ports) -> Iterator[Critique]:
    """The critiques of the session's execution: others, and what lies after the loop's end, are an earlier one's."""
    back = sent_back(session, ports.approvals)
    for revision in range(1, LAST_REVISION + 1):
        try:
            critique = Critique.model_validate_json(ports.blobs.read(keys.critique(session.session_id, revision)))
        except BlobMissing:
            return
        if critique.execution != session.execution:
            return
        yield critique
        if critique.verdict is not Verdict.RISING and (back is None or critique.revision > back.revision):
            return


def sent_back(session: Session, approvals: Approvals) -> Approval | None:
    """The draft that a person has sent back to the editor with a comment, if there is one."""
    decided = ((approval, approval.decision) for approval in approvals.of(session) if approval.decision)
    return next((approval for approval, made in decided if made.decision is ApprovalDecision.REVISE), None)


def stored(page: AnyPage) -> bytes:
    """The page's line in a draft."""
    return page.line if isinstance(page, PageLine) else page.model_dump_json().encode()


def save_draft(
    ports: Ports, session_id: str, revision: int, pages: Iterable[AnyPage], rewritten: Iterable[str] | None = None
) -> tuple[int, int]:
    """Write the pages as they come, all of them `rewritten` unless it says which; how many of both there are."""
    paths: list[str] = []
    with TemporaryDirectory(prefix="swarm-draft-") as folder:
        body, whole = Path(folder, "pages.jsonl"), Path(folder, "draft.jsonl")
        with body.open("wb") as lines:
            for page in pages:
                lines.write(stored(page) + b"\n")
                paths.append(page.path)
        head = Draft(revision=revision, pages=(), rewritten=tuple(paths if rewritten is None else rewritten))
        with whole.open("wb") as file, body.open("rb") as lines:
            file.write(head.model_dump_json().encode() + b"\n")
            shutil.copyfileobj(lines, file)
        ports.blobs.upload(keys.draft(session_id, revision), whole, "application/jsonl")
    return len(paths), len(head.rewritten)
