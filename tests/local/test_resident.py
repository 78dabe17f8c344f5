"""A cloud that one process holds is found by others for exactly as long as that process lives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.privileges import CloudKeys
from local.resident import FILE_NAME, CloudIsUp, Resident, ResidentCloud, hold, refuse_resident, resident_in
from tests.e2e.main_job import ROOT

PUBLISHED = Resident(
    4711, "http://127.0.0.1:5055", "eu-west-1", {"model": "extractive"}, {"context_bucket": "context"}, "secret"
)
HOLDER = """
import sys, time
from pathlib import Path
from local.resident import Resident, hold
with hold(Path(sys.argv[1])) as place:
    place.publish(Resident(1, "http://127.0.0.1:1", "eu-west-1", {}, {}, "secret"))
    print("held", flush=True)
    time.sleep(60)
"""


def test_other_tools_get_the_keys_of_a_cloud_that_is_up(tmp_path: Path) -> None:
    ask = [sys.executable, "-m", "local.environment", "--state", str(tmp_path)]
    none = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (none.returncode, none.stdout) == (1, "")
    assert "swarm local up" in none.stderr
    with hold(tmp_path) as place:
        place.publish(PUBLISHED)
        said = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    operator = CloudKeys("secret").operator
    assert f"export AWS_SECRET_ACCESS_KEY={operator.secret}\n" in said
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:5055\n" in said


def test_nobody_holds_a_cloud_where_none_ever_was(tmp_path: Path) -> None:
    assert resident_in(tmp_path / "none") is None
    refuse_resident(tmp_path / "none")


def test_a_published_cloud_is_in_the_folder_until_its_place_is_released(tmp_path: Path) -> None:
    with hold(tmp_path / "state") as place:
        place.publish(PUBLISHED)
        assert resident_in(tmp_path / "state") == PUBLISHED

    assert resident_in(tmp_path / "state") is None
    refuse_resident(tmp_path / "state")


def test_a_cloud_that_is_being_built_is_not_found_and_keeps_its_place(tmp_path: Path) -> None:
    with hold(tmp_path):
        assert resident_in(tmp_path) is None
        with pytest.raises(CloudIsUp):
            refuse_resident(tmp_path)


def test_a_second_cloud_is_refused_with_the_process_of_the_first(tmp_path: Path) -> None:
    with hold(tmp_path) as place:
        place.publish(PUBLISHED)
        with pytest.raises(CloudIsUp, match=r"process 4711.*swarm local down"), hold(tmp_path):
            pass
        assert resident_in(tmp_path) == PUBLISHED


def test_whoever_is_killed_holds_nothing_any_more(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert resident_in(tmp_path) is not None

    holder.kill()
    holder.communicate(timeout=60)

    assert (tmp_path / FILE_NAME).stat().st_size > 0
    assert resident_in(tmp_path) is None
    with hold(tmp_path) as place:
        place.publish(PUBLISHED)
        assert resident_in(tmp_path) == PUBLISHED


def test_a_file_of_another_version_names_no_cloud(tmp_path: Path) -> None:
    with hold(tmp_path):
        (tmp_path / FILE_NAME).write_text('{"address": "elsewhere"}')
        assert resident_in(tmp_path) is None


def test_its_clients_ask_that_cloud_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with ResidentCloud(PUBLISHED) as cloud:
        client = cloud.client("dynamodb")
        assert (client.meta.endpoint_url, client.meta.region_name) == ("http://127.0.0.1:5055", "eu-west-1")
        assert cloud.client("dynamodb") is client
        assert cloud.outputs == {"context_bucket": "context"}
