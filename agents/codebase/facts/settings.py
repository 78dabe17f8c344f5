"""Where code reads its configuration: environment variables, properties, flags, classes of settings. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter

from agents.codebase.facts.calls import Call
from agents.codebase.facts.file import ParsedCode, place, place_at
from agents.codebase.facts.written import Written, literal, read_call, shown_default
from agents.codebase.structure.deadline import captures
from agents.codebase.structure.grammars import grammar
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

VARIABLE = "environment variable"
PROPERTY = "property"
FLAG = "flag"


@dataclass(frozen=True)
class _Reads:
    """A call that reads a setting: whole names of the call, the places of name, default and help in its arguments."""

    names: str
    source: str = VARIABLE
    name: int = 0
    default: int = 1
    help: int = -1
    type: str = ""
    needs: bytes = b""


_GO_TYPES = {"Bool": "bool", "Int": "int", "Int64": "int64", "Uint": "uint", "String": "string", "Duration": "duration",
             "Float64": "float64", "StringSlice": "[]string", "StringArray": "[]string", "IntSlice": "[]int",
             "StringMap": "map", "StringMapString": "map[string]string", "StringToString": "map[string]string",
             "Count": "count"}  # fmt: skip
_GO = (
    _Reads("os.Getenv os.LookupEnv syscall.Getenv", default=-1),
    _Reads("viper.BindEnv v.BindEnv", name=1, default=-1),
    _Reads("viper.SetDefault v.SetDefault", PROPERTY),
    *(
        _Reads(f"viper.Get{go} v.Get{go}", PROPERTY, default=-1, type=word, needs=b"spf13/viper")
        for go, word in _GO_TYPES.items()
    ),
    *(_Reads(f"flag.{go} pflag.{go}", FLAG, help=2, type=word) for go, word in _GO_TYPES.items()),
    *(_Reads(f"flag.{go}Var pflag.{go}Var", FLAG, 1, 2, 3, word) for go, word in _GO_TYPES.items()),
    *(_Reads(f"pflag.{go}P", FLAG, 0, 2, 3, word) for go, word in _GO_TYPES.items()),
    *(_Reads(f"pflag.{go}VarP", FLAG, 1, 3, 4, word) for go, word in _GO_TYPES.items()),
)
_JVM = (
    _Reads("System.getenv getenv env.get", default=-1),
    _Reads("System.getProperty", PROPERTY),
    _Reads("Integer.getInteger Boolean.getBoolean Long.getLong", PROPERTY),
    _Reads("environment.getProperty env.getProperty environment.getRequiredProperty env.getRequiredProperty", PROPERTY),
    _Reads("sys.env sys.env.get sys.env.getOrElse"),
)
_C = (_Reads("getenv std.getenv secure_getenv _wgetenv qgetenv qEnvironmentVariable", default=-1),)
_JAVASCRIPT = (_Reads("Deno.env.get Bun.env.get", default=-1),)
_READS: dict[str, tuple[_Reads, ...]] = {
    "python": (
        _Reads("os.getenv getenv os.environ.get environ.get os.environ.pop environ.pop os.getenvb"),
        _Reads("config decouple.config", default=-1, needs=b"decouple"),
        *(
            _Reads(f"env.{kind}", type=kind, needs=b"environ")
            for kind in ("str", "bool", "int", "float", "list", "json", "url", "db", "dict", "path")
        ),
        _Reads("env", needs=b"environs"),
        _Reads("env", needs=b"import environ"),
        _Reads("flags.DEFINE_string", FLAG, help=2, type="string"),
        _Reads("flags.DEFINE_integer", FLAG, help=2, type="int"),
        _Reads("flags.DEFINE_bool flags.DEFINE_boolean", FLAG, help=2, type="bool"),
    ),
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "tsx": _JAVASCRIPT,
    "go": _GO,
    "java": _JVM,
    "kotlin": _JVM,
    "scala": _JVM,
    "ruby": (_Reads("ENV.fetch ENV.dig ENV.delete"),),
    "php": (_Reads("getenv", default=-1), _Reads("env"), _Reads("Env.get")),
    "c": _C,
    "cpp": _C,
    "rust": (_Reads("env.var std.env.var env.var_os std.env.var_os env option_env dotenv.var dotenvy.var", default=-1),),
    "lua": (_Reads("os.getenv", default=-1),),
    "csharp": (
        _Reads("Environment.GetEnvironmentVariable System.Environment.GetEnvironmentVariable", default=-1),
        _Reads("Configuration.GetValue configuration.GetValue config.GetValue _configuration.GetValue _config.GetValue",
               PROPERTY),
        _Reads("Configuration.GetConnectionString configuration.GetConnectionString config.GetConnectionString "
               "_configuration.GetConnectionString", "connection string", default=-1),
    ),
}  # fmt: skip

#: Reads that are no call: the place is the capture `read`, its name the capture's last part.
_JS_READS = "(member_expression) @read (subscript_expression) @read"
_PLACES = {
    "python": "(subscript) @read",
    "javascript": _JS_READS,
    "typescript": _JS_READS,
    "tsx": _JS_READS,
    "ruby": "(element_reference) @read",
    "php": "(subscript_expression) @read",
    "csharp": "(element_access_expression) @read",
}
_HOLDERS = {
    "python": {"os.environ", "environ"},
    "javascript": {"process.env", "import.meta.env", "Bun.env", "env"},
    "ruby": {"ENV"},
    "php": {"$_ENV"},
    "csharp": {"Configuration", "configuration", "config", "_configuration", "_config", "builder.Configuration"},
}
_HOLDERS |= dict.fromkeys(("typescript", "tsx"), _HOLDERS["javascript"] - {"env"})
_HOLDERS["javascript"] -= {"env"}
#: A file without any of these reads nothing that is no call.
_WORDS = {
    "python": (b"environ[",),
    "javascript": (b"process.env", b"import.meta.env", b"Bun.env"),
    "ruby": (b"ENV[",),
    "php": (b"$_ENV",),
    "csharp": (b"onfig",),
}
_WORDS |= dict.fromkeys(("typescript", "tsx"), _WORDS["javascript"])
_NAME = re.compile(r"^[A-Za-z_][\w.:-]{0,120}$")
#: Operators and methods after a read that give what holds when nothing is set.
_ELSE = frozenset({"||", "??", "or", "?:", "//"})
_ELSE_METHODS = frozenset({"unwrap_or", "unwrap_or_else", "unwrap_or_default", "getOrElse", "orElse", "to_s"})
_PRESENT = re.compile(r"^\$\{([^:}]+)(?::([^}]*))?\}$")
_SETTINGS_BASES = re.compile(r"\((?:[^)]*[\s,.(])?(?:BaseSettings|EnvConfig|AppSettings)\b")
_SPRING_FIELDS = frozenset({SymbolKind.FIELD, SymbolKind.PROPERTY})
_GO_TAG = re.compile(r"\b(env|envconfig|envDefault|default|required|mapstructure):\"([^\"]*)\"")


def settings(file: ParsedCode) -> Iterator[Fact]:
    """The settings that a file reads."""
    rules = _by_method(file.language)
    if rules:
        for call in file.calls(*rules):
            fact = next((fact for rule in rules[call.method] if (fact := _called(rule, call, file))), None)
            if fact is not None:
                yield fact
    yield from _placed(file)
    if file.language == "python":
        yield from _settings_classes(file)
    yield from _annotated(file)


@cache
def _by_method(language: str) -> dict[str, tuple[_Reads, ...]]:
    found: dict[str, tuple[_Reads, ...]] = {}
    for rule in _READS.get(language, ()):
        for name in rule.names.split():
            method = name.rpartition(".")[2]
            found[method] = (*found.get(method, ()), rule)
    return found


def _called(rule: _Reads, call: Call, file: ParsedCode) -> Fact | None:
    names = rule.names.split()
    if rule.needs and rule.needs not in file.source:
        return None
    if call.name not in names and not any("." in one and call.name.endswith("." + one) for one in names):
        return None
    name = call.text(rule.name, "key")
    if not _NAME.match(name):
        return None
    default = shown_default(call.value(rule.default, "default")) or _otherwise(call, file)
    return Fact(
        kind=FactKind.SETTING,
        name=name,
        source=rule.source,
        lines=place(call),
        type=call.named.get("cast", rule.type),
        default=default,
        text=call.text(rule.help),
        symbol=file.symbol_at(call.line),
    )


def _otherwise(call: Call, file: ParsedCode) -> str:
    """What a call's result is replaced by where nothing is set."""
    for later in call.after():
        if later.method in _ELSE_METHODS:
            return shown_default(later.value(0))
    return _other_side(call.node, file) if call.node is not None else ""


