"""With a language model the scanner sets files into context; the extractive model's plan stays what it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from agents import keys
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.analysis import Analysis, AnalysisPointer
from agents.contracts.asked import AskedQuestion, AskedQuestions
from agents.contracts.draft import EditorBrief
from agents.contracts.expected import ExpectedSpend
from agents.contracts.snapshot import Manifest, ManifestEntry, Sources
from agents.contracts.states import ScanInput
from agents.contracts.structure import Structure
from agents.contracts.synthesis import Part, SynthesizerBrief
from agents.ports import Ports, StructureReader
from agents.questions.instructions import fingerprint_of
from agents.roles.analyst.question import structure_of
from agents.roles.scanner.run import run
from agents.session.structures import stored_structures
from tests.agents.fakes import SESSION_ID, FakePorts, fake_ports, running_session, settings, with_model
from tests.agents.roles.scanner.archives import tar_gz

MODEL = "openai:stub@http://127.0.0.1:1/v1"
SECOND, THIRD = "s" + "1" * 20, "s" + "2" * 20
FILES = {
    "README.md": b"# Hive\n\nKeeps bees.\n",
    "hive/__init__.py": b'"""The hive."""\n',
    "hive/queen.py": b"from hive.worker import Worker\n\n\ndef lay() -> Worker:\n    return Worker()\n",
    "hive/worker.py": b'class Worker:\n    """Works."""\n',
    "hive/drone.py": b"import os\n",
}


@pytest.fixture
def world() -> FakePorts:
    return fake_ports()


def scanned(
    world: FakePorts,
    files: dict[str, bytes],
    session: str = SESSION_ID,
    model: str = MODEL,
    prices: str = "",
    reader: StructureReader | None = None,
) -> Manifest:
    world.store.sessions[session] = running_session(session, archive_key=f"uploads/demo/{session}.tar.gz")
    world.uploads.blobs[f"uploads/demo/{session}.tar.gz"] = tar_gz(files)
    ports: Ports = replace(with_model(world, world.model), structure=reader or TreeSitterReader())
    run(ScanInput(session_id=session), ports, settings(model=model, model_prices=prices))
    return Manifest.model_validate_json(world.blobs.blobs[keys.manifest(session)])


def store_analyses(world: FakePorts, manifest: Manifest, files: dict[str, bytes]) -> None:
    """Store what an analyst would, of each file."""
    wanted = {entry.analysis_key: entry for entry in manifest.documented if entry.analysis_key}
    rows: list[str] = []
    pointers: list[AnalysisPointer] = []
    for key, entry in wanted.items():
        structure = TreeSitterReader().read(entry.path, entry.language, files[entry.path].decode())
        rows.append(Analysis(analysis_key=key, structure=structure, summary=(), model=MODEL).model_dump_json())
        pointers.append(
            AnalysisPointer(
                analysis_key=key, blob_key="rows", index=len(pointers), symbols_total=0, symbols_documented=0
            )
        )
    world.blobs.blobs["rows"] = "\n".join(rows).encode()
    world.store.save_analyses(pointers)


def finish(world: FakePorts, manifest: Manifest) -> None:
    """Pretend that every planned file was analysed."""
    pointers = [
        AnalysisPointer(analysis_key=entry.analysis_key, blob_key="x", index=0, symbols_total=0, symbols_documented=0)
        for entry in manifest.documented
        if entry.analysis_key
    ]
    world.store.save_analyses(pointers)


def by_path(manifest: Manifest) -> dict[str, ManifestEntry]:
    return {entry.path: entry for entry in manifest.entries}


def sources_of(world: FakePorts, session: str = SESSION_ID) -> Sources:
    return Sources.model_validate_json(world.blobs.blobs[keys.sources(session, "b00000")])


def test_the_sources_tell_imports_siblings_and_one_outline(world: FakePorts) -> None:
    scanned(world, FILES)
    sources = sources_of(world)
    queen = next(file for file in sources.files if file.path == "hive/queen.py")
    assert [(one.path, one.names) for one in queen.imports] == [("hive/worker.py", ("Worker",))]
    assert queen.siblings == ("hive/__init__.py", "hive/drone.py")
    worker = next(one for one in sources.neighbours if one.path == "hive/worker.py")
    assert worker.signatures == ("Worker: class Worker - Works.",)
    assert "hive/ 4 files: The hive." in sources.outline


def test_what_the_scan_has_read_its_analyst_does_not_parse_again(world: FakePorts) -> None:
    scanned(world, FILES)
    stored = stored_structures(SESSION_ID, "b00000", world.blobs)
    parsed: list[str] = []

    class Counting(TreeSitterReader):
        def read(self, path: str, language: str, text: str) -> Structure:
            parsed.append(path)
            return super().read(path, language, text)

    ports: Ports = replace(with_model(world, world.model), structure=Counting())
    files = sources_of(world).files
    read = [structure_of(file, ports, stored) for file in files]
    assert parsed == []
    assert read == [TreeSitterReader().read(file.path, file.language, file.text) for file in files]


class Counting:
    """A reader, and the files that it has read."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self._reader = TreeSitterReader()

    def read(self, path: str, language: str, text: str) -> Structure:
        self.files.append(path)
        return self._reader.read(path, language, text)


