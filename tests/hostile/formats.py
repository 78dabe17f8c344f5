"""Files of formats that are read for more than symbols: notebooks, interfaces, components, manifests, templates.

Each is made to go round, to nest without end, to claim another form, or to take the square of its size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from tests.hostile.case import Case

_ANY = "any"


def formats() -> Iterator[Case[tuple[str, bytes]]]:
    """Every file of the table: a path, and its bytes."""
    for name, path, body in [*_notebooks(), *_interfaces(), *_components(), *_manifests(), *_templates(), *_comments()]:
        yield Case(name, partial(_same, path, body), _ANY, path)


def _same(path: str, body: bytes) -> tuple[str, bytes]:
    return path, body


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _notebooks() -> Iterator[tuple[str, str, bytes]]:
    code = {"cell_type": "code", "source": "x = 1\n", "outputs": []}
    yield "notebook of many cells", "a.ipynb", _json({"cells": [code] * 15_000})
    yield "notebook of one cell of many lines", "a.ipynb", _json({"cells": [{**code, "source": ["x = 1\n"] * 60_000}]})
    yield "notebook of magics", "a.ipynb", _json({"cells": [{**code, "source": "%%x\n" * 20_000 + "!y\n" * 20_000}]})
    yield "notebook whose language is markup", "a.ipynb", _json(
        {"cells": [code], "metadata": {"kernelspec": {"language": "<img src=x onerror=x>"}}}
    )  # fmt: skip
    yield (
        "notebook of numbers that are none",
        "a.ipynb",
        b'{"cells": [{"cell_type": NaN, "source": -Infinity}], "nbformat": 1e999}',
    )
    yield "notebook with a key twice", "a.ipynb", b'{"cells": [], "cells": [[[[]]]], "cells": {"source": 1}}'
    yield "notebook of Markdown in Markdown", "a.ipynb", _json(
        {"cells": [{"cell_type": "markdown", "source": "> " * 30_000}]}
    )  # fmt: skip
    yield "notebook in a notebook", "a.ipynb", _json({"worksheets": [{"cells": [{"cells": [code] * 10}] * 900}]})


def _interfaces() -> Iterator[tuple[str, str, bytes]]:
    head = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}}
    loop = {"$ref": "#/components/schemas/A"}
    yield "interface whose schemas go round", "openapi.json", _json(
        {**head, "paths": {"/a": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}], "requestBody": loop}}},
         "components": {"schemas": {"A": {"allOf": [loop, loop], "properties": {"a": loop}}}, "parameters": {"P": {"$ref": "#/components/parameters/P"}}}}
    )  # fmt: skip
    yield "interface whose references are chained", "openapi.json", _json(
        {**head, "paths": {"/a": {"get": {"parameters": [{"$ref": "#/components/parameters/P0"}]}}},
         "components": {"parameters": {f"P{n}": {"$ref": f"#/components/parameters/P{n + 1}"} for n in range(9_000)}}}
    )  # fmt: skip
    yield "interface of many paths", "openapi.json", _json(
        {**head, "paths": {f"/p{n}/{{id}}": {"get": {"summary": "s"}, "post": {}} for n in range(6_000)}}
    )  # fmt: skip
    yield "interface of wrong types", "openapi.yaml", (
        b"openapi: 3.0.0\npaths:\n  /a: [1]\n  /b: {get: 1, 7: {}}\n  ~: {get: {parameters: x, tags: {a: 1}, responses: [~]}}\n"
    )  # fmt: skip
    yield "interface in YAML of anchors", "openapi.yaml", (
        b"openapi: 3.0.0\na: &a {x: 1}\n" + b"".join(b"b%d: &b%d [*%s, *%s]\n" % (n, n, b"b%d" % (n - 1) if n else b"a", b"b%d" % (n - 1) if n else b"a") for n in range(40))
        + b"paths:\n  /a:\n    get: *b39\n"
    )  # fmt: skip
    yield "interface whose references leave it", "openapi.json", _json(
        {**head, "paths": {"/a": {"$ref": "file:///etc/passwd"}, "/b": {"$ref": "http://127.0.0.1:9/x"}, "/c": {"$ref": "../../../x"}}}
    )  # fmt: skip
    yield "messages in messages", "a.proto", b'syntax = "proto3";\n' + b"message A {\n" * 4_000 + b"}\n" * 4_000
    yield (
        "services without end",
        "a.proto",
        b'syntax = "proto3";\n' + b"".join(b"service S%d { rpc A(B) returns (C); }\n" % n for n in range(6_000)),
    )
    yield (
        "types of GraphQL that go round",
        "a.graphql",
        b"".join(b"type T%d implements T%d { a: T%d }\n" % (n, n + 1, n) for n in range(6_000)),
    )
    yield "description of GraphQL without end", "a.graphql", b'"""' + b"a " * 60_000