def _other_side(node: tree_sitter.Node, file: ParsedCode) -> str:
    above = node.parent
    if above is None or above.child_count != 3 or above.children[0] != node:
        return ""
    return shown_default(file.text(above.children[2])) if file.text(above.children[1]) in _ELSE else ""


@cache
def _places(language: str) -> tree_sitter.Query:
    return tree_sitter.Query(grammar(language).loaded, _PLACES[language])


def _placed(file: ParsedCode) -> Iterator[Fact]:
    if file.language not in _PLACES or not file.holds(*_WORDS[file.language]):
        return
    for node in captures(_places(file.language), file.root).get("read", ()):
        holder = node.named_children[0] if node.named_child_count > 1 else None
        if holder is None or "".join(file.text(holder).split()) not in _HOLDERS[file.language] or _is_written(node):
            continue
        last = file.text(node.named_children[-1]).strip("[]")
        name = last if node.type == "member_expression" else literal(last) or ""
        if _NAME.match(name):
            lines = place_at(node)
            yield Fact(
                kind=FactKind.SETTING,
                name=name,
                source=PROPERTY if file.language == "csharp" else VARIABLE,
                lines=lines,
                default=_other_side(node, file),
                symbol=file.symbol_at(lines.start),
            )
    for pattern in captures(_destructured(file.language), file.root).get("read", ()):
        yield from _taken_apart(pattern, file)


