"""Command lines of Go are read as their libraries write them."""

from __future__ import annotations

import pytest

from tests.agents.codebase.facts.reading import command_rows, mounts

COBRA = """\
package cmd
import "github.com/spf13/cobra"
func newX(o *O) *cobra.Command {
    cmd := &cobra.Command{
        Use: "x NAME",
        Aliases: []string{"y"},
        Short: "Does " + "x",
        Hidden: false,
    }
    flags := cmd.Flags()
    flags.StringVarP(&o.a, "aa", "a", "d", "The a")
    f := cmd.PersistentFlags()
    f.BoolVar(&o.b, "bb", true, `The b`)
    cmd.Flags().VarP(o.c, "cc", "c", "The c")
    cmd.AddCommand(
        newSub(o),
        other.NewCmd(),
    )
    return cmd
}
var hid = &cobra.Command{Use: "hid", Hidden: true}
"""
PFLAG = """\
package main
import (
  flag "github.com/spf13/pflag"
)
func init() { flag.StringP("output", "o", "", "where to") ; flag.Int("n", 3, "N") }
func AddFlags(fs *flag.FlagSet, o *O) {
  fs.StringVar(&o.Name, "name", o.Name, "The name "+
     "of it.")
  fs.IntVarP(&o.Port, "port", "p", 80, "Port.")
}
"""
URFAVE_CLI = """\
package main
import "github.com/urfave/cli/v3"
func main() {
 app := &cli.Command{ Name: "tool", Usage: "T",
   Flags: []cli.Flag{ &cli.BoolFlag{Name: "verbose", Usage: "V", Required: true, Hidden: false} },
   Commands: []*cli.Command{
     { Name: "db", Usage: "DB", Flags: []cli.Flag{ &cli.IntFlag{Name: "n", Value: 3, Usage: "N"}},
       Commands: []*cli.Command{ {Name: "up", Usage: "Ups", Flags: []cli.Flag{&cli.StringFlag{Name: "to"}}} } },
     serveCommand,
   },
 }
}
var serveCommand = &cli.Command{ Name: "serve", Flags: []cli.Flag{ &cli.DurationFlag{Name:"wait"} } }
"""
KONG = """\
package main
import "github.com/alecthomas/kong"

type RmCmd struct {
    Force     bool `help:"Force removal." short:"f" env:"X"`
    Recursive bool `help:"Recursively \\"remove\\" files."`
    Paths []string `arg:"" name:"path" help:"Paths to remove." type:"path" optional:""`
    Hid string `hidden:""`
}
func (r *RmCmd) Run() error { return nil }

var cli struct {
    Debug bool `help:"Debug." default:"true"`
    Rm RmCmd `cmd:"" help:"Remove files." aliases:"x"`
    Ls struct {
        LongName string `name:"ln" required:"" help:"Long."`
        Deep struct {} `cmd help:"Deep."`
    } `cmd:"" help:"List."`
    Globals `embed:"" prefix:"g-"`
}
"""
GO_FLAGS = """\
package main
import "github.com/jessevdk/go-flags"
type Options struct {
    Verbose []bool `short:"v" long:"verbose" description:"Verbose"`
    Name string `long:"name" default:"x" required:"true" description:"A name"`
    Add AddCommand `command:"add" description:"Adds"`
    Other string `json:"o"`
}
type AddCommand struct { All bool `short:"a" description:"All"`
 Args struct { File string `positional-arg-name:"file" description:"f"` } `positional-args:"yes"` }
"""
GO_ARG = """\
package main
import "github.com/alexflint/go-arg"
type args struct {
    Foo string `arg:"-f,--foo,required" help:"The foo" default:"z"`
    Input string `arg:"positional,required" help:"In"`
    Bar bool
    Checkout *CheckoutCmd `arg:"subcommand:checkout" help:"Checks"`
    Skip string `arg:"-"`
}
type CheckoutCmd struct { Branch string `arg:"positional"` }
"""

CASES = {
    "go cobra": (
        COBRA,
        [
            ("cobra", "x NAME", "newX.cmd", "", "", "Does x"),
            ("cobra", "--aa, -a", "newX.cmd", "string", "d", "The a"),
            ("cobra", "--bb", "newX.cmd", "bool", "true", "The b"),
            ("cobra", "--cc, -c", "newX.cmd", "", "", "The c"),
        ],
        [("newX.cmd", "newSub()"), ("newX.cmd", "other.NewCmd()")],
    ),
    "go pflag": (
        PFLAG,
        [
            ("pflag", "--name", "", "string", "", "The name of it."),
            ("pflag", "--port, -p", "", "int", "80", "Port."),
        ],
        [],
    ),
    "go urfave/cli": (
        URFAVE_CLI,
        [
            ("cli", "tool", "app", "", "", "T"),
            ("cli", "--verbose", "app", "bool", "", "V", "required"),
            ("cli", "db", "db@242", "", "", "DB"),
            ("cli", "-n", "db@242", "int", "3", "N"),
            ("cli", "up", "up@369", "", "", "Ups"),
            ("cli", "--to", "up@369", "string", "", ""),
            ("cli", "serve", "serveCommand", "", "", ""),
            ("cli", "--wait", "serveCommand", "duration", "", ""),
        ],
        [("app", "serveCommand"), ("app", "db@242"), ("db@242", "up@369")],
    ),
    "go kong": (
        KONG,
        [
            ("kong", "--force, -f", "RmCmd", "bool", "", "Force removal."),
            ("kong", "--recursive", "RmCmd", "bool", "", 'Recursively "remove" files.'),
            ("kong", "<path>", "RmCmd", "[]string", "", "Paths to remove.", "argument"),
            ("kong", "--debug", "cli", "bool", "true", "Debug."),
            ("kong", "rm", "RmCmd", "", "", "Remove files."),
            ("kong", "ls", "cli.Ls", "", "", "List."),
            ("kong", "--ln", "cli.Ls", "string", "", "Long.", "required"),
            ("kong", "deep", "cli.Ls.Deep", "", "", "Deep."),
        ],
        [("cli", "RmCmd"), ("cli", "cli.Ls"), ("cli.Ls", "cli.Ls.Deep")],
    ),
    "go go-flags": (
        GO_FLAGS,
        [
            ("go-flags", "-v, --verbose", "Options", "[]bool", "", "Verbose"),
            ("go-flags", "--name", "Options", "string", "x", "A name", "required"),
            ("go-flags", "add", "AddCommand", "", "", "Adds"),
            ("go-flags", "-a", "AddCommand", "bool", "", "All"),
            ("go-flags", "<file>", "AddCommand.Args", "string", "", "f", "argument"),
        ],
        [("Options", "AddCommand")],
    ),
    "go go-arg": (
        GO_ARG,
        [
            ("go-arg", "-f, --foo", "args", "string", "z", "The foo", "required"),
            ("go-arg", "<input>", "args", "string", "", "In", "argument", "required"),
            ("go-arg", "checkout", "CheckoutCmd", "", "", "Checks"),
            ("go-arg", "<branch>", "CheckoutCmd", "string", "", "", "argument"),
        ],
        [("args", "CheckoutCmd")],
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
