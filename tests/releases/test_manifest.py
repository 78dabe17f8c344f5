"""A release is named by its content: the same on every machine, and nothing in it can be changed unnoticed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from components import release_check
from components.settings.model import Settings
from releases.build import ROOT
from releases.commit import CommitUnknown, changed_files, commit_of
from releases.dependencies import cyclonedx
from releases.manifest import MANIFEST, ManifestRefused, read_manifest, release_id
from releases.program_files import PROGRAM
from releases.release_bucket import ReleaseBucket, ReleaseMissing, ReleaseRefused
from tests.releases.releases import FACTS, git, small_release

#: Builds the small release of the checkout given first into the folder given second, and prints its id.
_BUILD = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.releases.releases import FACTS, small_release
from releases.commit import commit_of
root = Path(sys.argv[1])
print(small_release(Path(sys.argv[2]), root, replace(FACTS, commit=commit_of(root))))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    out = tmp_path_factory.mktemp("release")
    return small_release(out), out


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        for name in ("dev", "prod"):
            client.create_bucket(Bucket=name)
        yield client


def _clone(into: Path, origin: Path) -> Path:
    into.parent.mkdir(parents=True, exist_ok=True)
    git(origin, "clone", "--quiet", str(origin), str(into))
    return into


def test_two_clones_at_other_paths_with_other_umask_times_and_locale_give_the_same_id(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    for path in (*PROGRAM, Path("requirements"), Path("vendor"), Path("releases")):
        source, target = ROOT / path, origin / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
    git(origin, "init", "--quiet")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "-m", "a release")
    clones = [_clone(tmp_path / "first", origin), _clone(tmp_path / "another place" / "b", origin)]
    for file in clones[1].rglob("*.py"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
        file.chmod(0o600)
    ids = []
    for number, (clone, umask, locale) in enumerate(zip(clones, (0o022, 0o077), ("C", "C.UTF-8"), strict=True)):
        ran = subprocess.run(
            [sys.executable, "-c", _BUILD, str(clone), str(tmp_path / f"out{number}"), str(ROOT)],
            check=True, capture_output=True, text=True, umask=umask,
            env={**os.environ, "LC_ALL": locale, "TZ": ("UTC", "Asia/Tokyo")[number], "PYTHONHASHSEED": str(number)},
        )  # fmt: skip
        ids.append(ran.stdout.strip())
    assert ids[0] == ids[1]
    for file in (tmp_path / "out0").iterdir():
        assert file.read_bytes() == (tmp_path / "out1" / file.name).read_bytes(), file.name


def test_any_change_of_a_part_changes_the_id(built: tuple[str, Path]) -> None:
    name, out = built
    manifest = read_manifest((out / MANIFEST).read_bytes(), name)
    assert release_id(manifest.model_copy(update={"models": {"analyst": "bedrock:x"}})) != name
    assert release_id(manifest.model_copy(update={"image": ""})) != name


def test_a_changed_manifest_is_refused_by_name(built: tuple[str, Path]) -> None:
    name, out = built
    changed = json.loads((out / MANIFEST).read_bytes())
    changed["contract_version"] += 1
    with pytest.raises(ManifestRefused, match="was changed"):
        read_manifest(json.dumps(changed).encode(), name)
    with pytest.raises(ManifestRefused, match="cannot be read"):
        read_manifest(b"{}", name)


def test_the_list_of_packages_names_every_pin_once_with_its_purl() -> None:
    text = "PyYAML==6.0 ; python_version > '3' \\\n    --hash=sha256:" + "a" * 64 + "\n"
    lock = json.dumps({"packages": {"": {}, "node_modules/@a/b": {"version": "1.0", "integrity": "sha512-x"}}})
    listed = json.loads(cyclonedx({"agents": text, "models": text}, {"vendor": lock}))
    assert [each["purl"] for each in listed["components"]] == ["pkg:npm/%40a/b@1.0", "pkg:pypi/pyyaml@6.0"]
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")


def test_a_published_release_comes_back_as_it_was_and_may_be_published_again(
    built: tuple[str, Path], s3: Any, tmp_path: Path
) -> None:
    name, out = built
    bucket = ReleaseBucket(s3, "dev")
    bucket.publish(out, name)
    bucket.publish(out, name)
    bucket.download(name, tmp_path / "back")
    for file in (tmp_path / "back").iterdir():
        assert file.read_bytes() == (out / file.name).read_bytes()
    assert bucket.releases() == [name]


def test_promotion_copies_every_byte(built: tuple[str, Path], s3: Any) -> None:
    name, out = built
    dev, prod = ReleaseBucket(s3, "dev"), ReleaseBucket(s3, "prod")
    dev.publish(out, name)
    prod.copy_from(dev, name)
    listed = {bucket: s3.list_objects_v2(Bucket=bucket)["Contents"] for bucket in ("dev", "prod")}
    assert [(each["Key"], each["ETag"]) for each in listed["dev"]] == [
        (each["Key"], each["ETag"]) for each in listed["prod"]
    ]


def test_nothing_is_overwritten(built: tuple[str, Path], s3: Any) -> None:
    name, out = built
    s3.put_object(Bucket="dev", Key=f"releases/{name}/function.zip", Body=b"other")
    with pytest.raises(ReleaseRefused, match="nothing there is overwritten"):
        ReleaseBucket(s3, "dev").publish(out, name)


@pytest.mark.parametrize(
    ("file", "body", "says"),
    [
        ("function.zip", b"other", "is not what the manifest names"),
        ("function.zip", None, "there is no releases"),
        (MANIFEST, b"{}", "cannot be read"),
        (MANIFEST, None, "there is no releases"),
    ],
)
def test_a_changed_or_missing_part_is_never_copied(
    built: tuple[str, Path], s3: Any, file: str, body: bytes | None, says: str
) -> None:
    name, out = built
    dev = ReleaseBucket(s3, "dev")
    dev.publish(out, name)
    key = {"Bucket": "dev", "Key": f"releases/{name}/{file}"}
    s3.delete_object(**key) if body is None else s3.put_object(**key, Body=body)
    with pytest.raises(ReleaseRefused, match=says):
        ReleaseBucket(s3, "prod").copy_from(dev, name)
    with pytest.raises(ReleaseMissing):
        ReleaseBucket(s3, "prod").manifest(name)


@pytest.fixture
def checkout(built: tuple[str, Path], tmp_path: Path) -> Path:
    """A folder as `pulumi up` finds it: the program, and the release in build/release."""
    for path in PROGRAM:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).symlink_to(ROOT / path)
    shutil.copytree(built[1], tmp_path / "build" / "release")
    return tmp_path


def _settings(dev_settings: dict[str, Any], **changes: str) -> Settings:
    from components.settings.model import parse_settings

    return parse_settings({**dev_settings, **changes})


@pytest.fixture(scope="module")
def dev_settings() -> dict[str, Any]:
    from local.configuration import configuration

    return {key.partition(":")[2]: value for key, value in configuration(ROOT, "dev", {})[1].items()}


def _image(digest: str = FACTS.image) -> str:
    return f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/swarm-dev-agent@{digest}"


def test_the_program_deploys_what_the_manifest_names(
    built: tuple[str, Path], checkout: Path, dev_settings: dict[str, Any]
) -> None:
    settings = _settings(dev_settings, release=built[0], containerImage=_image())
    assert release_check.release_problem(settings, checkout) == ""


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda folder: (folder / "build/release/function.zip").write_bytes(b"x"), "function.zip has another SHA-256"),
        (lambda folder: (folder / "build/release/layer-base-arm64.zip").unlink(), "layer-base-arm64.zip is missing"),
        (lambda folder: (folder / "build/release/manifest.json").unlink(), "is not in build/release"),
        (lambda folder: (folder / "build/release/manifest.json").write_bytes(b"{}"), "cannot be read"),
        (lambda folder: (folder / "policy_pack").unlink(), "the program in this folder is another"),
    ],
)
def test_the_program_refuses_what_the_manifest_does_not_name_in_one_sentence(
    built: tuple[str, Path], checkout: Path, dev_settings: dict[str, Any], break_it: Any, says: str
) -> None:
    break_it(checkout)
    problem = release_check.release_problem(
        _settings(dev_settings, release=built[0], containerImage=_image()), checkout
    )
    assert says in problem
    assert "\n" not in problem


def test_another_image_or_the_laptops_zip_is_refused_too(
    built: tuple[str, Path], checkout: Path, dev_settings: dict[str, Any]
) -> None:
    other = _settings(dev_settings, release=built[0], containerImage=_image("sha256:" + "b" * 64), packaged="false")
    problem = release_check.release_problem(other, checkout)
    assert "containerImage has the digest" in problem
    assert "packaged is false" in problem


def test_a_folder_that_is_no_checkout_is_said_and_a_changed_file_is_found(tmp_path: Path) -> None:
    with pytest.raises(CommitUnknown):
        commit_of(tmp_path)
    git(tmp_path, "init", "--quiet")
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "a b.py").write_text("")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "empty")
    assert changed_files(tmp_path, ("agents",)) == ["agents/a b.py"]
    assert changed_files(tmp_path, ("components",)) == []
