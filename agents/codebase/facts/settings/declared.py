"""Settings that code declares: classes of settings, annotations, struct tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.settings.words import NAME, PROPERTY, VARIABLE
from agents.codebase.facts.written import Written, read_call, shown_default
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_PRESENT = re.compile(r"^\$\{([^:}]+)(?::([^}]*))?\}$")
_SETTINGS_BASES = re.compile(r"\((?:[^)]*[\s,.(])?(?:BaseSettings|EnvConfig|AppSettings)\b")
_SPRING_FIELDS = frozenset({SymbolKind.FIELD, SymbolKind.PROPERTY})
#: Classes of properties inside classes of properties that are followed.
_NESTED = 5
_VALUES = frozenset({*_SPRING_FIELDS, SymbolKind.CONSTANT, SymbolKind.VARIABLE})
_FLASK_CONFIG = re.compile(r"class (?:\w*Config|Config\w*|\w*Settings)\b(?:\((?:object|\w*Config|)\))?:?$")
#: Settings of which a class of them has at least this many, and one that Flask or a library beside it names.
_MANY = 2
_FLASK = frozenset(
    {"SECRET_KEY", "DEBUG", "TESTING", "SERVER_NAME", "SQLALCHEMY_DATABASE_URI", "MAX_CONTENT_LENGTH",
     "WTF_CSRF_ENABLED", "SESSION_COOKIE_NAME", "PREFERRED_URL_SCHEME", "MAIL_SERVER", "SQLALCHEMY_TRACK_MODIFICATIONS"}
)  # fmt: skip
_GO_TAG = re.compile(r"\b(env|envconfig|envDefault|default|required|mapstructure):\"([^\"]*)\"")


def settings_classes(file: ParsedCode) -> Iterator[Fact]:
    """Fields of pydantic's BaseSettings: the environment variable is the prefix and the field's name."""
    if not file.holds(b"BaseSettings"):
        return
    for owner in file.symbols:
        if owner.kind is not SymbolKind.CLASS or not _SETTINGS_BASES.search(owner.signature):
            continue
        body = file.source.split(b"\n")[owner.lines.start - 1 : owner.lines.end]
        matched = re.search(rb"env_prefix[\"']?\s*[=:]\s*[\"']([^\"']*)[\"']", b"\n".join(body))
        prefix = matched[1].decode() if matched else ""
        for field in file.symbols:
            plain = field.name.rpartition(".")[2]
            is_field = field.kind in _SPRING_FIELDS and bool(field.type) and not plain.startswith("_")
            if field.name.rpartition(".")[0] != owner.name or not is_field or field.decorators:
                continue  # a property is worked out, a private attribute is no setting
            written = _value_of(field, file)
            call = read_call(written)
            is_described = call.method == "Field"
            alias = call.text(-1, "validation_alias", "alias", "env") if is_described else ""
            default = call.value(0, "default") if is_described else written
            yield Fact(
                kind=FactKind.SETTING,
                name=alias or f"{prefix}{plain}".upper(),
                source="pydantic settings",
                lines=field.lines,
                owner=owner.name,
                type=field.type,
                default=shown_default(default),
                text=field.doc or call.text(-1, "description"),
                symbol=field.name,
                marks=("required",) if not written or default == "..." else (),
            )


def flask_settings(file: ParsedCode) -> Iterator[Fact]:
    """The attributes in capitals of a class that Flask's `from_object` takes: `class DefaultConfig`."""
    if not file.holds(b"Config"):
        return
    for owner in file.symbols:
        if owner.kind is not SymbolKind.CLASS or not _FLASK_CONFIG.match(owner.signature):
            continue
        own = [item for item in file.symbols if item.name.rpartition(".")[0] == owner.name]
        fields = [item for item in own if item.kind in _VALUES and item.name.rpartition(".")[2].isupper()]
        if len(fields) < _MANY or not any(field.name.rpartition(".")[2] in _FLASK for field in fields):
            continue
        for field in fields:
            yield Fact(
                kind=FactKind.SETTING,
                name=field.name.rpartition(".")[2],
                source="Flask setting",
                lines=field.lines,
                owner=owner.name,
                type=field.type,
                default=shown_default(_value_of(field, file)),
                text=field.doc,
                symbol=field.name,
            )


