# ruff: noqa: E501 (a case is on one line)
"""What only looks like a command line is none, and no text makes a reader slow."""

from __future__ import annotations

import time

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import command_rows, facts

_STRANGERS = {
    "java another Command": 'import x.Command;\n@Command(name = "a")\nclass A { @Option(names = "-x") int x; }\n',
    "kotlin options without Clikt": 'class A : CliktLike() { val x by option("x") }\n',
    "kotlin a class beside Clikt's": (
        'import com.github.ajalt.clikt.core.CliktCommand\nclass Plain { val x by option("--x") }\n'
    ),
    "scala a method named cmd": 'object A { cmd("x"); opt("y"); Opts.option("z") }\n',
    "swift another wrapper": "import SwiftUI\nstruct A: View { @Option(name: .long) var x = 3 }\n",
    "swift a type beside commands": "import ArgumentParser\nstruct A { @Option var x = 3 }\n",
    "csharp another Option": 'class A { void M() { var o = new Option<int>("--x"); var c = new Command("y"); } }\n',
    "csharp another attribute": 'class A { [Option("x")] public int X { get; set; } }\n',
    "csharp a setter beside System.CommandLine": (
        'using System.CommandLine;\nclass A : Base { A() : base("x", "y") { list.Add("z"); } }\n'
    ),
    "php an entity with a signature": "<?php class A extends Model { protected $signature = 'x {y}'; }\n",
    "php a message of a bus": (
        "<?php class CreateUser extends BaseCommand { function f() { $this->setName('x'); } }\n"
    ),
    "php a menu": "<?php use Symfony\\Component\\Console\\X;\nclass A { function f() { $this->addOption('a'); } }\n",
    "ruby Rake": 'namespace :x do\n  desc "Does it"\n  task :y do\n  end\nend\n',
    "ruby an interface's descriptions": "class A < Grape::API\n  desc 'Returns'\n  def x; end\nend\n",
    "ruby an option in a method": 'class A\n  def x\n    option :y\n    desc "a", "b"\n  end\nend\n',
    "javascript words of libraries": 'const cache = 1;\ncli.command("x");\ny.option("a", "b");\n',
    "javascript an export named command": "exports.command = 'abc';\nexports.handler = () => {};\n",
    "javascript a configuration": "module.exports = { command: 'npm run x', describe: 'y' };\n",
    "javascript another parseArgs": 'import { parseArgs } from "./mine";\nparseArgs({ options: { a: { type: "b" } } });\n',
    "typescript another Command": "class A extends Command { static flags = { a: Flags.string() } }\n",
    "typescript another defineCommand": "defineCommand({ meta: { name: 'x' }, args: { a: { type: 'string' } } });\n",
    "go tags of others": 'package x\ntype A struct { X string `json:"x" help:"y" cmd:""` }\n',
    "go flags of a struct": 'package x\nimport "github.com/spf13/pflag"\nfunc f() { store.StringVar(&a, "b", "c", "d") }\n',
    "rust another derive": "#[derive(FromRow)]\nstruct A { #[argh(option)] x: u8 }\n",
    "cpp another add_option": 'int main() { menu.add_option("x", y, "z"); menu.add_subcommand("w"); }\n',
    "cpp macros of others": (
        '#define DEFINE_bool(a, b, c) a\n// DEFINE_bool(x, true, "X");\nDEFINE_string(x, 1);\nDEFINE_string("x", y, "z");\n'
        'DEFINE_int32(x, 1, y);\nMY_ABSL_FLAG(int, x, 1, "X");\nABSL_DECLARE_FLAG(int, x);\nDECLARE_string(x);\nABSL_FLAG(int, x);\n'
    ),
    "c another table": "struct other o[] = {{\"x\", 1, 0, 'c'}};\n",
    "c a table of a type named so": "option o[] = {{\"x\", 1, 0, 'c'}};\nstruct option *p;\n",
    "python another command": "import clickhouse\nfrom click_log import x\n@bot.command()\ndef x(): pass\n",
    "python a hyperlink": "# hypertext, clicked\n@bot.command()\ndef x(a: int): pass\n",
    "python Fire of a gun": "gun.Fire(bullet)\n",
    "python a usage without docopt": '"""Usage: x [options]\n\n  -v  V\n"""\n',
    "python cleopatra": "class GreetCommand(Command):\n    name = 'x'\n",
    "dart another parser": "void main() { parser.addFlag('x'); }\nclass A extends Command { final name = 'x'; }\n",
    "elixir a module": 'defmodule MyApp.Tasks.X do\n  @shortdoc "x"\nend\n',
    "powershell a function's parameters": "function Get-X {\n  param([string]$Inner)\n}\n",
    "powershell a scriptblock's parameters": "$x = 1\nInvoke-It { param($y) $y }\n",
}


@pytest.mark.parametrize("case", _STRANGERS)
def test_what_only_looks_like_a_command_line_is_none(case: str) -> None:
    assert command_rows(case.split()[0], _STRANGERS[case]) == []


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("java", 'import picocli.CommandLine.*;\n@Command(name = "a", hidden = true)\nclass A {}\n', ()),
        ("swift", "import ArgumentParser\nstruct A: ParsableCommand { @Flag(help: .hidden) var x = false }\n", ("a",)),
        ("ruby", "class A < Thor\n  desc 'x', 'y', hide: true\n  def x; end\nend\n", ()),
        ("go", 'package x\nimport "github.com/spf13/cobra"\nvar c = &cobra.Command{Use: "x", Hidden: true}\n', ()),
        ("javascript", 'const p = require("commander");\nprogram.command("x", { hidden: true });\n', ()),
        ("python", "import click\n@click.command(hidden=True)\ndef x(): pass\n", ()),
        ("python", "import argparse\np.add_argument('--x', help=argparse.SUPPRESS)\n", ()),
    ],
)
def test_what_its_author_hides_is_not_shown(language: str, text: str, shown: tuple[str, ...]) -> None:
    read = facts(language, text, FactKind.COMMAND, FactKind.OPTION)

    assert tuple(fact.name for fact in read) == shown


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("powershell", "[a]" * 60_000 + "\nparam($x)\n"),
        ("powershell", "<#" * 60_000 + "param("),
        ("powershell", "<# .A\n" + "\n" * 60_000 + "#>param($x)"),
        ("dart", "import 'package:args/args.dart';\n" + "parser" + " " * 100_000 + ".addFlag('x');\n"),
        ("dart", "import 'package:args/args.dart';\n" + "p.addFlag('x');" * 4_000),
        ("elixir", "defmodule Mix.Tasks.X do\n" + "OptionParser.parse(a, strict: @s)\n" * 4_000 + "end\n"),
        ("python", 'import docopt\n"""usage: ' + "-a " * 40_000 + '"""\ndocopt.docopt(__doc__)\n'),
        ("python", "import docopt\n'''usage: x\n\n" + "\n" * 40_000 + " -v\n" + "'''\ndocopt.docopt(__doc__)\n"),
        ("cpp", "#include <CLI/CLI.hpp>\n" + "CLI::App a{};" * 5_000),
        (
            "php",
            "<?php use Illuminate\\Console\\X;\nclass A extends Command { $signature = '" + "{a}" * 20_000 + "'; }",
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_no_text_makes_a_reader_slow(language: str, text: str) -> None:
    began = time.monotonic()

    facts(language, text, FactKind.COMMAND)

    assert time.monotonic() - began < 10
