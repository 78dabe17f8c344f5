"""Files that reach a page of a kind of its own: interfaces, data models, infrastructure, guides, packages, owners, names.

What they say is as hostile as their form: each is documented on its page, whatever is left out there, in bounded time.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from tests.hostile.content import CANARY, MARKUP, OUTSIDE, SCRIPT
from tests.hostile.guide_inputs import guide_inputs

Files = Mapping[str, bytes]
_LINE = MARKUP["image"]
_BIDI = "\u202e\u2066evil\u2069\u200b\ufeff"
_HEAD: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}}


def page_inputs() -> Iterator[tuple[str, Files]]:
    """What each is, and its files."""
    yield from _interfaces()
    yield from _data_models()
    yield from _infrastructure()
    yield from _guides()
    yield from _packages()
    yield from _symbols()
    yield from _settings_and_notes()
    yield from _archives()
    yield from guide_inputs()


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _operation(**fields: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok"}}, **fields}


def _interfaces() -> Iterator[tuple[str, Files]]:
    ring = {"allOf": [{"$ref": "#/definitions/A"}, {"$ref": "#/definitions/B"}]}
    swagger = {
        "swagger": "2.0", "info": {"title": "a", "version": "1"}, "basePath": f"javascript:{SCRIPT}", "host": _LINE, "schemes": [_LINE],
        "paths": {"/a": {"post": _operation(parameters=[{"in": "body", "name": "b", "schema": {"$ref": "#/definitions/A"}}])}},
        "definitions": {"A": ring, "B": ring}, "securityDefinitions": {"o": {"type": "oauth2", "authorizationUrl": f"javascript:{SCRIPT}"}},
    }  # fmt: skip
    yield "Swagger 2 whose definitions go round", {"swagger.json": _json(swagger)}
    names = [
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "..",
        "%2e%2e",
        "a" * 9_000,
        _BIDI,
        f"{{{_LINE}}}",
    ]
    paths = {f"/{name}": {"get": _operation(operationId=name, tags=[name])} for name in names}
    yield "interface whose paths are names of the language", {"openapi.json": _json({**_HEAD, "paths": paths})}
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(400):
        deep = (
            {"oneOf": [deep, {"anyOf": [deep]}], "discriminator": {"propertyName": _LINE}}
            if _ % 40 == 0
            else {"items": deep}
        )
    body = {"content": {"application/json": {"schema": deep}}}
    yield (
        "interface of alternatives in alternatives",
        {"openapi.json": _json({**_HEAD, "paths": {"/a": {"post": _operation(requestBody=body)}}})},
    )
    numbers = (
        '{"minimum": 1e99999, "maximum": -1e400, "multipleOf": 0.' + "0" * 4_000 + '1, "default": ' + "9" * 4_000 + "}"
    )
    yield "interface of numbers that are none", {
        "openapi.json": _json({**_HEAD, "paths": {"/a": {"get": _operation(parameters=[{"name": "a", "in": "query", "schema": "S"}])}}})
        .replace(b'"S"', numbers.encode())
    }  # fmt: skip
    calls = {"{$request.body#/url}": {"post": _operation(callbacks={"c": {"$ref": "#/components/callbacks/c"}})}}
    yield (
        "interface whose callbacks go round",
        {"openapi.json": _json({**_HEAD, "paths": {}, "webhooks": calls, "components": {"callbacks": {"c": calls}}})},
    )
    many = [{"name": f"p{n}", "in": "query", "schema": {"enum": [_LINE] * 40}} for n in range(300)]
    yield (
        "interface of one operation of many parameters",
        {"openapi.json": _json({**_HEAD, "paths": {"/a": {"get": _operation(parameters=many)}}})},
    )
    yield (
        "interface in YAML with merges that go round",
        {
            "openapi.yaml": b"openapi: 3.0.0\ninfo: {title: a, version: '1'}\nx: &x {<<: *x}\npaths: {/a: {get: &g {summary: a, responses: {200: *g}}}}\n"
        },
    )
    yield (
        "interface in YAML with numbers of its own",
        {
            "openapi.yaml": b"openapi: 3.0.0\ninfo: {title: .nan, version: 0o17}\npaths:\n  ? [a, b]\n  : {get: {summary: 190:20:30, responses: {.inf: {description: 2001-01-01}}}}\n"
        },
    )
    yield "interface with examples of markup", {
        "openapi.json": _json({**_HEAD, "paths": {"/a": {"get": _operation(
            description="\n".join(MARKUP.values()), externalDocs={"url": f"java\tscript:{SCRIPT}"},
            responses={_LINE: {"description": _LINE, "content": {_LINE: {"example": _LINE, "schema": {"pattern": _LINE, "format": _LINE}}}}})}}})
    }  # fmt: skip


def _data_models() -> Iterator[tuple[str, Files]]:
    tables = b"".join(
        b"CREATE TABLE t%d (id int PRIMARY KEY, n int REFERENCES t%d (id));\n" % (n, (n + 1) % 900) for n in range(900)
    )
    yield "tables that refer to each other in a ring", {"schema.sql": tables}
    yield (
        "table of many columns",
        {"schema.sql": b"CREATE TABLE t (" + b", ".join(b"c%d text" % n for n in range(5_000)) + b");\n"},
    )
    hostile = [
        _LINE,
        '"]; click a',
        "%%{init: {'securityLevel': 'loose'}}%%",
        "erDiagram\n a ||--|| b : x",
        _BIDI,
        "__proto__",
        "a`b",
        "--",
    ]
    quoted = "".join(
        f'CREATE TABLE "{name.replace(chr(34), chr(34) * 2)}" ("{name.replace(chr(34), chr(34) * 2)}" int);\n'
        for name in hostile
    )
    yield "tables whose names are orders to a diagram", {"schema.sql": quoted.encode()}
    alters = (
        b"CREATE TABLE a (id int);\n" + b"ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES a (id);\n" * 6_000
    )
    yield "table that is altered without end", {"schema.sql": alters}
    yield (
        "checks in checks",
        {"schema.sql": b"CREATE TABLE a (id int CHECK " + b"(" * 4_000 + b"id > 0" + b")" * 4_000 + b");\n"},
    )
    yield (
        "tables of every dialect at once",
        {
            "schema.sql": b"CREATE TABLE `a` (id int) ENGINE=InnoDB COMMENT='</script>';\nGO\nCREATE TABLE [dbo].[b] ([id] INT IDENTITY);\n"
            b"CREATE TABLE c (d jsonb DEFAULT '{\"a\": \"$$\"}'::jsonb);\nDO $$ BEGIN EXECUTE 'DROP TABLE c'; END $$;\n\\copy c from '/etc/passwd'\n"
        },
    )
    messages = b"".join(
        b"message M%d { map<string, M%d> a = 1; repeated M%d b = 2; }\n" % (n, (n + 1) % 1_500, n) for n in range(1_500)
    )
    yield "messages that refer to each other in a ring", {"a.proto": b'syntax = "proto3";\n' + messages}
    yield (
        "messages with options of markup",
        {
            "a.proto": f'syntax = "proto3";\npackage {"a." * 900}b;\noption (x) = "{SCRIPT}";\nmessage A {{ oneof o {{ string a = 1 [deprecated=true, json_name="<b>"]; }} reserved 2 to max; }}\n'.encode()
        },
    )
    fields = b"".join(b'  f%d(a: [[[[A!]!]!]!]): A @d(x: "%s")\n' % (n, b"<b>") for n in range(2_000))
    yield (
        "type of GraphQL of many fields",
        {
            "a.graphql": b"directive @d(x: String) repeatable on FIELD_DEFINITION\ntype A {\n"
            + fields
            + b"}\nunion U = "
            + b" | ".join([b"A"] * 3_000)
            + b"\n"
        },
    )
    yield (
        "types of GraphQL that are extended without end",
        {"a.graphql": b"type A { a: A }\n" + b"extend type A { b: B }\ninput B { a: B = {a: {a: {}}} }\n" * 1_500},
    )


def _infrastructure() -> Iterator[tuple[str, Files]]:
    ring = "".join(
        f'resource "aws_x" "r{n}" {{\n  a = aws_x.r{(n + 1) % 700}.id\n  depends_on = [aws_x.r{n}]\n}}\n'
        for n in range(700)
    )
    yield "resources of Terraform in a ring", {"main.tf": ring.encode()}
    module = f'module "m" {{\n  source = "javascript:{CANARY}"\n  count = 1e999\n  for_each = toset(["{_LINE.replace(chr(34), "")}"])\n}}\n'
    yield (
        "modules of Terraform from anywhere",
        {
            "main.tf": (
                module + 'module "n" {\n  source = "../../../../etc"\n}\nmodule "o" {\n  source = "./"\n}\n'
            ).encode()
        },
    )
    services = "".join(
        f"  s{n}: {{image: x, depends_on: [s{(n + 1) % 600}], extends: {{service: s{(n + 1) % 600}}}}}\n"
        for n in range(600)
    )
    yield "composition whose services go round", {"docker-compose.yml": f"services:\n{services}".encode()}
    yield (
        "composition of wrong types",
        {
            "compose.yaml": b"services:\n  a: 1\n  b: [x]\n  c: {ports: {a: 1}, environment: [1, ~, {a: b}], depends_on: 7, build: {context: ../../../etc}, env_file: /etc/passwd, image: {a: b}}\n"
            b"networks: [1]\nvolumes: x\ninclude: [/etc/passwd]\n"
        },
    )
    jobs = {
        f"j{n}": {"needs": [f"j{m}" for m in range(n)], "runs-on": _LINE, "steps": [{"uses": f"./../../{n}"}]}
        for n in range(150)
    }
    yield (
        "pipeline in which each job needs all before",
        {".github/workflows/a.yml": _json({"name": _LINE, "on": {_LINE: {}}, "jobs": jobs})},
    )
    yield (
        "pipeline of GitLab that includes anything",
        {
            ".gitlab-ci.yml": f"include: ['{OUTSIDE}/x.yml', {{local: /etc/passwd}}, {{remote: 'javascript:{CANARY}'}}]\n.a: &a {{extends: .a, script: [*a]}}\nb: {{extends: [.a, b], stage: '<b>', needs: [b]}}\n".encode()
        },
    )
    documents = b"---\n".join(
        b"apiVersion: v1\nkind: Service\nmetadata: {name: s%d}\nspec: {selector: {a: s%d}}\n" % (n, n)
        for n in range(1_500)
    )
    yield "objects of Kubernetes without end", {"k8s/all.yaml": documents}
    yield (
        "image of many stages that go round",
        {
            "Dockerfile": b"".join(
                b"FROM s%d AS s%d\nCOPY --from=s%d /a /b\n" % ((n + 1) % 900, n, n) for n in range(900)
            )
        },
    )


def _guides() -> Iterator[tuple[str, Files]]:
    graph = "\n".join(f'  n{n}["<img src=x onerror={SCRIPT}>"] --> n{n + 1}' for n in range(2_000))
    orders = f"%%{{init: {{'securityLevel': 'loose', 'htmlLabels': true}}}}%%\ngraph TD\n{graph}\n  click n1 href \"javascript:{SCRIPT}\"\n  click n2 call {CANARY}()"
    yield (
        "diagrams in every dialect",
        {
            "docs/a.md": f'# A\n\n```mermaid\n{orders}\n```\n\n~~~mermaid\n{orders}\n~~~\n\n<div class="mermaid">{orders}</div>\n'.encode(),
            "docs/b.rst": f'B\n=\n\n.. mermaid::\n\n{chr(10).join("   " + line for line in orders.splitlines())}\n\n.. graphviz::\n\n   digraph {{ a [URL="javascript:{CANARY}"] }}\n'.encode(),
            "docs/c.adoc": f"= C\n\n[mermaid]\n....\n{orders}\n....\n\n[plantuml,target=../../x]\n----\n!include /etc/passwd\n----\n".encode(),
        },
    )
    math = f"$$\\href{{javascript:{SCRIPT}}}{{x}} \\require{{html}} \\style{{a:url({OUTSIDE})}}{{x}} \\def\\a{{\\a\\a}}\\a$$ \\(x\\) \\[\\html{{{_LINE}}}\\] `$x$`"
    yield (
        "formulas in every dialect",
        {
            "docs/a.md": f"# A\n\n{math}\n\n```math\n{math}\n```\n".encode(),
            "docs/b.rst": f"B\n=\n\n:math:`{_LINE}`\n\n.. math::\n\n   {math}\n".encode(),
            "docs/c.adoc": f"= C\n\nstem:[{_LINE}]\n\n[stem]\n++++\n{math}\n++++\n".encode(),
        },
    )
    notes = "".join(f"[^n{n}]: see [^n{(n + 1) % 1_500}] {_LINE}\n\n" for n in range(1_500))
    yield "footnotes that go round", {"docs/a.md": f'# A\n\nText[^n0] [^<b>] [^"onclick=x]\n\n{notes}'.encode()}
    lists = f'{{: onclick="{SCRIPT}" style="background:url({OUTSIDE})" .a #b data-x=\'"\' }}'
    yield (
        "attribute lists wherever one may stand",
        {
            "docs/a.md": f'# A {{#x onclick=x}}\n\nText\n{lists}\n\n![p](p.png){lists} [l](x){lists}\n\n| a | b |\n|---|---|\n| c{lists} | d |\n{lists}\n\n- e\n{lists}\n\n```py {{ .a onclick=x title="</code><script>{SCRIPT}</script>" }}\nx\n```\n'.encode()
        },
    )
    bomb = "".join(
        f"k{n}: &k{n} [*k{n - 1}, *k{n - 1}, *k{n - 1}]\n" if n else "k0: &k0 [x, x, x]\n" for n in range(40)
    )
    for what, front in {
        "a bomb of anchors": f"---\n{bomb}---\n",
        "objects of Python": "---\na: !!python/object/apply:os.system ['touch escaped']\n---\n",
        "no end": "---\n" + "a: b\n" * 9_000,
        "TOML": f"+++\ntitle = {json.dumps(_LINE)}\ntemplate = '../../x'\n+++\n",
        "JSON": json.dumps({"title": _LINE, "layout": "../../../etc/passwd", "redirect": f"javascript:{SCRIPT}"}) + "\n",
    }.items():  # fmt: skip
        yield f"front matter of {what}", {"docs/a.md": f"{front}\n# A\n\nText.\n".encode()}
    ways = [
        "javascript:X", "JaVaScRiPt:X", "java\tscript:X", "java\nscript:X", "&#106;avascript:X", "java&Tab;script:X", "\u0001javascript:X",
        "data:text/html,<script>X</script>", "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+", "vbscript:X", "view-source:x", "blob:x",
        "filesystem:x", "//127.0.0.1:9/x", "\\\\127.0.0.1\\x", "/\\127.0.0.1:9", "https:127.0.0.1:9", "file:///etc/passwd", "jar:x!/y", "x:y", ":", "%6aavascript:X",
    ]  # fmt: skip
    links = "\n\n".join(
        f"[l]({way}) ![i]({way}) [r][r{n}] <{way}>\n\n[r{n}]: {way}" for n, way in enumerate(ways)
    ).replace("X", SCRIPT)
    html = "".join(
        f'<a href="{way}">x</a><img src="{way}"><video poster="{way}"></video><a xlink:href="{way}">y</a>'
        for way in ways
    ).replace("X", SCRIPT)
    rst = "".join(
        f"`l{n} <{way}>`_\n\n.. image:: {way}\n   :target: {way}\n\n" for n, way in enumerate(ways) if "\n" not in way
    ).replace("X", SCRIPT)
    adoc = "".join(f"link:{way}[l] image:{way}[i,link={way}] xref:{way}[]\n\n" for way in ways).replace("X", SCRIPT)
    yield "addresses of every scheme", {
        "docs/a.md": f"# A\n\n{links}\n\n{html}\n".encode(), "docs/b.rst": f"B\n=\n\n{rst}".encode(), "docs/c.adoc": f"= C\n\n{adoc}".encode(),
    }  # fmt: skip
    yield (
        "extensions of Markdown",
        {
            "docs/a.md": f'# A\n\n!!! note "{_LINE}"\n    {_LINE}\n\n??? tip "</summary><script>{SCRIPT}</script>"\n    x\n\n=== "{_LINE}"\n    x\n\n*[HTML]: " onmouseover="{CANARY}\n\nHTML\n\n--8<-- "/etc/passwd"\n\n:   x\n\n++<b>++ ==x== H~2~O {{++{_LINE}++}} :<script>: @{_LINE}\n\n[TOC]\n\n<!-- toc -->\n\n[[{_LINE}|x]] #{_LINE}\n'.encode()
        },
    )
    yield (
        "headings that are anchors of the page",
        {
            "docs/a.md": "".join(
                f"# {name}\n\ntext\n\n"
                for name in (
                    "content",
                    "search",
                    "__proto__",
                    "\u202e",
                    "\u200b",
                    "<b id=search>x</b>",
                    "a" * 5_000,
                    "",
                    "x {#content}",
                )
            ).encode()
            * 40
        },
    )
    quotes = "".join("> " * n + "- " * n + "x\n" for n in range(220))
    yield "quotes and lists in each other", {"docs/a.md": f"# A\n\n{quotes}".encode()}
    outputs = [{"output_type": "execute_result", "metadata": {"isolated": True}, "data": dict.fromkeys(("text/html", "image/svg+xml", "text/latex", "text/markdown", "application/vnd.jupyter.widget-view+json", "application/vnd.plotly.v1+json"), _LINE)}]  # fmt: skip
    cells = [
        {"cell_type": "markdown", "source": ["![a](attachment:a.svg) ", *MARKUP.values()], "attachments": {"a.svg": {"image/svg+xml": "PHN2Zz4="}}},
        {"cell_type": "code", "source": [f"%%html\n{_LINE}"], "outputs": outputs, "metadata": {"tags": [_LINE], "name": _LINE}},
        {"cell_type": "code", "source": "%run /etc/passwd\n!touch escaped\n%%javascript\nx", "outputs": [{"output_type": "error", "ename": _LINE, "traceback": ["\u001b[31m" + _LINE]}]},
    ]  # fmt: skip
    yield (
        "notebook with outputs of every kind",
        {
            "a.ipynb": _json(
                {
                    "cells": cells,
                    "metadata": {"kernelspec": {"language": _LINE, "name": _LINE}, "widgets": {"a": _LINE}},
                    "nbformat": 4,
                    "nbformat_minor": 5,
                }
            )
        },
    )


def _packages() -> Iterator[tuple[str, Files]]:
    names = [
        "../../../etc",
        "/etc/passwd",
        "C:\\con",
        "..",
        "%2e%2e%2f",
        "a/../../b",
        _BIDI,
        _LINE,
        "",
        "__proto__",
        "n" * 3_000,
        "@/",
        "file:///x",
    ]
    for what, files in {
        "npm": {f"p{n}/package.json": _json({"name": name, "version": name, "bin": {name: name}, "main": name, "scripts": {"postinstall": f"touch escaped; {name}"}}) for n, name in enumerate(names)},
        "Python": {f"p{n}/pyproject.toml": f"[project]\nname = {json.dumps(name)}\nversion = {json.dumps(name)}\ndependencies = [{json.dumps(name)}]\n[project.scripts]\n{json.dumps(name)} = {json.dumps(name)}\n".encode() for n, name in enumerate(names)},
        "Cargo": {f"p{n}/Cargo.toml": f"[package]\nname = {json.dumps(name)}\nversion = {json.dumps(name)}\n[dependencies]\n{json.dumps(name)} = {{ path = {json.dumps(name)} }}\n[[bin]]\nname = {json.dumps(name)}\npath = {json.dumps(name)}\n".encode() for n, name in enumerate(names)},
        "Go": {f"p{n}/go.mod": f"module {name}\n\ngo {name}\n\nrequire {name} {name}\nreplace {name} => ../../../../etc\n".encode() for n, name in enumerate(names)},
        "PHP, Ruby and .NET": {
            **{f"p{n}/composer.json": _json({"name": name, "autoload": {"psr-4": {name: name}}, "bin": [name]}) for n, name in enumerate(names)},
            **{f"p{n}/a.gemspec": f"Gem::Specification.new do |s|\n  s.name = {json.dumps(name)}\n  s.files = `git ls-files`.split\nend\n".encode() for n, name in enumerate(names)},
            **{f"p{n}/a.csproj": f"<Project Sdk=\"{n}\"><PropertyGroup><PackageId>../../{n}</PackageId></PropertyGroup><Import Project=\"/etc/passwd\"/></Project>".encode() for n, _ in enumerate(names)},
        },
    }.items():  # fmt: skip
        yield (
            f"packages of {what} whose names are places",
            {**files, **{f"p{n}/src/a{n}.py": b"def a():\n    pass\n" for n in range(len(names))}},
        )
    yield (
        "versions without measure",
        {
            "pyproject.toml": b'[project]\nname = "a"\nversion = "'
            + b"1." * 40_000
            + b'0"\nrequires-python = ">='
            + b"9" * 5_000
            + b'"\n'
        },
    )
    tree = {f"{'a/' * n}package.json": _json({"name": f"p{n}", "workspaces": ["*", "../*", "**"]}) for n in range(60)}
    yield "workspaces in workspaces", tree
    patterns = (
        b"".join(b"**/*a*%d*/**/[a-z]*/ @o%d\n" % (n, n) for n in range(3_000))
        + "* @\u202eevil <b>@x.y javascript:x\n".encode()
    )
    yield "owners without end", {"CODEOWNERS": patterns, **{f"{'a' * n}/b/c.py": b"x = 1\n" for n in range(1, 60)}}
    yield (
        "owners that are no pattern",
        {
            ".github/CODEOWNERS": b"[^Sect](<b>)][9999999999] @a\n\\\\# @b\n/../../ @c\n[[[ @d\n!* @e\n"
            + b"*" * 9_000
            + b" @f\n"
        },
    )


def _symbols() -> Iterator[tuple[str, Files]]:
    twins = "".join(
        f'def {name}():\n    """{name}"""\n\n\n'
        for name in ("raypal", "r\u0430ypal", "ſtart", "start", "ﬁne", "fine", "\u0627\u0644\u0639", "x\u0301")
    )
    yield (
        "symbols that look alike",
        {"a.py": (twins + "class __proto__:\n    constructor = toString = hasOwnProperty = 1\n").encode()},
    )
    script = "\n".join(
        f"export function {name}() {{}}"
        for name in (
            "a\u200cb",
            "a\u200db",
            "ab",
            "\u00aa",
            "\\u0061b",
            "__proto__",
            "constructor",
            "toString",
            "$",
            "_",
            "\u202e",
        )
    )
    yield (
        "symbols with signs that nobody sees",
        {
            "a.js": script.encode(),
            "b.ts": f"export class A {{ ['{_BIDI}']() {{}} '{_LINE.replace(chr(39), '')}' = 1; #x = 1; [Symbol.iterator]() {{}} }}\n".encode(),
        },
    )
    yield (
        "symbols of one name without end",
        {"a.ts": b"export function f(a: string): void;\n" * 3_000 + b"export function f(a: any) {}\n"},
    )
    yield (
        "symbol of a name without end",
        {
            "a.py": b"def " + b"f" * 60_000 + b"():\n    pass\n",
            "b.go": b"package b\n\nfunc F" + b"f" * 60_000 + b"() {}\n",
        },
    )
    yield (
        "symbols turned round",
        {
            "a.rs": "/* \u202e } \u2066if true\u2069 \u2066 begin */\npub fn is_\u202eadmin() {}\n// \u2067\npub struct A\u200b;\n".encode(),
            "A.java": "/** \u202e */ public class A { /* \u202e } */ public void \u0061\\u0062c() {} }\n".encode(),
        },
    )
    chain = "".join(f"class C{n}(C{n + 1}, C{(n * 7) % 900}):\n    pass\n" for n in range(900))
    yield "classes that inherit in a ring", {"a.py": chain.encode()}


def _settings_and_notes() -> Iterator[tuple[str, Files]]:
    nav = f'title = {json.dumps("<b>" + _BIDI)}\n[navigation.titles]\noverview = {json.dumps(_LINE)}\n"../../x" = "y"\n'
    yield "settings with titles of markup", {"swarm.toml": nav.encode()}
    yield (
        "settings with a table for each page",
        {"swarm.toml": b"".join(b"[a%d.b.c]\nd = 1\n" % n for n in range(3_000))},
    )
    every = "\n\n".join(MARKUP.values())
    yield "notes with scripts about everything", {
        "docs/notes/index.md": every.encode(), "docs/notes/src/a.py.md": f"---\ntitle: {json.dumps(_LINE)}\n---\n\n{every}".encode(),
        "docs/notes/src/a.py/run.md": every.encode(), "src/a.py": b"def run():\n    pass\n",
        "docs/notes/src/none.py.md": every.encode(), "docs/notes/%2e%2e/x.md": every.encode(),
    }  # fmt: skip
    yield (
        "notes of headings without end",
        {"docs/notes/index.md": b"".join(b"#" * (n % 7 + 1) + b" h%d\n\n" % n for n in range(6_000))},
    )


def _archives() -> Iterator[tuple[str, Files]]:
    nested, bomb = b"x", gzip.compress(gzip.compress(b"\0" * 30_000_000))
    for number in range(12):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("../../escaped" if number % 2 else f"a{number}.zip", nested)
        nested = made.getvalue()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as inner:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        inner.addfile(link)
    yield (
        "archives in the archive",
        {"a.zip": nested, "b.tar.gz": tar.getvalue(), "c.gz": bomb, "d.py.gz": bomb, "e.whl": nested, "f.jar": nested},
    )
    yield (
        "archives under names of code",
        {
            "a.py": nested,
            "b.json": bomb,
            "c.md": tar.getvalue(),
            "package.json": nested,
            "openapi.yaml": bomb,
            "swarm.py": bomb,
        },
    )