def test_what_an_earlier_session_has_read_is_not_parsed_again(world: FakePorts) -> None:
    twins = {
        "hive/one.py": b"import os\n\n\ndef same() -> None: ...\n",
        "hive/two.py": b"import os\n\n\ndef same() -> None: ...\n",
    }
    first = scanned(world, {**FILES, **twins})
    store_analyses(world, first, {**FILES, **twins})
    changed = {**FILES, **twins, "hive/worker.py": b'class Worker:\n    """Rests."""\n'}

    counting = Counting()
    again = scanned(world, changed, SECOND, reader=counting)
    assert set(counting.files) == {"hive/worker.py", *twins}

    world.store.pointers.clear()
    anew = scanned(world, changed, SECOND)
    assert [entry.analysis_key for entry in again.entries] == [entry.analysis_key for entry in anew.entries]
    assert by_path(again)["hive/queen.py"].imports == by_path(anew)["hive/queen.py"].imports == ("hive/worker.py",)


def test_what_another_release_has_read_is_parsed_again(world: FakePorts, monkeypatch: pytest.MonkeyPatch) -> None:
    store_analyses(world, scanned(world, FILES), FILES)
    monkeypatch.setattr(keys, "CONTRACT_VERSION", "another")

    counting = Counting()
    scanned(world, FILES, SECOND, reader=counting)

    assert set(counting.files) == set(FILES)


def test_the_scan_leaves_its_estimate_where_a_model_with_a_price_is_asked(world: FakePorts) -> None:
    scanned(world, FILES, model="extractive")
    assert not world.blobs.exists(keys.expected_spend(SESSION_ID))
    scanned(world, FILES, prices="openai:stub=1/2")
    expected = ExpectedSpend.model_validate_json(world.blobs.read(keys.expected_spend(SESSION_ID)))
    assert 0 < expected.usd_low < expected.usd_likely < expected.usd_high
    assert expected.requests >= len(FILES)
    assert expected.seconds > 0


def test_the_estimate_counts_no_question_that_the_session_before_has_an_answer_to(world: FakePorts) -> None:
    prices = "openai:stub=1/2"
    manifest = scanned(world, FILES, prices=prices)
    store_analyses(world, manifest, FILES)
    first = ExpectedSpend.model_validate_json(world.blobs.read(keys.expected_spend(SESSION_ID)))
    briefs = {
        "synthesizer": SynthesizerBrief(part=Part.OVERVIEW, repository="demo", modules=()),
        "editor": EditorBrief(page="index.md", title="demo", statements=()),
    }
    for role, brief in briefs.items():
        question = AskedQuestion(about="", brief=brief)
        record = AskedQuestions(model=MODEL, instructions=fingerprint_of(role), questions=(question,))
        world.blobs.write(keys.questions(SESSION_ID, role), record.model_dump_json().encode())

    scanned(world, FILES, SECOND, prices=prices)

    again = ExpectedSpend.model_validate_json(world.blobs.read(keys.expected_spend(SECOND)))
    assert first.requests > len(FILES)
    assert (again.requests, again.usd_likely) == (0, 0)
    assert again.usd_high > 0


def test_inside_a_batch_what_is_imported_comes_first(world: FakePorts) -> None:
    scanned(world, FILES)
    order = [file.path for file in sources_of(world).files]
    assert order.index("hive/worker.py") < order.index("hive/queen.py")
    assert sorted(order) == sorted(FILES)