def _value_of(field: Symbol, file: ParsedCode) -> str:
    """A field's value as written: an outline leaves out what is long."""
    lines = file.source.split(b"\n")[field.lines.start - 1 : field.lines.end]
    return b"\n".join(lines).decode("utf-8", "replace").partition("=")[2].strip()


def annotated(file: ParsedCode) -> Iterator[Fact]:
    for symbol, written in file.decorated:
        for item in written:
            if item.method in {"Value", "ConfigProperty"}:
                yield from _value(symbol, item)
            elif item.method == "ConfigurationProperties":
                yield from _properties(symbol, item.text(0, "prefix", "value"), file)
        if file.language == "go":
            yield from _tagged(symbol)
        if file.language == "rust":
            yield from _clap_variable(symbol, written)


def _value(symbol: Symbol, annotation: Written) -> Iterator[Fact]:
    """Spring's `@Value("${name:default}")`, MicroProfile's `@ConfigProperty(name = "x")`."""
    matched = _PRESENT.match(annotation.text(0, "value"))
    name = matched[1] if matched else annotation.text(-1, "name")
    if name:
        default = matched[2] or "" if matched else annotation.text(-1, "defaultValue")
        yield Fact(
            kind=FactKind.SETTING,
            name=name,
            source=PROPERTY,
            lines=symbol.lines,
            type=symbol.type,
            default=default,
            text=symbol.doc,
            symbol=symbol.name,
        )


def _properties(owner: Symbol, prefix: str, file: ParsedCode, depth: int = 0) -> Iterator[Fact]:
    """The fields of a class of properties; those of a class inside it stand below the field of its type."""
    for field in file.symbols:
        if (
            field.name.rpartition(".")[0] == owner.name
            and field.kind in _SPRING_FIELDS
            and "static" not in field.signature
        ):
            plain = re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", field.name.rpartition(".")[2]).lower()
            inner = _inner_class(field, owner, file)
            if inner is not None and depth < _NESTED:
                yield from _properties(inner, f"{prefix}.{plain}".strip("."), file, depth + 1)
                continue
            yield Fact(
                kind=FactKind.SETTING,
                name=f"{prefix}.{plain}".strip("."),
                source=PROPERTY,
                lines=field.lines,
                owner=owner.name,
                type=field.type,
                default=shown_default(field.default),
                text=field.doc,
                symbol=field.name,
            )


def _inner_class(field: Symbol, owner: Symbol, file: ParsedCode) -> Symbol | None:
    names = {f"{around}.{field.type}" for around in (owner.name, owner.name.rpartition(".")[0])}
    return next((item for item in file.symbols if item.kind is SymbolKind.CLASS and item.name in names), None)


def _tagged(symbol: Symbol) -> Iterator[Fact]:
    """Go's struct tags `env:"NAME" envDefault:"x"` and `envconfig:"NAME" default:"x"`."""
    tags = {key: value for text in symbol.decorators for key, value in _GO_TAG.findall(text)}
    name = (tags.get("env") or tags.get("envconfig") or "").split(",")[0]
    if name and NAME.match(name):
        required = "required" in tags or "required" in (tags.get("env") or "")
        yield Fact(
            kind=FactKind.SETTING,
            name=name,
            source=VARIABLE,
            lines=symbol.lines,
            type=symbol.type,
            default=tags.get("envDefault") or tags.get("default") or "",
            text=symbol.doc,
            symbol=symbol.name,
            owner=symbol.name.rpartition(".")[0],
            marks=("required",) if required else (),
        )


def _clap_variable(symbol: Symbol, written: tuple[Written, ...]) -> Iterator[Fact]:
    for item in written:
        name = item.text(-1, "env") if item.method in {"arg", "clap"} else ""
        if name:
            default = item.value(-1, "default_value", "default_value_t")
            yield Fact(
                kind=FactKind.SETTING,
                name=name,
                source=VARIABLE,
                lines=symbol.lines,
                type=symbol.type,
                default=shown_default(default),
                text=symbol.doc,
                symbol=symbol.name,
            )
