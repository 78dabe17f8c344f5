"""Headless Chromium, steered through two pipes: what a page ran, what it asked the network for, what it would do."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.hostile.content import CANARY

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
)  # fmt: skip
#: Chromium reads commands on descriptor 3 and writes answers on 4, wherever our pipes are.
_START = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
#: Keys that tests press: Windows' code, and the text that the key writes.
_KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, "")}
#: Asked of every page: whether a script of the repository ran, and which parts of the page could run or send something.
_LOOK = f"""(() => {{
  const all = [...document.querySelectorAll("*")]
  const at = one => one.outerHTML.slice(0, 200)
  const schemes = new Set(["file:", "http:", "https:", "mailto:"])
  return JSON.stringify({{
    ran: self.{CANARY} !== undefined || document.documentElement.dataset.{CANARY} !== undefined,
    handlers: all.filter(one => [...one.attributes].some(each => /^on/i.test(each.name))).map(at),
    links: all.filter(one => one.href !== undefined && one.hasAttribute("href") && !schemes.has(one.protocol ?? "file:")).map(at),
    elements: all.filter(one => one.matches("base,object,embed,iframe,meta[http-equiv=refresh i],form[action]:not([name=search])")).map(at),
  }})
}})()"""


@dataclass
class Seen:
    """What one page did and holds; `sent` are requests to elsewhere, `blocked` those that its policy stopped."""

    ran: bool = False
    sent: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)


def program() -> str | None:
    """Where Chromium is; None where it is not installed."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


class Browser:
    """One tab."""

    def __init__(self, chromium: str, profile: Path) -> None:
        from_browser, to_us = os.pipe()
        from_us, to_browser = os.pipe()
        command = [sys.executable, "-c", _START, str(from_us), str(to_us), chromium, *_OPTIONS,
                   f"--user-data-dir={profile}", "about:blank"]  # fmt: skip
        self._process = subprocess.Popen(
            command, pass_fds=(from_us, to_us), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(from_us)
        os.close(to_us)
        self._read, self._write = os.fdopen(from_browser, "rb"), os.fdopen(to_browser, "wb")
        self._rest = b""
        self._number = 0
        self._events: list[dict[str, Any]] = []
        self._session = ""
        targets = self._call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self._call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self._call(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._read.close()
        self._write.close()

    def look(self, page: Path) -> Seen:
        """Open a page and wait until it has loaded."""
        self._events.clear()
        self._call("Page.navigate", url=page.as_uri())
        self.await_load()
        # What a script put off until after the load, a drawing say, comes before this answer.
        wait = "new Promise(done => setTimeout(() => requestIdleCallback(done), 20))"
        self._call("Runtime.evaluate", expression=wait, awaitPromise=True)
        seen = json.loads(self._call("Runtime.evaluate", expression=_LOOK, returnByValue=True)["result"]["value"])
        requests = {
            event["params"]["requestId"]: event["params"]["request"]["url"]
            for event in self._events
            if event["method"] == "Network.requestWillBeSent"
        }
        failed = {
            event["params"]["requestId"]
            for event in self._events
            if event["method"] == "Network.loadingFailed" and event["params"].get("blockedReason") == "csp"
        }
        outside = {number: url for number, url in requests.items() if url.startswith(("http:", "https:", "ws"))}
        return Seen(
            **seen,
            sent=[url for number, url in outside.items() if number not in failed],
            blocked=[url for number, url in outside.items() if number in failed],
        )

    def open(self, url: str, width: int, height: int) -> None:
        """Open an address in a window of this size, as a telephone would, and wait until it has loaded."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=True)
        self._events.clear()
        self._call("Page.navigate", url=url)
        self.await_load()

    def await_load(self) -> None:
        """Wait until the page that is being opened has loaded."""
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self._message()

    def evaluate(self, expression: str) -> Any:
        """What an expression of JavaScript is worth in the page."""
        return self._call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key of _KEYS and let it go."""
        code, text = _KEYS[key]
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": code, **({"text": text} if text else {})}
        self._events.clear()
        self._call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **pressed)
        self._call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def write(self, text: str) -> None:
        """Type a text where the focus is."""
        self._call("Input.insertText", text=text)

    def screenshot(self, path: Path) -> None:
        """Save the whole page as a picture."""
        taken = self._call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(taken["data"]))

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._write.write(json.dumps(message).encode() + b"\0")
        self._write.flush()
        while True:
            answer = self._message()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            data = os.read(self._read.fileno(), 1 << 16)
            assert data, "the browser has ended"
            self._rest += data
        one, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(one)
        if "method" in message:
            self._events.append(message)
        return message


@contextmanager
def opened_browser(folder: Path) -> Iterator[Browser]:
    """A browser with a new profile. Raises FileNotFoundError where none is installed."""
    chromium = program()
    if chromium is None:
        raise FileNotFoundError("Chromium is not installed")
    with Browser(chromium, folder / "profile") as browser:
        yield browser
