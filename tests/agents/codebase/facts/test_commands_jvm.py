# ruff: noqa: E501 (a case is on as few lines as it has)
"""Command lines of Java, Kotlin, Scala and Swift are read as their libraries write them."""

from __future__ import annotations

import pytest

from tests.agents.codebase.facts.reading import command_rows, mounts

PICOCLI_JAVA = """\
package x;
import picocli.CommandLine;
import picocli.CommandLine.*;

/** Doc of git. */
@CommandLine.Command(name = "git", version = {"a"}, description = {"One.", "Two."},
    subcommands = { Git.Add.class, CommandLine.HelpCommand.class, Push.class })
public class Git implements Runnable {
    private static final String NAME = "const";
    @CommandLine.Option(names = "-C", paramLabel = "<path>", required = true, description = "Where " +
        "to run (default: ${DEFAULT-VALUE}).")
    Path path;
    @Option(names = {"-q", "--quiet"}, hidden = true) boolean q;
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Files.") List<File> files;
    @Mixin private Common common;
    @ArgGroup(exclusive = true) Group group;
    static class Group {
        @Option(names = {"--all"}, description = "All.") boolean all;
    }
    @Option(names = "--level", defaultValue = "3")
    void setLevel(int level) {}

    @Command(name = "add", description = "Adds.")
    static class Add implements Runnable {
        @Option(names = {"-f", "--force"}, negatable = true) boolean force;
    }
    @Command(name = "commit", description = "Commits.")
    int commit(@Option(names = {"-m", "--message"}, description = "Message.") String msg, @Parameters(index = "0", description="w") File f) { return 0; }
}
"""
PICOCLI_KOTLIN = """\
import picocli.CommandLine
import picocli.CommandLine.Command
@Command(name = "app", description = ["Does."], subcommands = [Sub::class])
class App : Callable<Int> {
    @CommandLine.Option(names = ["-x", "--xx"], description = ["The x."], defaultValue = "3")
    private var x: Int = 3
    @field:Option(names = ["-y"])
    lateinit var y: String
    @Parameters(index = "0") lateinit var file: File
}
@Command(name = "sub") class Sub
"""
CLIKT = """\
package x
import com.github.ajalt.clikt.core.*
import com.github.ajalt.clikt.parameters.options.*
class Tool : NoOpCliktCommand(name = "tool") {
    init { subcommands(Hello()) }
}
class HelloWorldCommand : CliktCommand() {
    override fun help(context: Context) = "Says hello."
    private val count: Int by option("-c", "--count", help = "Number " + "of greetings")
        .int()
        .default(1)
    val dryRun by option().flag(default = false).help("Dry")
    val name by option("--name").required()
    val files: List<File> by argument("FILES", help = "The files").file().multiple()
    val opts by Opts()
    override fun run() = Unit
}
class Opts : OptionGroup() { val z by option(help = "Z") }
fun main(args: Array<String>) = Tool().subcommands(HelloWorldCommand(), Other()).main(args)
class Plain { val x by option("x"); fun y() { argument("x") } }
"""
SCOPT = """\
import scopt.OParser
object M {
  val builder = OParser.builder[Config]
  val parser1 = {
    import builder._
    OParser.sequence(
      programName("scopt"),
      head("scopt", "4.x"),
      opt[Int]('f', "foo")
        .action((x, c) => c.copy(foo = x))
        .required()
        .text("foo is an integer property"),
      arg[File]("<file>...").unbounded().optional().text("optional unbounded args"),
      cmd("update")
        .action((_, c) => c.copy(mode = "update"))
        .text("update is a command.")
        .children(
          opt[Unit]("not-keepalive").abbr("nk").text("disable"),
          cmd("deep").text("d")
        )
    )
  }
}
object Old { val parser = new scopt.OptionParser[Config]("x") { opt[String]("out") valueName("<f>") text("Out") } }
"""
DECLINE = """\
import com.monovore.decline._
object T extends CommandApp(name = "tail", header = "Print", main = {
  val lines = Opts.option[Int]("lines", short = "n", metavar = "count", help = "Set lines.").withDefault(10)
  val verbose = Opts.flag("verbose", help = "V.", short = "v").orFalse
  val f = Opts.argument[String](metavar = "file")
  val s = Opts.subcommand("add", help = "Adds.") { f }
  lines
})
"""
ARGUMENTPARSER = """\
import ArgumentParser

@main
struct Math: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A utility.",
        subcommands: [Add.self, Statistics.self],
        defaultSubcommand: Add.self)
}
struct Options: ParsableArguments {
    @Flag(name: [.customLong("hex-output"), .customShort("x")], help: "Use hex.")
    var hexadecimalOutput = false
    @Argument(help: ArgumentHelp("Ints.", discussion: "x"))
    var values: [Int] = []
}
extension Math {
    struct Add: ParsableCommand {
        static var configuration: CommandConfiguration { .init(abstract: "Print the sum.") }
        @OptionGroup var options: Options
        mutating func run() {}
    }
    struct Statistics: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stats", abstract: "Stats.")
        @Option(name: .long, help: "Kind", transform: x) var maxKind: Kind = .mean
        @Option(name: [.short, .long]) var n: Int?
        @Flag(inversion: .prefixedNo, help: .hidden) var index = true
        @Flag(inversion: .prefixedNo) var colour = true
    }
}
class NotOne { @Option var x = 3 }
"""

