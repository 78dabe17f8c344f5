"""The page of the HTTP API has the remote procedures and the operations that documents declare."""

from __future__ import annotations

from tests.agents.roles.editor.fact_pages.test_fact_pages import pages_of

_PROTO = 'syntax = "proto3";\nservice Users {\n  // Gets one.\n  rpc Get (GetRequest) returns (stream User);\n}\n'


def test_procedures_stand_below_the_routes() -> None:
    page = pages_of({
        "api/users.proto": _PROTO,
        "api/calc.thrift": "service Calc { i32 add(1: i32 a) }\n",
        "app.py": 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/x")\ndef x(): ...\n',
    })["http-api.md"]  # fmt: skip
    section = page.markdown.partition("## Remote procedures")[2]

    assert page.title == "HTTP API"
    assert "1 route of FastAPI." in page.markdown
    assert "2 procedures of gRPC, Thrift." in section
    assert "| `Calc.add` | `i32 a` | `i32` |" in section
    assert "| [`Users.Get`](api/api/users.proto.md#s.Users.Get) | `GetRequest` | `stream User` | Gets one. |" in section


def test_a_repository_without_routes_has_a_page_of_its_remote_api() -> None:
    page = pages_of({
        "schema.graphql": "schema { query: Root }\n",
        "types.graphql": "type Root { user(id: ID!): User }\ntype User { id: ID! }\n",
        "tests/other.graphql": "type Query { gone: Int }\n",
    })["http-api.md"]  # fmt: skip

    assert page.title == "Remote API"
    assert "## Operations of GraphQL" in page.markdown
    assert "1 operation of GraphQL." in page.markdown
    assert "| [`Root.user`](api/types.graphql.md#s.Root.user) | `id: ID!` | `User` |" in page.markdown
    assert "HTTP routes" not in page.markdown


def test_messages_without_a_service_make_no_page() -> None:
    assert "http-api.md" not in pages_of({"a.proto": 'syntax = "proto3";\nmessage Get { string name = 1; }\n'})
