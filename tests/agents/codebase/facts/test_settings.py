# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Settings are read where each language reads them, with the default that the code states."""

from __future__ import annotations

import pytest

from agents.codebase.facts.written import shown_default
from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

_PYDANTIC = """
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    debug: bool = False
    url: str = Field("x", description="Where.")
    name: str
"""
CASES = {
    "python what pydantic works out is no setting": (
        'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    a: int = 1\n    _b: int = 2\n    @property\n'
        '    def c(self) -> bool:\n        return True\n', [("A", "1")]),
    "python a parameter is no constant": (
        'import os\nclass A:\n    name = "b"\ndef get(name):\n    return os.environ[name]\n', []),
    "python a request's environment": ('def app(environ, start):\n    return environ.get("PATH_INFO", "")\n', []),
    "python Flask's classes": (
        'class DefaultConfig(object):\n    py = 1\n    DEBUG = False\n    BRAND = "b"\nclass TableConfig:\n    WIDTH = 1\n    HEIGHT = 2\n',
        [("DEBUG", "False"), ("BRAND", "b")]),
    "java Spring's properties in properties": (
        '@ConfigurationProperties("app") class P { private String name; private Web web = new Web();\n'
        ' static class Web { private boolean on = true; private Tls tls; }\n static class Tls { private int port = 1; } }',
        [("app.name", ""), ("app.web.on", "true"), ("app.web.tls.port", "1")]),
    "python options of click": ('import click\n@click.command()\n@click.option("--url", envvar="APP_URL", default="x", help="Where.")\n@click.argument("a", envvar=["APP_A", "APP_B"])\n@click.option("--n")\ndef go(url, a, n): ...\n',
                                [("APP_URL", "x"), ("APP_A", ""), ("APP_B", "")]),
    "python options of typer and configargparse": ('import typer\ndef go(u: str = typer.Option("x", envvar="APP_U")): ...\np.add_argument("-H", env_var="APP_HOST", default=None)\n', [("APP_U", ""), ("APP_HOST", "None")]),
    "javascript options of commander": ('import { Option } from "commander";\nnew Option("-p, --port <n>").default(80).env("APP_PORT");\nshell.env("X");', [("APP_PORT", "")]),
    "go options of urfave": ('package x\nimport "github.com/urfave/cli/v2"\nvar f = &cli.StringFlag{Name: "a", EnvVars: []string{"APP_A", "B"}}\nvar g = cli.IntFlag{EnvVar: "C,D"}\nvar h = &cli.BoolFlag{Sources: cli.EnvVars("E")}\n',
                             [("APP_A", ""), ("B", ""), ("C", ""), ("D", ""), ("E", "")]),
    "cpp options of CLI11": ('#include <CLI/CLI.hpp>\nint f() { app.add_option("-p", port)->envname("APP_PORT"); }', [("APP_PORT", "")]),
    "javascript another's env": ('import x from "y";\nshell.cd("a").env("X");', []),
    "python": ('import os\nA = os.environ["A"]\nB = os.getenv("B", "b")\nos.environ["C"] = "x"\nD = os.environ.get("D") or "d"\n',
               [("A", ""), ("B", "b"), ("D", "d")]),
    "python a name in a constant": ('import os\nENV_DIR = "APP_DIR"\nos.environ.get(ENV_DIR)\nos.environ.get(name)\n', [("APP_DIR", "")]),
    "go a name in a constant": ('package x\nconst envDir = "APP_DIR"\nfunc f() { a := os.Getenv(envDir) }\n', [("APP_DIR", "")]),
    "java a name in a constant": ('class C { static final String DIR = "APP_DIR"; String x = System.getenv(DIR); }', [("APP_DIR", "")]),
    "python Django": ('from django.conf import settings\nx = settings.SHOP_NAME\ny = getattr(settings, "SHOP_SIZE", 3)\nsettings.SHOP_DONE = 1\n', [("SHOP_NAME", ""), ("SHOP_SIZE", "3")]),
    "python pydantic": (_PYDANTIC, [("APP_DEBUG", "False"), ("APP_URL", "x"), ("APP_NAME", "")]),
    "typescript": ('const a = process.env.A || "3"; const { B = "x", C } = process.env; const d = process.env["D"] ?? 1;',
                   [("A", "3"), ("D", "1"), ("B", "x"), ("C", "")]),
    "go": ('package x\nfunc f() { a := os.Getenv("A"); flag.IntVar(&x, "n", 3, "num") }\n', [("A", ""), ("n", "3")]),
    "go tags": ('package x\ntype T struct {\n Name string `env:"NAME" envDefault:"x"`\n}\n', [("NAME", "x")]),
    "go viper": ('package x\nimport "github.com/spf13/viper"\nfunc f() { viper.SetDefault("port", 80) }\n', [("port", "80")]),
    "java": ('class C { String x = System.getenv("X"); @Value("${app.name:demo}") private String name; }',
             [("X", ""), ("app.name", "demo")]),
    "java properties": ('@ConfigurationProperties(prefix = "app.mail")\nclass M { private String hostName; }',
                        [("app.mail.host-name", "")]),
    "kotlin": ('val x = System.getenv("X") ?: "d"', [("X", "d")]),
    "scala": ('val x = sys.env.getOrElse("X", "d")', [("X", "d")]),
    "csharp": ('class A { void F() { var v = Environment.GetEnvironmentVariable("X") ?? "d"; var q = _config["C:D"]; } }',
               [("X", "d"), ("C:D", "")]),
    "php": ('<?php\n$x = env("A", "b"); $y = getenv("Y"); $z = $_ENV["Z"] ?? "q";', [("A", "b"), ("Y", ""), ("Z", "q")]),
    "ruby": ('X = ENV.fetch("A", "b")\nY = ENV["B"] || "c"\n', [("A", "b"), ("B", "c")]),
    "rust": ('fn f() { let v = std::env::var("X").unwrap_or("d"); let z = env!("Q"); }', [("X", "d"), ("Q", "")]),
    "rust clap": ('#[derive(Parser)]\nstruct A { #[arg(long, env = "COUNT", default_value_t = 1)] count: u8 }', [("COUNT", "1")]),
    "c": ('int f(void) { const char *x = getenv("X"); return 0; }', [("X", "")]),
    "cpp": ('int f() { const char* x = std::getenv("X"); }', [("X", "")]),
    "lua": ('local x = os.getenv("X") or "d"', [("X", "d")]),
    "swift": ('let a = ProcessInfo.processInfo.environment["A"] ?? "d"\nlet b = Environment.get("B")\n// getenv("C")\n', [("A", "d"), ("B", "")]),
    "dart": ("final a = Platform.environment['A'] ?? 'd';\nconst b = bool.fromEnvironment('B', defaultValue: true);\n",
             [("A", "d"), ("B", "true")]),
    "elixir": ('import Config\nconfig :a, b: System.get_env("A") || "d", c: System.fetch_env!("B"), d: System.get_env("C", "e")\n',
               [("A", "d"), ("B", ""), ("C", "e")]),
    "powershell": ('$a = $env:A; $env:B = 1\n$c = [Environment]::GetEnvironmentVariable("C")\nif ($Env:D -eq 1) { }\n',
                   [("A", ""), ("C", ""), ("D", "")]),
    "bash": (': "${AT:=a b}"\nBY="${BY:-b}"\nOUT=x\necho "${OUT:-y}" "${1:-z}" "${low:-z}" "${CC:?is missing}"\n# ${DD:-d}\n',
             [("AT", "a b"), ("BY", "b"), ("CC", "")]),
    "python pydantic's prefix in a dictionary": (
        'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    model_config = {"env_prefix": "APP_"}\n    a: int = 1\n',
        [("APP_A", "1")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_settings_have_their_names_and_defaults(case: str) -> None:
    text, wanted = CASES[case]
    assert [(fact.name, fact.default) for fact in facts(case.split()[0], text, FactKind.SETTING)] == wanted


def test_a_setting_names_its_lines_its_symbol_and_what_it_is_for() -> None:
    (flag,) = facts("go", 'package x\nfunc f() {\n  flag.String("name", "d", "Who.")\n}\n', FactKind.SETTING)
    assert (flag.source, flag.type, flag.text, flag.lines.start, flag.symbol) == ("flag", "string", "Who.", 3, "f")


def test_a_name_that_only_looks_like_a_variable_is_none() -> None:
    assert facts("python", 'import os\nos.getenv(name)\nx.getenv_all("A")\nd["A"]\n', FactKind.SETTING) == []


def test_a_secret_is_no_default() -> None:
    key = "AKIA" + "Z7QWX2M4NB5VC6LK"
    text = f'import os\nA = os.getenv("A", "{key}")\n'
    assert all(key not in fact.default for fact in facts("python", text, FactKind.SETTING))


@pytest.mark.parametrize("text", ["1", "-1.5", ".5", "1_000", "30s", "50%", "0x", "True", "nil", "[]", ".mean"])
def test_a_plain_value_is_a_default(text: str) -> None:
    assert shown_default(text) == text


@pytest.mark.parametrize("text", ["...", ".", "_", "a.b", "f()", "[1]", "-"])
def test_an_expression_is_no_default(text: str) -> None:
    assert shown_default(text) == ""


def test_every_kind_of_absls_flags_has_its_default_and_its_words() -> None:
    text = (
        "from absl import flags\nflags.DEFINE_string('name', 'Joe', 'Your name.')\n"
        "flags.DEFINE_integer('age', None, 'Your age '\n  'in years.', lower_bound=0)\n"
        "_JOB = flags.DEFINE_enum('job', 'running', ['running', 'stopped'], 'A job.')\n"
        "flags.DEFINE_float(name='rate', default=0.5, help='A rate.')\n"
        "flags.DEFINE_multi_string('list', [], 'Some.')\nother.DEFINE_string('no', 'x', 'y')\n"
    )
    assert [(fact.name, fact.type, fact.default, fact.text) for fact in facts("python", text, FactKind.SETTING)] == [
        ("name", "string", "Joe", "Your name."),
        ("age", "int", "None", "Your age in years."),
        ("job", "enum", "running", "A job."),
        ("rate", "float", "0.5", "A rate."),
        ("list", "list", "[]", "Some."),
    ]
