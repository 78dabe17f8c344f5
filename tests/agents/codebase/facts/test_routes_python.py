# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Routes of Python's web frameworks: decorators, calls, registries."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

CASES = {
    "FastAPI: paths with names in them": (
        'from fastapi import FastAPI\nV = "/v1"\n@app.get(f"{V}/a/{{id}}")\ndef a(id): ...\n@app.post(PREFIX + "/b")\ndef b(): ...\n@app.put(f"{make()}/c")\ndef c(): ...\n',
        [("GET", "/v1/a/{id}", "a"), ("POST", "${PREFIX}/b", "b")]),
    "FastAPI: sockets and several methods": (
        'from fastapi import FastAPI\n@app.websocket("/ws")\nasync def ws(s): ...\n@app.api_route("/x", methods=["GET", "PUT"])\ndef x(): ...\n',
        [("WEBSOCKET", "/ws", "ws"), ("GET, PUT", "/x", "x")]),
    "Litestar: controllers": (
        'from litestar import Controller, get, post\nclass Users(Controller):\n    path = "/users"\n    @get()\n    async def all(self) -> list: ...\n'
        '    @post("/{id:int}")\n    async def make(self) -> None: ...\n@get(["/a", "/b"])\nasync def two() -> dict: ...\n',
        [("GET", "/users", "Users.all"), ("POST", "/users/{id:int}", "Users.make"), ("GET", "/a", "two"), ("GET", "/b", "two")]),
    "Bottle: decorators without an application": (
        'from bottle import route, post\n@route("/h/<n>")\ndef h(n): ...\n@post("/p")\ndef p(): ...\n@route("/q", method=["GET", "PUT"])\ndef q(): ...\n',
        [("GET", "/h/<n>", "h"), ("POST", "/p", "p"), ("GET, PUT", "/q", "q")]),
    "Flask: classes of its extensions": (
        'from flask_restx import Namespace\nns = Namespace("cats")\n@ns.route("/<id>")\nclass Cat(Resource): ...\napi.add_resource(Todo, "/t", "/t/<id>")\n',
        [("any", "/<id>", "Cat"), ("any", "/t", "Todo"), ("any", "/t/<id>", "Todo")]),
    "aiohttp: a method before the path": ('from aiohttp import web\napp.router.add_route("POST", "/r", r)\n', [("POST", "/r", "r")]),
    "Sanic: a handler before the path": ('from sanic import Sanic\napp.add_route(handler, "/s")\n', [("any", "/s", "handler")]),
    "BlackSheep": ('from blacksheep import Application, get\n@get("/a")\nasync def a(): ...\n@app.router.post("/b")\nasync def b(): ...\n',
                   [("GET", "/a", "a"), ("POST", "/b", "b")]),
    "Robyn": ('from robyn import Robyn\napp = Robyn(__file__)\n@app.get("/r")\nasync def r(q): ...\n', [("GET", "/r", "r")]),
    "Chalice": ('from chalice import Chalice\n@app.route("/c/{id}", methods=["PUT"])\ndef c(id): ...\n', [("PUT", "/c/{id}", "c")]),
    "Powertools": ('from aws_lambda_powertools.event_handler import APIGatewayRestResolver\nresolver = APIGatewayRestResolver()\n@resolver.get("/t/<id>")\ndef t(id): ...\n'
                   '@logger.inject_lambda_context\ndef handler(e, c): ...\n', [("GET", "/t/<id>", "t")]),
    "Django Ninja": ('from ninja import Router\nevents = Router()\n@events.get("/{id}")\ndef one(request, id: int): ...\n', [("GET", "/{id}", "one")]),
    "Pyramid": (
        'from pyramid.view import view_config\ndef main(config):\n    config.add_route("home", "/")\n    config.add_route("user", "users/{id}", request_method="GET")\n'
        '@view_config(route_name="home", request_method="POST")\ndef home(request): ...\n', [("POST", "/", "home"), ("GET", "/users/{id}", "")]),
    "Masonite": ('from masonite.routes import Route\nROUTES = [Route.get("/u/@id", "Users@show"), Route.group([Route.post("/x", X.make)], prefix="/api")]\n',
                 [("GET", "/u/@id", "Users.show"), ("POST", "/api/x", "X.make")]),
    "Django: lists inside include": (
        'from django.urls import path, re_path\nurlpatterns = [path("v2/", include([path("x/", views.x), path("y/", views.Y.as_view())])), re_path(r"^old/$", views.old)]\n',
        [("any", "/v2/x/", "views.x"), ("any", "/v2/y/", "views.Y"), ("any", "^old/$", "views.old")]),
    "Django REST framework: actions and nested routers": (
        'from rest_framework_nested import routers\nr = routers.SimpleRouter()\nr.register("users", UserViewSet)\nclass UserViewSet(ViewSet):\n    @action(detail=True, methods=["post"])\n'
        '    def activate(self, q, pk): ...\n    @action(detail=False, url_path="new-ones")\n    def recent(self, q): ...\n',
        [("any", "/users/", "UserViewSet"), ("POST", "/{pk}/activate/", "UserViewSet.activate"), ("GET", "/new-ones/", "UserViewSet.recent")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_have_method_path_and_handler(case: str) -> None:
    text, wanted = CASES[case]
    assert [(fact.type, fact.name, fact.target) for fact in facts("python", text, FactKind.ROUTE)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('from fastapi import FastAPI\nfrom .api import items\nfrom .users import router as users_router\napp.include_router(items.router, prefix=f"/v1/items")\napp.include_router(users_router)\n',
         [("/v1/items", "app", "items.router", ".api"), ("", "app", "router", ".users")]),
        ('from flask import Flask\nfrom flask_restful import Api\nbp = Blueprint("a", __name__, url_prefix="/a")\napi = Api(bp, prefix="/v1")\napp.register_blueprint(bp)\n',
         [("/a", "", "bp", ""), ("/v1", "bp", "api", ""), ("", "app", "bp", "")]),
        ('from litestar import Router\nr = Router(path="/api", route_handlers=[Users, items])\n', [("/api", "r", "Users", ""), ("/api", "r", "items", "")]),
        ('from ninja import NinjaAPI\napi.add_router("/ev/", "events.api.router")\n', [("/ev/", "api", "events.api.router", "")]),
        ('from django.urls import include, path\nfrom shop.api import router\nurlpatterns = [path("s/", include(("shop.urls", "shop"), namespace="s")), path("api/", include(router.urls))]\n',
         [("s/", "", "shop.urls", ""), ("api/", "", "router", "shop.api")]),
        ('from rest_framework_nested.routers import NestedSimpleRouter\ng = NestedSimpleRouter(router, "groups", lookup="group")\n', [("groups/{group_pk}/", "router", "g", "")]),
    ],
)  # fmt: skip
def test_a_mounted_router_has_the_module_it_is_from(text: str, wanted: list[tuple[str, str, str, str]]) -> None:
    assert [(fact.name, fact.owner, fact.target, fact.type) for fact in facts("python", text, FactKind.MOUNT)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        '@app.get("/x")\ndef x(): ...\n@action(detail=True)\ndef y(self): ...\n',
        'from bottle import route\nclient.get("/x")\n@cache.route("/y")\ndef y(): ...\n',
        'from rest_framework import x\nadmin.site.register("a", B)\npath("x")\nos.path("x/", y)\n',
        'import pyramid\nrouter.add_route("a", "/b")\n',
        'from flask import g\napp.add_template_filter("/x", y)\nmanager.add_resource(Todo, name)\n',
    ],
)  # fmt: skip
def test_what_only_looks_like_a_route_is_none(text: str) -> None:
    assert facts("python", text, FactKind.ROUTE) == []