def test_a_changed_file_is_planned_with_its_direct_dependants_and_each_reason(world: FakePorts) -> None:
    first = scanned(world, FILES)
    assert {entry.why for entry in first.entries} == {"new file"}
    finish(world, first)
    changed = {**FILES, "hive/worker.py": b'class Worker:\n    """Works hard."""\n', "hive/egg.py": b"x = 1\n"}
    second = scanned(world, changed, SECOND)
    assert second.previous == SESSION_ID
    assert {entry.path: entry.why for entry in second.entries if entry.batch_id} == {
        "hive/egg.py": "new file",
        "hive/queen.py": "imports hive/worker.py, which changed",
        "hive/worker.py": "its bytes changed",
    }


def test_a_dependants_dependant_stays(world: FakePorts) -> None:
    chain = {**FILES, "hive/keeper.py": b"from hive.queen import lay\n"}
    finish(world, scanned(world, chain))
    second = scanned(world, {**chain, "hive/worker.py": b"class Worker:\n    pass\n"}, SECOND)
    assert by_path(second)["hive/keeper.py"].reused
    assert not by_path(second)["hive/queen.py"].reused


def test_what_was_not_finished_before_says_so(world: FakePorts) -> None:
    scanned(world, FILES)
    second = scanned(world, {**FILES, "new.png": b"\x89PNG"}, SECOND)
    assert {entry.why for entry in second.entries if entry.batch_id} == {"not finished before"}


def test_a_second_scan_of_one_session_says_what_the_first_said(world: FakePorts) -> None:
    finish(world, scanned(world, FILES))
    changed = {**FILES, "hive/drone.py": b"import sys\n"}
    assert scanned(world, changed, SECOND) == scanned(world, changed, SECOND)


def test_a_lost_manifest_costs_only_the_reasons(world: FakePorts) -> None:
    finish(world, scanned(world, FILES))
    del world.blobs.blobs[keys.manifest(SESSION_ID)]
    second = scanned(world, {**FILES, "hive/drone.py": b"import sys\n"}, SECOND)
    assert second.previous == ""
    assert by_path(second)["hive/drone.py"].why == "new file"


def test_the_extractive_models_keys_and_sources_know_no_surroundings(world: FakePorts) -> None:
    manifest = scanned(world, FILES, model="extractive")
    finish(world, manifest)
    queen = by_path(manifest)["hive/queen.py"]
    assert queen.imports == ()
    assert queen.analysis_key == keys.analysis_key(queen.digest, "python", "extractive", manifest.instructions)
    sources = sources_of(world)
    assert (sources.outline, sources.neighbours) == ("", ())
    assert all(file.imports == () and file.siblings == () for file in sources.files)
    second = scanned(world, {**FILES, "hive/worker.py": b"class Worker:\n    pass\n"}, SECOND, model="extractive")
    assert [entry.path for entry in second.entries if entry.batch_id] == ["hive/worker.py"]


def test_many_files_are_waves_with_a_plan_each_and_batches_counted_through(world: FakePorts) -> None:
    layers = {
        f"l{level}/f{at:02d}.py": (f"import l{level - 1}.f{at:02d}\n" if level else "x = 1\n").encode()
        for level in range(3)
        for at in range(50)
    }
    manifest = scanned(world, layers)
    plans, batches, _ = world.store.plans[SESSION_ID]
    assert plans == [keys.plan(SESSION_ID, wave) for wave in range(3)]
    waves = [json.loads(world.blobs.blobs[key]) for key in plans]
    planned = [batch["batch_id"] for wave in waves for batch in wave]
    assert planned == [f"b{number:05d}" for number in range(batches)]
    wave_of = {batch.batch_id: batch.wave for batch in manifest.batches}
    for entry in manifest.entries:
        assert wave_of[entry.batch_id or ""] == int(entry.path[1])


def test_nothing_to_analyse_is_one_empty_wave(world: FakePorts) -> None:
    finish(world, scanned(world, FILES))
    scanned(world, {**FILES, "logo.png": b"\x89PNG"}, THIRD)
    (key,), batches, warm_up = world.store.plans[THIRD]
    assert (json.loads(world.blobs.blobs[key]), batches, warm_up) == ([], 0, False)


def test_the_plan_says_whether_to_warm_the_cache(world: FakePorts) -> None:
    many = {f"folder{number}/a.py": b"x = 1\n" for number in range(200)}
    scanned(world, many, model="bedrock:amazon.nova-lite-v1:0")
    assert world.store.plans[SESSION_ID][2]
    scanned(world, many, SECOND)
    assert not world.store.plans[SECOND][2]
