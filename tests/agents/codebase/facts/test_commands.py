# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Commands are read with their options, by the framework that declares them."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

CASES = {
    "python click": (
        'import click\n@click.group()\ndef cli(): pass\n@cli.command("hi")\n@click.option("--count", "-c", default=1, help="N.")\n'
        '@click.argument("name")\ndef hello(count, name):\n    """Greets."""\n',
        [("cli", "", ""), ("hi", "", "Greets."), ("--count, -c", "1", "N."), ("NAME", "", "")],
    ),
    "python typer": (
        'import typer\napp = typer.Typer()\n@app.command()\ndef go(name: str, n: int = typer.Option(3, help="q")):\n    """Goes."""\n',
        [("go", "", "Goes."), ("NAME", "", ""), ("--n", "3", "q")],
    ),
    "python argparse": (
        'import argparse\np = argparse.ArgumentParser(prog="x", description="D")\ns = p.add_subparsers()\n'
        'q = s.add_parser("run", help="Runs")\nq.add_argument("--n", type=int, default=3, help="h")\n',
        [("x", "", "D"), ("run", "", "Runs"), ("--n", "3", "h")],
    ),
    "go cobra": (
        'package x\nimport "github.com/spf13/cobra"\nvar c = &cobra.Command{Use: "serve", Short: "Serves"}\n'
        'func init() { c.Flags().IntVarP(&p, "port", "p", 80, "the port") }\n',
        [("serve", "", "Serves"), ("--port, -p", "80", "the port")],
    ),
    "rust derive": (
        '/// Greets.\n#[derive(Parser, Debug)]\n#[command(name = "demo")]\nstruct Args {\n    /// How many\n'
        "    #[arg(short, long, default_value_t = 1)]\n    count: u8,\n}\n#[derive(Subcommand)]\nenum Sub { AddIt }\n",
        [("demo", "", "Greets."), ("--count, -c", "1", "How many"), ("add-it", "", "")],
    ),
    "rust builder": (
        'use clap::Command;\nfn f() { Command::new("x").about("A").arg(Arg::new("y").long("y").help("q")); }\n',
        [("x", "", "A"), ("--y", "", "q")],
    ),
    "javascript commander": (
        'const { program } = require("commander");\n'
        'program.command("go <x>").description("Goes").option("-p, --port <n>", "the port", "8");\n',
        [("go <x>", "", "Goes"), ("-p, --port <n>", "8", "the port")],
    ),
    "javascript yargs": (
        'const yargs = require("yargs");\nyargs.command("go", "Goes").option("port", { describe: "the port", default: 8 });\n',
        [("go", "", "Goes"), ("--port", "8", "the port")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_commands_and_options_have_their_names_defaults_and_help(case: str) -> None:
    text, wanted = CASES[case]
    read = facts(case.split()[0], text, FactKind.COMMAND, FactKind.OPTION)
    assert sorted((fact.name, fact.default, fact.text) for fact in read) == sorted(wanted)
