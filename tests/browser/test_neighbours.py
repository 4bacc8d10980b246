"""What stands around the plugin: other plugins that get in its way, and a reverse proxy in front of OctoPrint."""

import re
from contextlib import contextmanager

import pytest
from babel.messages.catalog import Catalog
from playwright.sync_api import expect

from scripts.translations import TEMPLATE, read
from tests.harness.catalogs import files_of
from tests.harness.client import PLUGIN
from tests.harness.logs import failures
from tests.harness.nginx import Nginx
from tests.harness.placements import (
    BADGE,
    BAR_HEIGHT,
    CLOCKS,
    LONG_AGO,
    SETTINGS,
    TAB,
    answer_with,
    open_settings,
    open_tab,
    save_settings,
    visible_clocks,
)

# OctoPrint takes its template and its script where there are such files.
NEIGHBOUR = """
import octoprint.plugin

__plugin_name__ = "Neighbour"
__plugin_pythoncompat__ = ">=3.9,<4"


class Neighbour(octoprint.plugin.AssetPlugin, octoprint.plugin.TemplatePlugin):
    def get_assets(self):
        return {"js": ["js/neighbour.js"]}


__plugin_implementation__ = Neighbour()
"""

NEIGHBOURS_ITEM = "#navbar_plugin_neighbour a"

# Whatever OctoPrint calls, and at last as it is loaded.
THROW = 'throw new Error("the neighbour throws");'
THROWS = f"""
$(function () {{ {THROW} }});
OCTOPRINT_VIEWMODELS.push({{construct: function () {{ {THROW} }}}});
OCTOPRINT_VIEWMODELS.push({{
    construct: function () {{
        this.onBeforeBinding = this.onStartupComplete = this.onAfterTabChange = function () {{ {THROW} }};
    }},
}});
{THROW}
"""

SECONDS = 5 * 3600 + 22 * 60  # in Polish two plurals: that of 5 and that of 22
MESSAGES = [message.id for message in read(TEMPLATE) if message.id]

# What somebody else makes of a message of ours: the message as it stands there, and its translation.
COLLISIONS = {
    "de": lambda message: (message, f"Neighbour: {message}"),
    "fr": lambda message: ((message, message), ("Neighbour", "Neighbours")),
    "sv": lambda message: (message, f"Neighbour: {message.replace('%(', '%(no_')}"),
}
SPELLED = {"de": "5 Std. 22 Min.", "fr": "5h 22min", "sv": "5h 22m"}


def catalogs(locale, translations):
    """The catalogs of a language, as files of a plugin or of a language pack."""
    catalog = Catalog(locale=locale)
    for message, translation in translations:
        catalog.add(message, translation)
    return {f"translations/{path}": content for path, content in files_of(catalog).items()}


@contextmanager
def server_beside(make_server, neighbour, **options):
    """A server that has a plugin of these files, too; at the end, nothing of ours went wrong in it."""
    neighbour = {"__init__.py": NEIGHBOUR, **neighbour}
    server = make_server(plugins={f"neighbour/{path}": content for path, content in neighbour.items()}, **options)
    yield server
    assert failures(server.log()) == []
    server.stop()


@pytest.fixture(scope="module")
def translating_server(make_server):
    """A plugin's translations come before ours, those of a language pack after."""
    theirs = {}
    for locale, collide in COLLISIONS.items():
        theirs.update(catalogs(locale, map(collide, MESSAGES)))
    with server_beside(make_server, theirs, files=theirs) as server:
        yield server


def test_a_plugin_without_our_languages_does_not_break_their_plurals(translating_server, open_page):
    """Its lack of Polish makes OctoPrint forget the Polish plurals."""
    page = open_page(locale="pl", on=translating_server, before=answer_with(seconds=SECONDS))
    open_tab(page)

    expect(page.locator(f"{TAB} .lead").first).to_contain_text("5 godzin 22 minuty")
    expect(page.locator(TAB)).to_contain_text("Połączenie z drukarką")


