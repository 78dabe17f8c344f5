# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Routes are read with method, path and handler, by the framework that declares them."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

CASES = {
    "python FastAPI": ('from fastapi import APIRouter\nr = APIRouter()\n@r.get("/{id}")\nasync def read(id: int): pass\n',
                       [("GET", "/{id}", "read")]),
    "python Flask": ('from flask import Flask\n@bp.route("/x", methods=["GET", "POST"])\ndef x(): pass\n',
                     [("GET, POST", "/x", "x")]),
    "python an application's factory": ('from flask import Flask\ndef create_app():\n    app = Flask("a")\n    @app.route("/x")\n'
                                        '    def x(): pass\n    return app\n', [("GET", "/x", "create_app.x")]),
    "python Django in an app's class": ('from django.urls import path\nclass A:\n    def get_urls(self):\n'
                                        '        urls = [path("x/", self.x)]\n', [("any", "/x/", "self.x")]),
    "go a path that is no text": ('package x\nimport "net/http"\nfunc f() { mux.Handle(pattern, h); client.Get(env, body) }', []),
    "python Starlette": ('from starlette.routing import Mount, Route\nr = [Mount("/m", routes=[Route("/q", h)])]\n',
                         [("GET", "/m/q", "h")]),
    "python Django": ('urlpatterns = [path("x/", views.x, name="n"), path("api/", include("app.urls"))]\n',
                      [("any", "/x/", "views.x")]),
    "typescript NestJS": ('import { Get } from "@nestjs/common";\n@Controller("cats")\nexport class C { @Get(":id") one() {} }',
                          [("GET", "/cats/:id", "C.one")]),
    "javascript Express": ('const express = require("express");\napp.get("/a", auth, h);\nrouter.route("/x").get(h).post(k);\n'
                           'axios.get("/q", f);', [("GET", "/a", "h"), ("GET", "/x", "h"), ("POST", "/x", "k")]),
    "javascript Fastify": ('const fastify = require("fastify")();\nfastify.route({ method: "PUT", url: "/x", handler: h });',
                           [("PUT", "/x", "h")]),
    "java Spring": ('@RequestMapping("/api")\nclass C { @GetMapping("/{id}") Item get() {}\n'
                    ' @RequestMapping(value = "/x", method = RequestMethod.POST) void p() {} }',
                    [("GET", "/api/{id}", "C.get"), ("POST", "/api/x", "C.p")]),
    "java JAX-RS": ('import jakarta.ws.rs.GET;\n@Path("/api")\nclass C { @GET @Path("/x") String x() {} }',
                    [("GET", "/api/x", "C.x")]),
    "go net/http": ('package x\nimport "net/http"\nfunc f() { http.HandleFunc("GET /x", h) }', [("GET", "/x", "h")]),
    "go gin": ('package x\nimport "github.com/gin-gonic/gin"\nfunc f() { r.POST("/x", s.add) }', [("POST", "/x", "s.add")]),
    "go echo": ('package x\nimport "github.com/labstack/echo/v4"\nfunc f() { e.GET("/x", h) }', [("GET", "/x", "h")]),
    "go chi": ('package x\nimport "github.com/go-chi/chi/v5"\nfunc f() { r.Route("/a", func(r chi.Router) { r.Get("/y", h.List) }) }',
               [("GET", "/a/y", "h.List")]),
    "php Laravel": ('<?php\nRoute::prefix("api")->group(function () { Route::get("/x", [C::class, "m"]); });',
                    [("GET", "/api/x", "C.m")]),
    "ruby Rails": ('Rails.application.routes.draw do\n  namespace :admin do\n    get "/x", to: "c#a"\n  end\n  root "h#i"\nend\n',
                   [("GET", "/admin/x", "Admin::CController.a"), ("GET", "/", "HController.i")]),
    "csharp attributes": ('[Route("api/[controller]")]\npublic class CatsController { [HttpGet("{id}")] public Cat Get(int id) => null; }',
                          [("GET", "/api/cats/{id}", "CatsController.Get")]),
    "csharp minimal": ('app.MapPost("/y", Handler).WithName("n");', [("POST", "/y", "Handler")]),
    "python Django REST framework": ('from rest_framework import routers\nrouter = routers.DefaultRouter()\nrouter.register(r"users", UserViewSet)\n',
                                     [("any", "/users/", "UserViewSet")]),
    "python aiohttp": ('from aiohttp import web\nr = web.RouteTableDef()\n@r.get("/a")\nasync def a(q): pass\n'
                       'app.add_routes([web.post("/c", c), web.view("/d", D)])\napp.router.add_get("/e", e)\n',
                       [("GET", "/a", "a"), ("POST", "/c", "c"), ("any", "/d", "D"), ("GET", "/e", "e")]),
    "python Tornado": ('import tornado.web\nclass A(tornado.web.RequestHandler): pass\napp = tornado.web.Application([\n    (r"/a/(\\d+)", A, {"x": 1}),\n'
                       '    (r"/b", web.views.BHandler), url("/c", CHandler)])\nf("/x", "y")\nt = ("/d", names)\n',
                       [("any", "/b", "web.views.BHandler"), ("any", "/c", "CHandler")]),
    "python Falcon": ('import falcon\napp.add_route("/t/{id}", Thing())\n', [("any", "/t/{id}", "Thing")]),
    "python Litestar": ('from litestar import get\n@get("/b")\nasync def b() -> dict: ...\n', [("GET", "/b", "b")]),
    "python a project's own registration of Flask's views": (
        'from flask import Flask, Blueprint\nregister(bp, routes=["/a", "/b"], view_func=A.as_view("a"))\nlog("/c", x)\n',
        [("any", "/a", "A"), ("any", "/b", "A")]),
    "python Django's views in what wraps them": (
        'from django.urls import path\nurlpatterns = [path("a/", login_required(views.A.as_view())),\n'
        '  path("b/", cache_page(60 * 15)(views.b)), path("c/", staff(feeds.C())), path("d/", D.as_view(template_name="d"))]\n',
        [("any", "/a/", "views.A"), ("any", "/b/", "views.b"), ("any", "/c/", "feeds.C"), ("any", "/d/", "D")]),
    "java Spring with constants": (
        'class C { static final String BASE = "/i/{id}";\n @GetMapping(path = BASE) void a() {}\n @PostMapping(BASE + "/x") void b() {}\n'
        ' @PutMapping(Paths.P) void c() {}\n @DeleteMapping(make("d")) void d() {} }',
        [("GET", "/i/{id}", "C.a"), ("POST", "/i/{id}/x", "C.b"), ("PUT", "/${Paths.P}", "C.c")]),
    "ruby older hashes of Rails": (
        'Rails.application.routes.draw do\n  match "in", :to => "a#in", :via => [:get, :post]\n'
        '  match "me", :controller => "my", :action => "page", :via => :get\nend\n',
        [("GET, POST", "/in", "AController.in"), ("GET", "/me", "MyController.page")]),
    "ruby members in nested resources of Rails": (
        'Rails.application.routes.draw do\n  resources :projects do\n    resources :wiki do\n      member do\n'
        '        get "history"\n      end\n      collection do\n        get "dates"\n      end\n    end\n  end\nend\n',
        [("resources", "/projects", "ProjectsController"), ("resources", "/projects/:project_id/wiki", "WikiController"),
         ("GET", "/projects/:project_id/wiki/:id/history", "WikiController.history"),
         ("GET", "/projects/:project_id/wiki/dates", "WikiController.dates")]),
    "java Spring with an expression": ('class C { @DeleteMapping(make("d")) void d() {} @PutMapping("/p") void p() {} }', [("PUT", "/p", "C.p")]),
    "python views of Flask": ('from flask import Flask\napp.add_url_rule("/u/<id>", view_func=U.as_view("u"))\n', [("any", "/u/<id>", "U")]),
    "javascript Koa": ('const Router = require("@koa/router");\nconst router = new Router();\n'
                       'router.get("/u/:id", auth, show).post("/u", create);\nrouter.all("/x", h);',
                       [("GET", "/u/:id", "show"), ("POST", "/u", "create"), ("any", "/x", "h")]),
    "typescript Hono": ('import { Hono } from "hono";\nconst app = new Hono();\napp.get("/h", h);\napp.on(["PUT", "DELETE"], "/q", q);\n'
                        'new Hono().post("/c", c);', [("GET", "/h", "h"), ("PUT, DELETE", "/q", "q"), ("POST", "/c", "c")]),
    "typescript Elysia": ('import { Elysia } from "elysia";\nnew Elysia().get("/a", a).post("/b", b);', [("GET", "/a", "a"), ("POST", "/b", "b")]),
    "typescript several paths of NestJS": ('import { Get } from "@nestjs/common";\n@Controller()\nexport class A { @Get(["a", "b"]) two() {} }',
                                           [("GET", "/a", "A.two"), ("GET", "/b", "A.two")]),
    "java several paths of Spring": ('class A { @PostMapping(path = {"/x", "/y"}) X c() {} }', [("POST", "/x", "A.c"), ("POST", "/y", "A.c")]),
    "java Micronaut": ('import io.micronaut.http.annotation.*;\n@Controller("/h")\nclass H { @Get("/{n}") String i() {} @Post String p() {} }',
                       [("GET", "/h/{n}", "H.i"), ("POST", "/h", "H.p")]),
    "kotlin Ktor": ('import io.ktor.server.routing.*\nfun m() { routing { get("/a") { }\n route("/b") { post("/c") { } } } }',
                    [("GET", "/a", ""), ("POST", "/b/c", "")]),
    "go fiber": ('package x\nimport "github.com/gofiber/fiber/v2"\nfunc f() { app.Get("/u/:id", h); app.Post("/p", mw, create); app.All("/z", z) }',
                 [("GET", "/u/:id", "h"), ("POST", "/p", "create"), ("any", "/z", "z")]),
    "go gorilla": ('package x\nimport "github.com/gorilla/mux"\nfunc f() { r.HandleFunc("/a/{id}", h).Methods("GET", "PUT"); '
                   'r.HandleFunc("/b", b).Methods(http.MethodPost); r.Handle("/c", c) }',
                   [("GET, PUT", "/a/{id}", "h"), ("POST", "/b", "b"), ("any", "/c", "c")]),
    "go methods before paths": ('package x\nimport "github.com/labstack/echo/v4"\nfunc f() { e.Add("PUT", "/y", y); e.Match([]string{"GET", "POST"}, "/m", m) }',
                                [("PUT", "/y", "y"), ("GET, POST", "/m", "m")]),
    "go a host of net/http": ('package x\nimport "net/http"\nfunc f() { http.Handle("POST example.com/p", p); http.Get("https://x.org/a") }',
                              [("POST", "example.com/p", "p")]),
    "php Slim": ('<?php\nuse Slim\\Factory\\AppFactory;\n$app->get("/h", H::class);\n$app->group("/g", function ($group) { $group->post("/x", X::class); });',
                 [("GET", "/h", "H"), ("POST", "/g/x", "X")]),
    "php Symfony": ('<?php\nuse Symfony\\Component\\Routing\\Attribute\\Route;\n#[Route("/b")]\nclass B { #[Route("/l", methods: ["GET"])] public function l() {} }',
                    [("GET", "/b/l", "B.l")]),
    "ruby members of Rails": ('Rails.application.routes.draw do\n  resources :categories do\n    get "icon", on: :member\n    get "search", on: :collection\n'
                              '    post "x", to: "x#y"\n  end\n  match "/m", to: "m#m", via: [:get, :post]\n  delete "/out" => "s#destroy"\nend\n',
                              [("resources", "/categories", "CategoriesController"), ("GET", "/categories/:id/icon", "CategoriesController.icon"),
                               ("GET", "/categories/search", "CategoriesController.search"),
                               ("POST", "/categories/:category_id/x", "XController.y"), ("GET, POST", "/m", "MController.m"),
                               ("DELETE", "/out", "SController.destroy")]),
    "ruby Sinatra": ('require "sinatra"\nget "/hi/:n" do\n  "x"\nend\n', [("GET", "/hi/:n", "")]),
    "rust resources of actix": ('use actix_web::web;\nfn c(f: &mut C) { f.service(web::resource("/r").route(web::get().to(h)).route(web::post().to(p))); }',
                                [("GET", "/r", "h"), ("POST", "/r", "p")]),
    "rust Rocket": ('use rocket::get;\n#[get("/h/<n>")]\nfn h(n: u8) {}\n', [("GET", "/h/<n>", "h")]),
    "rust axum": ('use axum::Router;\nfn f() { let app = Router::new().route("/a", get(h).post(k)); }',
                  [("GET", "/a", "h"), ("POST", "/a", "k")]),
    "rust actix": ('use actix_web::get;\n#[get("/u/{id}")]\nasync fn user() {}\nfn c() { web::scope("/s").route("/a", web::get().to(h)); }',
                   [("GET", "/u/{id}", "user"), ("GET", "/s/a", "h")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_have_method_path_and_handler(case: str) -> None:
    text, wanted = CASES[case]
    read = facts(case.split()[0], text, FactKind.ROUTE)
    assert [(fact.type, fact.name, fact.target) for fact in read] == wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("python", 'from fastapi import APIRouter\nr = APIRouter(prefix="/i")\napp.include_router(r, prefix="/v1")\n',
         [("/i", "", "r"), ("/v1", "app", "r")]),
        ("javascript", 'const express = require("express");\napp.use("/api", users);', [("/api", "app", "users")]),
        ("go", 'package x\nimport "github.com/gin-gonic/gin"\nfunc f() { v := r.Group("/v1") }', [("/v1", "r", "v")]),
        ("csharp", 'var g = app.MapGroup("/x");', [("/x", "app", "g")]),
        ("javascript", 'const Router = require("@koa/router");\nconst router = new Router({ prefix: "/api" });', [("/api", "", "router")]),
        ("typescript", 'import { Hono } from "hono";\napp.route("/b", books);\nconst v1 = new Hono().basePath("/v1");', [("/b", "app", "books"), ("/v1", "", "v1")]),
        ("go", 'package x\nimport "github.com/gorilla/mux"\nfunc f() { s := r.PathPrefix("/v1").Subrouter() }', [("/v1", "r", "s")]),
        ("rust", 'use rocket::get;\nfn r() { rocket::build().mount("/api", routes![h, a::i]) }', [("/api", "", "h"), ("/api", "", "a.i")]),
        ("rust", 'use actix_web::web;\nfn c(f: &mut C) { f.service(web::scope("/s").service(user)); }', [("/s", "c", "user")]),
        ("python", 'router = DefaultRouter()\nurlpatterns = [path("api/", include(router.urls))]\n', [("api/", "", "router")]),
    ],
)  # fmt: skip
def test_a_router_is_mounted_under_its_prefix(language: str, text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert [(fact.name, fact.owner, fact.target) for fact in facts(language, text, FactKind.MOUNT)] == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", 'from flask import Flask\n@mock.patch("/x")\ndef t(): pass\n@cache.get("/q")\ndef z(): pass\nclient.get("/x")\n'),
        ("javascript", 'const express = require("express");\nconst api = axios.create();\napi.get("/users", done);\napp.get("env");\napp.set("/x", 1);'),
        ("typescript", 'import request from "supertest";\nimport { app } from "./express";\nrequest(app).get("/x", f);'),
        ("javascript", 'const koa = require("koa");\nstore.on("change", "/x", f);\nevents.get("/x", f);'),
        ("go", 'package x\nimport "net/http"\nfunc f() { r.Header.Add("Accept", "a/b"); http.Get("/x"); m.Add("/a", 1) }'),
        ("ruby", 'require "sinatra"\nclient.get "/x"\n'),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_route_is_none(language: str, text: str) -> None:
    assert facts(language, text, FactKind.ROUTE) == []
