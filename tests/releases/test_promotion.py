"""Each reason to refuse a promotion, one by one, and what a promotion writes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from cli.errors import BadInput
from cli.gate.differences import instructions_difference
from cli.stack.image_copy import copy_image
from releases.gate.record import GateRecord, RepositoryFigures
from releases.manifest import ReleaseManifest, ReleasePart, release_id
from releases.promotion import PromotionFacts, new_values, refusals
from releases.stack_file import KeyMissing, with_values
from releases.trail import JUDGED, TrailEntry, canary_version, former

PART = ReleasePart(file="function.zip", sha256="a" * 64, bytes=1)
MANIFEST = ReleaseManifest(
    commit="c" * 40,
    committed_at=1_700_000_000,
    architecture="arm64",
    function=PART,
    layers={},
    source=PART,
    dependencies=PART,
    image="sha256:" + "b" * 64,
    state_machine="a" * 64,
    program="a" * 64,
    instructions={"editor": "0" * 16},
    models={"editor": "bedrock:large", "critic": "bedrock:large", "analyst": "bedrock:small"},
    contract_version=5,
    settings=("environment", "release"),
)
RELEASE = release_id(MANIFEST)
NOW = 1_800_000_000
GOOD = RepositoryFigures(status="PUBLISHED", session_id="s" + "0" * 20, coverage=100, recall=100, score=90)
RECORD = GateRecord(release=RELEASE, stack="dev", at=NOW - 60, repositories={"ledger": GOOD}, checks={})
FACTS = PromotionFacts("dev", "prod", RELEASE, MANIFEST, [RECORD], NOW, settings=("environment", "release"))
LATER = MANIFEST.model_copy(update={"committed_at": 1_700_000_001})


def promoted(release: str, event: Any = "promoted", contract: int = 5) -> TrailEntry:
    return TrailEntry(event=event, release=release, at=1, contract_version=contract)


def test_a_canary_that_went_back_or_was_replaced_is_no_release_to_go_back_to() -> None:
    began = TrailEntry(event="canary-began", release="b", before="a", at=2, version=2)
    back = TrailEntry(event="went-back", release="a", before="b", at=3, version=2)
    replaced = TrailEntry(event="canary-began", release="c", before="a", at=3, version=3)
    rolled_out = TrailEntry(event="rolled-out", release="c", before="a", at=4, version=3)
    first = [promoted("a"), promoted("b"), began]
    for trail in ([*first, back, promoted("c"), replaced, rolled_out], [*first, promoted("c"), replaced, rolled_out]):
        entry = former(trail, "c")
        assert entry is not None
        assert entry.release == "a"


def test_a_canary_is_under_way_until_it_is_decided_about() -> None:
    began = TrailEntry(event="canary-began", release="b", before="a", at=2, version=2)
    ends = [TrailEntry(event=event, release="a", at=3, version=2) for event in JUDGED]
    assert canary_version([began]) == 2
    assert [canary_version([began, end]) for end in ends] == [0, 0, 0]
    assert canary_version([]) == 0


def test_a_tested_release_may_go_and_may_go_again() -> None:
    assert refusals(FACTS) == []
    assert refusals(replace(FACTS, target_release=RELEASE, target_manifest=MANIFEST)) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"records": []}, "was never tested on dev"),
        ({"records": [RECORD.model_copy(update={"at": NOW - 100 * 3600})]}, "is 100 hours old"),
        ({"records": [RECORD.model_copy(update={"problems": ("recall is 10",)})]}, "the test failed: recall is 10"),
        ({"records": [RECORD.model_copy(update={"release": "f" * 64})]}, "the record is of release ffffffffffff"),
        ({"records": [RECORD.model_copy(update={"stack": "other"})]}, "on other, not of"),
        ({"stored": ["function.zip of release x is not what the manifest names"]}, "is not what the manifest names"),
        ({"stored": ["there is no releases/x/function.zip"]}, "there is no releases/x/function.zip"),
        ({"stored": ["the manifest of release x was changed"], "manifest": None}, "was changed"),
        ({"dirty": ["agents/keys.py"]}, "1 files have changes without a commit, such as agents/keys.py"),
        ({"drift": ["dev has drifted: the function x runs another zip"]}, "has drifted"),
        ({"target_release": "e" * 64, "target_manifest": LATER}, "prod is ahead"),
        ({"target_trail": [promoted("d" * 64, contract=6)]}, "prod stores documents of version 6"),
        ({"settings": ("environment", "colour")}, "has settings that the release does not know: colour"),
    ],
)
def test_each_reason_alone_refuses_in_one_sentence(changes: dict[str, Any], says: str) -> None:
    (refusal,) = refusals(replace(FACTS, **changes))
    assert says in refusal
    assert "\n" not in refusal


def test_every_reason_is_named_at_once() -> None:
    assert len(refusals(replace(FACTS, records=[], dirty=["a"], settings=("colour",)))) == 3


def test_the_newest_test_decides() -> None:
    failed = RECORD.model_copy(update={"problems": ("slow",), "at": NOW - 120})
    assert refusals(replace(FACTS, records=[failed, RECORD])) == []
    assert refusals(replace(FACTS, records=[RECORD, failed])) != []


def test_release_image_and_the_tested_models_are_written_and_no_more() -> None:
    values = new_values(RELEASE, MANIFEST, dict(MANIFEST.models), "registry/prod")
    assert values == {"release": RELEASE, "containerImage": f"registry/prod@{MANIFEST.image}"}
    other = new_values(RELEASE, MANIFEST, {"editor": "extractive"}, "registry/prod")
    assert (other["model"], other["roleModels"]) == ("bedrock:large", "analyst=bedrock:small")
    assert "containerImage" not in new_values(RELEASE, MANIFEST.model_copy(update={"image": ""}), {}, "x")


FILE = """# A comment.
config:
  serverless-swarm:release: unreleased  # what runs
  serverless-swarm:model: "extractive"
  # and another
  serverless-swarm:roleModels: ""
