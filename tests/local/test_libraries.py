"""What functions' processes find imported: modules that may be imported before a process has its variables."""

from __future__ import annotations

import subprocess
import sys

from agents.roster import FUNCTIONS
from agents.settings import PREFIX
from local.lambda_.layers import EVERYWHERE, OF_LAYER
from local.lambda_.libraries import builders_of, modules_of, turn_of
from tests.agents.fakes import settings

IMPORT = """
import importlib, os, sys, threading
os.environ.clear()
before = dict(os.environ)
for name in sys.argv[1:]:
    module, _, builder = name.partition(":")
    imported = importlib.import_module(module)
    builder and getattr(imported, builder)()
print(threading.active_count(), dict(os.environ) == before, "agents.shells.lambda_handler" in sys.modules)
"""


def test_every_state_has_modules_of_its_role() -> None:
    for state in FUNCTIONS:
        assert any(name.startswith("agents.roles.") for name in modules_of(settings(state).variables()))
    assert modules_of({}) == modules_of({f"{PREFIX}STATE": "Unheard"}) == ()
    assert builders_of({}) == builders_of({f"{PREFIX}STATE": "Unheard"}) == ()


def test_who_reads_files_has_what_reads_them() -> None:
    reader = "agents.codebase.structure.reader"
    assert reader in modules_of(settings("AnalyseBatch", model="extractive").variables())
    assert reader in modules_of(settings("Scan", model="openai:gpt-x").variables())
    assert reader not in modules_of(settings("Scan", model="extractive").variables())
    assert reader not in modules_of(settings("Critique", model="openai:gpt-x").variables())


def test_processes_begin_in_the_order_in_which_a_session_wants_them() -> None:
    states = ["Unheard", "Publish", "Edit", "AnalyseBatch", "Scan", "OpenSession"]
    in_turn = sorted(states, key=lambda state: turn_of({f"{PREFIX}STATE": state}))
    assert in_turn == ["OpenSession", "Scan", "AnalyseBatch", "Edit", "Publish", "Unheard"]
    assert turn_of({}) == turn_of({f"{PREFIX}STATE": "Unheard"})


def test_only_who_asks_a_model_has_what_turns_messages_into_json_built() -> None:
    asking = builders_of(settings("Critique", model="openai:gpt-x").variables())
    assert len(asking) == 2
    assert len(builders_of(settings("Critique", model="extractive").variables())) == 1
    assert len(builders_of(settings("CloseSession", model="openai:gpt-x").variables())) == 1


def test_what_is_imported_ahead_starts_no_thread_and_sets_no_variable() -> None:
    libraries = [*EVERYWHERE, *(name for names in OF_LAYER.values() for name in names)]
    code = sorted({name for state in FUNCTIONS for name in modules_of(settings(state).variables())})
    code += builders_of(settings("Critique", model="openai:gpt-x").variables())
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, *libraries, *code],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.returncode) == ("1 True False\n", 0), done.stderr
