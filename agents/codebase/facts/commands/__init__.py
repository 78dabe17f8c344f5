"""Command lines that code declares: which reader reads which framework of which language. Tables first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from agents.codebase.facts.commands.argh import argh_commands
from agents.codebase.facts.commands.argument_parsers import argument_commands
from agents.codebase.facts.commands.clap import built_commands, derived_commands
from agents.codebase.facts.commands.click import click_commands
from agents.codebase.facts.commands.clikt import clikt_commands
from agents.codebase.facts.commands.cpp import cli11_commands, listed_options
from agents.codebase.facts.commands.docopt import docopt_commands
from agents.codebase.facts.commands.dotnet import dotnet_commands
from agents.codebase.facts.commands.dotnet_attributes import dotnet_attributes
from agents.codebase.facts.commands.flag_macros import flag_macros
from agents.codebase.facts.commands.go import go_commands
from agents.codebase.facts.commands.go_tags import go_tags
from agents.codebase.facts.commands.option_tables import option_tables
from agents.codebase.facts.commands.php import php_commands
from agents.codebase.facts.commands.picocli import picocli_commands
from agents.codebase.facts.commands.python import cleo_commands, fire_commands
from agents.codebase.facts.commands.ruby import option_parser, thor_commands
from agents.codebase.facts.commands.scala import decline_commands, scopt_commands
from agents.codebase.facts.commands.script import script_commands
from agents.codebase.facts.commands.script_declarations import (
    citty_commands,
    meow_flags,
    oclif_commands,
    parsed_arguments,
)
from agents.codebase.facts.commands.swift import swift_commands
from agents.codebase.facts.commands.urfave import urfave_commands
from agents.codebase.facts.file import ParsedCode
from agents.contracts.facts import Fact

#: Facts of one reader and one file: no page shows so many, and what joins them takes time by their square.
_MOST = 4_000


class _CommandReader(NamedTuple):
    """A reader, and the words without one of which a file has nothing for it."""

    read: Callable[[ParsedCode], Iterator[Fact]]
    marks: tuple[bytes, ...]


_TABLES = _CommandReader(option_tables, (b"struct option", b"argp_option", b"GOptionEntry", b"poptOption"))
_FLAGS = _CommandReader(flag_macros, (b"DEFINE_", b"ABSL_FLAG"))
_PICOCLI = _CommandReader(picocli_commands, (b"picocli",))
_SCRIPT = (
    _CommandReader(script_commands, (b"commander", b"yargs", b"cac", b"sade", b"program.", b"builder", b"handler")),
    _CommandReader(oclif_commands, (b"oclif",)),
    _CommandReader(citty_commands, (b"citty",)),
    _CommandReader(meow_flags, (b"meow",)),
    _CommandReader(parsed_arguments, (b"util'", b'util"', b"parseargs")),
)
_READERS: Mapping[str, tuple[_CommandReader, ...]] = {
    "python": (
        _CommandReader(click_commands, (b"click", b"cloup", b"typer", b".cli.command")),
        _CommandReader(docopt_commands, (b"docopt",)),
        _CommandReader(fire_commands, (b"import fire", b"from fire")),
        _CommandReader(cleo_commands, (b"cleo",)),
        _CommandReader(
            argument_commands,
            (b"django.core.management", b"argparse", b"ArgumentParser", b"add_parser", b"add_argument", b"optparse"),
        ),
    ),
    "go": (
        _CommandReader(go_commands, (b"spf13/cobra", b"spf13/pflag")),
        _CommandReader(urfave_commands, (b"urfave/cli",)),
        _CommandReader(go_tags, (b"alecthomas/kong", b"jessevdk/go-flags", b"alexflint/go-arg")),
    ),
    "rust": (
        _CommandReader(derived_commands, (b"derive",)),
        _CommandReader(argh_commands, (b"argh",)),
        _CommandReader(built_commands, (b"Command::new", b"App::new")),
    ),
    "ruby": (_CommandReader(option_parser, (b"OptionParser",)), _CommandReader(thor_commands, (b"desc",))),
    "php": (_CommandReader(php_commands, (b"AsCommand", b"Console", b"Artisan", b"$signature")),),
    "csharp": (
        _CommandReader(dotnet_commands, (b"System.CommandLine", b"RootCommand")),
        _CommandReader(dotnet_attributes, (b"CommandLine", b"Spectre.Console")),
    ),
    "c": (_TABLES, _FLAGS),
    "cpp": (
        _TABLES,
        _FLAGS,
        _CommandReader(cli11_commands, (b"CLI11", b"CLI::App", b"CLI/")),
        _CommandReader(listed_options, (b"cxxopts", b"program_options")),
    ),
    "scala": (_CommandReader(scopt_commands, (b"scopt",)), _CommandReader(decline_commands, (b"monovore",))),
    "java": (_PICOCLI,),
    "kotlin": (_PICOCLI, _CommandReader(clikt_commands, (b"clikt",))),
    "swift": (_CommandReader(swift_commands, (b"ArgumentParser",)),),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
}


def commands(file: ParsedCode) -> Iterator[Fact]:
    """The commands and their options that a file declares."""
    for reader in _READERS.get(file.language, ()):
        if file.holds(*reader.marks):
            yield from islice(reader.read(file), _MOST)
