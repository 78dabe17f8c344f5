"""Pages of facts: each lists one kind of thing, and exists only where there is something to list. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from agents.contracts.draft import Page
from agents.roles.editor.architecture import ARCHITECTURE
from agents.roles.editor.fact_pages.commands import commands
from agents.roles.editor.fact_pages.configuration import configuration
from agents.roles.editor.fact_pages.data_model import data_model
from agents.roles.editor.fact_pages.extension_points import extension_points
from agents.roles.editor.fact_pages.getting_started import getting_started
from agents.roles.editor.fact_pages.http_api import http_api
from agents.roles.editor.fact_pages.infrastructure import infrastructure_page
from agents.roles.editor.fact_pages.public_api import public_api
from agents.roles.editor.fact_pages.tests_page import tests_page
from agents.roles.editor.material import Material

_PAGES = (public_api, commands, configuration, http_api, data_model, infrastructure_page, extension_points, tests_page)


def fact_pages(material: Material) -> Iterator[Page]:
    """The pages that have something to say, in the order of the navigation."""
    pages = [page for page_of in _PAGES if (page := page_of(material)) is not None]
    first = getting_started(material, {page.path for page in pages} | {ARCHITECTURE})
    yield from [first, *pages] if first is not None else pages
