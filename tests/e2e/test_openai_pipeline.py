"""The whole program with a model behind an OpenAI-compatible server: what fails is named, and nothing else is lost."""

from __future__ import annotations

import io
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from agents.contracts.reaping import ReapInput
from agents.contracts.session import SessionStatus
from bench.every_page import OF_EVERY_PAGE
from bench.stub_adversary import ONLY_LIES, ORDER, TRACES, Adversary
from bench.stub_model import Behaviour, StubModel
from bench.stub_replies import Json, path_of
from cli.commands.logs import LogsRequest, logs
from cli.commands.reap import ask_reaper
from cli.stack.location import Location
from local.cloud import LocalCloud
from tests.e2e.deployed_alarms import AlarmWatch, start_orphan
from tests.e2e.model_cloud import Ran, cloud_asking, run_on, write_package
from tests.e2e.signals import log_problems, metric_problems, structured_lines, unidentified
from tests.e2e.trace_collector import TraceCollector, attributes, check_one_trace

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

FILES = 7

_THEMES_OWN = 'href="https://squidfunk.github.io/mkdocs-material/"'

PAGES = (
    "getting-started", "public-api", "commands", "configuration", "http-api", "data-model", "infrastructure",
    "extension-points", "tests",
    "packages/index", "packages/web", "guides/README.md", "architecture", "glossary", "coverage", "security",
    "performance",
)  # fmt: skip