"""


def test_a_stack_file_keeps_its_comments_its_order_and_every_other_line() -> None:
    changed = with_values(FILE, {"release": "abc\\1", "roleModels": "critic=bedrock:x"})
    assert changed.splitlines()[2] == '  serverless-swarm:release: "abc\\\\1"  # what runs'
    assert changed.splitlines()[5] == '  serverless-swarm:roleModels: "critic=bedrock:x"'
    assert [changed.splitlines()[line] for line in (0, 1, 3, 4)] == [FILE.splitlines()[line] for line in (0, 1, 3, 4)]
    with pytest.raises(KeyMissing):
        with_values(FILE, {"colour": "x"})


@pytest.mark.parametrize(
    ("trail", "running", "expected"),
    [
        ([], "a", None),
        ([promoted("a")], "a", None),
        ([promoted("a"), promoted("b")], "b", "a"),
        ([promoted("a"), promoted("b"), promoted("c"), promoted("b", "rolled-back")], "b", "a"),
        ([promoted("a"), promoted("b"), promoted("a", "rolled-back")], "a", None),
        ([promoted("a"), promoted("b"), promoted("a", "rolled-back"), promoted("c")], "c", "a"),
        ([promoted("a"), promoted("b"), promoted("c")], "b", "a"),
        ([promoted("a"), promoted("a"), promoted("b")], "b", "a"),
    ],
)
def test_the_former_release_is_the_one_that_ran_before_twice_in_a_row_too(
    trail: list[TrailEntry], running: str, expected: str | None
) -> None:
    found = former(trail, running)
    assert (found.release if found else None) == expected


class Registry:
    """A registry of ECR: manifests and layers by digest."""

    def __init__(self) -> None:
        self.layers: dict[str, bytes] = {}
        self.images: dict[str, dict[str, Any]] = {}
        self._uploads: dict[str, bytes] = {}

    def batch_get_image(self, **asked: Any) -> dict[str, Any]:
        digests = [each["imageDigest"] for each in asked["imageIds"]]
        return {"images": [self.images[digest] for digest in digests if digest in self.images]}

    def batch_check_layer_availability(self, **asked: Any) -> dict[str, Any]:
        known = [digest for digest in asked["layerDigests"] if digest in self.layers]
        return {"layers": [{"layerDigest": digest, "layerAvailability": "AVAILABLE"} for digest in known]}

    def get_download_url_for_layer(self, **asked: Any) -> dict[str, str]:
        return {"downloadUrl": f"https://layers.example/{asked['layerDigest']}"}

    def initiate_layer_upload(self, **_: Any) -> dict[str, Any]:
        self._uploads["u"] = b""
        return {"uploadId": "u", "partSize": 4}

    def upload_layer_part(self, **part: Any) -> None:
        assert part["partFirstByte"] == len(self._uploads["u"])
        self._uploads["u"] += part["layerPartBlob"]
        assert part["partLastByte"] == len(self._uploads["u"]) - 1

    def complete_layer_upload(self, **asked: Any) -> None:
        (digest,) = asked["layerDigests"]
        assert sha256(self._uploads["u"]) == digest
        self.layers[digest] = self._uploads["u"]

    def put_image(self, **image: Any) -> None:
        described = json.loads(image["imageManifest"])
        assert all(layer["digest"] in self.layers for layer in described.get("layers", ()))
        self.images[image["imageDigest"]] = image


def sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def stored_image(registry: Registry) -> str:
    blobs = [b"config", b"a layer of several parts"]
    registry.layers = {sha256(blob): blob for blob in blobs}
    config, layer = ({"digest": sha256(blob), "size": len(blob)} for blob in blobs)
    manifest = json.dumps({"schemaVersion": 2, "config": config, "layers": [layer]})
    registry.images[sha256(manifest.encode())] = {"imageManifest": manifest, "imageManifestMediaType": "m"}
    return sha256(manifest.encode())


def test_an_image_is_copied_by_digest_in_parts_and_only_once() -> None:
    source, target = Registry(), Registry()
    digest = stored_image(source)
    reads: list[str] = []

    def read(url: str) -> bytes:
        reads.append(url)
        return source.layers[url.removeprefix("https://layers.example/")]

    copy_image(source, "dev", target, "prod", digest, "tag", read)
    assert target.layers == source.layers
    assert target.images[digest]["imageManifest"] == source.images[digest]["imageManifest"]
    assert target.images[digest]["imageTag"] == "tag"
    copy_image(source, "dev", target, "prod", digest, "tag", read)
    assert len(reads) == 2


def test_an_image_with_other_bytes_is_not_copied() -> None:
    source, target = Registry(), Registry()
    digest = stored_image(source)
    with pytest.raises(BadInput, match="has other bytes than its digest"):
        copy_image(source, "dev", target, "prod", digest, "tag", lambda _: b"other")
    with pytest.raises(BadInput, match="has no image"):
        copy_image(source, "dev", target, "prod", "sha256:" + "0" * 64, "tag", lambda _: b"")
    assert target.images == {}


def test_instructions_are_shown_as_text() -> None:
    import io
    import zipfile

    def zipped(text: str) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("agents/roles/editor/instructions.md", text)
        return packed.getvalue()

    shown = instructions_difference(zipped("Write.\n"), zipped("Write well.\n"))
    assert shown[-2:] == ["-Write.", "+Write well."]