@cache
def _destructured(language: str) -> tree_sitter.Query:
    text = "(variable_declarator name: (object_pattern) value: (member_expression)) @read"
    return tree_sitter.Query(grammar(language).loaded, text if language in _JS else "(ERROR) @none")


_JS = frozenset({"javascript", "typescript", "tsx"})


def _taken_apart(node: tree_sitter.Node, file: ParsedCode) -> Iterator[Fact]:
    """`const { PORT = "80" } = process.env`."""
    pattern, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if pattern is None or value is None or file.text(value) not in _HOLDERS[file.language]:
        return
    for child in pattern.named_children:
        name, _, default = file.text(child).partition("=")
        plain = name.partition(":")[0].strip()
        if _NAME.match(plain):
            lines = place_at(child)
            yield Fact(kind=FactKind.SETTING, name=plain, source=VARIABLE, lines=lines, default=shown_default(default),
                       symbol=file.symbol_at(lines.start))  # fmt: skip


def _is_written(node: tree_sitter.Node) -> bool:
    above = node.parent
    return above is not None and "assignment" in above.type and above.child_by_field_name("left") == node


def _settings_classes(file: ParsedCode) -> Iterator[Fact]:
    """Fields of pydantic's BaseSettings: the environment variable is the prefix and the field's name."""
    if not file.holds(b"BaseSettings"):
        return
    for owner in file.symbols:
        if owner.kind is not SymbolKind.CLASS or not _SETTINGS_BASES.search(owner.signature):
            continue
        body = file.source.split(b"\n")[owner.lines.start - 1 : owner.lines.end]
        found = re.search(rb"env_prefix\s*=\s*[\"']([^\"']*)[\"']", b"\n".join(body))
        prefix = found[1].decode() if found else ""
        for field in file.symbols:
            if field.name.rpartition(".")[0] != owner.name or not field.type or field.kind not in _SPRING_FIELDS:
                continue
            written = _value_of(field, file)
            call = read_call(written)
            is_field = call.method == "Field"
            alias = call.text(-1, "validation_alias", "alias", "env") if is_field else ""
            default = call.value(0, "default") if is_field else written
            yield Fact(
                kind=FactKind.SETTING,
                name=alias or f"{prefix}{field.name.rpartition('.')[2]}".upper(),
                source="pydantic settings",
                lines=field.lines,
                owner=owner.name,
                type=field.type,
                default=shown_default(default),
                text=field.doc or call.text(-1, "description"),
                symbol=field.name,
                marks=("required",) if not written or default == "..." else (),
            )


