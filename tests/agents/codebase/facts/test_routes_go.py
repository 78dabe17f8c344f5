# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""Routes of Go: methods of routers, groups, and functions that are given a router or make one."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

CASES = {
    "gin: a function literal and methods by name": (
        'import "github.com/gin-gonic/gin"\nfunc f() { r.GET("/p", func(c *gin.Context) { c.Get("k") }); r.Handle(http.MethodPut, "/q", q); r.Match([]string{"GET", "POST"}, "/m", m) }',
        [("GET", "/p", ""), ("PUT", "/q", "q"), ("GET, POST", "/m", "m")]),
    "echo: what stands behind the handler": (
        'import "github.com/labstack/echo/v4"\nfunc f() { e.GET("/u/:id", h.Get, auth) }', [("GET", "/u/:id", "h.Get")]),
    "echo: a function that another makes": (
        'import "github.com/labstack/echo/v5"\nfunc f() { e.GET("/_/*", echo.StaticDirectoryHandler(ui.Files, false), gzip()) }',
        [("GET", "/_/*", "echo.StaticDirectoryHandler")]),
    "chi: blocks in blocks": (
        'import "github.com/go-chi/chi/v5"\nfunc f() { r.Route("/a", func(r chi.Router) { r.With(p).Get("/{id}", get); r.Group(func(r chi.Router) { r.Route("/b", func(r chi.Router) { r.Put("/", put) }) }) }) }',
        [("GET", "/a/{id}", "get"), ("PUT", "/a/b", "put")]),
    "fiber: a route's block": (
        'import "github.com/gofiber/fiber/v2"\nfunc f() { app.Route("/t", func(api fiber.Router) { api.Get("/x", mw, h) }) }', [("GET", "/t/x", "h")]),
    "gorilla/mux: the handler last": (
        'import "github.com/gorilla/mux"\nfunc f() { r.Methods("GET").Path("/y").HandlerFunc(auth(y)); r.Path("/z").Methods("POST", "PUT").Handler(z); r.PathPrefix("/s/").Handler(http.StripPrefix("/s/", fs)) }',
        [("GET", "/y", "y"), ("POST, PUT", "/z", "z"), ("any", "/s/", "fs")]),
    "httprouter": (
        'import "github.com/julienschmidt/httprouter"\nfunc f() { r.GET("/h/:n", hello); r.Handler("GET", "/a", a); r.HandlerFunc(http.MethodPost, "/p", p) }',
        [("GET", "/h/:n", "hello"), ("GET", "/a", "a"), ("POST", "/p", "p")]),
    "net/http: constants, patterns with methods and what wraps a handler": (
        'import "net/http"\nconst base = "/b"\nfunc f() { mux.HandleFunc("POST /i/{id}", items); mux.Handle(base+"/x", http.HandlerFunc(x)); mux.HandleFunc(pattern, y) }',
        [("POST", "/i/{id}", "items"), ("any", "/b/x", "x")]),
    "iris": ('import "github.com/kataras/iris/v12"\nfunc f() { app.Get("/i", i); app.Handle("PUT", "/h", h) }', [("GET", "/i", "i"), ("PUT", "/h", "h")]),
    "Beego": (
        'import "github.com/beego/beego/v2/server/web"\nfunc f() { web.Router("/b/:id", &c.Users{}, "get,post:All;put:Put"); web.NewNamespace("/v1", web.NSRouter("/u", &Users{})) }',
        [("GET, POST", "/b/:id", "c.Users.All"), ("PUT", "/b/:id", "c.Users.Put"), ("any", "/v1/u", "Users")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_have_method_path_and_handler(case: str) -> None:
    text, wanted = CASES[case]
    read = facts("go", f"package x\n{text}\n", FactKind.ROUTE)
    assert [(fact.type, fact.name, fact.target) for fact in read] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('import "github.com/gin-gonic/gin"\nfunc f() {\n r := gin.Default()\n v := r.Group("/v1")\n users.Register(v, db)\n items.Routes(v.Group("/items"))\n h.Setup(r)\n log.Print(v)\n}',
         [("/v1", "r", "v"), ("", "v", "users.Register"), ("/items", "v", "items.Routes"), ("", "r", "h.Setup"), ("", "v", "log.Print")]),
        ('import "github.com/gin-gonic/gin"\nfunc Register(rg *gin.RouterGroup) {\n g := rg.Group("/u")\n}', [("/u", "Register", "g")]),
        ('import "github.com/go-chi/chi/v5"\nfunc f() {\n r.Route("/a", func(r chi.Router) {\n  r.Mount("/b", adminRouter())\n })\n r.Mount("/t", todos{}.Routes())\n}',
         [("/a/b", "r", "adminRouter"), ("/t", "r", "todos.Routes")]),
        ('import "net/http"\nfunc f() {\n api := http.NewServeMux()\n mux.Handle("/api/", http.StripPrefix("/api", api))\n}', [("/api", "mux", "api")]),
    ],
)  # fmt: skip
def test_a_router_is_mounted_under_its_prefix(text: str, wanted: list[tuple[str, str, str]]) -> None:
    read = facts("go", f"package x\n{text}\n", FactKind.MOUNT)
    assert [(fact.name, fact.owner, fact.target) for fact in read] == wanted


def test_a_router_that_a_function_makes_or_is_given_has_the_functions_name() -> None:
    text = (
        'package x\nimport "github.com/go-chi/chi/v5"\nfunc admin() chi.Router {\n r := chi.NewRouter()\n r.Get("/s", s)\n return r\n}\n'
        'func Add(r chi.Router) {\n r.Get("/t", t)\n}\nfunc main() {\n r := chi.NewRouter()\n r.Get("/u", u)\n}\n'
    )
    assert [(fact.name, fact.owner) for fact in facts("go", text, FactKind.ROUTE)] == [
        ("/s", "admin"),
        ("/t", "Add"),
        ("/u", "r"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'func f() { r.GET("/x", h); mux.HandleFunc("/y", z) }',
        'import "net/http"\nfunc f() { httptest.NewRequest("GET", "/x", nil); http.NewRequest(http.MethodGet, "/y", b); c.Get("/z") }',
        'import "net/http"\nfunc f() { cache.Add("/x", 1, 2); m.Match("/y", z); slog.Handler("a", "/b", c) }',
    ],
)  # fmt: skip
def test_what_only_looks_like_a_route_is_none(text: str) -> None:
    assert facts("go", f"package x\n{text}\n", FactKind.ROUTE) == []
