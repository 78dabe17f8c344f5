# ruff: noqa: E501 (a case is on as few lines as it has)
"""Command lines of Python are read as their frameworks write them: argparse, optparse, click, typer and others."""

from __future__ import annotations

import pytest

from tests.agents.codebase.facts.reading import command_rows, mounts

ARGPARSE_WITH_GROUPS_REUSED_VARIABLES_AND_SUBCOMMANDS = """\
import argparse
def add_common(parser):
    parser.add_argument("--verbose", action="store_true", help="More.")
def build():
    parser = argparse.ArgumentParser(prog="tool", description="A "
        "tool.")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("-a", choices=["x", "y"], help="A" + "B")
    parser.add_argument_group("g").add_argument("--deep", help=argparse.SUPPRESS)
    sub = parser.add_subparsers(dest="cmd")
    p = sub.add_parser("add", help="Adds", aliases=["a"])
    p.add_argument("name", nargs="*", help="The name.")
    p.set_defaults(func=run_add)
    p = sub.add_parser("rm", help="Removes")
    p.add_argument("--force", default=False, action=argparse.BooleanOptionalAction)
    q = p.add_subparsers().add_parser("deep", help="Deep")
    q.add_argument("--deeper")
def run_add(args): pass
def other():
    parser = argparse.ArgumentParser(description="Other")
    parser.add_argument("--z", type=int, required=True)
"""
OPTPARSE = """\
from optparse import OptionParser, OptionGroup
parser = OptionParser(usage="usage: %prog [options]", description="Does.")
parser.add_option("-f", "--file", dest="filename", help="write", metavar="FILE", type="string", default="x")
g = OptionGroup(parser, "Dangerous")
g.add_option("-g", action="store_true", help="G.")
"""
CLICK = '''\
import click
from click import option
@click.group(invoke_without_command=True)
@click.option("--debug/--no-debug", default=False, help="Debug.")
@click.pass_context
def cli(ctx, debug):
    """Root."""
@cli.command("sync", short_help="Syncs", hidden=False)
@click.option("--kind", type=click.Choice(["a", "b"]), show_default=True, default="a")
@click.option("-v", "--verbose", count=True, help=("Very "
   "verbose."))
@click.option("--path", "path_", type=click.Path(exists=True), required=True, multiple=True)
@click.option("--secret", hidden=True)
@click.option("--flag", is_flag=True)
@click.argument("src", nargs=-1, type=click.File("r"))
def do_sync(kind): pass
@click.command(name="solo", help="Solo.")
def solo(): pass
@cli.command(hidden=True)
def hid(): pass
cli.add_command(solo)
'''
TYPER = '''\
from typing import Annotated, Optional
import typer, click
app = typer.Typer(help="App", no_args_is_help=True)
sub = typer.Typer()
app.add_typer(sub, name="users", help="Users.")
@app.callback()
def main(verbose: bool = False, version: Annotated[Optional[bool], typer.Option("--version", "-V", callback=x, is_eager=True)] = None):
    """Root."""
@app.command("greet", help="Greets.")
def greet_it(
    name: Annotated[str, typer.Argument(help="Who, exactly.")],
    lastname: Annotated[str, typer.Option("--last", "-l", help="Last.", prompt=True)] = "x",
    age: int = typer.Option(..., help="Age", min=0),
    force: Annotated[bool, typer.Option(hidden=True)] = False,
    path: Path = typer.Argument(Path("."), exists=True),
    polite: bool = typer.Option(True, "--polite/--rude"),
    kind: "Kind" = Kind.a,
):
    click.echo("x")
@sub.command()
def create(user_name: str, *, ctx: typer.Context): pass
'''
DOCOPT_OF_ONE_USAGE = """\
#!/usr/bin/env python
'''Usage: tool [options] <file>...
              [--more]

Does a thing.

  -v, --verbose  Be
                 verbose.
  --speed=<kn>   Speed [default: 10].
  -o FILE
'''
import docopt
def main():
    args = docopt.docopt(__doc__, version="1")
"""
DOCOPT_OF_SEVERAL_USAGES = '''\
"""Naval Fate.

Usage:
  naval_fate.py ship new <name>...
  naval_fate.py ship <name> move <x> <y> [--speed=<kn>]

Options:
  -h --help     Show this screen.
  --speed=<kn>  Speed in knots [default: 10].
"""
from docopt import docopt
args = docopt(__doc__)
'''
FIRE = '''\
import fire
class Calc:
    """Adds."""
    def double(self, n=3):
        """Doubles."""
if __name__ == '__main__':
    fire.Fire(Calc)
'''
CLEO = """\
from cleo.commands.command import Command
from cleo.helpers import argument, option
class GreetCommand(Command):
    name = "greet"
    description = "Greets someone"
    arguments = [argument("name", description="Who?", optional=True)]
    options = [option("yell", "y", description="Yell", flag=True)]
"""

