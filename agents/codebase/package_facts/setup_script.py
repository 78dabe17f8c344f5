"""setup.py of Python packages, as far as its text says what it gives to setup(). Pure."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping

from agents.codebase.manifest_values import words
from agents.codebase.package_facts.package import PackageFacts, commands

#: Characters of a script that is parsed; of a longer one, and of one of Python 2, single lines are read.
_LONGEST = 200_000
#: Python 3.11 fails to parse while another thread does: https://github.com/python/cpython/issues/106905
_ATTEMPTS = 5
_ENTRY = re.compile(r"^[^\S\n]*([\w.-]+)\s*=\s*([\w.]+:[\w.]+)", re.MULTILINE)
_SECTION = re.compile(r"^[ \t]*\[console_scripts\][ \t]*$([^\[]*)", re.MULTILINE)
_QUOTED_ENTRY = re.compile(r"[\"']([\w.-]+)\s*=\s*([\w.]+:[\w.]+)")


def setup_py(path: str, text: str) -> PackageFacts | None:
    """What setup.py, which is not run, says."""
    given = _arguments(text)
    name, requires = given.get("name", ""), given.get("python_requires", "")
    return PackageFacts(
        file=path,
        ecosystem="Python",
        name=name,
        version=given.get("version", ""),
        description=given.get("description", ""),
        licence=given.get("license", ""),
        requires=f"Python {requires}" if requires else "",
        homepage=given.get("url", ""),
        commands=commands(dict(_ENTRY.findall(given.get("entry_points", "")))),
        install=f"pip install {name}" if name else "",
    )


def _arguments(text: str) -> dict[str, str]:
    """The texts that setup() is given; entry points as lines of `name = module:function`."""
    tree = _parsed(text)
    if tree is None:
        return _lines(text)
    values = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    given: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "setup":
            for keyword in node.keywords:
                # What a dictionary holds that is given whole is as good as an argument.
                entries = {keyword.arg: keyword.value} if keyword.arg else _entries(_value(keyword.value, values))
                for key, value in entries.items():
                    text_of_it = _scripts(value, values) if key == "entry_points" else _text(value, values)
                    given |= {key: text_of_it} if text_of_it else {}
    return given


def _parsed(text: str) -> ast.Module | None:
    if len(text) > _LONGEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of the documented script, which is not for us to say
        for _ in range(_ATTEMPTS):
            try:
                return ast.parse(text)
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                return None
            except SystemError:
                pass
    return None


def _called(node: ast.Call) -> str:
    """The last part of what is called."""
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _value(node: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    return values.get(node.id, node) if isinstance(node, ast.Name) else node


def _entries(node: ast.expr) -> dict[str, ast.expr]:
    """What stands behind each text of a dictionary."""
    if isinstance(node, ast.Call) and _called(node) == "dict":
        return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    if not isinstance(node, ast.Dict):
        return {}
    pairs = zip(node.keys, node.values, strict=True)
    return {key.value: item for key, item in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def _text(node: ast.expr, values: Mapping[str, ast.expr]) -> str:
    constant = _value(node, values)
    return words(constant.value) if isinstance(constant, ast.Constant) else ""


def _scripts(node: ast.expr, values: Mapping[str, ast.expr]) -> str:
    """The programs among entry points, which are a dictionary, or a text with sections."""
    given = _value(node, values)
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        section = _SECTION.search(given.value)
        return section[1] if section else ""
    listed = _value(_entries(given).get("console_scripts", ast.Constant(value=None)), values)
    items = listed.elts if isinstance(listed, ast.List | ast.Tuple) else [listed]
    return "\n".join(item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str))


def _lines(text: str) -> dict[str, str]:
    """The same of a script that cannot be parsed, as far as single lines say it."""
    call = text[text.find("setup(") :] if "setup(" in text else ""
    keys = ("name", "version", "description", "license", "url", "python_requires")
    matches = {key: re.search(rf"\b{key}\s*=\s*(?:\(\s*)?[\"']([^\"'\n]+)[\"']", call) for key in keys}
    entries = "\n".join(f"{name} = {target}" for name, target in _QUOTED_ENTRY.findall(call))
    return {key: words(match[1]) for key, match in matches.items() if match} | {"entry_points": entries}
