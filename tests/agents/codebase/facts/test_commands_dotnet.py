# ruff: noqa: E501 (a case is on as few lines as it has)
"""Command lines of C# are read as their libraries write them."""

from __future__ import annotations

import pytest

from tests.agents.codebase.facts.reading import command_rows, mounts

SYSTEM_COMMANDLINE = """\
using System.CommandLine;
namespace X;
class Program
{
    static async Task<int> Main(string[] args)
    {
        var fileOption = new Option<FileInfo?>(
            name: "--file",
            description: "The file.",
            getDefaultValue: () => new FileInfo("x"));
        var delayOption = new Option<int>(new[] { "--delay", "-d" }, () => 42, "Delay " + "ms.");
        Option<bool> light = new("--light-mode", "-l") { Description = "Light.", DefaultValueFactory = _ => true, Required = true };
        var nameArg = new Argument<string>("name", "Who.") { Arity = ArgumentArity.ZeroOrOne };
        var rootCommand = new RootCommand("Sample app");
        rootCommand.AddGlobalOption(fileOption);
        var readCommand = new Command("read", "Read it.") { delayOption, light };
        readCommand.AddArgument(nameArg);
        rootCommand.AddCommand(readCommand);
        Command quotes = new("quotes", "Work with quotes.");
        rootCommand.Subcommands.Add(quotes);
        quotes.Options.Add(new Option<string>(aliases: new string[] { "--by" }, description: "By."));
        var inline = new RootCommand { new Command("inner", "Inner.") { new Option<int>("--deep", "Deep.") } };
        return await rootCommand.InvokeAsync(args);
    }
}
internal class PackCommand : Command
{
    private readonly Option<string> _out = new("--out", "Out.");
    public PackCommand() : base("pack", "Packs.")
    {
        AddOption(_out);
        this.Add(new Argument<string>("path"));
    }
}
"""
COMMANDLINEPARSER = """\
using CommandLine;
[Verb("add", isDefault: true, HelpText = "Add file " + "contents.", Hidden = false)]
class AddOptions {
  [Option('v', "verbose", Required = false, Default = true, HelpText = "Verbose.")]
  public bool Verbose { get; set; }
  [Option("name")]
  public string Name { get; set; }
  [Option('q')]
  public string Quiet { get; set; }
  [Option]
  public string LongName { get; set; }
  [Value(0, MetaName = "input", Required = true, HelpText = "In.")]
  public IEnumerable<string> Input { get; set; }
}
"""
MCMASTER = """\
using McMaster.Extensions.CommandLineUtils;
using System.ComponentModel;
[Command(Name = "git", Description = "Git.")]
[Subcommand(typeof(AddCmd), typeof(RmCmd))]
class Git {
  [Option("-c|--config <PATH>", "Config.", CommandOptionType.SingleValue)]
  public string Config { get; }
  [Option(Description = "The subject")]
  public string Subject { get; } = "world";
  [Option(ShortName = "n", LongName = "num")]
  public int Count { get; }
  [Argument(0, Description = "P.")]
  [Required]
  public string Path { get; }
}
[Command("add", Description = "Adds.")]
class AddCmd {}
class RmCmd {}
"""
SPECTRE = """\
using System.ComponentModel;
using Spectre.Console.Cli;
internal sealed class FileSizeCommand : Command<FileSizeCommand.Settings>
{
    public sealed class Settings : CommandSettings
    {
        [Description("Path to search.")]
        [CommandArgument(0, "[searchPath]")]
        public string? SearchPath { get; init; }
        [CommandOption("-p|--pattern <PATTERN>")]
        [DefaultValue("*.*")]
        public string? SearchPattern { get; init; }
        [CommandOption("--hidden"), DefaultValue(true), Description("Hid.")]
        public bool IncludeHidden { get; init; }
    }
}
class P { static void Main() {
 var app = new CommandApp();
 app.Configure(config => {
   config.AddCommand<FileSizeCommand>("size").WithDescription("Shows size.").WithAlias("x");
   config.AddBranch<AddSettings>("add", add => { add.AddCommand<AddPackageCommand>("package"); add.AddBranch("deep", d => d.AddCommand<X>("y")); });
 }); } }
"""

