# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Routes of PHP and Ruby: attributes, comments, files of routes with groups and resources."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

_SYMFONY = "<?php\nuse Symfony\\Component\\Routing\\Annotation\\Route;\n"
_LARAVEL = "<?php\nuse Illuminate\\Support\\Facades\\Route;\n"
CASES = {
    "php Symfony: comments": (
        _SYMFONY + '/**\n * The blog.\n *\n * @Route("/blog", name="blog_")\n */\nclass B {\n /**\n  * Lists.\n  *\n  * @Route("/list/{page}", name="list", methods={"GET","HEAD"})\n  * @IsGranted("X")\n  */\n function list() {}\n'
        ' /** @Route(path="/old", methods="POST") */\n function old() {}\n /**\n  * @Route("/m")\n  * @Method({"PUT"})\n  */\n function m() {}\n}',
        [("GET, HEAD", "/blog/list/{page}", "B.list"), ("POST", "/blog/old", "B.old"), ("PUT", "/blog/m", "B.m")]),
    "php Symfony: a path for each language": (
        _SYMFONY + "class B {\n #[Route(path: ['en' => '/about', 'nl' => '/over'])]\n function a() {}\n /** @Route({\"en\": \"/c\", \"nl\": \"/d\"}) */\n function c() {}\n}",
        [("any", "/about", "B.a"), ("any", "/over", "B.a"), ("any", "/c", "B.c"), ("any", "/d", "B.c")]),
    "php Symfony: several attributes and constants": (
        _SYMFONY + "class B {\n #[Route('/n', methods: [Request::METHOD_GET, 'POST']), IsGranted('X')]\n function n() {}\n}\n#[Route('/i')]\nclass I { function __invoke() {} }",
        [("GET, POST", "/n", "B.n"), ("any", "/i", "I")]),
    "php FOSRestBundle": ("<?php\nuse FOS\\RestBundle\\Controller\\Annotations as Rest;\nclass A { /** @Rest\\Get(\"/f/{id}\") */ function one() {} }", [("GET", "/f/{id}", "A.one")]),
    "php Symfony: a configurator": (
        "<?php\nuse Symfony\\Component\\Routing\\Loader\\Configurator\\RoutingConfigurator;\nreturn static function (RoutingConfigurator $routes): void {\n"
        " $routes->add('list', '/blog')\n  ->controller([BlogController::class, 'list'])\n  ->methods(['GET', 'HEAD'])\n ;\n"
        " $routes->add('b', '/b')->controller(Invoked::class)->add('c', path: '/c')->controller('App\\Controller\\C::d');\n"
        " $routes->collection('x_')->prefix('/x')->add('y', '/y')->methods(['PUT']);\n $routes->add('nothing');\n};",
        [("GET, HEAD", "/blog", "BlogController.list"), ("any", "/b", "Invoked"), ("any", "/c", "C.d"), ("PUT", "/x/y", "")]),
    "php Symfony: a collection": (
        "<?php\nuse Symfony\\Component\\Routing\\Route;\n$all = new RouteCollection();\n"
        "$all->add('a', new Route('/a/{id}', ['_controller' => [A::class, 'one']], [], [], '', [], ['DELETE']));\n"
        "$all->add('b', new Route('/b', methods: ['GET'], defaults: ['_controller' => 'App\\B::two']));\n$names->add('c', 'plain');",
        [("DELETE", "/a/{id}", "A.one"), ("GET", "/b", "B.two")]),
    "php Laravel: groups": (
        _LARAVEL + "Route::group(['prefix' => 'admin', 'middleware' => ['auth']], function () {\n Route::get('dash', 'Dash@index');\n Route::prefix('deep')->group(function () { Route::put('x', Invoke::class); });\n});\n"
        "Route::prefix('v1')->middleware('auth')->controller(Posts::class)->group(function () { Route::patch('/p', 'patch'); });\nRoute::middleware('auth')->prefix('me')->get('/', fn () => 1);",
        [("GET", "/admin/dash", "Dash.index"), ("PUT", "/admin/deep/x", "Invoke"), ("PATCH", "/v1/p", "Posts.patch"), ("GET", "/me", "")]),
    "php Laravel: resources, views and redirects": (
        _LARAVEL + "Route::resources(['a' => A::class, 'b' => B::class]);\nRoute::view('/w', 'welcome');\nRoute::redirect('/here', '/there');\nRoute::singleton('me', Me::class);\n$x = Route::currentRouteName();",
        [("resource", "/a", "A"), ("resource", "/b", "B"), ("GET", "/w", ""), ("any", "/here", ""), ("resource", "/me", "Me")]),
    "php Lumen": ("<?php\n/** @var \\Laravel\\Lumen\\Routing\\Router $router */\n$router->group(['prefix' => 'api'], function () use ($router) { $router->post('x', ['uses' => 'X@y', 'as' => 'x']); });",
                  [("POST", "/api/x", "X.y")]),
    "php Slim: groups in groups": (
        "<?php\nuse Slim\\Factory\\AppFactory;\n$app->group('/v1', function ($group) { $group->group('/u', function ($g) { $g->get('', [U::class, 'all']); $g->map(['PUT', 'PATCH'], '/{id}', U::class . ':put'); }); });",
        [("GET", "/v1/u", "U.all"), ("PUT, PATCH", "/v1/u/{id}", "U.put")]),
    "php CodeIgniter": (
        "<?php\nuse CodeIgniter\\Router\\RouteCollection;\n$routes->get('/', 'Home::index');\n$routes->group('api', ['filter' => 'x'], static function ($routes) { $routes->post('u/(:num)', 'Users::update/$1'); $routes->resource('photos'); });",
        [("GET", "/", "Home.index"), ("POST", "/api/u/(:num)", "Users.update"), ("resource", "/api/photos", "")]),
    "php CakePHP": (
        "<?php\nuse Cake\\Routing\\RouteBuilder;\nreturn function (RouteBuilder $routes) { $routes->scope('/api', function ($b) { $b->connect('/p/*', ['controller' => 'Pages', 'action' => 'show']); $b->resources('Recipes'); }); };",
        [("any", "/api/p/*", "PagesController.show"), ("resource", "/api/recipes", "")]),
    "ruby Rails: modules of controllers": (
        'Rails.application.routes.draw do\n  namespace :admin do\n    root to: "dash#show"\n    resources :users do\n      post :ban, on: :member\n    end\n  end\n  scope "/api", module: "api" do\n    get "ping" => "health#ping"\n  end\n'
        '  scope module: :web do\n    get :hi, controller: :greetings, action: :hello\n  end\n  put "x", to: "admin/x#update"\nend\n',
        [("GET", "/admin", "Admin::DashController.show"), ("resources", "/admin/users", "Admin::UsersController"), ("POST", "/admin/users/:id/ban", "Admin::UsersController.ban"),
         ("GET", "/api/ping", "Api::HealthController.ping"), ("GET", "/hi", "Web::GreetingsController.hello"), ("PUT", "/x", "Admin::XController.update")]),
    "ruby Rails: chosen actions": (
        "Rails.application.routes.draw do\n  resources :things, only: %i[index show], path: 'stuff', param: :slug do\n    resources :parts, only: :create\n  end\n  resource :profile, except: [:new, :edit, :create, :destroy] do\n    get :avatar\n  end\n  resources :a, :b\nend\n",
        [("GET", "/stuff", "ThingsController.index"), ("GET", "/stuff/:slug", "ThingsController.show"), ("POST", "/stuff/:stuff_slug/parts", "PartsController.create"),
         ("GET", "/profile", "ProfilesController.show"), ("PATCH, PUT", "/profile", "ProfilesController.update"), ("GET", "/profile/avatar", "ProfilesController.avatar"),
         ("resources", "/a", "AController"), ("resources", "/b", "BController")]),
    "ruby Rails: concerns": (
        "Rails.application.routes.draw do\n  concern :talked do\n    resources :comments, only: :index\n  end\n  resources :posts, concerns: :talked\n  namespace :x do\n    resources :pages do\n      concerns :talked\n    end\n  end\nend\n",
        [("GET", "/posts/:post_id/comments", "CommentsController.index"), ("GET", "/x/pages/:page_id/comments", "X::CommentsController.index"),
         ("resources", "/posts", "PostsController"), ("resources", "/x/pages", "X::PagesController")]),
    "ruby Rails: what is no controller": (
        'Rails.application.routes.draw do\n  mount Sidekiq::Web => "/jobs"\n  mount Cable.server, at: "/cable"\n  get "/old", to: redirect("/new")\n  get "/rack", to: MyApp\n  match "m", to: "a#b", via: :all\n  match "n", to: "a#c", via: %i[get post]\nend\n',
        [("any", "/jobs", "Sidekiq::Web"), ("any", "/cable", "Cable.server"), ("GET", "/old", ""), ("GET", "/rack", "MyApp"), ("any", "/m", "AController.b"), ("GET, POST", "/n", "AController.c")]),
    "ruby Rails: a block of a controller": (
        'Rails.application.routes.draw do\n  controller :sessions do\n    get "login" => :new\n  end\n  get "users/settings"\nend\n',
        [("GET", "/login", "SessionsController.new"), ("GET", "/users/settings", "UsersController.settings")]),
    "ruby Sinatra: namespaces": ("require 'sinatra/namespace'\nnamespace '/api' do\n  patch '/x' do\n  end\nend\n", [("PATCH", "/api/x", "")]),
    "ruby Hanami": ('class Routes < Hanami::Routes\n  root to: "home.index"\n  slice :admin, at: "/admin" do\n    get "/x", to: "x.index"\n  end\nend\n', [("GET", "/", "home.index"), ("GET", "/admin/x", "x.index")]),
    "ruby Grape": (
        "class API < Grape::API\n  resource :users do\n    desc 'All.'\n    get :all do\n    end\n    route_param :id do\n      put do\n      end\n    end\n    route [:get, :post], 'many' do\n    end\n  end\nend\n",
        [("GET", "/users/all", ""), ("PUT", "/users/:id", ""), ("GET, POST", "/users/many", "")]),
    "ruby Roda": ('class App < Roda\n  route do |r|\n    r.on "users", Integer do\n      r.get "posts" do\n      end\n    end\n  end\nend\n', [("GET", "/users/:integer/posts", "")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_have_method_path_and_handler(case: str) -> None:
    text, wanted = CASES[case]
    read = facts(case.split()[0], text, FactKind.ROUTE)
    assert [(fact.type, fact.name, fact.target) for fact in read] == wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("php", _LARAVEL + "Route::middleware('api')->prefix('api')->group(base_path('routes/api.php'));", [("api", "", "routes/api.php")]),
        ("php", "<?php\nuse Symfony\\Component\\Routing\\Loader\\Configurator\\RoutingConfigurator;\nreturn function (RoutingConfigurator $routes) {\n $routes->import('../src/Api/', 'attribute')->prefix('/v1');\n"
         " $routes->import(['path' => '../src/Web', 'namespace' => 'App\\Web'], 'attribute');\n};", [("/v1", "", "../src/Api/"), ("", "", "../src/Web")]),
        ("php", "<?php\nreturn Application::configure()->withRouting(api: __DIR__.'/../routes/api.php', apiPrefix: 'v9')->create();", [("v9", "", "routes/api.php")]),
        ("ruby", "module Shop\n  class API < Grape::API\n    version 'v1', using: :path\n    prefix :api\n    mount Shop::Other => '/other'\n    mount Users\n  end\nend\n",
         [("/api/v1", "", "Shop.API"), ("/other", "Shop.API", "Shop.Other"), ("", "Shop.API", "Users")]),
    ],
)  # fmt: skip
def test_a_router_is_mounted_under_its_prefix(language: str, text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert [
        (fact.name.rstrip("/"), fact.owner, fact.target) for fact in facts(language, text, FactKind.MOUNT)
    ] == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("php", '<?php\nclass A { /** @Route("/x") */ function a() {} }\n$app->get("/y", A::class);'),
        ("php", "<?php\nuse Slim\\Http\\Client;\n$client->get('/x', $options);\n$cache->get('/y', 1);"),
        ("php", "<?php\n$routes->add('x', '/x')->controller([A::class, 'b']);\n$list->add('y', new Route('/y'));"),
        ("php", "<?php\nuse Symfony\\Component\\Routing\\RouterInterface;\n$names->add('y');\n$menu->add('y', $child);"),
        ("ruby", "resources :users\nget '/x', to: 'a#b'\n"),
        ("ruby", "class A < Grape::API\n  client.get '/x'\nend\nclass B\n  include Roda\n  def x\n    r.get '/y'\n  end\nend\n"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_route_is_none(language: str, text: str) -> None:
    assert facts(language, text, FactKind.ROUTE) == []
