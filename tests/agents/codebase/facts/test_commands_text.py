"""Command lines of Dart, Elixir and PowerShell are read from their text."""

from __future__ import annotations

import pytest

from tests.agents.codebase.facts.reading import command_rows, mounts

ARGS = """\
import 'package:args/args.dart';
import 'package:args/command_runner.dart';

void main(List<String> arguments) {
  CommandRunner<void>('dgit', 'A dart implementation '
      'of git.')
    ..addCommand(CommitCommand())
    ..addCommand(StashCommand())
    ..run(arguments);
}

class CommitCommand extends Command<void> {
  @override
  final name = 'commit';
  @override
  final String description = 'Record '
      "changes.";

  CommitCommand() {
    argParser
      ..addFlag('all', abbr: 'a', help: 'All files', negatable: false)
      // don't
      ..addOption('mode', defaultsTo: 'x', allowed: ['x', 'y'], help: 'Mode');
  }
}

class StashCommand extends Command {
  @override
  String get name => 'stash';
  @override
  String get description {
    return 'Stashes.';
  }
  StashCommand() { addSubcommand(StashSave()); argParser.addMultiOption('m', hide: true); }
}
class StashSave extends BaseCommand { final name = "save"; final description = "Saves"; }
class Other { final name = 'x'; }
"""
ARGS_WITHOUT_A_RUNNER = """\
import 'package:args/args.dart';
void main(List<String> a) {
  final parser = ArgParser()..addFlag('verbose', abbr: 'v', defaultsTo: false);
  parser.addOption("out",
      help: 'Where');
  final commit = parser.addCommand('commit');
  commit.addFlag('amend');
}
"""
MIX = '''\
defmodule Mix.Tasks.Ecto.Gen.Migration do
  use Mix.Task
  @shortdoc "Generates a new migration for the repo"
  @moduledoc """
  Generates a migration.

  ## Options
    * `-r`, `--repo` - the repo to generate
    * `--no-compile` - does not compile
  """
  @aliases [r: :repo]
  @switches [
    change: :string,
    # don't
    repo: [:string, :keep],
    no_compile: :boolean
  ]
  def run(args) do
    {opts, _} = OptionParser.parse!(args, strict: @switches, aliases: @aliases)
  end
end
defmodule Mix.Tasks.Hidden do
  use Mix.Task
  @moduledoc false
end
defmodule Mix.Tasks.Helper do
  def x, do: 1
end
'''
OPTIONPARSER = """\
{opts, _, _} = OptionParser.parse(System.argv(), strict: [debug: :boolean, count: :integer], aliases: [d: :debug])
"""
SCRIPT = """\
#Requires -Version 5
<#
.SYNOPSIS
  Deploys it.
.DESCRIPTION
  Long.
.PARAMETER Name
  The name, of it.
.PARAMETER Count
  How many.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true, HelpMessage = "x")]
    [ValidateSet("a", "b")]
    [string]$Name,
    # A comment, (here
    [int] $Count = 3,
    [Alias('f')][switch]$Force,
    [Parameter(Mandatory=$false)] [string[]] $Items = @("a", "b"),
    $Plain = "it's"
)
function Get-X { param([string]$Inner) }
$y = 3
"""
MODULE = """\
function Get-X {
  param([string]$Inner)
}
"""

CASES = {
    "dart args": (
        ARGS,
        [
            ("args", "dgit", "dgit", "", "", "A dart implementation of git."),
            ("args", "commit", "CommitCommand", "", "", ""),
            ("args", "--all, -a", "CommitCommand", "flag", "", "All files"),
            ("args", "--mode", "CommitCommand", "x | y", "x", "Mode"),
            ("args", "stash", "StashCommand", "", "", "Stashes."),
            ("args", "save", "StashSave", "", "", "Saves"),
        ],
        [("dgit", "CommitCommand"), ("dgit", "StashCommand"), ("StashCommand", "StashSave")],
    ),
    "dart args without a runner": (
        ARGS_WITHOUT_A_RUNNER,
        [
            ("args", "--verbose, -v", "", "flag", "false", ""),
            ("args", "--out", "", "", "", "Where"),
            ("args", "commit", "commit", "", "", ""),
            ("args", "--amend", "commit", "flag", "", ""),
        ],
        [],
    ),
    "elixir Mix": (
        MIX,
        [
            (
                "Mix",
                "mix ecto.gen.migration",
                "Mix.Tasks.Ecto.Gen.Migration",
                "",
                "",
                "Generates a new migration for the repo",
            ),
            ("Mix", "--change", "Mix.Tasks.Ecto.Gen.Migration", "string", "", ""),
            ("Mix", "--repo, -r", "Mix.Tasks.Ecto.Gen.Migration", "string", "", ""),
            ("Mix", "--no-compile", "Mix.Tasks.Ecto.Gen.Migration", "flag", "", ""),
        ],
        [],
    ),
    "elixir OptionParser": (
        OPTIONPARSER,
        [
            ("OptionParser", "--debug, -d", "", "flag", "", ""),
            ("OptionParser", "--count", "", "integer", "", ""),
        ],
        [],
    ),
    "powershell script": (
        SCRIPT,
        [
            ("PowerShell script", "the script", "the script", "", "", "Deploys it."),
            ("PowerShell script", "-Name", "the script", "string", "", "The name, of it.", "required"),
            ("PowerShell script", "-Count", "the script", "int", "3", "How many."),
            ("PowerShell script", "-Force, -f", "the script", "switch", "", ""),
            ("PowerShell script", "-Items", "the script", "string[]", "", ""),
            ("PowerShell script", "-Plain", "the script", "", "it's", ""),
        ],
        [],
    ),
    "powershell module": (
        MODULE,
        [],
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
