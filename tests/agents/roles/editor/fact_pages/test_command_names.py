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
    ],
    ids=["click", "typer", "cobra", "clap"],
)  # fmt: skip
def test_a_command_in_groups_is_called_as_one_types_it(files: dict[str, str], wanted: list[str]) -> None:
    page = pages_of(files)["commands.md"].markdown.partition("## Declared in the code")[2]

    shown = re.findall(r"^\| (?:`|<code>)(.+?)(?:`|</code>) \|", page, re.MULTILINE)
    assert sorted(html.unescape(name) for name in shown) == sorted(wanted)