def _components() -> Iterator[tuple[str, str, bytes]]:
    yield "component of many scripts", "A.vue", b"<script>export default {}</script>\n" * 6_000
    yield "component whose script never ends", "A.vue", b"<script setup lang='ts'>" * 9_000
    yield "component of templates in templates", "A.vue", b"<template>" * 20_000 + b"</template>" * 20_000
    yield "component with a script in a comment", "A.svelte", b"<!--" * 20_000 + b"<script>let a;</script>"
    yield "component of blocks without end", "A.svelte", b"{#if a}{#each b as c}" * 12_000
    yield (
        "component whose language is markup",
        "A.svelte",
        b"<script lang='\"><img src=x onerror=x>'>export let a;</script>",
    )
    yield (
        "component of properties without end",
        "A.vue",
        b"<script>export default { props: {"
        + b"".join(b"p%d: { type: String }, " % n for n in range(15_000))
        + b"} }</script>",
    )
    yield "component of styles without end", "A.vue", b"<style></style" * 20_000 + b"<script>export default {}</script>"
    yield "component of slots without end", "A.svelte", b"<!-- @slot a -->" + b"<slot name='a' />" * 9_000
    yield "component in CRLF and NUL", "A.vue", b"<script>\r\n\x00\r\n</script>\r\n" * 50


def _manifests() -> Iterator[tuple[str, str, bytes]]:
    yield "attributes without end", ".gitattributes", b"".join(b"*.a%d linguist-generated\n" % n for n in range(25_000))
    yield (
        "attributes that backtrack",
        ".gitattributes",
        b"**/a/" * 30 + b"* linguist-vendored\n" + b"*a" * 60 + b"b linguist-generated\n",
    )
    yield "attributes of macros that go round", ".gitattributes", b"[attr]a b\n[attr]b a\n*.py a b -a !b\n" * 900
    yield (
        "members that climb",
        "package.json",
        _json({"name": "x", "workspaces": ["../../../*", "/etc/*", "**/**/**/**", "~/*", "\u0000"]}),
    )
    yield (
        "members without end",
        "package.json",
        _json({"name": "x", "workspaces": {"packages": [f"p{n}/**" for n in range(15_000)]}}),
    )
    yield (
        "members of Cargo that climb",
        "Cargo.toml",
        b'[workspace]\nmembers = ["../../*", "/etc", "**", "a*' + b"*a" * 200 + b'"]\nexclude = [1, {}]\n',
    )
    yield "modules of Go without end", "go.work", b"go 1.22\nuse (\n" + b"  ../../x\n" * 20_000 + b")\n"
    yield (
        "modules of Maven that go round",
        "pom.xml",
        b"<project><artifactId>${a}</artifactId><properties><a>${b}</a><b>${a}${a}</b></properties><modules><module>..</module></modules></project>",
    )
    yield (
        "entities of Maven",
        "pom.xml",
        b'<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><project><artifactId>&b;&c;</artifactId></project>',
    )
    yield (
        "versions that are not text",
        "pyproject.toml",
        b"[project]\nname = 1979-05-27\nversion = inf\nscripts = [1]\ndependencies = {a = 1}\n[tool.poetry]\nname = [[[]]]\n",
    )
    yield "tables of tables", "pyproject.toml", b"".join(b"[a%s]\n" % (b".a" * n) for n in range(300))
    yield "dotted keys without end", "Cargo.toml", b"a" + b".a" * 9_000 + b" = 1\n"
    yield (
        "entry points without end",
        "setup.cfg",
        b"[options.entry_points]\nconsole_scripts =\n" + b"  a = b:c\n" * 20_000,
    )
    yield (
        "interpolation that goes round",
        "setup.cfg",
        b"[metadata]\nname = %(version)s\nversion = %(name)s\n" + b"a = " + b"%(" * 9_000 + b"\n",
    )
    yield (
        "headers of Python without end",
        "PKG-INFO",
        b"Name: x\n" + b"Classifier: a\n" * 30_000 + b"Description: " + b" a\n" * 9_000,
    )


