"""Command lines of Rust, C and C++ are read as their libraries write them."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import command_rows, facts, mounts

CLAP = """\
use clap::{Args, Parser, Subcommand, ValueEnum};
/// A tool.
///
/// Long.
#[derive(Debug, Parser)]
#[command(name = "git", version, about, long_about = None)]
struct Cli {
    /// Sets a config
    #[arg(short, long, value_name = "FILE", env = "CFG")]
    config: Option<PathBuf>,
    #[arg(short = 'D', long = "dbg", action = clap::ArgAction::Count, help = "Debug")]
    debug: u8,
    #[arg(long, hide = true)]
    secret: bool,
    #[arg(long, default_value_t = Color::Auto, value_enum)]
    color: Color,
    #[arg(skip)]
    skipped: u8,
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Commands,
}
#[derive(Debug, Subcommand)]
enum Commands {
    /// Clones repos
    #[command(arg_required_else_help = true, alias = "cl")]
    Clone {
        /// The remote
        remote: String,
        #[arg(num_args = 0..=1, default_value = "x")]
        n: Option<String>,
    },
    Stash(StashArgs),
    #[command(external_subcommand)]
    External(Vec<OsString>),
    #[command(name = "rem", subcommand)]
    Remote(RemoteCmd),
}
#[derive(Args)]
struct StashArgs { #[arg(long)] all: bool }
#[derive(Subcommand)]
enum RemoteCmd { Add { url: String } }
"""
ARGH = """\
use argh::FromArgs;
#[derive(FromArgs, PartialEq, Debug)]
/// Top-level command.
struct TopLevel {
    #[argh(subcommand)]
    nested: MySub,
}
#[derive(FromArgs)]
#[argh(subcommand)]
enum MySub { One(SubOne), Two(SubTwo) }
#[derive(FromArgs)]
/// First subcommand.
#[argh(subcommand, name = "one")]
struct SubOne {
    #[argh(option, default = "5")]
    /// how many x
    max_count: usize,
    #[argh(switch, short = 'j', long = "jjump")]
    /// jump
    jump: bool,
    #[argh(positional)]
    /// file
    file: String,
}
#[derive(FromArgs)]
#[argh(subcommand, name = "two", description = "Second")]
struct SubTwo {}
"""
CLI11 = """\
#include "CLI/CLI.hpp"
int main(int argc, char** argv) {
  CLI::App app{"App description", "tool"};
  std::string f = "x";
  app.add_option("-f,--file", f, "A help "
     "string")->required()->default_val("d");
  app.add_flag("-v,--verbose{3}", v, "verbose");
  app.add_flag("--version", "Show");
  CLI::App* sub = app.add_subcommand("sub", "a sub");
  sub->add_option("name", n, "Name");
  auto deep = sub->add_subcommand("deep");
  auto *g = app.add_option_group("G");
  g->add_option("--gg", gg);
  app.add_subcommand("x", "X")->add_flag("--xx", xx, "XX");
  app.add_option_function<int>("--fn", [](int){}, "Fn");
}
"""
CXXOPTS = """\
#include <cxxopts.hpp>
int main() {
  cxxopts::Options options("tool", "Does it");
  options.add_options()
    ("b,bar", "Param bar", cxxopts::value<std::string>()->default_value("x"))
    ("d,debug", "Enable debugging")
    ("foo", "Foo", cxxopts::value<int>(), "N");
}
"""
BOOST = """\
#include <boost/program_options.hpp>
namespace po = boost::program_options;
int main() {
  po::options_description desc("Allowed options");
  desc.add_options()
    ("help,h", "produce help message")
    ("compression", po::value<int>(&c)->default_value(10)->required(), "set level")
  ;
}
"""
TABLES = """\
#include <getopt.h>
#include <argp.h>
#include <glib.h>
enum { OPT_X = 256 };
static const struct option opts[] = {
    { "verbose", no_argument, NULL, 'v' },
    { .name = "file", .has_arg = required_argument, .flag = NULL, .val = 'f' },
    { "only-long", optional_argument, 0, OPT_X },
    { NULL, 0, NULL, 0 }
};
static struct argp_option options[] = {
  {"quiet", 'q', 0, 0, "Don't produce " "output" },
  {"output", 'o', "FILE", 0, "Output to FILE" },
  { 0 }
};
static GOptionEntry entries[] =
{
  { "repeats", 'r', 0, G_OPTION_ARG_INT, &repeats, "Average over N", "N" },
  { "beep", 'b', 0, G_OPTION_ARG_NONE, &beep, "Beep", NULL },
  { NULL }
};
int main(int argc, char**argv){
  static struct option lo[] = {{"inner", 0, 0, 'i'},{0,0,0,0}};
  struct other o[] = {{"x", 1, 0, 'c'}};
}
"""

CASES = {
    "rust clap": (
        CLAP,
        [
            ("clap", "git", "Cli", "", "", "A tool.\n\nLong."),
            ("clap", "--config, -c", "Cli", "Option<PathBuf>", "", "Sets a config"),
            ("clap", "--dbg, -D", "Cli", "u8", "", "Debug"),
            ("clap", "--color", "Cli", "Color", "", ""),
            ("clap", "clone", "Commands", "", "", "Clones repos"),
            ("clap", "REMOTE", "Commands.Clone", "String", "", "The remote", "argument"),
            ("clap", "N", "Commands.Clone", "Option<String>", "x", "", "argument"),
            ("clap", "stash", "Commands", "", "", ""),
            ("clap", "rem", "Commands", "", "", ""),
            ("clap", "--all", "StashArgs", "bool", "", ""),
            ("clap", "add", "RemoteCmd", "", "", ""),
            ("clap", "URL", "RemoteCmd.Add", "String", "", "", "argument"),
        ],
        [],
    ),
    "rust argh": (
        ARGH,
        [
            ("argh", "TopLevel", "TopLevel", "", "", "Top-level command."),
            ("argh", "one", "SubOne", "", "", "First subcommand."),
            ("argh", "--max-count", "SubOne", "usize", "5", "how many x"),
            ("argh", "--jjump, -j", "SubOne", "flag", "", "jump"),
            ("argh", "<file>", "SubOne", "String", "", "file", "argument"),
            ("argh", "two", "SubTwo", "", "", "Second"),
        ],
        [],
    ),
    "cpp CLI11": (
        CLI11,
        [
            ("CLI11", "tool", "app", "", "", "App description"),
            ("CLI11", "-f, --file", "app", "", "d", "A help string", "required"),
            ("CLI11", "-v, --verbose", "app", "flag", "", "verbose"),
            ("CLI11", "--version", "app", "flag", "", "Show"),
            ("CLI11", "sub", "sub", "", "", "a sub"),
            ("CLI11", "<name>", "sub", "", "", "Name", "argument"),
            ("CLI11", "deep", "deep", "", "", ""),
            ("CLI11", "--gg", "app", "", "", ""),
            ("CLI11", "x", "x@531", "", "", "X"),
            ("CLI11", "--xx", "x@531", "flag", "", "XX"),
            ("CLI11", "--fn", "app", "", "", "Fn"),
        ],
        [("app", "sub"), ("sub", "deep"), ("app", "x@531")],
    ),
    "cpp cxxopts": (
        CXXOPTS,
        [
            ("cxxopts", "--bar, -b", "", "std::string", "x", "Param bar"),
            ("cxxopts", "--debug, -d", "", "", "", "Enable debugging"),
            ("cxxopts", "--foo", "", "int", "", "Foo"),
        ],
        [],
    ),
    "cpp Boost": (
        BOOST,
        [
            ("Boost", "--help, -h", "", "", "", "produce help message"),
            ("Boost", "--compression", "", "int", "10", "set level", "required"),
        ],
        [],
    ),
    "c tables": (
        TABLES,
        [
            ("getopt_long", "--verbose, -v", "", "flag", "", ""),
            ("getopt_long", "--file, -f", "", "", "", ""),
            ("getopt_long", "--only-long", "", "", "", ""),
            ("argp", "--quiet, -q", "", "flag", "", "Don't produce output"),
            ("argp", "--output, -o", "", "FILE", "", "Output to FILE"),
            ("GLib", "--repeats, -r", "", "int", "", "Average over N"),
            ("GLib", "--beep, -b", "", "flag", "", "Beep"),
            ("getopt_long", "--inner, -i", "", "flag", "", ""),
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


FLAGS = """\
#include <gflags/gflags.h>
DEFINE_string(name, "Joe", "Your "
              "name.");
DEFINE_int32(port, 80, "The port");
namespace shop {
  DEFINE_bool(verbose, false, R"(Says more.)");
}
DEFINE_int64(big, 1 << 20, "Big");
ABSL_FLAG(std::string, out, "a.txt", "Where to write.");
ABSL_FLAG(absl::Duration, timeout, absl::Seconds(5),
          "How long.");
ABSL_FLAG(std::vector<std::string>, list, std::vector<std::string>({"a"}), absl::StrCat("A", b));
ABSL_FLAG(bool, on, true, "");
"""


def test_flags_of_gflags_and_abseil() -> None:
    assert command_rows("cpp", FLAGS) == [
        ("gflags", "--name", "", "string", "Joe", "Your name."),
        ("gflags", "--port", "", "int32", "80", "The port"),
        ("gflags", "--verbose", "", "bool", "false", "Says more."),
        ("gflags", "--big", "", "int64", "", "Big"),
        ("Abseil", "--out", "", "std::string", "a.txt", "Where to write."),
        ("Abseil", "--timeout", "", "absl::Duration", "", "How long."),
        ("Abseil", "--list", "", "std::vector<std::string>", "", ""),
        ("Abseil", "--on", "", "bool", "true", ""),
    ]


def test_a_flag_stands_on_its_lines() -> None:
    flag = facts("cpp", FLAGS, FactKind.OPTION)[0]
    assert (flag.lines.start, flag.lines.end) == (2, 3)
