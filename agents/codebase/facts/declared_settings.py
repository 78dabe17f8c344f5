"""Settings that code declares: classes of settings, annotations, struct tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.setting_words import NAME, PROPERTY, VARIABLE
from agents.codebase.facts.written import Written, read_call, shown_default
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_PRESENT = re.compile(r"^\$\{([^:}]+)(?::([^}]*))?\}$")
_SETTINGS_BASES = re.compile(r"\((?:[^)]*[\s,.(])?(?:BaseSettings|EnvConfig|AppSettings)\b")
_SPRING_FIELDS = frozenset({SymbolKind.FIELD, SymbolKind.PROPERTY})
_GO_TAG = re.compile(r"\b(env|envconfig|envDefault|default|required|mapstructure):\"([^\"]*)\"")


def settings_classes(file: ParsedCode) -> Iterator[Fact]:
    """Fields of pydantic's BaseSettings: the environment variable is the prefix and the field's name."""
    if not file.holds(b"BaseSettings"):
        return
    for owner in file.symbols:
        if owner.kind is not SymbolKind.CLASS or not _SETTINGS_BASES.search(owner.signature):
            continue
        body = file.source.split(b"\n")[owner.lines.start - 1 : owner.lines.end]
        matched = re.search(rb"env_prefix\s*=\s*[\"']([^\"']*)[\"']", b"\n".join(body))
        prefix = matched[1].decode() if matched else ""
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


def _properties(owner: Symbol, prefix: str, file: ParsedCode) -> Iterator[Fact]:
    for field in file.symbols:
        if (
            field.name.rpartition(".")[0] == owner.name
            and field.kind in _SPRING_FIELDS
            and "static" not in field.signature
        ):
            plain = re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", field.name.rpartition(".")[2]).lower()
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
