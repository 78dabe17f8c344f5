"""How long a keeper stays, who may end it, and what `swarm local down` and `status` say without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app as border
from cli.errors import BadInput, ExitCode
from cli.stack import keeper, resident_cloud
from cli.stack.cloud_turn import turn
from cli.stack.stack_settings import read_settings
from local.cloud_users import alone, using
from local.resident import FILE_NAME, CloudKind, Holder, Resident, hold, holder_in
from local.settings import ROOT

OTHERS = Resident(4711, "http://127.0.0.1:1", "eu-west-1", {"the code": "changed"}, {}, "secret")
USER = """
import sys, time
from pathlib import Path
from local.cloud_users import using
with using(Path(sys.argv[1])):
    print("used", flush=True)
    time.sleep(600)
"""


def swarm(*words: str | Path) -> Result:
    return CliRunner().invoke(border.app, [str(word) for word in words])


@pytest.mark.parametrize(("value", "seconds"), [("", 600), ("off", None), ("2", 120), ("0.5", 30)])
def test_it_stays_ten_minutes_or_as_long_as_the_variable_says(value: str, seconds: float | None) -> None:
    assert keeper.idle_seconds({keeper.VARIABLE: value}) == seconds


@pytest.mark.parametrize("value", ["on", "0", "-1", "nan", "inf", "1441"])
def test_any_other_value_is_bad_input(value: str) -> None:
    with pytest.raises(BadInput, match=f"SWARM_KEEPER={value}: set it to `off`, or to the minutes"):
        keeper.idle_seconds({keeper.VARIABLE: value})


def test_a_command_uses_a_cloud_until_its_end_however_it_ends(tmp_path: Path) -> None:
    user = subprocess.Popen([sys.executable, "-c", USER, tmp_path], cwd=ROOT, stdout=subprocess.PIPE)
    assert user.stdout is not None
    assert user.stdout.readline()
    with alone(tmp_path) as nobody:
        assert not nobody
    user.kill()
    user.communicate()
    with alone(tmp_path) as nobody:
        assert nobody


def test_a_keeper_begins_early_and_ends_where_it_gets_no_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keeper.VARIABLE, "5")
    with keeper.early_process(tmp_path, asks_model=True) as process:
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None
    assert list(tmp_path.iterdir()) == []


def test_a_keeper_whose_command_was_killed_ends_without_an_order() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli.keeper_process"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize(("codes", "said"), [("aa", b"kept"), ("ab", b"")])
def test_a_keeper_whose_code_was_edited_while_it_loaded_leaves_the_cloud_to_another(
    codes: str, said: bytes, tmp_path: Path
) -> None:
    (tmp_path / keeper.LOG_NAME).touch()
    program = f"""
import cli.keeper_process as process
codes = iter({codes!r})
process.code_of = lambda _: next(codes)
process._load = lambda: None
process._keep = lambda *_: print("kept", end="")
raise SystemExit(process.main())
"""
    order = json.dumps({"folder": str(tmp_path), "stack": "local", "settings": {}}).encode()
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, input=order, capture_output=True, check=True)
    assert done.stdout == said


@pytest.mark.parametrize("minutes", ["off", "5"])
def test_none_begins_early_where_none_is_wanted_or_a_cloud_is_up(
    minutes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keeper.VARIABLE, minutes)
    up = nullcontext() if minutes == "off" else hold(tmp_path, CloudKind.KEEPER)
    with up, keeper.early_process(tmp_path, asks_model=False) as process:
        assert process is None


def test_a_keeper_that_differs_is_ended_unless_it_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(keeper, "end", lambda _, holder: ended.append(holder.process))
    choose = resident_cloud.choice_of_run(read_settings("local", {}), {}, tmp_path)
    holder = Holder(4711, CloudKind.KEEPER, OTHERS)

    with using(tmp_path):
        assert choose(holder) is None
    assert ended == []
    assert choose(holder) is None
    assert ended == [4711]


def test_a_keeper_of_another_version_differs_from_ours_so_that_a_run_ends_it(tmp_path: Path) -> None:
    with hold(tmp_path, CloudKind.KEEPER) as place:
        place.publish(OTHERS)
        written = json.loads((tmp_path / FILE_NAME).read_text())
        written["cloud"]["a field of a later version"] = 1
        (tmp_path / FILE_NAME).write_text(json.dumps(written))
        holder = holder_in(tmp_path)
    assert holder is not None
    assert (holder.process, holder.kind) == (4711, CloudKind.KEEPER)
    assert holder.cloud is not None
    assert holder.cloud.identity == {}


def test_a_cloud_that_ended_before_it_was_used_is_not_taken(tmp_path: Path) -> None:
    holder = Holder(os.getpid(), CloudKind.KEEPER, OTHERS)
    starts: list[int] = []

    def start() -> None:
        starts.append(1)
        raise BadInput("started")

    with (
        pytest.raises(BadInput, match="started"),
        turn(tmp_path, CloudKind.RUN, lambda _: holder.cloud, lambda _: None, lambda _: None, start),
    ):
        pass
    assert starts == [1]


def test_a_keeper_that_has_withdrawn_is_not_found(tmp_path: Path) -> None:
    with hold(tmp_path, CloudKind.KEEPER) as place:
        place.publish(OTHERS)
        place.withdraw()
        holder = holder_in(tmp_path)
    assert holder is not None
    assert holder.cloud is None


def test_a_place_whose_folder_is_replaced_is_not_found_any_more(tmp_path: Path) -> None:
    with hold(tmp_path / "state") as place:
        assert place.found
        (tmp_path / "state").rename(tmp_path / "gone")
        (tmp_path / "state").mkdir()
        (tmp_path / "state" / FILE_NAME).touch()
        assert not place.found


def test_down_and_status_say_that_no_cloud_is_up(tmp_path: Path) -> None:
    for word in ("down", "status"):
        said = swarm("local", word, "--state", tmp_path)
        assert said.exit_code == ExitCode.DONE
        assert "No cloud is up in" in said.output
    assert json.loads(swarm("local", "status", "--json", "--state", tmp_path).stdout)["kind"] is None


def test_down_leaves_a_command_at_work_alone(tmp_path: Path) -> None:
    with hold(tmp_path, CloudKind.RUN):
        said = swarm("local", "down", "--state", tmp_path)
    assert said.exit_code == ExitCode.BAD_INPUT
    assert f"(process {os.getpid()}): end it with Ctrl-C" in " ".join(said.output.split())


def test_status_names_process_address_and_log(tmp_path: Path) -> None:
    with hold(tmp_path, CloudKind.KEEPER) as place:
        place.publish(OTHERS)
        figures = json.loads(swarm("local", "status", "--json", "--state", tmp_path).stdout)
    assert figures == {
        "state": str(tmp_path),
        "kind": "keeper",
        "process": 4711,
        "endpoint_url": "http://127.0.0.1:1",
        "log": str(tmp_path / "keeper.log"),
    }
