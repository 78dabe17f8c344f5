"""`--model` as settings: refused before anything is started, and a key that nobody sees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.errors import BadInput, ExitCode
from cli.stack.model_options import LAPTOP_SECRET, keep_key, model_settings, with_key


def test_a_model_for_all_and_one_for_a_role() -> None:
    assert model_settings(["openai:gpt-5-mini", "critic=openai:gpt-5"]) == {
        "model": "openai:gpt-5-mini",
        "roleModels": "critic=openai:gpt-5",
    }


def test_no_word_changes_nothing() -> None:
    assert model_settings([]) == {}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["gpt-5"], "unknown model 'gpt-5'"),
        (["cook=openai:gpt-5"], "there is no role cook"),
        (["critic=openai:gpt-5", "critic=extractive"], "Two models for critic"),
        (["extractive", "openai:gpt-5"], "Two models for every role"),
        (["openai:unheard-of"], "modelPrices=openai:unheard-of="),
    ],
)
def test_what_cannot_be_asked_is_named(words: list[str], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        model_settings(words)


def test_a_given_price_makes_an_unknown_model_known() -> None:
    assert model_settings(["openai:unheard-of"], "openai:unheard-of=1/2")["model"] == "openai:unheard-of"


def test_the_key_goes_into_the_clouds_secret_and_never_into_a_setting() -> None:
    kept: dict[str, str] = {}

    class Cloud:
        def client(self, _: str) -> Any:
            return self

        def create_secret(self, Name: str, SecretString: str) -> None:  # noqa: N803 (the names that AWS gives)
            kept[Name] = SecretString

    variables = {"OPENAI_API_KEY": "sk-1"}
    settings = with_key({"model": "openai:gpt-5"}, variables)
    assert settings == {"model": "openai:gpt-5", "modelKeySecret": LAPTOP_SECRET}
    keep_key(settings, Cloud(), variables)
    assert kept == {LAPTOP_SECRET: "sk-1"}


def test_no_key_is_handed_on_when_no_model_wants_one() -> None:
    assert with_key({"model": "extractive"}, {"OPENAI_API_KEY": "sk-1"}) == {"model": "extractive"}
    assert with_key({"model": "openai:x"}, {}) == {"model": "openai:x"}


@pytest.mark.parametrize("command", [("run",), ("estimate",), ("local", "up")], ids=" ".join)
@pytest.mark.parametrize(
    ("prices", "says"),
    [
        ("openai:other=1/2", "openai:other is no model of this run, whose models are extractive"),
        ("openai:stub@http://127.0.0.1:1/v1=1/2", "is no model of this run"),
        ("zzz", "'zzz' is not model=<dollars per million in>/<out>"),
    ],
)
def test_a_price_that_no_call_would_be_paid_by_is_refused_at_once(
    command: tuple[str, ...], prices: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / "hive").mkdir()
    (tmp_path / "hive" / "bee.py").write_text("x = 1\n")
    path = [] if command[0] == "local" else [str(tmp_path / "hive")]
    options = ["--state", str(tmp_path / "state"), "--setting", f"modelPrices={prices}"]
    options += ["--out", str(tmp_path / "out")] if command[0] == "run" else []

    result = CliRunner().invoke(app, [*command, *path, *options])

    assert result.exit_code == ExitCode.BAD_INPUT, result.output
    assert says in " ".join(result.stderr.split())
    assert not (tmp_path / "out").exists()
    assert "starting the cloud" not in result.stderr


@pytest.mark.parametrize("priced", ["openai:stub@http://127.0.0.1:1/v1", "openai:stub"])
def test_a_price_names_its_model_with_or_without_the_address(priced: str, tmp_path: Path) -> None:
    (tmp_path / "bee.py").write_text("x = 1\n" * 200)
    model = ["--model", "openai:stub@http://127.0.0.1:1/v1", "--setting", f"modelPrices={priced}=1/2"]

    result = CliRunner().invoke(app, ["estimate", str(tmp_path), "--state", str(tmp_path / "s"), *model, "--json"])

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["usd"]["likely"] > 0
