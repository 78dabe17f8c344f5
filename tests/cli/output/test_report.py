"""The report shows the run, loads nothing, and runs nothing that a repository has put into it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from agents.contracts.session import BatchOutcome, ErrorRecord, SessionStatus
from agents.contracts.snapshot import Gap, Route
from cli.output import report
from cli.session.run_outcome import RunOutcome, completed
from tests.cli.recorded import failed_in_scan, published
from tests.cli.samples import entry, record

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'


class Elements(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def hostile_outcome() -> RunOutcome:
    gap = Gap(path=f"src/{HOSTILE}.py".replace("</", "<\\/"), reason=HOSTILE, detail=HOSTILE)
    finished = completed(record(gap, name=HOSTILE), published())
    finished = finished.model_copy(update={"error": ErrorRecord(name=HOSTILE, cause=HOSTILE), "model": HOSTILE})
    batch = BatchOutcome(batch_id=HOSTILE, route=Route.LAMBDA, analysed=1, seconds=2.0)
    return RunOutcome(finished, published(), (batch,), (), (entry("a'\"><script>b.py", HOSTILE),))


def test_should_escape_every_text_of_a_repository() -> None:
    elements = Elements(report.render(hostile_outcome())).found
    assert not [tag for tag, _ in elements if tag in {"script", "img", "iframe", "link", "object"}]
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]


def test_should_load_nothing_from_anywhere() -> None:
    page = report.render(hostile_outcome())
    assert not re.search(r"https?://|url\(|@import", page)
    assert [a["href"] for tag, a in Elements(page).found if tag == "a"] == ["site/index.html"]


def test_should_have_a_bar_for_every_stay_of_an_agent() -> None:
    page = report.render(RunOutcome(completed(record(), published()), published()))
    for state in ("OpenSession", "Scan", "AnalyseFiles", "SecurityAgent", "PerformanceAgent", "Publish"):
        assert f">{state}</span>" in page
    assert page.count(">Edit</span>") == 2


def test_should_name_the_slowest_batches_largest_files() -> None:
    batches = [BatchOutcome(batch_id=f"b0000{n}", route=Route.LAMBDA, analysed=1, seconds=float(n)) for n in range(3)]
    entries = [entry("small.py", "b00002", 10), entry("large.py", "b00002", 2000), entry("other.py", "b00001")]
    slow = report.slowest(RunOutcome(record(), [], batches, (), entries))
    assert [batch.batch_id for batch in slow] == ["b00002", "b00001", "b00000"]
    assert slow[0].largest == (("large.py", 2000), ("small.py", 10))


def test_should_say_so_when_a_session_failed_before_anything_was_known() -> None:
    failed = record(status=SessionStatus.FAILED).model_copy(
        update={"error": ErrorRecord(name="RepositoryEmpty", cause=""), "score": None}
    )
    page = report.render(RunOutcome(completed(failed, failed_in_scan()), failed_in_scan()))
    assert "RepositoryEmpty" in page
    assert "not finished" in page
    assert "Read the site" not in page


def test_should_draw_no_picture_without_a_history() -> None:
    page = report.render(RunOutcome(record(), []))
    assert "Timeline" not in page


def test_the_coverage_bars_parts_are_all_files() -> None:
    shares = report.shares(record(Gap(path="a", reason="FileTooLarge", detail="")))
    assert sum(share.files for share in shares) == 11
    assert round(sum(share.percent for share in shares)) == 100
