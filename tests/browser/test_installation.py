"""Installation as people do it: through the Plugin Manager of a running OctoPrint, from an address."""

import re

import pytest
from playwright.sync_api import expect

from octoprint_uptime.settings import DEFAULTS
from scripts.release import build, git
from tests.harness.client import PLUGIN, Client
from tests.harness.forerunner import FORERUNNER
from tests.harness.histories import history
from tests.harness.logs import failures
from tests.harness.loopback import serve
from tests.harness.placements import BADGE, SETTINGS, TAB, open_settings, open_tab
from tests.harness.prepare import prepare

pytestmark = [pytest.mark.thorough, pytest.mark.installation]  # it is OctoPrint that installs

KINDS = ["zip", "wheel"]

# Sends a command to the Plugin Manager and waits for what it reports when it is done.
COMMAND = """([command, parameters]) => new Promise((resolve) => {
    OctoPrint.socket.onMessage("plugin", ({data: {plugin, data}}) => {
        if (plugin === "pluginmanager" && data.type === "result") resolve(data);
    });
    OctoPrint.simpleApiCommand("pluginmanager", command, parameters);
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What both releases publish, and nothing else."""
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="module")
def address(folder):
    """Where a package of the folder is to be had."""
    with serve(folder) as url:
        yield lambda package: f"{url}/{package.name}"


@pytest.fixture(scope="module")
def new(folder):
    """What is to be released, by kind."""
    return build(folder)


@pytest.fixture(scope="module")
def old(folder):
    """Version 1.0.0, by kind: what there was right before the journal."""
    journal = "octoprint_uptime/journal.py"
    return build(folder, git("log", "--diff-filter=A", "--format=%H^", "--", journal).strip())


class PluginManager:
    """OctoPrint's, as an admin uses it in the browser."""

    def __init__(self, server, open_page):
        self.server = server
        self.open_page = open_page

    def install(self, url):
        """From this address, as the Plugin Manager's dialog does it."""
        self._command("install", url=url)

    def uninstall(self, cleanup):
        self._command("uninstall", plugin="octoprint_uptime", cleanup=cleanup)

    def versions(self):
        answer = Client(self.server, "admin").request("GET", "/plugin/pluginmanager/plugins").json
        return [plugin["version"] for plugin in answer["plugins"] if plugin["key"] == "octoprint_uptime"]

    def _command(self, command, **parameters):
        """Do it, and restart as OctoPrint then demands."""
        page = self.open_page()
        result = page.evaluate(COMMAND, [command, parameters])
        assert (result["action"], result["result"]) == (command, True), result
        assert result["needs_restart"] is True
        page.close()
        self.server.restart()
        assert failures(self.server.log()) == []


@pytest.fixture
def stored():
    """The plugin's settings that config.yaml holds before the plugin is installed."""
    return {}


@pytest.fixture
def server(octoprint_version, stored):
    """An OctoPrint without the plugin."""
    make = prepare(octoprint_version, with_plugin=False)
    server = make(config={"plugins": {"octoprint_uptime": stored}})
    server.start()
    yield server
    server.remove()


@pytest.fixture
def plugin_manager(server, open_page):
    return PluginManager(server, open_page)


@pytest.mark.parametrize("kind", KINDS)
def test_it_installs_and_speaks_the_reader_s_language(kind, plugin_manager, address, new, open_page):
    plugin_manager.install(address(new[kind]))

    assert plugin_manager.versions() == [version(new)]
    page = open_page(locale="de")
    expect(page.locator(BADGE)).to_have_attribute("title", re.compile("Druckerverbindung: nicht verbunden"))
    open_settings(page)
    expect(page.locator(SETTINGS)).to_contain_text("Seitenleiste")


@pytest.mark.parametrize("kind", KINDS)
def test_an_update_from_1_0_0_keeps_the_settings_and_begins_a_history(
    kind, plugin_manager, address, old, new, open_page, client, server
):
    changed = {"display_format": "dhm", "poll_interval_seconds": 60, "restart_notice": False}
    plugin_manager.install(address(old[kind]))
    assert plugin_manager.versions() == [version(old)] == ["1.0.0"]
    assert "session" not in client("reader").reading()
    client("admin").save(changed)

    plugin_manager.install(address(new[kind]))

    assert plugin_manager.versions() == [version(new)]
    assert client("admin").settings() == {**DEFAULTS, **changed}
    assert recorded(history(server)) == (True, {"host", "octoprint"})
    page = open_page()
    expect(page.locator(BADGE)).to_be_visible()
    open_tab(page)
    expect(page.locator(f"{TAB} .octoprint-uptime-track .octoprint-uptime-run").first).to_be_visible()


@pytest.mark.parametrize("stored", [FORERUNNER])
def test_it_takes_over_the_settings_of_its_forerunner(plugin_manager, address, new, open_page, client, stored):
    plugin_manager.install(address(new["zip"]))

    known = {key: value for key, value in stored.items() if key in DEFAULTS}
    assert client("admin").settings() == {**DEFAULTS, **known, "poll_interval_seconds": 5}
    expect(open_page().locator(BADGE)).to_be_visible()


@pytest.mark.parametrize("cleanup", [False, True])
def test_it_uninstalls_and_keeps_what_is_not_cleaned_up(
    cleanup, plugin_manager, address, new, open_page, client, server
):
    kept = server.folder / "data" / "octoprint_uptime" / "history.db"
    plugin_manager.install(address(new["zip"]))
    history(server)
    assert kept.exists()

    plugin_manager.uninstall(cleanup)

    assert plugin_manager.versions() == []
    assert kept.exists() is not cleanup
    assert client("admin").request("GET", PLUGIN).status == 404
    page = open_page(locale="de")
    expect(page.locator("#navbar_plugin_octoprint_uptime")).to_have_count(0)


def version(packages):
    return packages["zip"].stem.rpartition("-")[2]


def recorded(told):
    """Whether a history is being recorded, and of what."""
    return told["recording"], {session["clock"] for session in told["sessions"] if session["ended"] is None}
