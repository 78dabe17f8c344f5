"""Files made to stop a decoder, a parser, or one of our own expressions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial

from agents.codebase.structure.grammars import LANGUAGES
from tests.hostile.case import Case

_CODE = b"def f():\n    '''Does it.'''\n    return 1\n"
#: Large enough that time by its square would be seen.
_LARGE = 250_000

SUFFIXES: Mapping[str, str] = {
    "python": "py", "javascript": "js", "typescript": "ts", "tsx": "tsx", "go": "go", "java": "java", "kotlin": "kt",
    "scala": "scala", "c": "c", "cpp": "cpp", "csharp": "cs", "rust": "rs", "ruby": "rb", "php": "php", "swift": "swift",
    "lua": "lua", "bash": "sh",
}  # fmt: skip
#: Each format, and what opens one more level of it.
_OPENERS: Mapping[str, bytes] = {
    "json": b"[", "yaml": b"[", "toml": b"a = [[", "xml": b"<a>", "html": b"<div>", "md": b"> ", "rst": b"* ", "adoc": b"====\n",
    "sql": b"(", "css": b"a{", "ini": b"[", "csv": b'"', "ipynb": b'{"cells":[', "tf": b"a {", "proto": b"message a {",
    "graphql": b"{a", "vue": b"<a>", "ps1": b"$(",
}  # fmt: skip


def files() -> Iterator[Case[tuple[str, bytes]]]:
    """Every file of the table: a path, and its bytes."""
    assert set(SUFFIXES) == set(LANGUAGES), "a language has no hostile inputs"
    yield from _encodings()
    for language, suffix in SUFFIXES.items():
        yield _case(f"deep {language}", f"deep.{suffix}", b"{(" * 30_000)
        yield _case(
            f"one line of {language}", f"line.{suffix}", b"a" * _LARGE, _ANY if suffix == "js" else "documented"
        )
    for suffix, opener in _OPENERS.items():
        yield _case(f"deep {suffix}", f"deep.{suffix}", opener * 50_000, _ANY)
        yield _case(f"one line of {suffix}", f"line.{suffix}", b"a" * _LARGE, _ANY)
    for language, sign in (("python", "-"), ("python", "*"), ("cpp", "::"), ("cpp", "!"), ("c", "-"), ("java", "@")):
        yield _case(f"row of {sign} in {language}", f"row.{SUFFIXES[language]}", sign.encode() * _LARGE)
    yield _case("line that always goes on", "on.py", b"\\\n" * 400_000)
    yield from _bombs()
    yield from _expressions()


#: A file that may be documented, or left out with a reason: which is decided by rules of its format that lie elsewhere.
_ANY = "any"


def _case(name: str, path: str, body: bytes, outcome: str = _ANY) -> Case[tuple[str, bytes]]:
    return Case(name, partial(_same, path, body), outcome, path)


def _same(path: str, body: bytes) -> tuple[str, bytes]:
    return path, body


def _encodings() -> Iterator[Case[tuple[str, bytes]]]:
    text = _CODE.decode()
    yield _case("empty", "a.py", b"", "skipped: empty")
    yield _case("blank", "a.py", b" \n\t\r\n" * 100, "skipped: empty")
    yield _case("NULs alone", "a.py", bytes(5_000), "skipped: binary")
    yield _case("NUL in code", "a.py", b"x = 1\n\0\0\n", "skipped: binary")
    yield _case("NUL behind the sample", "a.py", b"x = 1\n" * 5_000 + b"\0", "documented")
    yield _case("mark of UTF-8", "a.py", b"\xef\xbb\xbf" + _CODE, "documented")
    yield _case("ten marks", "a.py", b"\xef\xbb\xbf" * 10 + _CODE, "documented")
    yield _case("mark alone", "a.py", b"\xef\xbb\xbf", _ANY)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        outcome = _ANY if encoding.startswith("utf-32-") else "documented"
        yield _case(encoding, "a.py", (text * 20).encode(encoding), outcome)
    yield _case("odd UTF-16", "a.py", text.encode("utf-16") + b"\0", "documented")
    yield _case("lone surrogates in UTF-16", "a.py", b"\xff\xfe" + b"\x00\xd8a\x00" * 100, _ANY)
    yield _case("surrogates as UTF-8", "a.py", b"x = '\xed\xa0\x80'\n", "documented")
    yield _case("overlong UTF-8", "a.py", b"x = '\xc0\xaf\xe0\x80\xaf'\n", "documented")
    yield _case("cut UTF-8", "a.py", b"x = '\xf0\x9f\x90", "documented")
    yield _case("every byte", "a.py", bytes(range(256)) * 20, "skipped: binary")
    yield _case("high bytes", "a.py", b"x = '" + bytes(range(128, 256)) * 50 + b"'\n", "documented")
    yield _case("UTF-7", "a.py", b"# coding: utf-7\n+ADw-script+AD4-\n", "documented")
    yield _case("false coding line", "a.py", b"# -*- coding: does-not-exist -*-\n" + _CODE, "documented")
    yield _case("coding that is no text", "a.py", b"# -*- coding: zlib -*-\n" + _CODE, "documented")
    yield _case("ISO 2022", "a.py", b"x = '\x1b$B$3$s\x1b(B'\n", _ANY)
    yield _case("old line ends", "a.py", _CODE.replace(b"\n", b"\r"), "documented")
    yield _case("separators of Unicode", "a.py", "x = 1\u2028y = 2\u2029z\x85\x0b\x0c\x1c\n".encode(), "documented")
    yield _case("escapes of a terminal", "a.md", b"\x1b]0;title\x07\x1b[31mred\x1b[0m text\n" * 20, "documented")
    yield _case("control characters", "a.py", bytes(range(1, 9)) * 500, "skipped: binary")
    yield _case("turned text", "a.py", "x = '\u202e\u2066 evil \u2069'\n".encode(), "documented")
    yield _case("invisible text", "a.py", ("x = 1  # " + "\u200b\ufe0f\U000e0041" * 5_000).encode(), "documented")
    yield _case("stacked accents", "a.md", ("Z" + "\u0301" * 50_000).encode(), "documented")


def _bombs() -> Iterator[Case[tuple[str, bytes]]]:
    def levels(form: str) -> bytes:
        return "".join(form.format(n=n, before=n - 1) for n in range(1, 30)).encode()

    aliases = b"a0: &a0 [x]\n" + levels("a{n}: &a{n} [*a{before}, *a{before}, *a{before}]\n")
    yield _case("too large", "a.py", b"x = 1\n" * 200_000, "gap: FileTooLarge")
    yield _case("too large in one line", "a.py", b"a" * 1_100_000, "gap: FileTooLarge")
    yield _case("newlines alone in front", "a.py", b"\n" * _LARGE + b"x = 1\n", _ANY)
    yield _case(
        "entities",
        "a.xml",
        b"<!DOCTYPE x [<!ENTITY e0 'aa'>"
        + levels("<!ENTITY e{n} '&e{before};&e{before};&e{before};'>")
        + b"]><x>&e29;</x>",
        "documented",
    )
    yield _case(
        "parameter entities", "a.xml", b"<!DOCTYPE x [<!ENTITY % a 'x'><!ENTITY % b '%a;%a;'>%b;]><x/>", "documented"
    )
    yield _case(
        "outside entity", "a.xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", "documented"
    )
    yield _case("outside definition", "a.xml", b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'><x/>", "documented")
    yield _case(
        "inclusion of XML",
        "a.xml",
        b"<x xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='/etc/passwd' parse='text'/></x>",
        "documented",
    )
    yield _case(
        "aliases",
        "a.yaml",
        b"a0: &a0 [x]\n" + levels("a{n}: &a{n} [*a{before}, *a{before}, *a{before}, *a{before}]\n"),
        "documented",
    )
    yield _case("alias of itself", "a.yaml", b"a: &a [*a, *a]\nb: &b {c: *b}\n", "documented")
    yield _case(
        "merged aliases",
        "a.yaml",
        b"a0: &a0 {x: 1}\n" + levels("a{n}: &a{n}\n  <<: [*a{before}, *a{before}]\n"),
        "documented",
    )
    yield _case("objects of Python", "a.yaml", b"a: !!python/object/apply:os.system ['touch escaped']\n", "documented")
    yield _case(
        "workflow with aliases",
        ".github/workflows/a.yml",
        aliases + b"on: push\njobs: *a29\n",
        "documented",
    )
    yield _case(
        "compose with aliases",
        "docker-compose.yml",
        aliases + b"services: {a: {environment: *a29}}\n",
        "documented",
    )
    yield _case(
        "document of OpenAPI that refers to itself",
        "openapi.yaml",
        b"openapi: 3.0.0\npaths: {/a: {$ref: '#/paths/~1a'}}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/A'}}}\n",
        "documented",
    )
    yield _case(
        "schema that refers to itself",
        "a.schema.json",
        b'{"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#", "properties": {"a": {"$ref": "#"}}}',
        "documented",
    )
    yield _case(
        "numbers without end",
        "a.json",
        b'{"a": ' + b"9" * 100_000 + b', "b": 1e999999, "c": NaN}',
        "skipped: generated",
    )
    yield _case("numbers without end in TOML", "a.toml", b"a = " + b"9" * 100_000 + b"\n", "documented")
    yield _case(
        "numbers without end in YAML",
        "a.yaml",
        b"a: " + b"9" * 100_000 + b"\nb: 190:20:30\nc: 0x" + b"f" * 9_000 + b"\n",
        "documented",
    )
    yield _case("tables of TOML", "a.toml", b"[" + b"a." * 20_000 + b"a]\n", "documented")
    yield _case(
        "manifest with long numbers", "pyproject.toml", b"[project]\nname = " + b"9" * 50_000 + b"\n", "documented"
    )
    yield _case("deep manifest", "pyproject.toml", b"a = " + b"[" * 50_000, "documented")
    yield _case("deep package.json", "package.json", b'{"name":' * 50_000, "skipped: generated")
    yield _case(
        "keys of objects of JavaScript",
        "package.json",
        b'{"name": {"__proto__": 1}, "__proto__": {"x": 1}, "constructor": 1, "scripts": []}',
        "documented",
    )
    yield _case(
        "Cargo.toml of wrong types",
        "Cargo.toml",
        b"package = 1\nworkspace = []\n[dependencies]\na = {path = 3}\n",
        "documented",
    )
    yield _case("go.mod of brackets", "go.mod", b"module (\n" * 5_000, "documented")
    yield _case(
        "pom.xml of entities",
        "pom.xml",
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><project><artifactId>&a;</artifactId></project>",
        "documented",
    )
    yield _case("notebook that is none", "a.ipynb", b"{]", "documented")
    yield _case(
        "notebook of wrong types",
        "a.ipynb",
        json.dumps(
            {
                "cells": [
                    None,
                    1,
                    {"cell_type": 2, "source": {"a": 1}},
                    {"cell_type": "code", "source": [1, None, []]},
                ],
                "metadata": 3,
            }
        ).encode(),
        "documented",
    )
    yield _case(
        "notebook with a large output",
        "a.ipynb",
        json.dumps(
            {"cells": [{"cell_type": "code", "source": "x", "outputs": [{"data": {"image/png": "A" * 700_000}}]}]}
        ).encode(),
        "documented",
    )
    yield _case("functions without end", "a.py", b"".join(b"def f%d(): pass\n" % n for n in range(8_000)), "documented")
    yield _case("classes in classes", "a.py", b"".join(b" " * n + b"class C%d:\n" % n for n in range(1_200)), _ANY)
    yield _case(
        "parameters without end",
        "a.py",
        b"def f(" + b", ".join(b"p%d=%d" % (n, n) for n in range(50_000)) + b"): pass\n",
        _ANY,
    )
    yield _case("imports without end", "a.py", b"".join(b"import m%d\n" % n for n in range(15_000)), "documented")
    yield _case("decorators without end", "a.py", b"@d\n" * 20_000 + b"def f(): pass\n", "documented")
    yield _case(
        "docstring without end",
        "a.py",
        b"def f():\n    '''" + b"* [a](b) `c` :d:`e`\n\n    " * 8_000 + b"'''\n",
        "documented",
    )
    yield _case(
        "tags of documentation without end",
        "a.js",
        b"/**\n" + b" * @param {a} b c\n" * 15_000 + b" */\nfunction f() {}\n",
        "documented",
    )
    yield _case(
        "macros that call themselves",
        "a.c",
        b"#define A A A\n#define B(x) B(B(x))\nint f(void) { A; B(1); }\n" * 2_000,
        "documented",
    )
    yield _case("conditions without end", "a.c", b"#if A\n" * 30_000 + b"int f(void);\n" + b"#endif\n" * 30_000, _ANY)
    yield _case("raw string without end", "a.rs", b"const A: &str = r" + b"#" * 60_000 + b'"', _ANY)
    yield _case("here document without end", "a.sh", b"cat <<A\n" * 20_000, _ANY)
    yield _case("generics in generics of C#", "A.cs", b"A<" * 20_000 + b">" * 20_000, "gap: FileUnparseable")
    yield _case("template in a template", "a.js", b"`${" * 20_000, _ANY)
    yield _case("generics in generics", "A.java", b"A<" * 20_000, "gap: FileUnparseable")
    yield _case(
        "expression that backtracks",
        "a.js",
        b"const r = /(a+)+$/;\nr.test('" + b"a" * 50_000 + b"b');\n",
        "skipped: minified",
    )
    yield _case(
        "rows of a table",
        "a.md",
        b"|a" * 3_000 + b"|\n" + b"|-" * 3_000 + b"|\n" + b"|b" * 3_000 + b"|\n",
        "documented",
    )
    yield _case("emphasis", "a.md", b"*a **b _c __d " * 20_000, "documented")
    yield _case("brackets of links", "a.md", b"[" * 50_000 + b"](" * 50_000, "documented")
    yield _case("footnotes and references", "a.md", b"".join(b"[a%d]: b\n" % n for n in range(20_000)), "documented")
    yield _case("backticks of growing length", "a.md", b"".join(b"`" * n + b" " for n in range(1, 1_200)), "documented")
    yield _case("columns", "a.csv", b"a," * 400_000 + b"\n", "documented")
    yield _case(
        "picture that is markup",
        "a.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='self.swarmCanary=1'><script>self.swarmCanary=1</script></svg>",
        _ANY,
    )
    yield _case(
        "picture and script in one", "a.js", b"GIF89a/*" + bytes(range(1, 30)) + b"*/=1;self.swarmCanary=1\n", _ANY
    )
    yield _case(
        "pointer of LFS that lies",
        "a.bin",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:../../etc/passwd\nsize -1\n",
        _ANY,
    )


def _expressions() -> Iterator[Case[tuple[str, bytes]]]:
    """What our own expressions, or a language's, could take time by the square or worse for."""
    yield _case("quotes that are joined", "a.py", b'x = ("a" \\\n' * 20_000, _ANY)
    yield _case("quotes and signs of joining", "a.js", b'"a" + ' * 60_000, _ANY)
    yield _case("escapes in escapes", "a.json", b'"' + b"\\\\" * 100_000 + b'"', _ANY)
    yield _case("one escape after the other", "a.json", b'{"a": "' + b"\\u0070" * 40_000 + b'"}', _ANY)
    yield _case("base64 of base64", "a.txt", b"QUJD" * 60_000, _ANY)
    yield _case("base64 in rows", "a.txt", (b"QUJD" * 19 + b"\n") * 3_000, _ANY)
    yield _case("a Secret of many data", "a.yaml", b"kind: Secret\ndata:\n" + b"  a: eHh4eHh4\n" * 15_000, "documented")
    yield _case("many Secrets", "a.yaml", b"---\nkind: Secret\ndata:\n  a: eHh4eHh4\n" * 6_000, "documented")
    yield _case("tables of secrets", "a.csv", b"user,password\n" + b"a,Abc12345xyz\n" * 15_000, _ANY)
    yield _case("headings of secrets", "a.yaml", b"secrets:\n" * 25_000, _ANY)
    yield _case("mappings of secrets", "a.tf", b"secrets = {" * 20_000, _ANY)
    yield _case("values without names", "a.json", b'"value": "' * 20_000, _ANY)
    yield _case("underlines below each other", "a.rst", b"===\n---\n" * 4_000, _ANY)
    yield _case("directives in directives", "a.rst", b"".join(b" " * n + b".. note::\n\n" for n in range(400)), _ANY)
    yield _case(
        "substitutions that go round",
        "a.rst",
        b".. |a| replace:: |b|\n.. |b| replace:: |a|\n\n" + b"|a| " * 500,
        _ANY,
    )
    yield _case("attributes of AsciiDoc that go round", "a.adoc", b":a: {b}{b}\n:b: {a}{a}\n\n" + b"{a} " * 5_000, _ANY)
    yield _case("lists in lists", "a.md", b"".join(b" " * (2 * n) + b"- a\n" for n in range(600)), "documented")
    yield _case("HTML that never closes", "a.md", b"<div><b" * 30_000, "documented")
    yield _case("entities without end", "a.md", b"&" * 100_000 + b"&#x" * 30_000, "documented")
    yield _case(
        "references to references", "a.md", b"".join(b"[a%d][a%d] " % (n, n + 1) for n in range(15_000)), "documented"
    )
