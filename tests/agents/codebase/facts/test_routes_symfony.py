"""Routes that YAML configures for Symfony and Drupal are read with their paths, methods and controllers."""

from __future__ import annotations

import pytest

from agents.codebase.facts.routes.symfony_yaml import is_symfony_yaml, symfony_yaml_routes
from agents.contracts.facts import FactKind

_ROUTES = """
# What people see.
blog_list:
    path: /blog
    controller: App\\Controller\\BlogController::list
    methods: [GET, HEAD]

old:
    path: /old/{page}
    defaults: { _controller: 'App\\Controller\\OldController::show', page: 1 }
    methods: 'post|put'
about:
    path:
        en: /about
        nl: /over
    controller: App\\Controller\\About
service:
    pattern: /service
    defaults:
        _controller: app.service:run
login:
    path: /login
web:
    resource: '../src/Controller/'
    type: attribute
    prefix: /api
bundle:
    resource: "@Other/Resources/config/routing.xml"
when@dev:
    _errors:
        path: /_error
        controller: App\\Errors
"""
_DRUPAL = """
shop.content:
  path: '/shop'
  defaults:
    _controller: '\\Drupal\\shop\\Controller\\Shop::content'
    _title: 'The shop'
  methods: [GET]
  requirements:
    _permission: 'access content'
shop.settings:
  path: '/admin/shop'
  defaults: { _form: '\\Drupal\\shop\\Form\\Settings' }
"""


def rows(path: str, text: str, kind: FactKind) -> list[tuple[str, str, str]]:
    return [(fact.type, fact.name, fact.target) for fact in symfony_yaml_routes(path, text) if fact.kind is kind]


def test_a_route_has_its_path_its_methods_and_its_controller() -> None:
    assert rows("config/routes.yaml", _ROUTES, FactKind.ROUTE) == [
        ("GET, HEAD", "/blog", "BlogController.list"),
        ("POST, PUT", "/old/{page}", "OldController.show"),
        ("any", "/about", "About"),
        ("any", "/over", "About"),
        ("any", "/service", ""),
        ("any", "/login", ""),
    ]


def test_a_route_stands_on_its_lines() -> None:
    route = next(iter(symfony_yaml_routes("config/routes.yaml", _ROUTES)))
    assert (route.lines.start, route.lines.end, route.source) == (3, 6, "Symfony")


def test_what_is_imported_is_mounted_under_its_prefix() -> None:
    mounts = rows("config/routes.yaml", _ROUTES, FactKind.MOUNT)
    assert mounts == [
        ("", "/api", "../src/Controller/"),
        ("", "", "@Other/Resources/config/routing.xml"),
    ]


def test_a_module_of_drupal_has_routes() -> None:
    facts = list(symfony_yaml_routes("shop/shop.routing.yml", _DRUPAL))

    assert [(fact.type, fact.name, fact.target, fact.text) for fact in facts] == [
        ("GET", "/shop", "Shop.content", "The shop"),
        ("any", "/admin/shop", "Settings", ""),
    ]
    assert {fact.source for fact in facts} == {"Drupal"}


@pytest.mark.parametrize(
    "text",
    [
        "files:\n  path: /var/files\n",
        "http:\n  routers:\n    a:\n      controller: x\n      path: /x\n",
        "- path: /x\n  controller: A::b\n",
        "a: {path: [",
        "a: 1\n",
    ],
)
def test_other_yaml_has_no_routes(text: str) -> None:
    assert list(symfony_yaml_routes("config/routes.yaml", text)) == []


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("config/routes.yaml", True),
        ("config/routes/api.yaml", True),
        ("src/Resources/config/routing.yml", True),
        ("src/Resources/config/routing/admin.yml", True),
        ("app/config/routing_dev.yml", True),
        ("modules/shop/shop.routing.yml", True),
        ("config/services.yaml", False),
        ("config/myroutes.yaml", False),
        ("config/routes.xml", False),
    ],
)
def test_files_of_routes_are_known_by_their_names(path: str, wanted: bool) -> None:
    assert is_symfony_yaml(path) is wanted
