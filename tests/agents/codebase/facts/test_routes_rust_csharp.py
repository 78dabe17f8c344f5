# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Routes of Rust and C#: attributes, builders, scopes and groups."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

CASES = {
    "rust axum: handlers of every kind": (
        'use axum::Router;\nfn f() { Router::new().route("/a", axum::routing::put(x::y).layer(l)).route("/w", any(ws)).route("/c", get(|| async { 1 })).nest("/n", Router::new().route("/z", get(z))); }',
        [("PUT", "/a", "x::y"), ("any", "/w", "ws"), ("GET", "/c", ""), ("GET", "/n/z", "z")]),
    "rust actix-web: scopes in scopes": (
        'use actix_web::{route, web};\n#[route("/m", method = "GET", method = "POST")]\nasync fn m() {}\n'
        'fn f() { App::new().service(web::scope("/api").service(web::scope("/v1").route("/d", web::get().to(d)).service(web::resource("/r").route(web::delete().to(r))))).service(web::resource("/t").to(t)); }',
        [("GET, POST", "/m", "m"), ("GET", "/api/v1/d", "d"), ("DELETE", "/api/v1/r", "r"), ("any", "/t", "t")]),
    "rust poem": ('use poem::{get, Route};\nfn f() { Route::new().at("/h/:n", get(h)).nest("/api", Route::new().at("/x", post(x))); }',
                  [("GET", "/h/:n", "h"), ("POST", "/api/x", "x")]),
    "rust poem and OpenAPI": ('use poem_openapi::OpenApi;\nstruct A;\nimpl A {\n  #[oai(path = "/h", method = "get")]\n  async fn h(&self) {}\n}\n', [("GET", "/h", "A.h")]),
    "rust salvo": ('use salvo::prelude::*;\nfn f() { Router::new().push(Router::with_path("users").get(list).push(Router::with_path("<id>").delete(del))); }',
                   [("GET", "/users", "list"), ("DELETE", "/users/<id>", "del")]),
    "rust warp": (
        'use warp::Filter;\nfn f() {\n let a = warp::path!("u" / String).and(warp::get()).map(|n| n);\n let b = warp::path("p").and(warp::path::param::<u32>()).and(warp::post()).and_then(h::p);\n let c = warp::any().map(move || db.clone());\n}',
        [("GET", "/u/{String}", ""), ("POST", "/p/{}", "h::p")]),
    "csharp: attributes beside each other": (
        '[ApiController, Route("api/[controller]")]\nclass CatsController {\n [HttpPost, Route("bulk")] public A Bulk() {}\n [HttpGet]\n [Route("x/{id}")] public A X(int id) {}\n [AcceptVerbs("GET", "POST", Route = "av")] public A Av() {}\n'
        ' [Route("any")] public A Any() {}\n [HttpPost("a"), HttpPut("b")] public A Two() {}\n [HttpGet("~/root")] public A Root() {}\n}',
        [("POST", "/api/cats/bulk", "CatsController.Bulk"), ("GET", "/api/cats/x/{id}", "CatsController.X"), ("GET, POST", "/api/cats/av", "CatsController.Av"),
         ("any", "/api/cats/any", "CatsController.Any"), ("POST", "/api/cats/a", "CatsController.Two"), ("PUT", "/api/cats/b", "CatsController.Two"), ("GET", "/root", "CatsController.Root")]),
    "csharp: words in brackets and several prefixes": (
        '[Area("Admin")]\n[Route("[area]/[controller]/[action]")]\nclass XController : Controller {\n [HttpGet, ActionName("Shown")] public A One() {}\n public A TwoAsync() {}\n private A Hidden() {}\n}\n'
        '[Route("v1/[controller]")]\n[Route("v2/[controller]")]\nclass YController { [HttpGet] public A Get() {} }\n[RoutePrefix("z")]\nclass ZController { [HttpGet, Route("")] public A Get() {} }',
        [("GET", "/admin/x/shown", "XController.One"), ("any", "/admin/x/two", "XController.TwoAsync"), ("GET", "/v1/y", "YController.Get"), ("GET", "/v2/y", "YController.Get"), ("GET", "/z", "ZController.Get")]),
    "csharp: minimal APIs": (
        'app.MapMethods("/m", new[] { "PUT", "PATCH" }, M);\napp.MapGroup("/g").MapGet("{id:int}", G).RequireAuthorization();\napp.MapHub<ChatHub>("/chat");\napp.Map("/any", Any);\napp.MapGet(Routes.Home, H);\nmapper.Map<A>(b, c);\napp.MapGet(path, I);',
        [("PUT, PATCH", "/m", "M"), ("GET", "/g/{id:int}", "G"), ("WEBSOCKET", "/chat", "ChatHub"), ("any", "/any", "Any"), ("GET", "/${Routes.Home}", "H")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_have_method_path_and_handler(case: str) -> None:
    text, wanted = CASES[case]
    read = facts(case.split()[0].rstrip(":"), text, FactKind.ROUTE)
    assert [(fact.type, fact.name, fact.target) for fact in read] == wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("rust", 'use axum::Router;\nfn f() {\n let api = Router::new().nest("/u", users::router(s.clone())).merge(health());\n Router::new().nest("/api", api)\n}',
         [("/u", "api", "users.router"), ("", "api", "health"), ("/api", "f", "api")]),
        ("rust", 'use actix_web::web;\nfn main() { App::new().service(web::scope("/api").configure(users::config).service(greet)).configure(init); }',
         [("/api", "main", "users.config"), ("/api", "main", "greet"), ("", "main", "init")]),
        ("csharp", 'app.MapGroup("/t").MapTodos().WithTags("x");\nvar g = app.MapGroup("/g");\ng.MapThings();\nvar n = g.MapGroup("n");',
         [("/t", "app", "MapTodos"), ("/g", "app", "g"), ("", "g", "MapThings"), ("n", "g", "n")]),
    ],
)  # fmt: skip
def test_a_router_is_mounted_under_its_prefix(language: str, text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert [(fact.name, fact.owner, fact.target) for fact in facts(language, text, FactKind.MOUNT)] == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("rust", 'fn f() { Router::new().route("/a", get(h)); path("x").map(f); }'),
        ("rust", 'use warp::Filter;\nfn f() { list.iter().map(|x| x); warp::any().and(warp::get()).map(f); }'),
        ("rust", 'use axum::Router;\nfn f() { client.get("/x"); map.route("/y", z); tree.nest("/w", w); }'),
        ("csharp", 'class A { [Fact] void B() {} }\nmapper.Map(a, b);\nvar m = config.CreateMap<A, B>("/x", y);'),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_route_is_none(language: str, text: str) -> None:
    assert facts(language, text, FactKind.ROUTE) == []
