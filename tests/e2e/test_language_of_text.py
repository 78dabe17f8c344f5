"""A model is asked to write in the language and tone of swarm.toml; its German sentences stand, cited as they are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.contracts.session import SessionStatus
from bench.stub_model import Behaviour, StubModel
from bench.stub_replies import Json, path_of
from local.cloud import LocalCloud
from tests.e2e.model_cloud import Ran, cloud_asking, run_on, write_package

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

FILES = 3


def german(kind: str, reply: Json) -> Json:
    """An analyst's honest reply in German; the other roles repeat what the analyst wrote."""
    for file in reply.get("files", ()) if kind == "AnalystReply" else ():
        name = posixpath.basename(file["path"])
        bee = re.sub(r"bee_(\d)\.py", r"Bee\1", name)
        for statement in file["summary"]:
            statement["text"] = f"Wer `{bee}` verwendet, erfährt den Weg zur Wiese und spart beim Suchen viel Kraft."
            statement["lines"] = {"start": 1, "end": 1}
        for note in file["notes"]:
            note["text"] = f"`{note['symbol']}` nennt Stunden und Wege in einem Rutsch."
        file["summary"] = file["summary"][:1]
    return reply


class World:
    """One cloud and one stub."""

    def __init__(self, cloud: LocalCloud, stub: StubModel) -> None:
        self.cloud, self.stub = cloud, stub

    def run(self, repository: Path, settings: str) -> Ran:
        self.stub.behaviour = Behaviour(rewrite=german)
        self.stub.questions.clear()
        (repository / "swarm.toml").write_text(settings, "utf-8")
        return run_on(self.cloud, repository, repository.parent / "out")

    def instructions_by_kind(self) -> dict[str, set[str]]:
        by_kind: dict[str, set[str]] = {}
        for question in map(self.stub.read, self.stub.questions):
            by_kind.setdefault(question.kind, set()).add(question.system)
        return by_kind

    def files_asked_about(self) -> set[str]:
        questions = map(self.stub.read, self.stub.questions)
        return {path_of(asked.material) for asked in questions if asked.kind == "AnalystReply"} - {"swarm.toml"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    state = tmp_path_factory.mktemp("language") / "state"
    with StubModel() as stub, cloud_asking(stub, state) as cloud:
        yield World(cloud, stub)


def test_every_writer_is_asked_for_german_and_its_sentences_are_all_published_with_their_lines(
    world: World, tmp_path: Path
) -> None:
    ran = world.run(write_package(tmp_path / "de", FILES), 'language = "de"\ntone = "kurz, warm"\n')

    assert (ran.code, ran.session.status) == (0, SessionStatus.PUBLISHED), ran.session.error
    assert sum(ran.session.dropped_claims.values()) == 0
    page = ran.files["site/modules/hive.html"]
    for number in range(FILES):
        sentence = rf"Wer <code>(?:<[^>]+>)?Bee{number}(?:</a>)?</code> verwendet, erfährt den Weg.*?viel Kraft\."
        assert re.search(rf"{sentence}.{{0,200}}bee_{number}\.py\.html#", page, re.DOTALL), number

    by_kind = world.instructions_by_kind()
    for kind in ("AnalystReply", "SynthesizerReply", "EditorReply"):
        assert all("Write every sentence in German" in text and '"kurz, warm"' in text for text in by_kind[kind]), kind


@pytest.mark.slow  # half a minute
def test_another_tone_asks_about_every_file_again(world: World, tmp_path: Path) -> None:
    repository = write_package(tmp_path / "tone", FILES)
    wanted = {"README.md", *(f"hive/bee_{number}.py" for number in range(FILES))}

    for settings in ('language = "de"\ntone = "warm"\n', 'tone = "warm"\n'):
        world.run(repository, settings)
        assert world.files_asked_about() == wanted, settings
    world.run(repository, 'title = "Bees"\ntone = "warm"\n')
    assert world.files_asked_about() == set()