CASES = {
    "java picocli": (
        PICOCLI_JAVA,
        [
            ("picocli", "git", "Git", "", "", "One. Two."),
            ("picocli", "-C", "Git", "Path", "", "Where to run (default: ${DEFAULT-VALUE}).", "required"),
            ("picocli", "FILE", "Git", "List<File>", "", "Files.", "argument"),
            ("picocli", "--all", "Git", "boolean", "", "All."),
            ("picocli", "--level", "Git", "int", "3", ""),
            ("picocli", "add", "Git.Add", "", "", "Adds."),
            ("picocli", "-f, --force", "Git.Add", "boolean", "", ""),
            ("picocli", "commit", "Git.commit", "", "", "Commits."),
            ("picocli", "-m, --message", "Git.commit", "String", "", "Message."),
            ("picocli", "<f>", "Git.commit", "File", "", "w", "argument"),
        ],
        [("Git", "Add"), ("Git", "Push"), ("Git", "Git.commit")],
    ),
    "kotlin picocli": (
        PICOCLI_KOTLIN,
        [
            ("picocli", "app", "App", "", "", "Does."),
            ("picocli", "-x, --xx", "App", "Int", "3", "The x."),
            ("picocli", "-y", "App", "String", "", ""),
            ("picocli", "<file>", "App", "File", "", "", "argument"),
            ("picocli", "sub", "Sub", "", "", ""),
        ],
        [("App", "Sub")],
    ),
    "kotlin Clikt": (
        CLIKT,
        [
            ("Clikt", "tool", "Tool", "", "", ""),
            ("Clikt", "hello-world", "HelloWorldCommand", "", "", "Says hello."),
            ("Clikt", "-c, --count", "HelloWorldCommand", "Int", "1", "Number of greetings"),
            ("Clikt", "--dry-run", "HelloWorldCommand", "flag", "false", "Dry"),
            ("Clikt", "--name", "HelloWorldCommand", "", "", "", "required"),
            ("Clikt", "<FILES>", "HelloWorldCommand", "List<File>", "", "The files", "argument"),
            ("Clikt", "--z", "Opts", "", "", "Z"),
        ],
        [("Tool", "Hello"), ("Tool", "HelloWorldCommand"), ("Tool", "Other")],
    ),
    "scala scopt": (
        SCOPT,
        [
            ("scopt", "scopt", "scopt@7", "", "", ""),
            ("scopt", "--foo, -f", "", "", "", "foo is an integer property", "required"),
            ("scopt", "<file>...", "", "", "", "optional unbounded args", "argument"),
            ("scopt", "update", "update@14", "", "", "update is a command."),
            ("scopt", "--not-keepalive", "update@14", "", "", "disable"),
            ("scopt", "deep", "deep@19", "", "", "d"),
            ("scopt", "--out", "", "", "", ""),
        ],
        [("update@14", "deep@19")],
    ),
    "scala decline": (
        DECLINE,
        [
            ("decline", "--lines, -n", "", "", "10", "Set lines."),
            ("decline", "--verbose, -v", "", "flag", "", "V."),
            ("decline", "<file>", "", "", "", "", "argument"),
            ("decline", "add", "add", "", "", "Adds."),
        ],
        [],
    ),
    "swift ArgumentParser": (
        ARGUMENTPARSER,
        [
            ("Swift ArgumentParser", "math", "Math", "", "", "A utility."),
            ("Swift ArgumentParser", "--hex-output, -x", "Options", "flag", "false", "Use hex."),
            ("Swift ArgumentParser", "<values>", "Options", "[Int]", "[]", "Ints.", "argument"),
            ("Swift ArgumentParser", "add", "Math.Add", "", "", "Print the sum."),
            ("Swift ArgumentParser", "stats", "Math.Statistics", "", "", "Stats."),
            ("Swift ArgumentParser", "--max-kind", "Math.Statistics", "Kind", ".mean", "Kind"),
            ("Swift ArgumentParser", "--n, -n", "Math.Statistics", "Int?", "", ""),
            ("Swift ArgumentParser", "--colour, --no-colour", "Math.Statistics", "flag", "true", ""),
        ],
        [("Math", "Add"), ("Math", "Statistics")],
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


def test_an_apostrophe_in_a_comment_of_a_configuration_begins_no_text() -> None:
    text = (
        "import ArgumentParser\nstruct A: ParsableCommand {\n  static var configuration = CommandConfiguration(\n"
        "    // It's an abstract.\n    abstract: \"Does.\",\n    // Don't.\n    subcommands: [B.self])\n}\n"
    )

    assert command_rows("swift", text) == [("Swift ArgumentParser", "a", "A", "", "", "Does.")]
    assert mounts("swift", text) == [("A", "B")]
