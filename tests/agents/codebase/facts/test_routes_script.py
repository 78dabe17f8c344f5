# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Routes of JavaScript and TypeScript: routers' methods, decorated classes, objects, procedures."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

_EXPRESS = "import express, { Router } from 'express';\n"
CASES = {
    "typescript Express: chains on a router of another name": (
        _EXPRESS + "const users = Router();\nusers.route('/:id').all(check).get(show).put(update);\n",
        [("GET", "/:id", "show"), ("PUT", "/:id", "update")]),
    "typescript Express: several paths": (_EXPRESS + "app.get(['/a', '/b'], list);\n", [("GET", "/a", "list"), ("GET", "/b", "list")]),
    "typescript Express: paths with names in them": (
        _EXPRESS + "const V1 = '/v1';\napp.get(`${V1}/a`, a);\napp.put(`${this.path}/b`, b);\napp.post(API + '/c', c);\napp.patch(ROUTES.D, d);\napp.delete(path, e);\n",
        [("GET", "/v1/a", "a"), ("PUT", "${this.path}/b", "b"), ("POST", "${API}/c", "c"), ("PATCH", "${ROUTES.D}", "d")]),
    "typescript Express: handlers in what wraps them": (
        _EXPRESS + "app.get<P>('/a', wrap(users.all));\napp.get('/b', c.get.bind(c));\napp.get('/c', wrap(async (q, s) => 1));\napp.get('/d', makeHandler());\n",
        [("GET", "/a", "users.all"), ("GET", "/b", "c.get"), ("GET", "/c", ""), ("GET", "/d", "makeHandler")]),
    "javascript Express: a router inside a call": (
        "const express = require('express');\napp.use('/deep', express.Router().get('/w', w));\n", [("GET", "/deep/w", "w")]),
    "javascript Express: a file that is given the application": (
        "module.exports = function (app) {\n  app.route('/api/a').get(a.list).post(a.create);\n};\n",
        [("GET", "/api/a", "a.list"), ("POST", "/api/a", "a.create")]),
    "typescript a client that is awaited": (_EXPRESS + "const users = await api.post('/users', data);\n", []),
    "tsx Hono": ("import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/', (c) => c.html(<p />));\n", [("GET", "/", "")]),
    "typescript Hono and OpenAPI": (
        "import { OpenAPIHono, createRoute } from '@hono/zod-openapi';\nconst one = createRoute({ method: 'get', path: '/u/{id}' });\napp.openapi(one, show);\n",
        [("GET", "/u/{id}", "show")]),
    "typescript Fastify: a plugin": (
        "import { FastifyPluginAsync } from 'fastify';\nexport default async function (instance, opts) {\n  instance.get<{ Params: P }>('/x/:id', opts, one);\n"
        "  instance.post('/y', { schema, handler: two });\n}\n", [("GET", "/x/:id", "one"), ("POST", "/y", "two")]),
    "javascript Fastify: a plugin inside a call": (
        "const fastify = require('fastify')();\nfastify.register(async (f) => { f.get('/x', h); }, { prefix: '/v1' });\n", [("GET", "/v1/x", "h")]),
    "typescript Elysia: groups and options": (
        "import { Elysia } from 'elysia';\nnew Elysia({ prefix: '/api' }).group('/v1', (app) => app.get('/a', a)).post('/b', b, { body: t.Object({}) }).ws('/ws', { message() {} });\n",
        [("GET", "/api/v1/a", "a"), ("POST", "/api/b", "b"), ("WEBSOCKET", "/api/ws", "")]),
    "javascript Koa: a route with a name": (
        "const Router = require('@koa/router');\nconst router = new Router();\nrouter.get('user', '/u/:id', show);\n", [("GET", "/u/:id", "show")]),
    "javascript itty-router": (
        "import { AutoRouter } from 'itty-router'\nconst router = AutoRouter()\nrouter.get('/t/:id', withParams, one).all('*', () => error(404))\n",
        [("GET", "/t/:id", "one"), ("any", "*", "")]),
    "typescript h3": ("import { createRouter } from 'h3'\nconst r = createRouter().get('/a', eventHandler(list))\n", [("GET", "/a", "list")]),
    "javascript hapi": (
        "const Hapi = require('@hapi/hapi');\nserver.route({ method: 'GET', path: '/', handler: home });\n"
        "server.route([{ method: ['PUT', 'POST'], path: '/x', options: { handler: users.x } }, { method: '*', path: '/{p*}', handler: () => 1 }]);\n",
        [("GET", "/", "home"), ("PUT, POST", "/x", "users.x"), ("any", "/{p*}", "")]),
    "javascript hapi: a file of routes that a server is given": (
        "module.exports = (server) => [{ method: 'GET', path: '/user', config: { auth: 'jwt', tags: ['api'] }, handler: handlers.get }];\n",
        [("GET", "/user", "handlers.get")]),
    "javascript Strapi": (
        "module.exports = { routes: [{ method: 'GET', path: '/shops/:id', handler: 'api::shop.shop.findOne' }] };\n",
        [("GET", "/shops/:id", "shop.shop.findOne")]),
    "typescript NestJS: an object, versions and events": (
        "import { Controller, Get, Sse, Version } from '@nestjs/common';\n@Controller({ path: 'cats', version: '1' })\nexport class C {\n  @Get(':id') one() {}\n  @Sse('events') events() {}\n}\n",
        [("GET", "/cats/:id", "C.one"), ("GET", "/cats/events", "C.events")]),
    "typescript NestJS: several prefixes": (
        "import { Controller } from '@nestjs/common';\n@Controller(['x', 'y'])\nexport class D { @All('*') all() {} }\n@Controller(PATH)\nexport class E { @Get(`${P}/z`) z() {} }\n",
        [("any", "/x/*", "D.all"), ("any", "/y/*", "D.all"), ("GET", "/${PATH}/${P}/z", "E.z")]),
    "typescript tRPC": (
        "import { initTRPC } from '@trpc/server';\nexport const appRouter = t.router({\n  list: t.procedure.query(list),\n  add: t.procedure.input(z.object({})).mutation(async () => 1),\n"
        "  inner: t.router({ on: t.procedure.subscription(() => {}) }),\n});\n",
        [("query", "list", "list"), ("mutation", "add", ""), ("subscription", "inner.on", "")]),
    "typescript React Router": (
        "import { index, prefix, route } from '@react-router/dev/routes';\nexport default [index('./home.tsx'), route('about', './about.tsx'),\n"
        "  ...prefix('concerts', [index('./c.tsx'), route(':city', './city.tsx', [route('edit', './edit.tsx')])])];\n",
        [("GET", "/", ""), ("GET", "/about", ""), ("GET", "/concerts", ""), ("GET", "/concerts/:city", ""), ("GET", "/concerts/:city/edit", "")]),
    "typescript AdonisJS": (
        "import router from '@adonisjs/core/services/router'\nrouter.get('/users', [UsersController, 'index'])\n"
        "router.group(() => {\n  router.post('p', 'PostsController.store').prefix('/x')\n  router.resource('c', CController).apiOnly()\n}).prefix('/api').use(auth())\n",
        [("GET", "/users", "UsersController.index"), ("POST", "/api/x/p", "PostsController.store"), ("resource", "/api/c", "CController")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_have_method_path_and_handler(case: str) -> None:
    text, wanted = CASES[case]
    read = facts(case.split()[0], text, FactKind.ROUTE)
    assert [(fact.type, fact.name, fact.target) for fact in read] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (_EXPRESS + "import users from './users';\nimport { items as things } from './lib/items';\napp.use('/u', auth, users);\napp.use(things);\napp.use(cors());\n",
         [("/u", "app", "users", "./users"), ("", "app", "items", "./lib/items")]),
        (_EXPRESS + "const { a: b } = require('./a');\napp.use('/x', require('./routes/x').default);\napp.use('/b', b);\napp.use('/y', require('./y/index.js'));\n",
         [("/x", "app", "x", "./routes/x"), ("/b", "app", "a", "./a"), ("/y", "app", "y", "./y/index.js")]),
        ("const Router = require('@koa/router');\nconst api = new Router();\nrouter.use('/api', api.routes(), api.allowedMethods());\napi.prefix('/v1');\n",
         [("/api", "router", "api", ""), ("/v1", "", "api", "")]),
        ("import Fastify from 'fastify';\nconst app = Fastify();\nawait app.register(users, { prefix: '/users' });\nawait app.register(import('./x.js'), { prefix: '/x' });\n",
         [("/users", "app", "users", ""), ("/x", "app", "x", "./x.js")]),
        ("import { initTRPC } from '@trpc/server';\nimport { postRouter } from './post';\nexport const appRouter = createTRPCRouter({ post: postRouter });\n",
         [("post", "appRouter", "postRouter", "./post")]),
        ("import { AutoRouter } from 'itty-router'\nconst router = AutoRouter({ base: '/api' })\n", [("/api", "", "router", "")]),
        ("import { NestFactory } from '@nestjs/core';\napp.setGlobalPrefix('api');\napp.enableVersioning({ type: VersioningType.URI });\n",
         [("api", "", "*", ""), ("v", "", "* with a version", "")]),
        ("import { NestFactory } from '@nestjs/core';\napp.enableVersioning({ type: VersioningType.HEADER, header: 'v' });\n", []),
    ],
)  # fmt: skip
def test_a_mounted_router_has_the_module_it_is_from(text: str, wanted: list[tuple[str, str, str, str]]) -> None:
    assert [
        (fact.name, fact.owner, fact.target, fact.type) for fact in facts("typescript", text, FactKind.MOUNT)
    ] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "app.get('/x', handler);\nrouter.post('/y', save);\n",
        "// regular expressions\napp.get('/x', handler);\n",
        "module.exports = { method: 'GET', path: '/x', handler: run };\n",
        "const t = i18n.router({ a: b.query(c) });\n",
        _EXPRESS + "import { api } from './client';\nexport const all = async () => await api.get('/users', options);\n",
        "import { hapi } from 'joi';\nconst o = { method: 'GET', path: file, handler: x };\n",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_route_is_none(text: str) -> None:
    assert facts("typescript", text, FactKind.ROUTE) == []
