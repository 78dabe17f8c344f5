# ruff: noqa: E501 (a file of a repository a line)
"""A route's path on the page has the prefixes of every router above it, in its file and in others."""

from __future__ import annotations

import re

import pytest

from tests.agents.roles.editor.fact_pages.test_fact_pages import pages_of

_ROUTE = re.compile(r"^\| ([^|]+) \| `([^`]+)` \|", re.MULTILINE)
_GIN = 'import "github.com/gin-gonic/gin"\n'
CASES = {
    "FastAPI: routers under other names": (
        {
            "app/main.py": "from fastapi import FastAPI\nfrom .api import items\nfrom .api.users import router as users_router\nfrom .core import settings\n"
            'app = FastAPI()\napi = APIRouter()\napi.include_router(items.router, prefix="/items")\napi.include_router(users_router)\napp.include_router(api, prefix=settings.API)\n',
            "app/api/__init__.py": "",
            "app/api/items.py": 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.get("/{id}")\ndef one(id): ...\n',
            "app/api/users.py": 'from fastapi import APIRouter\nrouter = APIRouter(prefix="/users")\n@router.post("")\ndef make(): ...\n',
        },
        {("GET", "/${settings.API}/items/{id}"), ("POST", "/${settings.API}/users")},
    ),
    "Flask: a prefix given at registration takes the place of the blueprint's own": (
        {
            "shop/app.py": 'from flask import Flask\nfrom .users.views import bp as users_bp\nfrom .auth import auth_bp\napp = Flask("a")\napp.register_blueprint(users_bp, url_prefix="/people")\napp.register_blueprint(auth_bp)\n',
            "shop/users/views.py": 'from flask import Blueprint\nbp = Blueprint("u", __name__, url_prefix="/users")\n@bp.get("/<id>")\ndef one(id): ...\n',
            "shop/auth.py": 'from flask import Blueprint\nauth_bp = Blueprint("a", __name__, url_prefix="/auth")\n@auth_bp.post("/login")\ndef login(): ...\n',
        },
        {("GET", "/people/<id>"), ("POST", "/auth/login")},
    ),
    "Django: namespaces, routers and actions": (
        {
            "site/urls.py": 'from django.urls import include, path\nfrom shop.api import router\nurlpatterns = [path("shop/", include(("shop.urls", "shop"), namespace="s")), path("api/", include(router.urls))]\n',
            "shop/urls.py": 'from django.urls import path\nurlpatterns = [path("<int:pk>/", views.show)]\n',
            "shop/api.py": 'from rest_framework import routers\nfrom .views import UserViewSet\nrouter = routers.DefaultRouter()\nrouter.register("users", UserViewSet)\n',
            "shop/views.py": 'from rest_framework.decorators import action\nclass UserViewSet(ViewSet):\n    @action(detail=True, methods=["post"])\n    def ban(self, request, pk): ...\n',
        },
        {("any", "/shop/<int:pk>/"), ("any", "/api/users/"), ("POST", "/api/users/{pk}/ban/")},
    ),
    "Express: default and named imports, an index, a require in place": (
        {
            "src/app.ts": "import express from 'express';\nimport routes from './routes';\nconst app = express();\napp.use('/api', routes);\n",
            "src/routes/index.ts": "import { Router } from 'express';\nimport { usersRouter } from './users';\nconst router = Router();\nrouter.use('/users', usersRouter);\nrouter.use('/items', require('./items'));\nexport default router;\n",
            "src/routes/users.ts": "import { Router } from 'express';\nexport const usersRouter = Router();\nexport const other = Router();\nusersRouter.get('/:id', one);\nother.get('/alone', two);\n",
            "src/routes/items.js": "const express = require('express');\nconst router = express.Router();\nrouter.post('/', make);\nmodule.exports = router;\n",
        },
        {("GET", "/api/users/:id"), ("GET", "/alone"), ("POST", "/api/items/")},
    ),
    "gin: a group given to a function of its own package, beside a program at the root": (
        {
            "main.go": "package main\nfunc main() {\n api.Start()\n}\n",
            "api/start.go": f'package api\n{_GIN}func Start() {{\n r := gin.New()\n v1 := r.Group("/v1")\n bindUsers(app, v1)\n}}\n',
            "api/users.go": f'package api\n{_GIN}func bindUsers(app App, rg *gin.RouterGroup) {{\n g := rg.Group("/users")\n g.GET("/:id", get)\n}}\n',
        },
        {("GET", "/v1/users/:id")},
    ),
    "gin: a group given to functions of packages": (
        {
            "main.go": f'package main\n{_GIN}func main() {{\n v1 := r.Group("/v1")\n users.Register(v1)\n items.Register(v1.Group("/items"))\n}}\n',
            "users/routes.go": f'package users\n{_GIN}func Register(rg *gin.RouterGroup) {{\n g := rg.Group("/users")\n g.GET("/:id", get)\n}}\n',
            "items/routes.go": f'package items\n{_GIN}func Register(rg *gin.RouterGroup) {{\n rg.PUT("/:id", put)\n}}\n',
        },
        {("GET", "/v1/users/:id"), ("PUT", "/v1/items/:id")},
    ),
    "axum: functions of modules": (
        {
            "src/main.rs": 'use axum::Router;\nfn main() {\n let api = Router::new().nest("/users", users::router()).nest("/items", routes::items::router(s.clone()));\n let app = Router::new().nest("/api", api);\n}\n',
            "src/users.rs": 'use axum::Router;\npub fn router() -> Router {\n Router::new().route("/{id}", get(one))\n}\n',
            "src/routes/items.rs": 'use axum::Router;\npub fn router(s: S) -> Router {\n let router = Router::new().route("/all", get(all));\n router\n}\n',
        },
        {("GET", "/api/users/{id}"), ("GET", "/api/items/all")},
    ),
    "axum: modules of one name in several folders": (
        {
            "src/main.rs": 'use axum::Router;\nfn main() {\n let app = Router::new().nest("/a", modules::auth::routes::routes()).nest("/b", modules::shop::routes::routes());\n}\n',
            "src/modules/auth/routes.rs": 'use axum::Router;\npub fn routes() -> Router { Router::new().route("/x", get(x)) }\n',
            "src/modules/shop/routes.rs": 'use axum::Router;\npub fn routes() -> Router { Router::new().route("/y", get(y)) }\n',
        },
        {("GET", "/a/x"), ("GET", "/b/y")},
    ),
    "actix-web: configured scopes": (
        {
            "src/main.rs": 'use actix_web::web;\nfn main() { App::new().service(web::scope("/api").configure(users::config)); }\n',
            "src/users.rs": 'use actix_web::{get, web};\n#[get("/{id}")]\nasync fn one() {}\npub fn config(c: &mut C) { c.service(web::scope("/users").service(one)); }\n',
        },
        {("GET", "/api/users/{id}")},
    ),
    "Rocket: a handler mounted twice": (
        {"src/main.rs": 'use rocket::get;\n#[get("/x")]\nfn x() {}\nfn r() { rocket::build().mount("/a", routes![x]).mount("/b", routes![x]) }\n'},
        {("GET", "/a/x"), ("GET", "/b/x")},
    ),
    "ASP.NET: a group given to an extension": (
        {
            "Program.cs": 'app.MapGroup("/todos").MapTodos().WithTags("t");\n',
            "Todos.cs": 'public static class Todos {\n  public static G MapTodos(this G group) {\n    group.MapGet("/{id}", One);\n    return group;\n  }\n}\n',
        },
        {("GET", "/todos/{id}")},
    ),
    "Ktor: a function of routes": (
        {
            "src/App.kt": 'import io.ktor.server.routing.*\nfun Application.m() {\n  routing {\n    route("/api") { users() }\n  }\n}\n',
            "src/Users.kt": 'import io.ktor.server.routing.*\nfun Route.users() {\n  get("/users") { }\n}\n',
        },
        {("GET", "/api/users")},
    ),
    "NestJS: a prefix and versions of the whole program": (
        {
            "apps/a/src/main.ts": "import { NestFactory } from '@nestjs/core';\napp.setGlobalPrefix('api');\napp.enableVersioning({ type: VersioningType.URI });\n",
            "apps/a/src/cats/cats.controller.ts": "import { Controller, Get } from '@nestjs/common';\n@Controller({ path: 'cats', version: '1' })\nexport class C { @Get(':id') one() {} }\n",
            "apps/b/src/dogs.controller.ts": "import { Controller, Get } from '@nestjs/common';\n@Controller({ path: 'dogs', version: '2' })\nexport class D { @Get() all() {} }\n",
        },
        {("GET", "/api/v1/cats/:id"), ("GET", "/dogs")},
    ),
    "JAX-RS: a path of the application": (
        {
            "src/main/java/a/App.java": 'import jakarta.ws.rs.*;\n@ApplicationPath("/api")\npublic class App extends Application {}\n',
            "src/main/java/b/Users.java": 'import jakarta.ws.rs.*;\n@Path("/users")\nclass Users { @GET @Path("{id}") String one() {} }\n',
        },
        {("GET", "/api/users/{id}")},
    ),
    "Laravel: the file of the API": (
        {"routes/api.php": "<?php\nRoute::get('/users', [U::class, 'all']);\n", "routes/web.php": "<?php\nRoute::get('/home', fn () => 1);\n"},
        {("GET", "/api/users"), ("GET", "/home")},
    ),
    "Laravel: another prefix of the API": (
        {"routes/api.php": "<?php\nRoute::get('/users', [U::class, 'all']);\n", "bootstrap/app.php": "<?php\nreturn A::configure()->withRouting(apiPrefix: 'v9')->create();\n"},
        {("GET", "/v9/users")},
    ),
    "Grape: classes mounted on others": (
        {
            "api.rb": "module Shop\n  class API < Grape::API\n    prefix :api\n    mount Shop::Users => '/u'\n  end\nend\n",
            "users.rb": "module Shop\n  class Users < Grape::API\n    get :all do\n    end\n  end\nend\n",
        },
        {("GET", "/api/u/all")},
    ),
    "tRPC: routers in routers": (
        {
            "src/root.ts": "import { initTRPC } from '@trpc/server';\nimport { postRouter } from './post';\nexport const appRouter = createTRPCRouter({ post: postRouter });\n",
            "src/post.ts": "import { createTRPCRouter } from './trpc';\nexport const postRouter = createTRPCRouter({ all: publicProcedure.query(() => 1) });\n",
        },
        {("query", "post.all")},
    ),
    "Vapor: a collection in another file": (
        {
            "Sources/App/routes.swift": "import Vapor\nfunc routes(_ app: Application) throws {\n  let api = app.grouped(\"api\")\n  try api.register(collection: Todos())\n}\n",
            "Sources/App/Todos.swift": "import Vapor\nstruct Todos: RouteCollection {\n  func boot(routes: RoutesBuilder) throws {\n    let todos = routes.grouped(\"todos\")\n    todos.get(use: index)\n  }\n}\n",
        },
        {("GET", "/api/todos/")},
    ),
    "Symfony: files and folders that are imported": (
        {
            "config/routes.yaml": "web:\n    resource: ../src/Controller/\n    type: attribute\napi:\n    resource: { path: ../src/Controller/Api/, namespace: App }\n    prefix: /api\n"
            "more:\n    resource: routes/all.yaml\n    prefix: /more\n",
            "config/routes/all.yaml": "x:\n    resource: routes.php\n    prefix: /deep\n",
            "config/routes/routes.php": "<?php\nuse Symfony\\Component\\Routing\\RouteCollection;\n$all->add('p', new Route('/p'));\n",
            "src/Controller/Home.php": "<?php\nuse Symfony\\Component\\Routing\\Attribute\\Route;\nclass Home {\n #[Route('/home')]\n function h() {}\n}\n",
            "src/Controller/Api/Users.php": "<?php\nuse Symfony\\Component\\Routing\\Attribute\\Route;\nclass Users {\n #[Route('/users')]\n function u() {}\n}\n",
            "config/routing.yml": "y:\n    path: /y\n    defaults: { _controller: 'App\\Y::z' }\n    methods: [GET]\n",
        },
        {("any", "/more/deep/p"), ("any", "/home"), ("any", "/api/users"), ("GET", "/y")},
    ),
    "Ktor: classes of another file": (
        {
            "src/Paths.kt": 'import io.ktor.resources.*\n@Resource("/articles")\nclass Articles {\n  @Resource("{id}")\n  class Id(val parent: Articles = Articles(), val id: Long)\n}\n',
            "src/Routes.kt": "import io.ktor.server.resources.get\nfun Application.m() { routing {\n  get<Articles.Id> { }\n  post<Articles> { }\n  put<Unknown> { }\n} }\n",
        },
        {("GET", "/articles/{id}"), ("POST", "/articles")},
    ),
    "Play: a file of routes in another": (
        {"conf/routes": "GET / controllers.Home.index\n->  /admin admin.Routes\n", "conf/admin.routes": "GET /x controllers.X.show\n"},
        {("GET", "/"), ("GET", "/admin/x")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_path_has_the_prefixes_of_every_router_above_it(case: str) -> None:
    files, wanted = CASES[case]
    assert set(_ROUTE.findall(pages_of(files)["http-api.md"].markdown)) == wanted


def test_routers_that_mount_each_other_end() -> None:
    text = "const express = require('express');\na1.use('/x', router);\nrouter.use('/a', app);\napp.use('/b', router);\nrouter.get('/c', c);\n"
    assert "| GET |" in pages_of({"a.js": text})["http-api.md"].markdown


def test_what_a_summary_says_stands_beside_a_handler_without_words() -> None:
    text = 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/x", summary="Reads an x.")\ndef x(): ...\n'
    assert "| Reads an x. |" in pages_of({"a.py": text})["http-api.md"].markdown
