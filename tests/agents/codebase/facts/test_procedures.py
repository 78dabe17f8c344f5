"""Remote procedures of Protobuf and Thrift and operations of GraphQL are read: what they take, what they give back."""

from __future__ import annotations

import time

from agents.codebase.facts.routes.procedures import (
    GRAPHQL_ROOTS,
    graphql_operations,
    graphql_roots,
    grpc_procedures,
    thrift_procedures,
)
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import Fact

_PROTO = """
syntax = "proto3";
service Users {
  // Gets one.
  rpc Get (GetRequest) returns (User);
  rpc Watch(stream a.WatchRequest) returns (stream Event) {
    option idempotency_level = NO_SIDE_EFFECTS;
  }
  rpc Long(LongRequest)
      returns (LongReply);
  rpc Longer(
      stream shop.LongRequest
  ) returns (LongReply) {}
  rpc Http(H) returns (R) { option (google.api.http) = { get: "/v1" }; }
}
message Get { string name = 1; }
"""
_GRAPHQL = """
type Query {
  "One user."
  user(id: ID!, more: [Int!] = [1]): User
  users: [User!]!
}
extend type Query { size: Int }
type User { id: ID! posts(first: Int): [Post] }
schema { query: Query, mutation: Root }
type Root { add(name: String): User }
"""
_THRIFT = """
# service Gone { void x() }
namespace py shop
struct Work { 1: i32 num = 0, 2: optional string comment }
/* service Old { void y() } */
service Calculator extends shared.Base {
  /**
   * Adds.
   */
  i32 add(1: i32 num1, 2:i32 num2),

  // Works on it.
  map<string, list<Work>> calculate(
    1: i32 id,
    2: Work w) throws (1: Bad ouch, 2: Worse very);
  oneway void zip()
}
service Empty {}
"""


def rows(facts: list[Fact]) -> list[tuple[str, str, str, str]]:
    return [(fact.name, fact.type, fact.target, fact.text) for fact in facts]


def test_a_procedure_without_a_path_of_http_has_its_request_and_its_response() -> None:
    structure = TreeSitterReader().read("a.proto", "protobuf", _PROTO)
    procedures = list(grpc_procedures(structure, _PROTO))

    assert rows(procedures) == [
        ("Users.Get", "GetRequest", "User", "Gets one."),
        ("Users.Watch", "stream a.WatchRequest", "stream Event", ""),
        ("Users.Long", "LongRequest", "LongReply", ""),
        ("Users.Longer", "stream shop.LongRequest", "LongReply", ""),
    ]
    assert {fact.source for fact in procedures} == {"gRPC"}


def test_the_fields_of_the_root_types_of_a_schema_are_operations() -> None:
    structure = TreeSitterReader().read("a.graphql", "graphql", _GRAPHQL)
    roots = GRAPHQL_ROOTS | graphql_roots(_GRAPHQL)

    assert graphql_roots(_GRAPHQL) == {"Query", "Root"}
    assert rows(list(graphql_operations(structure, roots))) == [
        ("Query.user", "id: ID!, more: [Int!]", "User", "One user."),
        ("Query.users", "", "[User!]!", ""),
        ("Query.size", "", "Int", ""),
        ("Root.add", "name: String", "User", ""),
    ]


def test_the_functions_of_a_service_of_thrift_are_procedures() -> None:
    procedures = list(thrift_procedures(_THRIFT))

    assert rows(procedures) == [
        ("Calculator.add", "i32 num1, i32 num2", "i32", "Adds."),
        ("Calculator.calculate", "i32 id, Work w", "map<string,list<Work>>", "Works on it."),
        ("Calculator.zip", "", "void", ""),
    ]
    assert [(fact.lines.start, fact.lines.end) for fact in procedures] == [(10, 10), (13, 15), (16, 16)]


def test_a_text_that_never_closes_is_read_in_time() -> None:
    began = time.perf_counter()
    for text in ("service a {" * 30_000, "service a { i32 b(" + "i32 c(" * 50_000, "a." * 200_000, "schema {" * 50_000):
        assert len(list(thrift_procedures(text))) <= 400
        graphql_roots(text)
    assert time.perf_counter() - began < 10