CASES = {
    "csharp System.CommandLine": (
        SYSTEM_COMMANDLINE,
        [
            ("System.CommandLine", "--file", "Program.Main.rootCommand", "FileInfo?", "", "The file."),
            ("System.CommandLine", "--delay, -d", "Program.Main.readCommand", "int", "42", "Delay ms."),
            (
                "System.CommandLine",
                "--light-mode, -l",
                "Program.Main.readCommand",
                "bool",
                "true",
                "Light.",
                "required",
            ),
            ("System.CommandLine", "<name>", "Program.Main.readCommand", "string", "", "Who.", "argument"),
            ("System.CommandLine", "the program", "Program.Main.rootCommand", "", "", "Sample app"),
            ("System.CommandLine", "read", "Program.Main.readCommand", "", "", "Read it."),
            ("System.CommandLine", "quotes", "Program.Main.quotes", "", "", "Work with quotes."),
            ("System.CommandLine", "--by", "Program.Main.quotes", "string", "", "By."),
            ("System.CommandLine", "inner", "Command@1126", "", "", "Inner."),
            ("System.CommandLine", "--deep", "Command@1126", "int", "", "Deep."),
            ("System.CommandLine", "pack", "PackCommand", "", "", "Packs."),
            ("System.CommandLine", "--out", "PackCommand", "string", "", "Out."),
            ("System.CommandLine", "<path>", "PackCommand", "string", "", "", "argument"),
        ],
        [],
    ),
    "csharp CommandLineParser": (
        COMMANDLINEPARSER,
        [
            ("CommandLineParser", "add", "AddOptions", "", "", "Add file contents."),
            ("CommandLineParser", "-v, --verbose", "AddOptions", "bool", "true", "Verbose."),
            ("CommandLineParser", "--name", "AddOptions", "string", "", ""),
            ("CommandLineParser", "-q", "AddOptions", "string", "", ""),
            ("CommandLineParser", "--longname", "AddOptions", "string", "", ""),
            ("CommandLineParser", "<input>", "AddOptions", "IEnumerable<string>", "", "In.", "argument", "required"),
        ],
        [],
    ),
    "csharp McMaster": (
        MCMASTER,
        [
            ("McMaster", "git", "Git", "", "", "Git."),
            ("McMaster", "-c, --config <PATH>", "Git", "string", "", "Config."),
            ("McMaster", "--subject", "Git", "string", "world", "The subject"),
            ("McMaster", "-n, --num", "Git", "int", "", ""),
            ("McMaster", "<Path>", "Git", "string", "", "P.", "argument", "required"),
            ("McMaster", "add", "AddCmd", "", "", "Adds."),
        ],
        [("Git", "AddCmd"), ("Git", "RmCmd")],
    ),
    "csharp Spectre": (
        SPECTRE,
        [
            ("Spectre.Console.Cli", "[searchPath]", "FileSizeCommand", "string?", "", "Path to search.", "argument"),
            ("Spectre.Console.Cli", "-p, --pattern <PATTERN>", "FileSizeCommand", "string?", "*.*", ""),
            ("Spectre.Console.Cli", "--hidden", "FileSizeCommand", "bool", "true", "Hid."),
            ("Spectre.Console.Cli", "size", "FileSizeCommand", "", "", "Shows size."),
            ("Spectre.Console.Cli", "add", "AddSettings", "", "", ""),
            ("Spectre.Console.Cli", "add package", "AddPackageCommand", "", "", ""),
            ("Spectre.Console.Cli", "add deep", "add deep", "", "", ""),
            ("Spectre.Console.Cli", "add deep y", "X", "", "", ""),
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
