"""The report shows the run, loads nothing, and runs nothing that a repository has put into it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from agents.contracts.draft import CriticReply, Critique, CritiqueFinding, Verdict
from agents.contracts.session import ApprovalRecord, BatchOutcome, ErrorRecord, Session, SessionStatus, UsageRecord
from agents.contracts.snapshot import Gap, Route
from agents.contracts.usage import Usage
from cli.output import report
from cli.session.run_outcome import RunOutcome, completed, failed, running
from tests.cli.recorded import SESSION_ID, Recorder, failed_in_scan, published
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


def test_a_german_sites_report_writes_its_figures_as_german_does() -> None:
    spent = UsageRecord(
        requests=1_234, input_tokens=56_789, usd=1.25, cap_usd=1_500.5, in_flight_requests=1, in_flight_usd=0.5
    )
    finished = completed(record(), published()).model_copy(update={"usage": spent})
    german = report.render(RunOutcome(finished, published(), language="de"))
    shown = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", german, flags=re.DOTALL)
    assert re.findall(r"\d\.\d{1,2}\b|\$\s?\d|\d,\d{3}\b", shown) == []
    for figure in ("1,2500 $", "1.500,50 $", "0,5000 $", "12,3 kB", "1.234", "56.789"):
        assert figure in shown
    english = report.render(RunOutcome(finished, published()))
    for figure in ("$1.2500", "$1,500.50", "12.3 kB", "1,234", "56,789"):
        assert figure in english


def test_a_cap_below_a_cent_is_shown_in_full() -> None:
    small = record().model_copy(update={"usage": UsageRecord(cap_usd=0.003)})
    assert report.render(RunOutcome(small, published())).count("of $0.003") == 2


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


def tiles(page: str) -> dict[str, str]:
    """The figures at the top of the page, by their labels."""
    return {label: figure for figure, label in re.findall(r"<div><b[^>]*>(.*?)</b><span>(.*?)</span>", page)}


def open_outcome(status: SessionStatus, *states: str) -> RunOutcome:
    """A session that has been left in these states, with one of its two batches done."""
    recorder = Recorder()
    for state in states:
        recorder.enter(state, 2.0)
    session = Session(session_id=SESSION_ID, status=status, repository="bees", archive_key="k", archive_bytes=1,
                      execution="arn", model="a-model", release="r", opened_at=1)  # fmt: skip
    done = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1, seconds=1.0)
    entries = (entry("a.py", "b00000"), entry("b.py", "b00001"))
    return RunOutcome(running(session, recorder.events, 10.0), recorder.events, (done,), (), entries)


def test_what_a_session_that_failed_in_its_scan_never_counted_is_unknown() -> None:
    ended = failed(None, failed_in_scan(), "bees", "extractive", "r", 10.0)
    page = report.render(RunOutcome(ended, failed_in_scan()))
    seen = tiles(page)
    assert (seen["Files"], seen["Gaps"], seen["from upload to end"]) == ("unknown", "unknown", "4 s")
    assert "0 symbols" not in page
    assert "<dt>Repository</dt><dd>unknown</dd>" in page
    assert "0</b> analysed" not in page


def test_a_session_without_a_history_took_an_unknown_time() -> None:
    page = report.render(RunOutcome(record(), []))
    assert tiles(page)["from upload to end"] == "unknown"
    assert "<dt>Largest payload</dt><dd>unknown</dd>" in page
    assert "<dt>History events</dt><dd>unknown</dd>" in page


def test_a_running_session_shows_how_many_of_its_files_are_open() -> None:
    page = report.render(open_outcome(SessionStatus.RUNNING, "AnalyseFiles"))
    assert tiles(page) | {"Files": "2", "Gaps": "unknown", "from upload to the last event": "2 s"} == tiles(page)
    assert re.findall(r"<b>(\d)</b> (analysed|open)", page) == [("1", "analysed"), ("1", "open")]
    assert "<b>0</b> files on Lambda" not in page


def test_a_state_that_a_session_is_still_in_is_neither_red_nor_timed() -> None:
    page = report.render(open_outcome(SessionStatus.RUNNING, "AnalyseFiles"))
    assert '<rect class="going"' in page
    assert '<rect class="open"' not in page.partition(">Timeline<")[2]
    assert '<span class="time">not finished</span>' in page


def test_a_session_that_waits_names_the_commands_that_decide() -> None:
    page = report.render(open_outcome(SessionStatus.AWAITING_APPROVAL, "AwaitApproval"), deciding=" --stack dev")
    assert f"<code>swarm approve {SESSION_ID} --stack dev</code>" in page
    assert f"<code>swarm reject {SESSION_ID} --stack dev</code>" in page
    assert "swarm approve" not in report.render(RunOutcome(record(), published()))


def test_a_rejected_session_says_who_rejected_it_and_why() -> None:
    decision = ApprovalRecord(
        revision=2, decision="reject", decided_by="ada", decided_at=1_772_357_400, comment=HOSTILE
    )
    rejected = record(status=SessionStatus.REJECTED).model_copy(update={"approvals": (decision,)})
    page = report.render(RunOutcome(rejected, published()))
    made = page.partition(">Decisions about drafts<")[2].partition("</section>")[0]
    assert "<span>Draft 2</span><span>reject</span>" in made
    assert "ada, 2026-03-01 09:30 UTC" in made
    assert "&lt;script&gt;alert" in made


def test_the_coverage_bar_counts_gaps_in_the_plural() -> None:
    shares = report.shares(record(Gap(path="a", reason="FileTooLarge", detail="")))
    assert [share.name for share in shares] == ["analysed", "reused", "skipped on purpose", "gaps"]
