"""OpenAPI and Swagger documents: every operation with its place, and nothing from a file that is none."""

from __future__ import annotations

import json

import pytest

from agents.codebase.facts.routes.openapi import is_openapi, openapi_routes, same_route
from agents.codebase.structure.reader import TreeSitterReader

V3 = """openapi: 3.0.3
info: {title: Bees, version: "1"}
servers:
  - url: https://api.example.com/v1
paths:
  /hives/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
    get:
      operationId: getHive
      summary: One hive.
      parameters:
        - name: limit
          in: query
          schema: {type: integer}
        - in: header
          name: X-Trace
          required: true
    put:
      deprecated: true
      description: |
        Replaces a hive.
        All of it.
      requestBody:
        content: {}
components:
  parameters:
    Id:
      name: id
      in: path
      required: true
"""
V2 = {
    "swagger": "2.0",
    "basePath": "/api",
    "paths": {
        "/bees": {
            "get": {"operationId": "listBees", "parameters": [{"name": "q", "in": "query", "type": "string"}]},
            "x-internal": {"get": 1},
            "post": {"summary": "Adds \U0001f41d.", "parameters": [{"$ref": "#/parameters/Bee"}]},
        }
    },
    "parameters": {"Bee": {"name": "bee", "in": "body", "required": True}},
}


def test_each_operation_of_a_document_has_its_parameters_and_lines() -> None:
    get, put = openapi_routes(V3)
    assert (get.type, get.name, get.target, get.text) == ("GET", "/v1/hives/{id}", "getHive", "One hive.")
    assert get.marks == ("id (path, required)", "limit (query)", "X-Trace (header, required)")
    assert (get.lines.start, get.lines.end) == (9, 18)
    assert get.source == "OpenAPI 3.0.3"
    assert (put.type, put.default, put.marks) == ("PUT", "deprecated", ("id (path, required)", "body"))
    assert put.text.startswith("Replaces a hive.")


@pytest.mark.parametrize("indent", [2, "\t"])
def test_a_document_of_swagger_2_in_json_is_read(indent: int | str) -> None:
    text = json.dumps(V2, indent=indent)
    get, post = openapi_routes(text)
    assert (get.type, get.name, get.target, get.marks) == ("GET", "/api/bees", "listBees", ("q (query)",))
    assert (post.type, post.marks) == ("POST", ("bee (body, required)",))
    assert '"get"' in text.split("\n")[get.lines.start - 1]


@pytest.mark.parametrize(
    "text",
    [
        "openapi: true\npaths: {/a: {get: {}}}\n",
        "paths:\n  /a:\n    get: {}\n",
        "openapi: 3.1.0\ninfo: {}\n",
        "openapi: [3.0.0\n",
        "openapi: 3.1.0\npaths: " + "[" * 2_000,
    ],
)
def test_what_is_no_document_has_no_operation(text: str) -> None:
    assert list(openapi_routes(text)) == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("yaml", "openapi: 3.1.0\npaths: {}\n", True),
        ("json", '{"swagger": "2.0", "paths": {}}', True),
        ("yaml", "paths: {}\n", False),
        ("yaml", "openapi: 3.1.0\n", False),
    ],
)
def test_the_outline_tells_such_a_file(path: str, text: str, expected: bool) -> None:
    assert is_openapi(TreeSitterReader().read(f"api.{path}", path, text)) is expected


def test_frameworks_ways_to_write_a_parameter_are_one_path() -> None:
    written = ("/hives/{id}", "/hives/<int:hive_id>/", "/hives/:id", "/hives/[id]")
    assert {same_route(path) for path in written} == {"/hives/{}"}
    assert same_route("/") == "/"
