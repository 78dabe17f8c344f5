"""The report shows the run, loads nothing, and runs nothing that a repository has put into it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from agents.contracts.draft import CriticReply, Critique, CritiqueFinding, Verdict
from agents.contracts.session import BatchOutcome, ErrorRecord, SessionStatus, UsageRecord
from agents.contracts.snapshot import Gap, Route
from agents.contracts.usage import Usage
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
    assert not [tag for tag, _ in elements if tag in {"img", "iframe", "link", "object"}]
    scripts = [attributes for tag, attributes in elements if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "data"}, {}]  # the page's data and its own script
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]


def test_its_policy_allows_its_own_script_and_style_and_nothing_else() -> None:
    page = report.render(hostile_outcome())
    [policy] = [a["content"] for tag, a in Elements(page).found if tag == "meta" and "http-equiv" in a]
    style, script = re.findall(r"<style>(.*?)</style>|<script>(.*?)</script>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style[0], script[1])]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not [a for _, a in Elements(page).found if "style" in a]


def test_should_load_nothing_from_anywhere() -> None:
    page = report.render(hostile_outcome())
    assert not re.search(r"https?://|url\(|@import", page)
    assert [a["href"] for tag, a in Elements(page).found if tag == "a"] == ["site/index.html"]


def test_should_have_a_bar_for_every_stay_of_an_agent() -> None:
    page = report.render(RunOutcome(completed(record(), published()), published()))
    for state in ("OpenSession", "Scan", "AnalyseFiles", "SecurityAgent", "PerformanceAgent", "Publish"):
        assert f">{state}</span>" in page
    assert page.count(">Edit</span>") == 2


def test_should_list_spend_by_role_up_to_the_ledgers_sum() -> None:
    spent = Usage(requests=2, input_tokens=10, usd=0.5)
    batch = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1, usage=spent)
    ledger = UsageRecord(requests=6, input_tokens=30, usd=1.75, cap_usd=10)
    outcome = RunOutcome(
        record().model_copy(update={"usage": ledger}),
        published(),
        (batch,),
        usages={"editor": spent, "editor-2": spent, "analyst-b00000-1.5": Usage(requests=0, usd=0.125)},
    )
    rows = re.findall(r"<tr><td>([a-z ]+)</td>.*?\$([\d.]+)</td></tr>", report.render(outcome))
    assert rows == [("analyst", "0.6250"), ("editor", "1.0000"), ("not attributed", "0.1250")]


def test_should_show_each_revision_with_the_critics_findings() -> None:
    finding = CritiqueFinding(page="index.md", problem="It names no reader.", blocking=True)
    reply = CriticReply(completeness=70, truthfulness=70, helpfulness=70, consistency=70, findings=(finding,))
    first = Critique(revision=1, score=70, reply=reply, verdict=Verdict.RISING, best_revision=1)
    page = report.render(RunOutcome(record(), published(), critiques=[first]))
    assert "Draft 1" in page
    assert "score 70" in page
    assert "It names no reader." in page


def test_should_say_what_is_missing_instead_of_inventing_it() -> None:
    page = report.render(RunOutcome(record(), [], unread=["The execution's history is gone"]))
    assert "The execution&#39;s history is gone." in page
    assert ">Timeline<" not in page


def test_a_german_sites_report_is_in_german() -> None:
    page = report.render(RunOutcome(record(), published(), language="de"))
    assert '<html lang="de">' in page
    assert ">Zeitverlauf<" in page
    assert '"Batch":"Stapel"' in page
    assert ">Timeline<" not in page


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
    assert ">Timeline<" not in page


def test_the_coverage_bars_parts_are_all_files() -> None:
    shares = report.shares(record(Gap(path="a", reason="FileTooLarge", detail="")))
    assert sum(share.files for share in shares) == 11
    assert round(sum(share.percent for share in shares)) == 100
