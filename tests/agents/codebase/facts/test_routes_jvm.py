# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Routes of Java and Kotlin: annotations of Spring, JAX-RS and Micronaut, and routers that calls build."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

_FUNCTIONS = (
    "import org.springframework.web.servlet.function.*;\nclass R { RouterFunction<ServerResponse> r(H h) { return "
)
CASES = {
    "java Spring: a class with two paths": (
        '@RequestMapping({"/x", "/y"})\nclass B { @DeleteMapping(path = "/{id}", consumes = "a/b") void d() {} }',
        [("DELETE", "/x/{id}", "B.d"), ("DELETE", "/y/{id}", "B.d")]),
    "java Spring: several methods": (
        '@RequestMapping("/a")\nclass A { @RequestMapping(method = {RequestMethod.GET, RequestMethod.HEAD}, path = "/b") void b() {} }',
        [("GET, HEAD", "/a/b", "A.b")]),
    "java Spring: a class whose path is an expression": ('@RequestMapping(Paths.of("x"))\nclass A { @GetMapping("/b") void b() {} }', []),
    "java a client of Feign": ('@FeignClient("s")\ninterface S { @GetMapping("/stores") List<Store> stores(); }', []),
    "java a client of MicroProfile": ('import jakarta.ws.rs.*;\n@Path("/c") @RegisterRestClient\ninterface S { @GET String g(); }', []),
    "java Micronaut: several paths": (
        'import io.micronaut.http.annotation.*;\n@Controller("/h")\nclass H { @Get(uris = {"/a", "/b"}) String t() {} }\n@Client("/c")\ninterface X { @Get("/q") String q(); }',
        [("GET", "/h/a", "H.t"), ("GET", "/h/b", "H.t")]),
    "java Spring's builder of functions": (
        _FUNCTIONS + 'route().path("/p", b -> b.nest(accept(JSON), c -> c.GET("/{id}", h::one).GET(h::list)).POST(h::create)).PUT("/q", accept(JSON), this::q).build(); } }',
        [("GET", "/p/{id}", "h.one"), ("GET", "/p", "h.list"), ("POST", "/p", "h.create"), ("PUT", "/q", "q")]),
    "java Spring's predicates": (
        _FUNCTIONS + 'route(GET("/a/{id}").and(accept(JSON)), h::get).andRoute(POST("/a"), h::create).andNest(path("/n"), route(DELETE("/x"), h::del)); } }',
        [("GET", "/a/{id}", "h.get"), ("POST", "/a", "h.create"), ("DELETE", "/n/x", "h.del")]),
    "kotlin Spring's blocks": (
        'import org.springframework.web.reactive.function.server.router\nfun r(h: H) = router {\n  GET("/") { ok().build() }\n'
        '  "/api".nest { accept(JSON).nest { POST("/u/{id}", h::x) } }\n  path("/v2").nest { DELETE("/z", h::z) }\n}\n',
        [("GET", "/", ""), ("POST", "/api/u/{id}", "h.x"), ("DELETE", "/v2/z", "h.z")]),
    "java Javalin": (
        'import io.javalin.Javalin;\nimport static io.javalin.apibuilder.ApiBuilder.*;\nclass M { void m() { var app = Javalin.create().get("/", ctx -> {}).start(7);\n'
        ' app.post("/users", Users::create); app.before("/x", ctx -> {});\n'
        ' app.routes(() -> { path("users", () -> { get(Users::all); path("{id}", () -> { patch(Users::update); }); ws("/ws", Users::ws); }); }); cache.put("/x", y); } }',
        [("GET", "/", ""), ("POST", "/users", "Users.create"), ("GET", "/users", "Users.all"),
         ("PATCH", "/users/{id}", "Users.update"), ("WEBSOCKET", "/users/ws", "Users.ws")]),
    "kotlin Javalin": (
        'import io.javalin.Javalin\nimport io.javalin.apibuilder.ApiBuilder.*\nfun main() {\n  val app = Javalin.create().start(7000)\n  app.get("/k") { ctx -> ctx.result("x") }\n'
        '  app.routes {\n    path("users") {\n      get { ctx -> 1 }\n      get("{id}", Users::one)\n      put(Users::put, roles(Role.A))\n    }\n  }\n}\n',
        [("GET", "/k", ""), ("GET", "/users", ""), ("GET", "/users/{id}", "Users.one"), ("PUT", "/users", "Users.put")]),
    "java Spark": (
        'import static spark.Spark.*;\nclass H { void m() { get("/hello", (req, res) -> "Hi");\n path("/api", () -> { before("/*", (q, a) -> x()); path("/email", () -> { post("/add", Email::add); }); });\n'
        ' put("/json", "application/json", Email::json, gson::toJson); Spark.delete("/d", H::d); map.get("/x", y); } }',
        [("GET", "/hello", ""), ("POST", "/api/email/add", "Email.add"), ("PUT", "/json", "Email.json"), ("DELETE", "/d", "H.d")]),
    "java Vert.x": (
        'import io.vertx.ext.web.Router;\nclass V { void start() { router.route().handler(BodyHandler.create()); router.route("/s/*").handler(StaticHandler.create());\n'
        ' router.get("/p/:id").handler(auth).handler(this::one); router.route(HttpMethod.POST, "/q").handler(V::q); map.get("/x").handler(h); } }',
        [("GET", "/p/:id", "one"), ("POST", "/q", "V.q")]),
    "java Jooby": ('import io.jooby.Jooby;\nclass A extends Jooby { { get("/", ctx -> "hi"); path("/api", () -> { post("/x", this::x); }); } }',
                   [("GET", "/", ""), ("POST", "/api/x", "x")]),
    "kotlin Ktor: nested blocks": (
        'import io.ktor.server.routing.*\nfun Application.m() { routing { route("/v1.0") { get { client.get("https://x.org") }\n delete("/{id}") { }\n'
        ' authenticate("a") { route("/z") { put("a", body = { x })\n webSocket("/ws") { } } } } } }\nsuspend fun f() { client.get("/q") { } }',
        [("GET", "/v1.0", ""), ("DELETE", "/v1.0/{id}", ""), ("PUT", "/v1.0/z/a", ""), ("WEBSOCKET", "/v1.0/z/ws", "")]),
    "kotlin Ktor: classes with paths": (
        'import io.ktor.resources.*\n@Resource("/articles")\nclass Articles(val sort: String? = "new") {\n  @Resource("new")\n  class New(val parent: Articles = Articles())\n'
        '  @Resource("{id}")\n  class Id(val parent: Articles, val id: Long) {\n    @Resource("edit")\n    class Edit(val parent: Id)\n  }\n}\n'
        'fun Application.m() {\n  routing {\n    get<Articles> { article -> call.respond(all()) }\n    get<Articles.New> { }\n    post<Articles> { list() }\n'
        '    route("/v1") {\n      put<Articles.Id, Body> { id, body -> 1 }\n      authenticate("a") { patch<Articles.Id> { } }\n    }\n'
        '    post<Body>("/people") { }\n    val small = size < 2\n    delete<Other> { }\n  }\n}\nfun Route.more() { get<Id.Edit> { } }\nval no = client.get<Articles> { }\n',
        [("GET", "/articles", ""), ("GET", "/articles/new", ""), ("POST", "/articles", ""), ("PUT", "/v1/articles/{id}", ""),
         ("PATCH", "/v1/articles/{id}", ""), ("POST", "/people", ""), ("DELETE", "", ""), ("GET", "/articles/{id}/edit", "")]),
    "kotlin Ktor: a function of routes": (
        'import io.ktor.server.routing.*\nfun Route.a() {\n  get("/x") { }\n  get(Regex("x")) { }\n}\n', [("GET", "/x", "")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_have_method_path_and_handler(case: str) -> None:
    text, wanted = CASES[case]
    read = facts(case.split()[0], text, FactKind.ROUTE)
    assert [(fact.type, fact.name, fact.target) for fact in read] == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("java", 'class A { void f() { get("/x", h); app.post("/y", B::c); router.get("/z").handler(h); } }'),
        ("java", 'import org.springframework.test.*;\nclass A { void f() { mvc.perform(get("/x")); builder.GET("/y", h::z); } }'),
        ("java", 'import io.javalin.Javalin;\nclass A { void f() { map.put("/x", y); client.get("/y", h); get("/z"); } }'),
        ("kotlin", 'fun f() { router { GET("/x", h::y) }; client.get("/a") { } }'),
        ("java", 'class A { @Path("/x") File file; @GET String g() {} }'),
        ("kotlin", 'import io.ktor.client.*\n@Resource("/x")\nclass X\nfun f() { get<X> { }\n val y = get < X > z }'),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_route_is_none(language: str, text: str) -> None:
    assert facts(language, text, FactKind.ROUTE) == []


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("java", 'import io.vertx.ext.web.Router;\nclass V { void s() { router.mountSubRouter("/api", rest); router.route("/sub/*").subRouter(below); } }',
         [("/api", "router", "rest"), ("/sub", "router", "below")]),
        ("kotlin", 'import io.ktor.server.routing.*\nfun Application.m() {\n  routing {\n    users()\n    route("/api") { orders() }\n  }\n}\n'
         "fun Route.outer() {\n  inner()\n}\n", [("/api", "", "orders"), ("", "outer", "inner")]),
        ("kotlin", 'import io.ktor.resources.Resource\n@Resource("/a")\nclass A {\n  @Resource("b")\n  class B(val above: A)\n}\n@Location("/c") class C\n'
         'fun Route.d() { get<A> { inner() } }\n', [("/a", "", "A"), ("b", "A", "A.B"), ("/c", "", "C")]),
    ],
)  # fmt: skip
def test_a_router_is_mounted_under_its_prefix(language: str, text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert [(fact.name, fact.owner, fact.target) for fact in facts(language, text, FactKind.MOUNT)] == wanted
