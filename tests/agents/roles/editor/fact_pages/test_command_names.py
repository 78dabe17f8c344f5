# ruff: noqa: E501 (a file is on as few lines as it has)
"""A command is called as one types it: below its groups, whatever file declares them."""

from __future__ import annotations

import html
import re

import pytest

from tests.agents.roles.editor.fact_pages.test_fact_pages import pages_of


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"a/main.py": "import click\n@click.group()\ndef cli(): pass\n",
          "a/db.py": "import click\nfrom a.main import cli\n@cli.group()\ndef db(): pass\n@db.command()\ndef init(): pass\n"},
         ["cli", "cli db", "cli db init"]),
        ({"a/main.py": "import typer\nfrom a.users import app as users_app\napp = typer.Typer()\napp.add_typer(users_app, name='users')\n",
          "a/users.py": "import typer\napp = typer.Typer()\n@app.command()\ndef add(): pass\n"},
         ["users add"]),
        ({"cmd/root.go": 'package cmd\nimport "github.com/spf13/cobra"\nvar rootCmd = &cobra.Command{Use: "x [FILE]"}\n',
          "cmd/db.go": 'package cmd\nimport "github.com/spf13/cobra"\nvar dbCmd = &cobra.Command{Use: "db"}\n'
                       'func init() { rootCmd.AddCommand(dbCmd); dbCmd.AddCommand(newUp()) }\n',
          "cmd/up.go": 'package cmd\nimport "github.com/spf13/cobra"\nfunc newUp() *cobra.Command { return &cobra.Command{Use: "up"} }\n'},
         ["x [FILE]", "x db", "x db up"]),
        ({"Cargo.toml": '[package]\nname = "zo"\nversion = "1.0.0"\n[[bin]]\nname = "zo"\npath = "src/main.rs"\n',
          "src/main.rs": "use clap::{Parser, Subcommand};\n#[derive(Parser)]\nenum Cmd { Edit(Edit), Add }\n/// Edits.\n"
                         "#[derive(Parser)]\nstruct Edit { #[clap(subcommand)] cmd: EditCommand }\n#[derive(Subcommand)]\nenum EditCommand { Undo }\n"},
         ["zo add", "zo edit", "zo edit undo"]),
        ({"x/Git.java": 'import picocli.CommandLine.*;\n@Command(name = "git", subcommands = {Add.class, Push.class})\nclass Git {\n'
                        ' @Command(name = "log") void log() {}\n}\n@Command(name = "add") class Add {}\n',
          "x/Push.java": 'import picocli.CommandLine.*;\n@Command(name = "push") class Push {}\n'},
         ["git", "git log", "git add", "git push"]),
        ({"src/cli.js": 'const { program } = require("commander");\nprogram.name("tool").description("T");\n'
                        'const db = program.command("db");\ndb.command("up <x>");\nprogram.addCommand(makeBuild());\n',
          "src/build.js": 'const { Command } = require("commander");\nfunction makeBuild() { const b = new Command("build"); return b; }\n'},
         ["tool", "tool db", "tool db up <x>", "tool build"]),
        ({"lib/cli.rb": 'class Main < Thor\n  desc "app", "Manages"\n  subcommand "app", App\nend\n',
          "lib/app.rb": 'class App < Thor\n  desc "boot [X]", "Boots"\n  def boot(x = nil); end\nend\n'},
         ["app", "app boot [X]"]),
        ({"x/Program.cs": 'using System.CommandLine;\nclass P { static void Main() {\n var root = new RootCommand("A");\n'
                          ' var db = new Command("db", "D");\n root.AddCommand(db);\n db.AddCommand(new UpCommand());\n db.AddCommand(Down()); }\n'
                          ' static Command Down() { var c = new Command("down"); return c; } }\n',
          "x/Up.cs": 'using System.CommandLine;\nclass UpCommand : Command { public UpCommand() : base("up", "U") {} }\n'},
         ["the program", "db", "db up", "db down"]),
        ({"main.go": 'package main\nimport "github.com/urfave/cli/v2"\nvar app = &cli.App{Name: "t", Commands: []*cli.Command{\n'
                     ' {Name: "db", Subcommands: []*cli.Command{{Name: "up"}}}, serve}}\n',
          "serve.go": 'package main\nimport "github.com/urfave/cli/v2"\nvar serve = &cli.Command{Name: "serve"}\n'},
         ["t", "t db", "t db up", "t serve"]),
        ({"a.py": 'import argparse\np = argparse.ArgumentParser(prog="t")\ns = p.add_subparsers()\nq = s.add_parser("db")\n'
                  'q.add_subparsers().add_parser("up")\nq = s.add_parser("rm")\n'},
         ["t", "t db", "t db up", "t rm"]),
        ({"src/commands/app/create.ts": 'import { Command } from "@oclif/core"\nexport default class C extends Command { static description = "C" }\n',
          "src/commands/app/index.ts": 'import { Command } from "@oclif/core"\nexport default class I extends Command { static description = "I" }\n'},
         ["app create", "app"]),
    ],
    ids=[
        *("click", "typer", "cobra", "clap", "picocli", "commander", "Thor", "System.CommandLine", "urfave/cli"),
        *("argparse", "oclif"),
    ],
)  # fmt: skip
def test_a_command_in_groups_is_called_as_one_types_it(files: dict[str, str], wanted: list[str]) -> None:
    page = pages_of(files)["commands.md"].markdown.partition("## Declared in the code")[2]

    shown = re.findall(r"^\| (?:`|<code>)(.+?)(?:`|</code>) \|", page, re.MULTILINE)
    assert sorted(html.unescape(name) for name in shown) == sorted(wanted)


def test_options_stand_below_the_command_that_they_are_of() -> None:
    files = {
        "x.rb": "class A < Thor\n  desc 'up X', 'Ups'\n  option :fast, desc: 'Quick'\n  def up(x); end\n"
                "  desc 'down', 'Downs'\n  option :slow, desc: 'Calm'\n  def down; end\nend\n",
    }  # fmt: skip

    page = pages_of(files)["commands.md"].markdown

    up, down = page.index("Options of `up X`"), page.index("Options of `down`")
    assert down < page.index("`--slow`") < up < page.index("`--fast`")


def test_a_script_is_called_by_its_file() -> None:
    page = pages_of({"tools/deploy.ps1": "param([string]$Name)\n"})["commands.md"].markdown

    assert "Options of `deploy.ps1`" in page
