# ruff: noqa: E501 (a line of a router a line)
"""Routes that frameworks take from the names of files, and those of Phoenix, which only a router's lines tell."""

from __future__ import annotations

import pytest

from agents.codebase.facts.routes.phoenix import phoenix_routes
from agents.codebase.facts.routes.routed_files import routes_of_files
from agents.codebase.structure.reader import TreeSitterReader
from agents.roles.scanner.languages import language_of

_HANDLERS = "export const GET = async () => {};\nexport function POST() {}\nfunction PUT() {}\n"
CASES = {
    "next": (
        {
            "app/page.tsx": "",
            "app/(shop)/items/[id]/page.tsx": "",
            "src/app/api/items/route.ts": _HANDLERS,
            "app/@modal/(.)photo/page.tsx": "",
            "app/_parts/page.tsx": "",
            "app/items/layout.tsx": "",
            "pages/index.jsx": "",
            "pages/_app.jsx": "",
            "pages/blog/[...slug].tsx": "",
            "pages/api/users/index.ts": "",
        },
        {
            ("GET", "/"),
            ("GET", "/items/[id]"),
            ("GET", "/api/items"),
            ("POST", "/api/items"),
            ("GET", "/blog/[...slug]"),
            ("any", "/api/users"),
        },
    ),
    "@sveltejs/kit": (
        {
            "src/routes/+page.svelte": "",
            "src/routes/(app)/u/[id]/+page.svelte": "",
            "src/routes/api/+server.ts": _HANDLERS,
            "src/routes/+layout.svelte": "",
        },
        {("GET", "/"), ("GET", "/u/[id]"), ("GET", "/api"), ("POST", "/api")},
    ),
    "@solidjs/start": (
        {
            "src/routes/index.tsx": "",
            "src/routes/(app)/u/[id].tsx": "",
            "src/routes/api/items.ts": _HANDLERS,
            "src/entry-client.tsx": "",
        },
        {("GET", "/"), ("GET", "/u/[id]"), ("GET", "/api/items"), ("POST", "/api/items")},
    ),
    "@remix-run/react": (
        {
            "app/routes/_index.tsx": "",
            "app/routes/concerts.$city_.edit.tsx": "export const action = async () => {};\n",
            "app/routes/_auth.login.tsx": "export const loader = 1;\nexport async function action() {}\n",
            "app/routes/sitemap[.]xml.ts": "export const loader = async () => {};\n",
            "app/routes/($lang).about/route.tsx": "",
            "app/routes/files.$/parts.tsx": "",
            "app/routes/files.$.tsx": "",
            "app/root.tsx": "",
        },
        {
            ("GET", "/"),
            ("any", "/concerts/:city/edit"),
            ("GET", "/login"),
            ("any", "/login"),
            ("GET", "/sitemap.xml"),
            ("GET", "/:lang?/about"),
            ("GET", "/files/*"),
        },
    ),
    "nuxt": (
        {
            "server/api/users/[id].get.ts": "",
            "server/api/users.ts": "",
            "server/routes/feed.ts": "",
            "pages/about/index.vue": "",
        },
        {("GET", "/api/users/[id]"), ("any", "/api/users"), ("any", "/feed"), ("GET", "/about")},
    ),
    "astro": (
        {
            "src/pages/index.astro": "",
            "src/pages/b/[p].md": "",
            "src/pages/data.json.ts": _HANDLERS,
            "src/pages/all.ts": "export const ALL = () => 1;\n",
        },
        {("GET", "/"), ("GET", "/b/[p]"), ("GET", "/data.json"), ("POST", "/data.json"), ("any", "/all")},
    ),
}


def routes(files: dict[str, str]) -> set[tuple[str, str]]:
    reader = TreeSitterReader()
    structures = {path: reader.read(path, language_of(path, text), text) for path, text in files.items()}
    return {(fact.type, fact.name) for _, fact in routes_of_files(structures, files.__getitem__)}


@pytest.mark.parametrize("package", CASES)
@pytest.mark.parametrize("folder", ["", "apps/web/"])
def test_files_are_routes_of_the_framework_that_their_package_names(package: str, folder: str) -> None:
    files, wanted = CASES[package]
    manifest = {f"{folder}package.json": f'{{"dependencies": {{"{package}": "1"}}}}'}
    assert routes({**manifest, **{folder + path: text for path, text in files.items()}}) == wanted


