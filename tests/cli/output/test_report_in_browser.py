"""What an operator does with the report in a browser: by keyboard alone, and on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.contracts.session import BatchOutcome, LostBatch
from agents.contracts.snapshot import Gap, Route
from bench.report_page import session
from cli.output import report
from cli.session.run_outcome import RunOutcome
from tests.cli.recorded import published
from tests.cli.samples import entry, record
from tests.hostile.browser import Browser, opened_browser, program

pytestmark = pytest.mark.skipif(program() is None, reason="needs Chromium: install it, then run this file again")
PHONE = 390
#: Two pages of batches, the first of them lost.
FILES = 20
FOCUSED = "document.activeElement.textContent"
DETAIL = "document.getElementById('detail').textContent"
#: How far the page scrolls sideways, in pixels.
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened_browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def shown(browser: Browser, folder: Path, outcome: RunOutcome, width: int = 1300) -> None:
    page = folder / "report.html"
    page.write_text(report.render(outcome), encoding="utf-8")
    browser.open(page.as_uri(), width, 900)
    browser.look(page)  # waits until the pictures are drawn


def tab_to(browser: Browser, selector: str) -> None:
    """Press Tab until the focus is on what the selector matches."""
    for _ in range(30):
        if browser.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        browser.press("Tab")
    raise AssertionError(f"the focus does not reach {selector}")


def lost_batch(files: int) -> RunOutcome:
    """A session whose one batch was lost with so many files."""
    paths = [f"hive/bee_{number:03d}.py" for number in range(files)]
    gaps = [Gap(path=path, reason="ModelReplyInvalid", detail="no JSON") for path in paths]
    lost = LostBatch(batch_id="b00000", error="ModelReplyInvalid", cause="no JSON")
    return RunOutcome(record(*gaps), published(), entries=[entry(path, "b00000") for path in paths], lost=[lost])


def test_keys_lead_from_the_table_of_batches_to_an_error_and_its_log_command(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, session(FILES))
    browser.evaluate("document.querySelector('#batch-table input').focus()")

    tab_to(browser, "#batch-table .link")
    browser.press("Enter")
    assert browser.evaluate(FOCUSED) == "Batch b00001: lost"
    tab_to(browser, "#detail details:last-of-type summary")
    browser.press("Enter")

    seen = browser.evaluate("document.querySelector('#detail details[open]').innerText")
    assert "ModelReplyInvalid" in seen
    assert "The model answered 17 times with text that is no JSON." in seen
    assert "swarm logs s0a0a0a0a0a0a0a0a0a0a --batch b00001" in seen
    browser.press("Escape")
    assert browser.evaluate(FOCUSED) == "b00001"


def test_one_batch_is_no_row_of_batches(browser: Browser, tmp_path: Path) -> None:
    batch = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1, seconds=2.0, began_at=1_700_000_000.0)
    outcome = RunOutcome(record(), published(), batches=(batch,), entries=[entry("hive/bee.py", "b00000")])
    shown(browser, tmp_path, outcome)
    assert browser.evaluate("document.getElementById('batch-about').textContent").startswith("One batch")


def test_the_tables_of_a_german_report_have_german_figures(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, replace(session(FILES), language="de"))
    text = browser.evaluate(
        "document.getElementById('batch-table').innerText + document.getElementById('file-table').innerText"
    )
    assert re.search(r"\d,\d+ s\b", text)
    assert re.search(r"\d,\d{4,6}\u00a0\$", text)
    assert re.findall(r"\d\.\d|\$\d", text) == []


def test_the_focus_stays_on_the_button_that_led_to_the_first_or_last_page(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, session(FILES))
    status = "document.querySelector('#batch-table [role=status]').textContent"
    for label, rows in (("Next", "13 to 18 of 18"), ("Previous", "1 to 12 of 18")):
        button = f"[...document.querySelectorAll('#batch-table .tools button')].find(b => b.textContent === '{label}')"
        browser.evaluate(f"{button}.focus()")
        browser.press("Enter")
        assert (browser.evaluate(status), browser.evaluate(FOCUSED)) == (rows, label)
        assert browser.evaluate(f"{button}.getAttribute('aria-disabled')") == "true"
        browser.press("Enter")
        assert (browser.evaluate(status), browser.evaluate(FOCUSED)) == (rows, label)


def test_no_part_of_the_report_scrolls_a_telephone_sideways(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, session(FILES), PHONE)
    assert browser.evaluate("innerWidth") == PHONE
    assert browser.evaluate(SIDEWAYS) == 0
    browser.evaluate("document.querySelector('#batch-table .link').click()")
    browser.evaluate("document.querySelectorAll('#detail details').forEach(one => { one.open = true })")
    assert browser.evaluate(SIDEWAYS) == 0


def test_a_lost_batch_shows_each_file_that_it_leaves_without_documentation(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, lost_batch(2))
    row = "[...document.querySelectorAll('#batch-table tbody td')].map(one => one.textContent)"
    assert browser.evaluate(row)[5:8] == ["unknown", "2", "2"]  # dollars, files, gaps
    browser.evaluate("document.querySelector('#batch-table .link').click()")
    items = "[...document.querySelectorAll('#detail li')].map(one => one.textContent)"
    assert browser.evaluate(items) == ["hive/bee_000.py", "hive/bee_001.py"]
    assert "Gaps: 2ModelReplyInvalid: no JSON" in browser.evaluate(DETAIL)


def test_gaps_beyond_the_first_fifty_of_a_batch_are_counted(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, lost_batch(73))
    browser.evaluate("document.querySelector('#batch-table .link').click()")
    assert "23 more: search the table of files for b00000." in browser.evaluate(DETAIL)
    browser.evaluate("document.querySelector('#file-table input').focus()")
    browser.write("b00000")
    status = browser.evaluate("document.querySelector('#file-table [role=status]').textContent")
    assert status == "1 to 12 of 73"


def test_a_batch_without_an_attempt_shows_the_command_for_its_lines(browser: Browser, tmp_path: Path) -> None:
    outcome = session(FILES)
    waits = RunOutcome(outcome.record, outcome.events, planned=outcome.planned)
    shown(browser, tmp_path, waits)
    browser.evaluate("document.querySelector('#batch-table .link').click()")
    assert "No attempt at it is recorded so far.Its log lines: swarm logs" in browser.evaluate(DETAIL)


def test_the_map_of_ten_thousand_files_is_as_wide_as_a_telephone(browser: Browser, tmp_path: Path) -> None:
    paths = [f"bee_{number:05d}.py" for number in range(10_000)]
    shown(
        browser, tmp_path, RunOutcome(record(), published(), entries=[entry(path, "b00000") for path in paths]), PHONE
    )
    painted = (
        "(() => { const map = document.getElementById('map-picture'), context = map.getContext('2d');"
        " const row = context.getImageData(0, 1, map.width, 1).data, columns = [...Array(map.width).keys()];"
        " return columns.findLast(column => row[4 * column + 3] > 0) / map.width })()"
    )
    assert browser.evaluate(painted) > 0.95
