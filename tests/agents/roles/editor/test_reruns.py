"""Why a model was asked for a page (again), and that the coverage page and nobody else tells it."""

from __future__ import annotations

import pytest

from agents.contracts.draft import EditorBrief, PageKind
from agents.contracts.reruns import RerunPage, Reruns
from agents.contracts.snapshot import FileChange, Manifest, SkipReason
from agents.contracts.synthesis import CitedStatement, Module
from agents.roles.critic.core import brief as critic_brief
from agents.roles.critic.core import pages_of
from agents.roles.editor.core import pages
from agents.roles.editor.coverage_page import coverage_page
from agents.roles.editor.reruns import reruns
from tests.agents.fakes import SESSION_ID
from tests.agents.roles.editor.samples import manifest, material
from tests.agents.roles.editor.test_pages import draft

CHANGES = {"its bytes changed": FileChange.BYTES, "new file": FileChange.NEW}
PREVIOUS = "s" + "1" * 20
WAS = Reruns(
    session_id=PREVIOUS,
    model="openai:a",
    instructions="i1",
    pages=(RerunPage(page="p.md", why="a new page", cites=("demo/greet.py", "demo/names.py")),),
)


def brief(*cites: str, page: str = "p.md", module: Module | None = None) -> EditorBrief:
    statements = tuple(CitedStatement(text=f"About {path}.", path=path) for path in cites)
    return EditorBrief(page=page, title="Page", statements=statements, module=module)


def with_reasons(reasons: dict[str, str]) -> Manifest:
    whole = manifest()
    entries = tuple(
        entry.model_copy(
            update={"batch_id": "b00000", "why": reasons[entry.path], "change": CHANGES.get(reasons[entry.path])}
        )
        if entry.path in reasons
        else entry.model_copy(update={"batch_id": None, "reused": True} if entry.batch_id else {})
        for entry in whole.entries
    )
    return whole.model_copy(update={"entries": entries, "previous": PREVIOUS})


def why(brief: EditorBrief, reasons: dict[str, str], before: Reruns | None = WAS) -> str:
    found = reruns(with_reasons(reasons), [brief], {brief.page}, before, "openai:a", "i1")
    return found.pages[0].why


BOTH = ("demo/greet.py", "demo/names.py")


@pytest.mark.parametrize(
    ("brief", "reasons", "expected"),
    [
        (brief(*BOTH, page="q.md"), {}, "a new page"),
        (brief(*BOTH), {"demo/names.py": "its bytes changed"}, "cites demo/names.py, which changed"),
        (brief("demo/greet.py"), {"demo/names.py": "its bytes changed"}, "cites demo/names.py, which changed"),
        (brief(*BOTH, "README.md"), {"README.md": "new file"}, "cites README.md, which is new"),
        (
            brief(*BOTH),
            {"demo/greet.py": "imports demo/names.py, which changed"},
            "cites demo/greet.py, analysed again: imports demo/names.py, which changed",
        ),
        (brief(*BOTH, "README.md"), {}, "cites README.md now"),
        (brief("demo/greet.py"), {}, "cites demo/names.py no more"),
        (brief(*BOTH), {}, "what is said of its files changed"),
    ],
)
def test_the_files_that_a_page_cites_explain_it(brief: EditorBrief, reasons: dict[str, str], expected: str) -> None:
    assert why(brief, reasons) == expected


def test_a_file_of_the_module_explains_a_page_that_does_not_cite_it() -> None:
    module = Module(name="demo", files=("demo/__init__.py",), languages={}, symbols=0)
    expected = "demo/__init__.py of its module was analysed again: its bytes changed"
    assert why(brief(*BOTH, module=module), {"demo/__init__.py": "its bytes changed"}) == expected


def test_another_model_or_other_instructions_explain_every_page() -> None:
    assert why(brief(*BOTH), {}, WAS.model_copy(update={"model": "openai:b"})) == "the model changed from openai:b"
    assert why(brief(*BOTH), {}, WAS.model_copy(update={"instructions": "i0"})) == "the instructions changed"


def test_a_page_that_an_earlier_answer_served_needs_no_reason_and_files_keep_theirs() -> None:
    found = reruns(with_reasons({"demo/greet.py": "its bytes changed"}), [brief(*BOTH)], (), WAS, "openai:a", "i1")
    assert (found.pages[0].why, found.pages_asked) == ("", ())
    assert [(file.path, file.why) for file in found.files] == [("demo/greet.py", "its bytes changed")]
    assert found.files_reused == 4


def test_the_coverage_page_tells_what_was_done_again_of_a_second_session_only() -> None:
    found = reruns(
        with_reasons({"demo/greet.py": "its bytes changed"}), [brief(*BOTH)], {"p.md"}, WAS, "openai:a", "i1"
    )
    second = coverage_page(material(), reruns=found).markdown
    assert "1 file analysed, 4 reused.\n\nProse written anew: 1 of 1 page." in second
    assert "its bytes changed" in second
    first = coverage_page(material(), reruns=found.model_copy(update={"previous": ""})).markdown
    assert "done again" not in first


def test_the_critics_question_does_not_tell_what_only_this_session_did() -> None:
    known = material()
    second = WAS.model_copy(update={"session_id": SESSION_ID, "previous": PREVIOUS})
    drafts = [draft(known).model_copy(update={"pages": tuple(pages(known, {}, again))}) for again in (None, second)]
    assert drafts[0] != drafts[1]
    asked = [critic_brief(pages_of(one).judged, (), known.coverage, 0) for one in drafts]
    assert asked[0] == asked[1]
    assert SkipReason.BINARY.value not in asked[0].model_dump_json()
    assert {page.kind for page in drafts[0].pages} > {PageKind.COVERAGE}