@pytest.mark.parametrize("locale", COLLISIONS)
def test_others_who_translate_our_messages_do_not_stop_the_clocks(translating_server, open_page, locale):
    page = open_page(locale=locale, on=translating_server, before=answer_with(seconds=SECONDS))

    expect(page.locator(f"{CLOCKS} bdi").first).to_contain_text(SPELLED[locale])
    expect(page.locator(BADGE)).to_have_attribute("title", re.compile("Neighbour"))
    open_tab(page)
    expect(page.locator(f"{TAB} .octoprint-uptime-card")).to_have_count(3)
    open_settings(page)
    expect(page.locator(f"{SETTINGS} select option")).to_have_count(5)


@pytest.fixture(scope="module")
def crowded_server(make_server):
    item = '<a href="#">The neighbour</a>'
    with server_beside(
        make_server, {"static/js/neighbour.js": THROWS, "templates/neighbour_navbar.jinja2": item}
    ) as server:
        yield server


def test_a_plugin_whose_script_throws_does_not_stop_ours(crowded_server, open_page):
    page = open_page(on=crowded_server)

    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    expect(page.locator(f"{TAB} .lead bdi").first).to_have_text(re.compile(r"\d"))
    assert {"the neighbour throws" in error for error in page.errors} == {True}
    page.errors.clear()


def test_the_badge_and_another_plugins_item_stand_side_by_side(crowded_server, open_page):
    for width in (1280, 1024):
        page = open_page(on=crowded_server, width=width, before=answer_with(**LONG_AGO))
        page.errors.clear()
        expect(visible_clocks(page).first).to_be_visible()
        expect(page.locator(NEIGHBOURS_ITEM)).to_be_visible()
        boxes = [page.locator(item).bounding_box() for item in (BADGE, NEIGHBOURS_ITEM)]
        left, right = sorted(boxes, key=lambda box: box["x"])
        with_badge = page.evaluate(BAR_HEIGHT)
        page.evaluate(f"$('{BADGE}').hide()")

        assert page.evaluate(BAR_HEIGHT) == with_badge
        assert (left["y"], left["height"]) == (right["y"], right["height"])
        assert left["x"] + left["width"] <= right["x"]


@pytest.mark.thorough  # the addresses are OctoPrint's
class TestBehindAProxy:
    @pytest.fixture
    def proxy(self, server, tmp_path):
        """nginx, which serves OctoPrint below /printer1/."""
        proxy = Nginx(server, "/printer1", tmp_path)
        proxy.start()
        yield proxy
        proxy.stop()

    def test_everything_works_below_its_prefix(self, proxy, open_page, client):
        asked = []
        page = open_page(on=proxy, before=lambda page: page.on("request", lambda request: asked.append(request.url)))
        expect(page.locator(BADGE)).to_be_visible()

        open_tab(page)
        open_settings(page)
        page.locator(f"{SETTINGS} select").select_option("dhm")
        save_settings(page)

        expect(page.locator(f"{CLOCKS} bdi").first).to_have_text(re.compile(r"\dm$"))
        assert client("admin").settings()["display_format"] == "dhm"
        assert [url for url in asked if PLUGIN in url]
        assert [url for url in asked if not url.startswith((proxy.url, "data:"))] == []

    def test_changes_made_elsewhere_arrive_through_the_websocket(self, proxy, open_page, client):
        sockets = []
        page = open_page(on=proxy, before=lambda page: page.on("websocket", lambda socket: sockets.append(socket)))
        expect(page.locator(BADGE)).to_be_visible()

        client("admin").save({"display_format": "dhm"})

        expect(page.locator(f"{CLOCKS} bdi").first).to_have_text(re.compile(r"\dm$"))
        assert [socket.url for socket in sockets if "/printer1/sockjs/" in socket.url and not socket.is_closed()]

    def test_after_an_interruption_it_asks_anew(self, proxy, open_page):
        page = open_page(on=proxy)
        expect(page.locator(BADGE)).to_be_visible()

        proxy.stop()
        expect(page.locator("#offline_overlay")).to_be_visible()
        with page.expect_response(lambda answer: PLUGIN in answer.url) as answer:
            proxy.start()

        assert answer.value.status == 200
        expect(page.locator("#offline_overlay")).to_be_hidden()
        page.errors.clear()  # the browser reports each lost connection