def _value_of(field: Symbol, file: ParsedCode) -> str:
    """A field's value as written: an outline leaves out what is long."""
    lines = file.source.split(b"\n")[field.lines.start - 1 : field.lines.end]
    return b"\n".join(lines).decode("utf-8", "replace").partition("=")[2].strip()


def _annotated(file: ParsedCode) -> Iterator[Fact]:
    for symbol, written in file.decorated:
        for one in written:
            if one.method in {"Value", "ConfigProperty"}:
                yield from _value(symbol, one)
            elif one.method == "ConfigurationProperties":
                yield from _properties(symbol, one.text(0, "prefix", "value"), file)
        if file.language == "go":
            yield from _tagged(symbol)
        if file.language == "rust":
            yield from _clap_variable(symbol, written)


def _value(symbol: Symbol, annotation: Written) -> Iterator[Fact]:
    """Spring's `@Value("${name:default}")`, MicroProfile's `@ConfigProperty(name = "x")`."""
    found = _PRESENT.match(annotation.text(0, "value"))
    name = found[1] if found else annotation.text(-1, "name")
    if name:
        default = found[2] or "" if found else annotation.text(-1, "defaultValue")
        yield Fact(kind=FactKind.SETTING, name=name, source=PROPERTY, lines=symbol.lines, type=symbol.type,
                   default=default, text=symbol.doc, symbol=symbol.name)  # fmt: skip


def _properties(owner: Symbol, prefix: str, file: ParsedCode) -> Iterator[Fact]:
    for field in file.symbols:
        if (
            field.name.rpartition(".")[0] == owner.name
            and field.kind in _SPRING_FIELDS
            and "static" not in field.signature
        ):
            plain = re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", field.name.rpartition(".")[2]).lower()
            yield Fact(kind=FactKind.SETTING, name=f"{prefix}.{plain}".strip("."), source=PROPERTY, lines=field.lines,
                       owner=owner.name, type=field.type, default=shown_default(field.default), text=field.doc,
                       symbol=field.name)  # fmt: skip


def _tagged(symbol: Symbol) -> Iterator[Fact]:
    """Go's struct tags `env:"NAME" envDefault:"x"` and `envconfig:"NAME" default:"x"`."""
    tags = {key: value for text in symbol.decorators for key, value in _GO_TAG.findall(text)}
    name = (tags.get("env") or tags.get("envconfig") or "").split(",")[0]
    if name and _NAME.match(name):
        required = "required" in tags or "required" in (tags.get("env") or "")
        yield Fact(kind=FactKind.SETTING, name=name, source=VARIABLE, lines=symbol.lines, type=symbol.type,
                   default=tags.get("envDefault") or tags.get("default") or "", text=symbol.doc, symbol=symbol.name,
                   owner=symbol.name.rpartition(".")[0], marks=("required",) if required else ())  # fmt: skip


def _clap_variable(symbol: Symbol, written: tuple[Written, ...]) -> Iterator[Fact]:
    for one in written:
        name = one.text(-1, "env") if one.method in {"arg", "clap"} else ""
        if name:
            default = one.value(-1, "default_value", "default_value_t")
            yield Fact(kind=FactKind.SETTING, name=name, source=VARIABLE, lines=symbol.lines,
                       type=symbol.type, default=shown_default(default), text=symbol.doc, symbol=symbol.name)  # fmt: skip