def _templates() -> Iterator[tuple[str, str, bytes]]:
    states = {f"S{n}": {"Type": "Pass", "Next": f"S{(n + 1) % 4_000}"} for n in range(4_000)}
    yield "state machine that goes round", "a.asl.json", _json({"StartAt": "S0", "States": states})
    deep: dict[str, object] = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    for _ in range(150):
        deep = {"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [deep], "End": True}}}
    yield "state machine in state machines", "a.asl.json", _json(deep)
    yield (
        "state machine of wrong types",
        "a.asl.json",
        b'{"StartAt": [], "States": {"A": 1, "B": {"Type": {}, "Choices": 7, "Branches": "x", "Catch": {"Next": 1}}}}',
    )
    yield (
        "state machine whose names are markup",
        "a.asl.json",
        _json(
            {
                "StartAt": '"]; click a javascript:x',
                "States": {
                    '"]; click a javascript:x': {"Type": "Pass", "Next": "</script>"},
                    "</script>": {"Type": "Fail"},
                },
            }
        ),
    )
    yield "template whose references go round", "template.yaml", (
        b"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n" + b"".join(b"  A%d: {Type: AWS::S3::Bucket, DependsOn: A%d, Properties: {B: !GetAtt A%d.Arn}}\n" % (n, n + 1, n) for n in range(4_000))
    )  # fmt: skip
    yield (
        "template of joins in joins",
        "template.yaml",
        b"Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      B: "
        + b"!Sub [" * 800
        + b"x"
        + b"]" * 800
        + b"\n",
    )
    yield (
        "template of conditions",
        "template.json",
        _json(
            {
                "AWSTemplateFormatVersion": "2010-09-09",
                "Conditions": {"A": {"Fn::And": [{"Condition": "A"}] * 5_000}},
                "Resources": {"B": {"Type": ["x"], "Condition": {}}},
            }
        ),
    )
    yield "Terraform of interpolations", "a.tf", b'resource "a" "b" {\n  c = "' + b"${" * 12_000 + b'"\n}\n'
    yield "Terraform of documents that never end", "a.tf", b'variable "a" {\n  description = <<EOT\n' * 4_000
    yield "Terraform of dynamic blocks", "a.tf", b'resource "a" "b" {\n' + b'dynamic "c" { content {\n' * 3_000
    yield "chart of templates", "templates/a.yaml", b'{{- range .Values.a }}{{- include "a" . }}\n' * 9_000
    yield (
        "composition of anchors",
        "docker-compose.yml",
        b"x-a: &a\n  <<: *a\nservices:\n" + b"  s: {<<: *a, image: x}\n" * 5_000,
    )
    yield (
        "pipeline of needs that go round",
        ".github/workflows/a.yml",
        b"on: push\njobs:\n"
        + b"".join(
            b"  j%d: {needs: [j%d], runs-on: x, steps: [{run: x}]}\n" % (n, (n + 1) % 3_000) for n in range(3_000)
        ),
    )


def _comments() -> Iterator[tuple[str, str, bytes]]:
    """A documentation comment of each dialect that repeats what the dialect joins or looks for."""
    yield (
        "one parameter again and again",
        "a.py",
        b'def f(x):\n    """F.\n\n' + b"    :param x: y\n" * 6_000 + b'    """\n',
    )
    yield (
        "sections again and again",
        "a.py",
        b'def f(x):\n    """F.\n\n' + b"    Args:\n      x: y\n" * 5_000 + b'    """\n',
    )
    yield (
        "underlined sections again and again",
        "a.py",
        b'def f(x):\n    """F.\n\n' + b"    Returns\n    -------\n    x\n" * 4_000 + b'    """\n',
    )
    yield "XML of C# that never closes", "A.cs", b"/// <summary><para><c><see cref='A'>\n" * 3_000 + b"class A {}\n"
    yield "groups of Doxygen", "a.h", b"/** @defgroup a\n * @{ \\f$ \\code @verbatim\n */\n" * 4_000 + b"int f(void);\n"
    yield (
        "inline tags of Java in inline tags",
        "A.java",
        b"/** " + b"{@link {@code {@literal " * 6_000 + b"*/\nclass A {}\n",
    )
    yield "types of YARD in types", "a.rb", b"# @param a [" + b"Array<Hash{Symbol=>" * 3_000 + b"]\ndef f(a); end\n"
    yield (
        "types of PHP in types",
        "a.php",
        b"<?php\n/** @param " + b"array<int, " * 8_000 + b" $a */\nfunction f($a) {}\n",
    )
    yield (
        "types of JSDoc in types",
        "a.js",
        b"/** @param {" + b"Array<{a: " * 6_000 + b"} a */\nexport function f(a) {}\n",
    )
    yield (
        "lists of Rust in lists",
        "a.rs",
        b"".join(b"/// " + b" " * (2 * n) + b"- [`a`](b)\n" for n in range(500)) + b"pub fn f() {}\n",
    )
    yield "brackets in a paragraph", "a.md", b"ifdef::a[]\n" * 5_400
    yield "scripts in a paragraph", "a.md", b"a <script <a <!-- " * 3_000
    yield "words of a guide without end", "a.rst", (b"a-" * 4_900 + b"\n") * 20
    yield "references in one paragraph", "a.rst", (b"|a| " * 15 + b"`a`_ " * 8 + b"\n") * 1_800
    yield "references of AsciiDoc that never close", "a.adoc", b"<" * 180_000
    yield (
        "comments turned round",
        "a.go",
        ("// A \u202edoes\u2066 nothing\u2069 \u200b\u200d\ufeff.\n" * 6_000 + "func A() {}\n").encode(),
    )