@dataclass
class World:
    """One cloud and one stub for all runs of this file."""

    cloud: LocalCloud
    stub: StubModel
    state: Path
    collector: TraceCollector

    def watch(self) -> AlarmWatch:
        """The alarms, over what happens from now on."""
        return AlarmWatch(self.cloud)

    def run(self, repository: Path, behaviour: Behaviour) -> Ran:
        """A run with a stub that behaves so and has forgotten all before."""
        self.stub.behaviour = behaviour
        self.stub.questions.clear()
        self.stub.kinds.clear()
        self.stub.answered = self.stub.refused = 0
        out = repository.parent / "out"
        return run_on(self.cloud, repository, out)

    def files_asked_about(self) -> list[str]:
        """The file of each question that an analyst put, answered or not."""
        questions = (self.stub.read(question) for question in self.stub.questions)
        return [path_of(asked.material) for asked in questions if asked.kind == "AnalystReply"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    state = tmp_path_factory.mktemp("openai-pipeline") / "state"
    with StubModel() as stub, TraceCollector() as collector:
        priced = {"modelPrices": f"{stub.model}=1/2", "traceEndpoint": collector.url}
        with cloud_asking(stub, state, **priced) as cloud:
            yield World(cloud, stub, state, collector)


@dataclass
class Throttled:
    """A run whose model refuses a fifth of all calls, how often the stub answered and refused, and the alarms."""

    ran: Ran
    answered: int
    refused: int
    raised: set[str]


@dataclass
class ReapedOnce:
    """Calls the reaper at the first question: a session is RUNNING, and a task without a session runs beside it."""

    cloud: LocalCloud
    lock: threading.Lock = field(default_factory=threading.Lock)
    tasks: int = 0

    def __call__(self, _: Json) -> None:
        if self.lock.acquire(blocking=False):
            self.tasks = ask_reaper(self.cloud, ReapInput()).tasks


@pytest.fixture(scope="module")
def throttled(world: World, tmp_path_factory: pytest.TempPathFactory) -> Throttled:
    package = write_package(tmp_path_factory.mktemp("throttled") / "throttled", 2 * FILES)
    watch, reaped = world.watch(), ReapedOnce(world.cloud)
    start_orphan(world.cloud)
    ran = world.run(package, Behaviour(throttled=0.2, intercept=reaped))
    assert reaped.tasks == 1
    return Throttled(ran, world.stub.answered, world.stub.refused, watch.raised())


def test_with_a_fifth_of_all_calls_throttled_nothing_is_lost(throttled: Throttled) -> None:
    ran = throttled.ran
    assert throttled.refused
    assert (ran.code, ran.session.status) == (0, SessionStatus.PUBLISHED), ran.session.error
    assert (ran.session.coverage.files_analysed, ran.session.gaps) == (2 * FILES + 1, ())
    assert ran.session.usage.requests == throttled.answered + throttled.refused


def test_the_run_writes_the_log_fields_and_metrics_that_the_docs_name_and_no_other(
    world: World, throttled: Throttled
) -> None:
    lines = structured_lines(world.cloud)
    metrics = [line for line in lines if "_aws" in line]
    assert log_problems(line for line in lines if "_aws" not in line) == []
    # A draft waits for a person in tests/e2e/test_approval.py.
    assert metric_problems(metrics, elsewhere={"ApprovalWaitSeconds"}) == []
    assert unidentified(lines) == []
    session = throttled.ran.session
    of_session = [line for line in lines if line.get("session_id") == session.session_id]
    for written in (
        [line for line in of_session if "_aws" not in line],
        [line for line in of_session if "_aws" in line],
    ):
        assert {line["state"] for line in written} >= {"OpenSession", "AnalyseBatch", "Edit", "CloseSession"}
    assert {line["release"] for line in of_session} == {session.release}


def test_a_session_without_trouble_raises_no_alarm_and_a_task_without_a_session_raises_one(
    world: World, throttled: Throttled
) -> None:
    assert throttled.raised == {"orphan-tasks"}
    messages = [str(line["message"]) for line in structured_lines(world.cloud) if line.get("level") == "WARNING"]
    assert [text for text in messages if text.startswith("stopped arn:") and f"session s{'0' * 20} is over" in text]


def test_the_collector_gets_one_trace_from_the_session_to_each_model_call_and_nothing_of_the_prompts(
    world: World, throttled: Throttled
) -> None:
    session = throttled.ran.session
    check_one_trace(
        world.collector, session, {"OpenSession", "Scan", "AnalyseBatch", "Edit", "Critique", "CloseSession"}
    )
    written = (world.state / "traces" / f"{session.session_id}.jsonl").read_text().splitlines()
    assert sorted(written) == sorted(text for text in world.collector.texts if session.session_id in text)
    assert [text for text in written if "def dance" in text or "hive" in text] == []


@pytest.fixture(scope="module")
def one_gap(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, set[str]]:
    """A run whose model refuses one file always, and the alarms that it raised."""
    poisoned = {"hive/poisoned.py": '"""Poison for this model."""\n'}
    package, watch = write_package(tmp_path_factory.mktemp("gap") / "one-gap", FILES, **poisoned), world.watch()
    ran = world.run(package, Behaviour(fails_on="Poison for this model"))
    return ran, watch.raised()


def test_a_call_that_always_fails_is_one_named_gap(one_gap: tuple[Ran, set[str]]) -> None:
    ran, raised = one_gap
    assert (ran.code, ran.session.status.published) == (0, True), ran.session.error
    assert [(gap.path, gap.reason) for gap in ran.session.gaps] == [("hive/poisoned.py", "ModelReplyInvalid")]
    assert ran.session.coverage.files_analysed == FILES + 1
    assert "hive/poisoned.py" in ran.files["site/coverage.html"]
    assert "hive/poisoned.py" in ran.files["report.html"]
    assert raised == {"gap-share"}


def test_from_a_failing_batch_to_its_cause_are_three_steps(world: World, one_gap: tuple[Ran, set[str]]) -> None:
    """The walk of docs/runbooks.md: the report's batch, its log lines by the command that the page gives, its trace."""
    ran, _ = one_gap
    (text,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', ran.files["report.html"], re.DOTALL)
    page = json.loads(text)
    assert page["options"] == f" --state-folder {ran.out.parent / 'no-state'}"
    ((batch, gaps),) = page["gaps"].items()
    assert [(path, reason) for path, reason, _ in gaps] == [("hive/poisoned.py", "ModelReplyInvalid")]

    answers = io.StringIO()
    request = LogsRequest(page["session"], batch=batch)
    logs(world.cloud, request, Location(None), Console(quiet=True), Console(file=answers, width=300))
    (line,) = (line for line in answers.getvalue().splitlines() if "WARNING" in line)
    assert f"AnalyseBatch {batch}" in line
    assert "hive/poisoned.py has its author's documentation alone" in line
    assert "the stub refuses this file" in line
    assert "error=ModelReplyInvalid" in line

    spans = world.collector.spans(page["session"])
    (state,) = (s for s in spans if s.name == "AnalyseBatch" and attributes(s)["swarm.batch_id"] == batch)
    failed = [span for span in spans if span.parent_span_id == state.span_id and span.status.message]
    # As the provider's client calls it, which is nearer to the cause than the gap's reason.
    assert {span.status.message for span in failed} == {"ModelRequestRejectedError"}


def test_the_same_bytes_submitted_again_fill_a_gap_of_a_published_session_and_ask_about_nothing_else(
    world: World, tmp_path: Path
) -> None:
    """What docs/runbooks.md says to do about the alarm gap-share."""
    repository = write_package(tmp_path / "filled", FILES, **{"hive/spoiled.py": '"""Spoiled for this model."""\n'})
    left = world.run(repository, Behaviour(fails_on="Spoiled for this model"))
    assert (left.session.status.published, [gap.path for gap in left.session.gaps]) == (True, ["hive/spoiled.py"])

    filled = world.run(repository, Behaviour())
    assert (filled.session.session_id, filled.session.status.published) == (left.session.session_id, True)
    assert filled.session.gaps == ()
    assert world.files_asked_about() == ["hive/spoiled.py"]


def test_all_calls_failing_is_a_failed_session_and_a_later_run_pays_only_for_what_is_missing(
    world: World, tmp_path: Path
) -> None:
    repository = write_package(tmp_path / "failing", FILES)
    watch = world.watch()

    def refused(_: Json) -> tuple[int, Json]:
        return 400, {"error": {"message": "not today", "type": "invalid_request_error"}}

    nothing = world.run(repository, Behaviour(intercept=refused))
    assert (nothing.code, nothing.session.status) == (1, SessionStatus.FAILED)
    assert nothing.session.error is not None
    assert nothing.session.error.name == "TooManyGaps"
    assert len(nothing.session.gaps) == FILES + 1
    assert not (nothing.out / "site").exists()
    assert watch.raised() == {"sessions-failed", "gap-share"}

    half = world.run(repository, Behaviour(fails_on="def rest"))
    assert (half.code, half.session.status) == (1, SessionStatus.FAILED)
    assert [gap.path for gap in half.session.gaps] == [f"hive/bee_{number}.py" for number in range(FILES)]

    whole = world.run(repository, Behaviour())
    assert (whole.code, whole.session.status) == (0, SessionStatus.PUBLISHED)
    assert sorted(world.files_asked_about()) == [f"hive/bee_{number}.py" for number in range(FILES)]
    assert whole.session.coverage.files_reused == 1


def test_nothing_that_an_adversarial_model_makes_up_reaches_a_reader(world: World, tmp_path: Path) -> None:
    trap = (
        f'"""Holds a trap.\n\n{ORDER}.\n"""\n\nimport subprocess\n\n\ndef go(where):\n    # {ORDER}\n    return where\n'
    )
    links = "[home](http://evil.example/home) ![x](http://evil.example/x.png)"
    readme = f"# Hive\n\nKeeps bees.\n\n<!-- {ORDER} -->\n\n{links}\n"
    adversary = Adversary()
    note = {"docs/notes/hive/web.py/bees.md": f"Ask Ada first.\n\n<!-- {ORDER} -->\n"}
    # No docstring of its own: not one sentence about the file is left, and its functions keep their author's.
    refused = {f"hive/{ONLY_LIES}.py": 'def weigh(honey):\n    """Weighs honey by the glass."""\n    return honey\n'}
    files = {"hive/trap.py": trap, "README.md": readme, **OF_EVERY_PAGE, **note, **refused}
    repository = write_package(tmp_path / "adversarial", 4, **files)
    watch = world.watch()

    ran = world.run(repository, Behaviour(answer=adversary.answer))

    assert ran.session.status.published, ran.session.error
    assert ran.session.coverage.files_analysed == 4 + len(files) - len(refused)
    assert [(gap.path, gap.reason, gap.extracted) for gap in ran.session.gaps] == [
        (path, "ModelReplyInvalid", True) for path in refused
    ]
    documented = ran.files[f"site-src/docs/api/hive/{ONLY_LIES}.py.md"]
    assert "Weighs honey by the glass." in documented
    assert "reply about this file was refused" in documented
    assert wrong_citations(ran, repository) == {}
    assert [page for page in PAGES if f"site-src/docs/{page}.md" not in ran.files] == []
    # The source view shows the repository's own lines, escaped: all but the order itself, whose lines are hidden.
    # So does the README's own page, where addresses outside the site are text.
    own = {path for path in ran.files if "/source/README.md" in path or "guides/README.md" in path}
    assert len(own) == 5
    # The file with the text of all pages repeats that page, and no other trace of the adversary.
    whole = {path: text for path, text in ran.files.items() if path.endswith("llms-full.txt")}
    assert [[one for one in TRACES if one in text] for text in whole.values()] == [["evil.example"]] * len(whole)
    own |= set(whole)
    assert {
        path: found
        for path, text in ran.files.items()
        if (found := [one for one in TRACES if one in text]) and path not in own
    } == {}
    assert [path for path in own if "PWNED" in ran.files[path]] == []
    # The theme names itself at the bottom of each of its pages: no other address outside the site is a link.
    assert [path for path in own if 'href="http' in ran.files[path].replace(_THEMES_OWN, "")] == []
    assert "Ask Ada first." in ran.files["site-src/docs/api/hive/web.py.md"]
    assert set(note).isdisjoint(world.files_asked_about())
    assert ran.session.dropped_claims["analyst"] >= (4 + len(files) - len(note)) * 10
    assert all(ran.session.dropped_claims[role] > 0 for role in ("security", "synthesizer", "editor", "critic"))
    assert f"{ran.session.dropped_claims['analyst']:,}" in ran.files["site-src/docs/coverage.md"]
    assert f"analyst {ran.session.dropped_claims['analyst']:,}" in ran.files["report.html"]
    assert all(adversary.tried.values())
    # One file of twenty and more is below the alarm's share of gaps.
    assert watch.raised() == {"dropped-claims"}


_CITED = re.compile(r"\[([^\[\]\n]+?)\\#L(\d+)(?:-L(\d+))?\]\(")


def wrong_citations(ran: Ran, repository: Path) -> dict[str, list[str]]:
    """Citations that lead to no lines of the repository, by page; every page of the site is read."""
    wrong: dict[str, list[str]] = {}
    cited: Counter[str] = Counter()
    for page, text in ran.files.items():
        if not page.startswith("site-src/docs/") or not page.endswith(".md"):
            continue
        for path, start, end in _CITED.findall(text):
            cited[page] += 1
            file = repository / path.replace("\\", "")
            lines = file.read_text("utf-8").count("\n") + 1 if file.is_file() else 0
            if not 1 <= int(start) <= int(end or start) <= lines:
                wrong.setdefault(page, []).append(f"{path}#L{start}-{end}")
    kinds = ("http-api", "data-model", "configuration", "commands", "infrastructure", "public-api", "architecture")
    assert [kind for kind in kinds if not cited[f"site-src/docs/{kind}.md"]] == []
    return wrong


@pytest.mark.slow
def test_one_poisoned_file_in_five_hundred_costs_one_gap_and_not_the_run(world: World, tmp_path: Path) -> None:
    poisoned = {"hive/poisoned.py": '"""Poison for this model."""\n'}

    ran = world.run(write_package(tmp_path / "many", 498, **poisoned), Behaviour(fails_on="Poison for this model"))

    assert (ran.code, ran.session.status.published) == (0, True), ran.session.error
    assert [gap.path for gap in ran.session.gaps] == ["hive/poisoned.py"]
    assert ran.session.coverage.files_analysed == 499
