"""A scan leaves a manifest in which every file has one fate, and a plan that the state machine can read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from agents import keys
from agents.contracts.analysis import AnalysisPointer
from agents.contracts.session import BatchOutcome
from agents.contracts.snapshot import Manifest, ManifestEntry, Route, SkipReason, Sources
from agents.contracts.states import ScanInput, ScanOutput
from agents.errors import ArchiveCorrupt, ArchiveUnsafe, RepositoryEmpty, RepositoryTooLarge
from agents.roles.scanner.run import run
from cli.upload.snapshot import snapshot_of
from tests.agents.fakes import SESSION_ID, FakePorts, fake_ports, running_session, settings
from tests.agents.roles.scanner.archives import link, tar_gz, zipped

REQUEST = ScanInput(session_id=SESSION_ID)


@pytest.fixture
def ports() -> FakePorts:
    world = fake_ports()
    world.store.sessions[SESSION_ID] = running_session()
    return world


def scanned(ports: FakePorts, archive: bytes, **changes: object) -> ScanOutput:
    ports.uploads.blobs[running_session().archive_key] = archive
    return run(REQUEST, ports, settings(**changes))


def entries(ports: FakePorts) -> dict[str, ManifestEntry]:
    manifest = Manifest.model_validate_json(ports.blobs.blobs[keys.manifest(SESSION_ID)])
    return {entry.path: entry for entry in manifest.entries}


def plan_of(ports: FakePorts) -> list[dict[str, object]]:
    planned = json.loads(ports.blobs.blobs[keys.plan(SESSION_ID)])
    assert isinstance(planned, list)
    return planned


def test_every_file_gets_one_fate(ports: FakePorts) -> None:
    archive = tar_gz(
        {"demo/a.py": b"x = 1\n", "demo/logo.png": b"\x89PNG", "demo/big.py": b"#" * 3_000, "demo/empty.py": b""},
        link("demo/link.py", "a.py"),
    )
    output = scanned(ports, archive, file_limit_kilobytes=2)
    found = entries(ports)
    assert output == ScanOutput(session_id=SESSION_ID, files=5, batches=1)
    assert found["a.py"].batch_id == "b00000"
    assert found["logo.png"].skipped is SkipReason.BINARY
    assert found["empty.py"].skipped is SkipReason.EMPTY
    assert found["link.py"].skipped is SkipReason.LINK
    assert found["big.py"].gap is not None


def test_an_analyst_finds_its_sources_and_the_publisher_the_snapshot(ports: FakePorts) -> None:
    scanned(ports, zipped({"a.py": b"x = 1\n", "b.py": b"y = 2\n"}))
    sources = Sources.model_validate_json(ports.blobs.blobs[keys.sources(SESSION_ID, "b00000")])
    assert {file.path: file.text for file in sources.files} == {"a.py": "x = 1\n", "b.py": "y = 2\n"}
    with zipfile.ZipFile(io.BytesIO(ports.blobs.blobs[keys.snapshot_text(SESSION_ID)])) as snapshot:
        assert snapshot.read("b.py") == b"y = 2\n"


def test_the_plan_is_read_by_the_state_machine_and_old_batches_are_forgotten(ports: FakePorts) -> None:
    ports.store.save_batch(SESSION_ID, BatchOutcome(batch_id="b00007", route=Route.LAMBDA, analysed=1))
    scanned(ports, tar_gz({f"f{n}.py": b"x = 1\n" for n in range(5)}), batch_target_files=2)
    assert [batch["batch_id"] for batch in plan_of(ports)] == ["b00000", "b00001", "b00002"]
    assert ports.store.plans[SESSION_ID] == ([keys.plan(SESSION_ID)], 3, False)
    assert ports.store.outcomes == {}


def test_a_file_whose_analysis_is_stored_is_reused_wherever_it_lies(ports: FakePorts) -> None:
    scanned(ports, tar_gz({"a.py": b"x = 1\n"}))
    key = entries(ports)["a.py"].analysis_key
    assert key is not None
    pointer = AnalysisPointer(analysis_key=key, blob_key="analyses/x", index=0, symbols_total=0, symbols_documented=0)
    ports.store.save_analyses([pointer])
    output = scanned(ports, tar_gz({"moved/a.py": b"x = 1\n", "new.py": b"y = 2\n"}))
    found = entries(ports)
    assert output.batches == 1
    assert found["moved/a.py"].reused
    assert found["new.py"].batch_id == "b00000"


def test_an_oversize_file_is_routed_to_fargate(ports: FakePorts) -> None:
    scanned(ports, tar_gz({"a.py": b"x = 1\n" * 200, "b.py": b"y"}), batch_lambda_kilobytes=1, batch_target_kilobytes=1)
    assert [batch["route"] for batch in plan_of(ports)] == ["fargate", "lambda"]


def test_the_last_of_two_members_with_one_name_wins(ports: FakePorts) -> None:
    second = tar_gz({"a.py": b"new\n"})
    archive = io.BytesIO()
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.py", "old\n")
        packed.writestr("a.py", "new\n")
    scanned(ports, archive.getvalue())
    from_zip = entries(ports)
    scanned(ports, second)
    assert from_zip == entries(ports)


def test_two_names_that_look_the_same_are_two_files(ports: FakePorts) -> None:
    undecodable = [raw.decode("utf-8", "surrogateescape") for raw in (b"caf\xe9.py", b"caf\xe8.py")]
    scanned(ports, tar_gz({"new\nline.py": b"a\n", "new_line.py": b"b\n", **dict.fromkeys(undecodable, b"c\n")}))
    assert set(entries(ports)) == {"new_line.py", "new_line.py~2", "caf\ufffd.py", "caf\ufffd.py~2"}


def test_the_folder_around_an_archives_files_is_left_out(ports: FakePorts) -> None:
    scanned(ports, tar_gz({"demo-1.0/a.py": b"a\n", "demo-1.0/src/b.py": b"b\n"}))
    assert set(entries(ports)) == {"a.py", "src/b.py"}


def test_a_repository_of_one_folder_keeps_it(ports: FakePorts, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_bytes(b"a\n")
    with snapshot_of(tmp_path) as snapshot:
        scanned(ports, snapshot.archive.read_bytes())
    assert set(entries(ports)) == {"src/a.py"}


def test_files_that_the_command_line_could_not_read_are_gaps(ports: FakePorts) -> None:
    listed = json.dumps([{"path": "secret.py", "detail": "permission denied"}]).encode()
    scanned(ports, tar_gz({"a.py": b"x\n", keys.UNREADABLE_MEMBER: listed}))
    found = entries(ports)
    assert set(found) == {"a.py", "secret.py"}
    gap = found["secret.py"].gap
    assert gap is not None
    assert (gap.reason, gap.detail) == ("FileUnreadable", "permission denied")


@pytest.mark.parametrize("body", [b"not json", b'{"path": 1}', b'[{"path": "x"}]', b"[3]", b"\xff"])
def test_an_unusable_list_is_no_list(ports: FakePorts, body: bytes) -> None:
    scanned(ports, tar_gz({"a.py": b"x\n", keys.UNREADABLE_MEMBER: body}))
    assert set(entries(ports)) == {"a.py"}


def test_a_repository_of_binaries_is_empty_and_its_files_are_accounted_for(ports: FakePorts) -> None:
    with pytest.raises(RepositoryEmpty, match="in its 2 files: 2 binary"):
        scanned(ports, tar_gz({"a.png": b"x", "b.gif": b"y"}))
    assert set(entries(ports)) == {"a.png", "b.gif"}


@pytest.mark.parametrize("archive", [tar_gz({}), zipped({})], ids=["tar.gz", "zip"])
def test_an_archive_without_files_is_empty(ports: FakePorts, archive: bytes) -> None:
    with pytest.raises(RepositoryEmpty, match="demo holds no files"):
        scanned(ports, archive)


def test_a_way_out_of_the_folder_is_unsafe(ports: FakePorts) -> None:
    with pytest.raises(ArchiveUnsafe, match="outside its folder"):
        scanned(ports, tar_gz({"../evil.py": b"x"}))


def test_too_many_files_are_refused(ports: FakePorts) -> None:
    with pytest.raises(RepositoryTooLarge, match="more than 2 files"):
        scanned(ports, tar_gz({f"{n}.py": b"" for n in range(3)}), repository_limit_files=2)


def test_an_upload_that_has_gone_is_named(ports: FakePorts) -> None:
    with pytest.raises(ArchiveCorrupt, match="no longer in the upload bucket"):
        run(REQUEST, ports, settings())


def test_the_same_archive_gives_the_same_bytes(ports: FakePorts) -> None:
    archive = tar_gz({"a.py": b"x = 1\n", "b/c.py": b"y\n"})
    scanned(ports, archive)
    before = dict(ports.blobs.blobs)
    scanned(ports, archive)
    assert ports.blobs.blobs == before
