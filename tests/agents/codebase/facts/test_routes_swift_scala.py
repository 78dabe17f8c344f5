# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Routes of Swift and Scala from their trees; of Play, .proto files and Dart from their text."""

from __future__ import annotations

import pytest

from agents.codebase.facts.routes.text import may_have_routes, routes_of_text
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import Fact, FactKind
from agents.roles.scanner.languages import language_of
from tests.agents.codebase.facts.reading import facts

CASES = {
    "swift Vapor": (
        'import Vapor\nfunc routes(_ app: Application) throws {\n  app.get("h", ":name") { req in 1 }\n  app.on(.PATCH, "big", body: .stream) { req in 1 }\n  app.webSocket("echo") { req, ws in }\n'
        '  app.group("admin", .parameter("id")) { admin in\n    admin.delete(":x", use: remove)\n  }\n}\n',
        [("GET", "/h/:name", ""), ("PATCH", "/big", ""), ("WEBSOCKET", "/echo", ""), ("DELETE", "/admin/:id/:x", "remove")]),
    "swift Vapor: collections": (
        'import Vapor\nstruct Todos: RouteCollection {\n  func boot(routes: RoutesBuilder) throws {\n    let todos = routes.grouped("todos")\n    todos.get(use: index)\n'
        '    todos.group(":id") { todo in\n      todo.delete(use: self.delete)\n    }\n  }\n}\n',
        [("GET", "/", "Todos.index"), ("DELETE", "/:id", "Todos.delete")]),
    "scala http4s": (
        'import org.http4s._\nobject R {\n  val s = HttpRoutes.of[IO] {\n    case GET -> Root / "hello" / name => Ok(name)\n    case req @ POST -> Root / "items" / IntVar(id) :? Q(x) => Ok()\n    case (GET | HEAD) -> Root => Ok()\n'
        "    case Some(x) -> Root => Ok()\n  }\n}\n", [("GET", "/hello/{name}", ""), ("POST", "/items/{id}", ""), ("GET, HEAD", "/", "")]),
    "scala Akka HTTP": (
        'import akka.http.scaladsl.server.Directives._\nobject A {\n  val route = pathPrefix("users") {\n    concat(pathEnd { get { complete("x") } ~ post { complete("y") } }, path(LongNumber / "posts") { id => get { complete("z") } })\n'
        '  } ~ get { path("in") { complete("v") } } ~ (put & path("both")) { complete("w") }\n}\n',
        [("GET", "/users", ""), ("POST", "/users", ""), ("GET", "/users/{LongNumber}/posts", ""), ("GET", "/in", ""), ("PUT", "/both", "")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_have_method_path_and_handler(case: str) -> None:
    text, wanted = CASES[case]
    read = facts(case.split()[0].rstrip(":"), text, FactKind.ROUTE)
    assert [(fact.type, fact.name, fact.target) for fact in read] == wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("swift", 'import Vapor\nfunc routes(_ app: Application) throws {\n  let users = app.grouped("users")\n  let safe = users.grouped(Guard())\n  try app.register(collection: Todos())\n}\n',
         [("/users", "routes", "users"), ("", "users", "safe"), ("", "routes", "Todos")]),
        ("scala", 'import org.http4s._\nobject R { val app = Router("/api" -> s, "/" -> A.routes) }', [("/api", "app", "s"), ("/", "app", "A.routes")]),
    ],
)  # fmt: skip
def test_a_router_is_mounted_under_its_prefix(language: str, text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert [(fact.name, fact.owner, fact.target) for fact in facts(language, text, FactKind.MOUNT)] == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("swift", 'func f() { app.get("x") { r in 1 } }'),
        ("swift", 'import Vapor\nfunc f() { cache.get("x") { v in 1 }; dict.get("y"); app.client.get("z") }'),
        ("scala", 'object A { val r = x match { case GET -> Root / "a" => 1 } }'),
        ("scala", 'import akka.actor._\nobject A { val r = path("x") { get { 1 } } }'),
        ("scala", 'import org.http4s._\nobject A { val r = x match { case (a, b) => 1\n case GET(y) => 2 } }'),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_route_is_none(language: str, text: str) -> None:
    assert facts(language, text, FactKind.ROUTE) == []


def routes_of(path: str, text: str) -> list[Fact]:
    structure = TreeSitterReader().read(path, language_of(path, text), text)
    return list(routes_of_text(path, structure, text)) if may_have_routes(path, structure.language) else []


TEXTS = {
    "conf/routes": (
        "# Routes\nGET     /                controllers.Home.index()\nPOST    /c/:id           @controllers.C.save(id: Long, a ?= \"x\")\n+ nocsrf\n->      /admin           admin.Routes\nGET /not a line\n",
        [("route", "GET", "/", "controllers.Home.index"), ("route", "POST", "/c/:id", "controllers.C.save"), ("mount", "", "/admin", "admin.Routes")]),
    "conf/other": ("GET / controllers.Home.index()\n", []),
    "api/g.proto": (
        'syntax = "proto3";\nservice Greeter {\n  // Says hello.\n  rpc Say (A) returns (B) { option (google.api.http) = { get: "/v1/hello/{name=items/*}" }; }\n'
        '  rpc Put (A) returns (B) {\n    option (google.api.http) = {\n      patch: "/v1/p"\n      body: "*"\n      additional_bindings { custom: { kind: "HEAD" path: "/v1/h" } }\n    };\n  }\n'
        '  rpc Plain (A) returns (B);\n  /* rpc Gone (A) returns (B) { option (google.api.http) = { get: "/gone" }; } */\n}\n',
        [("route", "GET", "/v1/hello/{name=items/*}", "Greeter.Say"), ("route", "PATCH", "/v1/p", "Greeter.Put"), ("route", "HEAD", "/v1/h", "Greeter.Put")]),
    "api/plain.proto": ('service A { rpc B (C) returns (D); }\n', []),
    "lib/s.dart": (
        "import 'package:shelf_router/shelf_router.dart';\nfinal app = Router()\n  ..get('/hello', (Request r) => 1)\n  ..post('/x', h)\n  ..mount('/api/', Api().router.call);\n"
        "class Api {\n  @Route.get('/users/<id>')\n  Future<Response> user(Request r, String id) async => x;\n  // router.get('/no', h);\n  void m() { client.get('/not', x); }\n}\n",
        [("route", "GET", "/users/<id>", "Api.user"), ("route", "GET", "/hello", ""), ("route", "POST", "/x", "h"), ("mount", "", "/api/", "Api")]),
    "lib/plain.dart": ("class A { void m() { router.get('/x', h); } }\n", []),
}  # fmt: skip


@pytest.mark.parametrize("path", TEXTS)
def test_routes_are_read_from_text_where_a_language_has_no_tree(path: str) -> None:
    text, wanted = TEXTS[path]
    assert [(fact.kind.value, fact.type, fact.name, fact.target) for fact in routes_of(path, text)] == wanted
