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
    "python argparse by dest": (
        'import argparse\np = argparse.ArgumentParser()\np.add_argument(dest="url", metavar="URL", help=("Where " "to."))\n',
        [("URL", "", "Where to.")],
    ),
    "python Django's management commands": (
        "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n    help = _('Fills it.')\n"
        '    def add_arguments(self, parser):\n        parser.add_argument("--all", action="store_true", help="A.")\n',
        [("Command", "", "Fills it."), ("--all", "", "A.")],
    ),
    "python Django's management command without words": (
        "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n    def add_arguments(self, parser):\n"
        '        parser.add_argument(\n            "--all",\n            help="A.",\n        )\n',
        [("Command", "", ""), ("--all", "", "A.")],
    ),
    "ruby OptionParser": (
        'require "optparse"\nOptionParser.new do |o|\n  o.on("-c", "--count N", Integer, "How many") { |n| x = n }\nend\n',
        [("-c, --count N", "", "How many")],
    ),
    "rust builder with a text over lines": (
        'use clap::{Arg, Command};\nfn f() { Command::new("x").arg(Arg::new("y").long("y").help("Goes \\\n        far.")); }\n',
        [("x", "", ""), ("--y", "", "Goes far.")],
    ),
    "go cobra": (
        'package x\nimport "github.com/spf13/cobra"\nvar c = &cobra.Command{Use: "serve", Short: "Serves"}\n'
        'func init() { c.Flags().IntVarP(&p, "port", "p", 80, "the port") }\n',
        [("serve", "", "Serves"), ("--port, -p", "80", "the port")],
    ),
    "go urfave/cli": (
        'package x\nimport "github.com/urfave/cli/v2"\nvar app = &cli.App{Name: "boom", Usage: "Booms",\n'
        ' Flags: []cli.Flag{&cli.StringFlag{Name: "lang", Aliases: []string{"l"}, Value: "en", Usage: "the language"}},\n'
        ' Commands: []*cli.Command{{Name: "add", Usage: "Adds"},\n  &cli.Command{Name: "rm", Usage: "Removes"}}}\n',
        [("boom", "", "Booms"), ("--lang, -l", "en", "the language"), ("add", "", "Adds"), ("rm", "", "Removes")],
    ),
    "python click groups": (
        'import click\n@click.group()\ndef main(): pass\n@main.group()\ndef db():\n    """Db."""\n@db.command()\n'
        '@click.option("-n", "--name", required=True, help="N.")\ndef init_it(name):\n    """Inits."""\n',
        [("main", "", ""), ("db", "", "Db."), ("init-it", "", "Inits."), ("-n, --name", "", "N.")],
    ),
    "javascript cac": (
        'const cli = require("cac")();\ncli.command("rm <dir>", "Removes").option("-r, --recursive", "deep");\n',
        [("rm <dir>", "", "Removes"), ("-r, --recursive", "", "deep")],
    ),
    "typescript commander": (
        'import { Command } from "commander";\nconst program = new Command("demo");\n'
        'program.command("go").description("Goes").argument("[y]", "why");\n',
        [("demo", "", ""), ("go", "", "Goes"), ("[y]", "", "why")],
    ),
    "rust derive": (
        '/// Greets.\n#[derive(Parser, Debug)]\n#[command(name = "demo")]\nstruct Args {\n    /// How many\n'
        "    #[arg(short, long, default_value_t = 1)]\n    count: u8,\n}\n#[derive(Subcommand)]\nenum Sub { AddIt }\n",
        [("demo", "", "Greets."), ("--count, -c", "1", "How many"), ("add-it", "", "")],
    ),
    "rust derive's subcommands": (
        "use clap::{Parser, Subcommand};\n#[derive(Parser)]\nenum Cli {\n  /// Adds.\n  Add(AddArgs),\n  #[command(hide = true)]\n  Secret,\n"
        "  Rm { #[arg(long)] force: bool },\n}\n#[derive(Args)]\nstruct AddArgs { name: String }\n",
        [("add", "", "Adds."), ("rm", "", ""), ("--force", "", ""), ("NAME", "", "")],
    ),
    "rust builder's subcommands": (
        'use clap::{Arg, Command};\nfn f() { Command::new("x").subcommand(Command::new("y").about("Ys").arg(Arg::new("z").long("z"))); }\n',
        [("x", "", ""), ("x y", "", "Ys"), ("--z", "", "")],
    ),
    "rust a process is no command": (
        'use clap::Parser;\nuse std::process::Command;\nfn f() { Command::new("ls").arg("-l"); }\n',
        [],
    ),
    "python typer's registrations": (
        'import typer\napp = typer.Typer()\ndef run():\n    """Runs."""\napp.command(name="go", help="Goes")(run)\napp.command()(run)\n',
        [("go", "", "Goes"), ("run", "", "Runs.")],
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


def test_a_command_in_a_list_has_its_own_lines() -> None:
    text = 'package x\nimport "github.com/urfave/cli/v2"\nvar c = []*cli.Command{\n  {Name: "a"},\n  {Name: "b"},\n}\n'

    assert [(fact.name, fact.lines.start) for fact in facts("go", text, FactKind.COMMAND)] == [("a", 4), ("b", 5)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("javascript", 'const program = require("commander");\nstore.option("x", 1);\ndb.command("find");\n'),
        ("go", 'package x\nimport "github.com/spf13/cobra"\nvar c = exec.Command("ls")\n'),
        ("python", 'import click\n@bus.command("x")\nclass A: pass\n'),
    ],
)
def test_what_only_looks_like_a_command_is_none(language: str, text: str) -> None:
    assert facts(language, text, FactKind.COMMAND, FactKind.OPTION) == []