CASES = {
    "python argparse with groups, reused variables and subcommands": (
        ARGPARSE_WITH_GROUPS_REUSED_VARIABLES_AND_SUBCOMMANDS,
        [
            ("argparse", "--verbose", "parser", "flag", "", "More."),
            ("argparse", "tool", "parser", "", "", "A tool."),
            ("argparse", "-a", "parser", "x | y", "", "AB"),
            ("argparse", "add", "p", "", "", "Adds"),
            ("argparse", "name", "p", "", "", "The name.", "argument"),
            ("argparse", "rm", "p@14", "", "", "Removes"),
            ("argparse", "--force", "p@14", "flag", "False", ""),
            ("argparse", "deep", "q", "", "", "Deep"),
            ("argparse", "--deeper", "q", "", "", ""),
            ("argparse", "other", "parser@20", "", "", "Other"),
            ("argparse", "--z", "parser@20", "int", "", "", "required"),
        ],
        [("parser", "p"), ("parser", "p@14"), ("p@14", "q")],
    ),
    "python optparse": (
        OPTPARSE,
        [
            ("optparse", "the program", "parser", "", "", "Does."),
            ("optparse", "-f, --file", "parser", "string", "x", "write"),
            ("optparse", "-g", "parser", "flag", "", "G."),
        ],
        [],
    ),
    "python click": (
        CLICK,
        [
            ("click", "cli", "", "", "", "Root.", "group"),
            ("click", "--debug/--no-debug", "cli", "flag", "False", "Debug."),
            ("click", "sync", "cli", "", "", "Syncs"),
            ("click", "--kind", "do_sync", "a | b", "a", ""),
            ("click", "-v, --verbose", "do_sync", "count", "", "Very verbose."),
            ("click", "--path", "do_sync", "Path", "", "", "required"),
            ("click", "--flag", "do_sync", "flag", "", ""),
            ("click", "SRC", "do_sync", "File", "", "", "argument"),
            ("click", "solo", "", "", "", "Solo."),
        ],
        [("cli", "solo")],
    ),
    "python typer": (
        TYPER,
        [
            ("typer", "--verbose", "", "bool", "", ""),
            ("typer", "--version, -V", "", "Optional[bool]", "None", ""),
            ("typer", "greet", "app", "", "", "Greets."),
            ("typer", "NAME", "greet_it", "str", "", "Who, exactly.", "argument"),
            ("typer", "--last, -l", "greet_it", "str", "x", "Last."),
            ("typer", "--age", "greet_it", "int", "", "Age", "required"),
            ("typer", "PATH", "greet_it", "Path", "", "", "argument"),
            ("typer", "--polite/--rude", "greet_it", "bool", "True", ""),
            ("typer", "--kind", "greet_it", '"Kind"', "", ""),
            ("typer", "create", "sub", "", "", ""),
            ("typer", "USER_NAME", "create", "str", "", "", "argument"),
        ],
        [("app", "sub")],
    ),
    "python docopt of one usage": (
        DOCOPT_OF_ONE_USAGE,
        [
            ("docopt", "tool [options] <file>...", "tool", "", "", ""),
            ("docopt", "-v, --verbose", "tool", "", "", "Be verbose"),
            ("docopt", "--speed=<kn>", "tool", "", "10", "Speed"),
            ("docopt", "-o FILE", "tool", "", "", ""),
        ],
        [],
    ),
    "python docopt of several usages": (
        DOCOPT_OF_SEVERAL_USAGES,
        [
            ("docopt", "naval_fate.py", "naval_fate.py", "", "", "Naval Fate."),
            ("docopt", "naval_fate.py ship new <name>...", "naval_fate.py ship new <name>...", "", "", ""),
            (
                "docopt",
                "naval_fate.py ship <name> move <x> <y> [--speed=<kn>]",
                "naval_fate.py ship <name> move <x> <y> [--speed=<kn>]",
                "",
                "",
                "",
            ),
            ("docopt", "-h --help", "naval_fate.py", "", "", "Show this screen"),
            ("docopt", "--speed=<kn>", "naval_fate.py", "", "10", "Speed in knots"),
        ],
        [],
    ),
    "python Fire": (
        FIRE,
        [
            ("Fire", "double", "Calc.double", "", "", "Doubles."),
            ("Fire", "--n", "Calc.double", "", "3", ""),
        ],
        [],
    ),
    "python cleo": (
        CLEO,
        [
            ("cleo", "greet", "GreetCommand", "", "", "Greets someone"),
            ("cleo", "<name>", "GreetCommand", "", "", "Who?", "argument"),
            ("cleo", "--yell, -y", "GreetCommand", "flag", "", "Yell"),
        ],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_commands_and_options_have_what_their_file_says_of_them(case: str) -> None:
    text, wanted, _ = CASES[case]

    assert command_rows(case.split()[0], text) == wanted


@pytest.mark.parametrize("case", CASES)
def test_a_command_below_another_says_so(case: str) -> None:
    text, _, wanted = CASES[case]

    assert mounts(case.split()[0], text) == wanted
