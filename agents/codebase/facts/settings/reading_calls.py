"""The calls that read a setting, language by language. Tables first. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from agents.codebase.facts.settings.words import PROPERTY, VARIABLE

FLAG = "flag"


@dataclass(frozen=True)
class ReadingCall:
    """A call that reads a setting: whole names of the call, the places of name, default and help in its arguments."""

    names: str
    source: str = VARIABLE
    name: int = 0
    default: int = 1
    help: int = -1
    type: str = ""
    needs: bytes = b""


_GO_TYPES = {
    "Bool": "bool",
    "Int": "int",
    "Int64": "int64",
    "Uint": "uint",
    "String": "string",
    "Duration": "duration",
    "Float64": "float64",
    "StringSlice": "[]string",
    "StringArray": "[]string",
    "IntSlice": "[]int",
    "StringMap": "map",
    "StringMapString": "map[string]string",
    "StringToString": "map[string]string",
    "Count": "count",
}
_GO = (
    ReadingCall("os.Getenv os.LookupEnv syscall.Getenv", default=-1),
    ReadingCall("viper.BindEnv v.BindEnv", name=1, default=-1),
    ReadingCall("viper.SetDefault v.SetDefault", PROPERTY),
    *(
        ReadingCall(f"viper.Get{go} v.Get{go}", PROPERTY, default=-1, type=word, needs=b"spf13/viper")
        for go, word in _GO_TYPES.items()
    ),
    *(ReadingCall(f"flag.{go} pflag.{go}", FLAG, help=2, type=word) for go, word in _GO_TYPES.items()),
    *(ReadingCall(f"flag.{go}Var pflag.{go}Var", FLAG, 1, 2, 3, word) for go, word in _GO_TYPES.items()),
    *(ReadingCall(f"flag.{go}P pflag.{go}P", FLAG, 0, 2, 3, word) for go, word in _GO_TYPES.items()),
    *(ReadingCall(f"flag.{go}VarP pflag.{go}VarP", FLAG, 1, 3, 4, word) for go, word in _GO_TYPES.items()),
)
_JVM = (
    ReadingCall("System.getenv getenv env.get", default=-1),
    ReadingCall("System.getProperty", PROPERTY),
    ReadingCall("Integer.getInteger Boolean.getBoolean Long.getLong", PROPERTY),
    ReadingCall(
        "environment.getProperty env.getProperty environment.getRequiredProperty env.getRequiredProperty", PROPERTY
    ),
    ReadingCall("sys.env sys.env.get sys.env.getOrElse"),
)
_C = (ReadingCall("getenv std.getenv secure_getenv _wgetenv qgetenv qEnvironmentVariable", default=-1),)
_JAVASCRIPT = (ReadingCall("Deno.env.get Bun.env.get", default=-1),)
_READS: dict[str, tuple[ReadingCall, ...]] = {
    "python": (
        ReadingCall("os.getenv getenv os.environ.get environ.get os.environ.pop environ.pop os.getenvb"),
        ReadingCall("config decouple.config", default=-1, needs=b"decouple"),
        *(
            ReadingCall(f"env.{kind}", type=kind, needs=b"environ")
            for kind in ("str", "bool", "int", "float", "list", "json", "url", "db", "dict", "path")
        ),
        ReadingCall("env", needs=b"environs"),
        ReadingCall("env", needs=b"import environ"),
        ReadingCall("flags.DEFINE_string", FLAG, help=2, type="string"),
        ReadingCall("flags.DEFINE_integer", FLAG, help=2, type="int"),
        ReadingCall("flags.DEFINE_bool flags.DEFINE_boolean", FLAG, help=2, type="bool"),
        ReadingCall("flags.DEFINE_float", FLAG, help=2, type="float"),
        ReadingCall("flags.DEFINE_enum flags.DEFINE_enum_class", FLAG, help=3, type="enum"),
        ReadingCall("flags.DEFINE_list flags.DEFINE_spaceseplist flags.DEFINE_multi_string", FLAG, help=2, type="list"),
        ReadingCall("flags.DEFINE_multi_integer flags.DEFINE_multi_float", FLAG, help=2, type="list"),
        ReadingCall("flags.DEFINE_multi_enum flags.DEFINE_multi_enum_class", FLAG, help=3, type="list"),
    ),
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "tsx": _JAVASCRIPT,
    "go": _GO,
    "java": _JVM,
    "kotlin": _JVM,
    "scala": _JVM,
    "ruby": (ReadingCall("ENV.fetch ENV.dig ENV.delete"),),
    "php": (ReadingCall("getenv", default=-1), ReadingCall("env"), ReadingCall("Env.get")),
    "c": _C,
    "cpp": _C,
    "rust": (
        ReadingCall("env.var std.env.var env.var_os std.env.var_os env option_env dotenv.var dotenvy.var", default=-1),
    ),
    "lua": (ReadingCall("os.getenv", default=-1),),
    "csharp": (
        ReadingCall("Environment.GetEnvironmentVariable System.Environment.GetEnvironmentVariable", default=-1),
        ReadingCall(
            "Configuration.GetValue configuration.GetValue config.GetValue _configuration.GetValue _config.GetValue",
            PROPERTY,
        ),
        ReadingCall(
            "Configuration.GetConnectionString configuration.GetConnectionString config.GetConnectionString "
            "_configuration.GetConnectionString",
            "connection string",
            default=-1,
        ),
    ),
}


@cache
def by_method(language: str) -> dict[str, tuple[ReadingCall, ...]]:
    """The rules of a language by the last part of the names that they are about."""
    matched: dict[str, tuple[ReadingCall, ...]] = {}
    for rule in _READS.get(language, ()):
        for name in rule.names.split():
            method = name.rpartition(".")[2]
            matched[method] = (*matched.get(method, ()), rule)
    return matched


@cache
def by_owner(language: str) -> dict[bytes, tuple[str, ...]]:
    """Methods by the first word of the names that they end: `env.int` is read only where `env` stands as well."""
    methods: dict[bytes, tuple[str, ...]] = {}
    for rule in _READS.get(language, ()):
        for name in rule.names.split():
            owner = name.partition(".")[0].encode()
            methods[owner] = (*methods.get(owner, ()), name.rpartition(".")[2])
    return methods
