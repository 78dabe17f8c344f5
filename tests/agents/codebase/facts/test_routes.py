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
                   [("GET", "/admin/x", "c.a"), ("GET", "/", "h.i")]),
    "csharp attributes": ('[Route("api/[controller]")]\npublic class CatsController { [HttpGet("{id}")] public Cat Get(int id) => null; }',
                          [("GET", "/api/cats/{id}", "CatsController.Get")]),
    "csharp minimal": ('app.MapPost("/y", Handler).WithName("n");', [("POST", "/y", "Handler")]),
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
    ],
)  # fmt: skip
def test_a_router_is_mounted_under_its_prefix(language: str, text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert [(fact.name, fact.owner, fact.target) for fact in facts(language, text, FactKind.MOUNT)] == wanted
