"""A person decides about a draft by keyboard alone, on a window as wide as a telephone: headless Chromium."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agents.contracts.session import SessionStatus
from cli.stack.clients import stack_of
from tests.chaos.cloud import write_modules
from tests.e2e.approvals import Waiting, cloud_with, submitted
from tests.hostile.browser import Browser, opened_browser, program

pytestmark = [
    pytest.mark.local,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(program() is None, reason="needs Chromium: install it, then run `make test-slow`"),
]

WIDTH, HEIGHT = 390, 844
#: What has the focus: its name as a screen reader says it, and whether a person sees that it has.
_FOCUS = """(() => {
  const one = document.activeElement, style = getComputedStyle(one)
  const label = one.labels?.[0]?.textContent ?? one.textContent
  const shown = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2
  return [one.tagName.toLowerCase(), label.trim(), shown]
})()"""


def tabbed(browser: Browser, times: int) -> list[tuple[str, str]]:
    """What gets the focus, one Tab after the other; each must show it."""
    reached = []
    for _ in range(times):
        browser.press("Tab")
        element, name, shown = browser.evaluate(_FOCUS)
        assert shown, (element, name)
        reached.append((element, name))
    return reached


def test_a_draft_is_read_and_approved_by_keyboard_alone(tmp_path: Path) -> None:
    pictures = Path(os.environ.get("PICTURES", tmp_path))
    with cloud_with(tmp_path / "state") as cloud, opened_browser(tmp_path) as browser:
        execution, session_id = submitted(cloud, write_modules(tmp_path / "repo", 2))
        waits = Waiting(cloud, execution, session_id, "")
        browser.open(waits.next_link(1, 600), WIDTH, HEIGHT)
        browser.screenshot(pictures / "approval-390.png")
        assert browser.evaluate("document.documentElement.scrollWidth") <= WIDTH

        # To the form without a walk through the lists, then back: nothing on the page is skipped or caught.
        assert tabbed(browser, 1) == [("a", "Go to the decision")]
        browser.press("Enter")
        assert tabbed(browser, 4) == [
            ("input", "Your name"),
            ("textarea", "Comment (not required)"),
            ("button", "Approve"),
            ("button", "Reject"),
        ]
        browser.evaluate("document.activeElement.blur(); document.querySelector('summary').focus()")
        element, name, _ = browser.evaluate(_FOCUS)
        assert (element, name.startswith("Read its")) == ("summary", True)
        browser.press("Enter")
        assert browser.evaluate("document.querySelector('details').open")
        ((element, name),) = tabbed(browser, 1)
        assert (element, bool(name)) == ("a", True)
        browser.press("Enter")
        browser.await_load()
        assert tabbed(browser, 1) == [("a", "Back to the decision")]
        browser.press("Enter")
        browser.await_load()

        # Enter in the name decides nothing: whoever confirms a word has not approved.
        tabbed(browser, 1)
        browser.press("Enter")
        tabbed(browser, 1)
        browser.write("Ada")
        browser.press("Enter")
        assert stack_of(cloud).store.session(session_id).status is SessionStatus.AWAITING_APPROVAL
        tabbed(browser, 1)
        browser.write("By keyboard.")
        assert tabbed(browser, 1) == [("button", "Approve")]
        browser.press("Enter")
        browser.await_load()
        browser.screenshot(pictures / "approved-390.png")
        assert browser.evaluate("document.querySelector('h1').textContent") == "Approved"

        record = waits.record()
        assert record.status is SessionStatus.PUBLISHED
        (approval,) = record.approvals
        assert (approval.decision, approval.decided_by, approval.comment) == ("publish", "Ada", "By keyboard.")