def test_files_of_another_framework_or_of_none_are_no_routes() -> None:
    files = CASES["next"][0]
    assert routes(files) == set()
    assert routes({"package.json": '{"dependencies": {"react": "1", "next-themes": "1"}}', **files}) == set()
    assert routes({"apps/web/package.json": '{"dependencies": {"next": "1"}}', **files}) == set()


def test_a_handler_of_a_file_is_its_symbol_with_its_lines() -> None:
    text = {"package.json": '{"next": "1"}', "app/x/route.ts": "\n\n" + _HANDLERS}
    reader = TreeSitterReader()
    structures = {path: reader.read(path, language_of(path, words), words) for path, words in text.items()}
    facts = [fact for _, fact in routes_of_files(structures, text.__getitem__)]
    assert [(fact.target, fact.lines.start) for fact in facts] == [("GET", 3), ("POST", 4)]


def test_a_router_of_phoenix_has_routes_below_its_scopes() -> None:
    text = (
        "defmodule ShopWeb.Router do\n  use Phoenix.Router\n\n  pipeline :api do\n    plug :accepts\n  end\n\n"
        '  scope "/api", ShopWeb do\n    pipe_through :api\n    get "/items/:id", ItemController, :show\n'
        '    resources "/users", UserController do\n      post "/ban", BanController, :create\n    end\n  end\n\n'
        '  scope "/" do\n    live "/live", HomeLive, :index\n    forward "/jobs", JobsPlug # get "/x", X, :y\n  end\nend\n'
    )
    assert [(fact.type, fact.name, fact.target, fact.lines.start) for fact in phoenix_routes(text)] == [
        ("GET", "/api/items/:id", "ShopWeb.ItemController.show", 10),
        ("resources", "/api/users", "ShopWeb.UserController", 11),
        ("POST", "/api/users/:user_id/ban", "ShopWeb.BanController.create", 12),
        ("GET", "/live", "HomeLive.index", 17),
        ("any", "/jobs", "JobsPlug", 18),
    ]
    assert list(phoenix_routes('get "/x", X, :y\n')) == []


def test_a_router_of_phoenix_has_chosen_actions_long_calls_and_plain_modules() -> None:
    text = (
        "defmodule ShopWeb.Router do\n  use ShopWeb, :router\n"
        '  scope "/", ShopWeb do\n    resources "/posts", PostController, only: [:index, :show] do\n'
        '      resources "/notes", NoteController, except: ~w(new edit delete)a, param: "slug"\n    end\n'
        '    resources "/me", MeController, only: [:show], singleton: true\n'
        '    live_session :x, on_mount: [A] do\n      live "/in", InLive\n    end\n'
        '    post "/long",\n      LongController,\n      :create\n    match :*, "/star", StarController, :star\n'
        '    scope "/v1", alias: false do\n      delete("/d", DController, :delete)\n    end\n  end\n'
        '  scope "/dev" do\n    live_dashboard "/dashboard", metrics: T\n  end\nend\n'
    )
    assert [(fact.type, fact.name, fact.target) for fact in phoenix_routes(text)] == [
        ("GET", "/posts", "ShopWeb.PostController.index"),
        ("GET", "/posts/:id", "ShopWeb.PostController.show"),
        ("GET", "/posts/:post_id/notes", "ShopWeb.NoteController.index"),
        ("POST", "/posts/:post_id/notes", "ShopWeb.NoteController.create"),
        ("GET", "/posts/:post_id/notes/:slug", "ShopWeb.NoteController.show"),
        ("PATCH, PUT", "/posts/:post_id/notes/:slug", "ShopWeb.NoteController.update"),
        ("GET", "/me", "ShopWeb.MeController.show"),
        ("GET", "/in", "ShopWeb.InLive"),
        ("POST", "/long", "ShopWeb.LongController.create"),
        ("any", "/star", "ShopWeb.StarController.star"),
        ("DELETE", "/v1/d", "DController.delete"),
        ("GET", "/dev/dashboard", "live_dashboard"),
    ]
