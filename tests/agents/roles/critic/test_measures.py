"""The critic's measures differ between a project that says what it is and one that does not."""

from __future__ import annotations

from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.draft import Citation, CriticBrief, Draft, Page, PageKind
from agents.models.extractive.critic import respond
from agents.roles.critic.measures import measures

SOURCE = 'class Client:\n    timeout: int = 5\n\n    def get(self): ...\n\n\ndef connect():\n    """>>> connect()"""\n'


def site(opening: str, api: str, start: str = "") -> Draft:
    cited = (Citation(path="README.md"),) if "README.md" in opening else ()
    pages = [
        Page(
            path="index.md", kind=PageKind.OVERVIEW, title="x", markdown=f"# x\n\n{opening}\n{start}", citations=cited
        ),
        Page(path="api/a.md", kind=PageKind.API, title="a", subject="a.py", markdown=api),
    ]
    return Draft(revision=1, pages=tuple(pages))


def score(draft: Draft) -> int:
    found = measures(draft, SnapshotTexts({"a.py": SOURCE}.get))
    return respond(CriticBrief(pages=(), checked=(), coverage=1, measures=found)).helpfulness


def test_should_score_a_site_with_readme_and_documentation_above_one_without() -> None:
    rich = site("A client, [1](README.md).", "`Client` `timeout` `connect` >>> connect()", "\n## Installation\n")
    poor = site("Two files.", "`Client`…")

    assert score(rich) == 100
    assert score(poor) < 50


def test_should_say_why_each_measure_has_its_share() -> None:
    found = {one.name: one for one in measures(site("Two files.", "`Client`"), SnapshotTexts({"a.py": SOURCE}.get))}

    assert found["public API"].reason == "1 of 2 public names stand on the pages; missing are `connect`."
    assert found["members"].share == 0
    assert "does not say what the project is" in found["what it is"].reason
    assert all(one.reason.endswith(".") for one in found.values())
