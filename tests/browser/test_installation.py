"""Installation as people do it: through the Plugin Manager of a running OctoPrint, from a zip of the repository."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from octoprint_uptime.settings import DEFAULTS
from scripts.release import pack_repository, version_of
from tests.harness.client import PLUGIN, Client
from tests.harness.forerunner import FORERUNNER
from tests.harness.logs import failures
from tests.harness.loopback import serve
from tests.harness.placements import BADGE, SETTINGS, open_settings
from tests.harness.prepare import prepare
from tests.harness.wheel import ROOT

pytestmark = pytest.mark.thorough  # it is OctoPrint that installs

# Sends a command to the Plugin Manager and waits for what it reports when it is done.
COMMAND = """([command, parameters]) => new Promise((resolve) => {
    OctoPrint.socket.onMessage("plugin", ({data: {plugin, data}}) => {
        if (plugin === "pluginmanager" && data.type === "result") resolve(data);
    });
    OctoPrint.simpleApiCommand("pluginmanager", command, parameters);
})"""


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """The URL of a folder with this version (new.zip) and with an older one (old.zip)."""
    folder = tmp_path_factory.mktemp("archives")
    pack_repository(folder / "new.zip", "OctoPrint-Uptime-main")
    _make_older(folder / "new.zip", folder / "old.zip")
    with serve(folder) as url:
        yield url


def _make_older(new, old):
    with zipfile.ZipFile(new) as source, zipfile.ZipFile(old, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("/pyproject.toml"):
                content = re.sub(rb'(?m)^version = ".*"$', b'version = "0.0.1"', content)
            target.writestr(name, content)


def version():
    return version_of((ROOT / "pyproject.toml").read_text())


class PluginManager:
    """OctoPrint's, as an admin uses it in the browser."""

    def __init__(self, server, open_page):
        self.server = server
        self.open_page = open_page

    def install(self, url):
        self._command("install", url=url)

    def uninstall(self):
        self._command("uninstall", plugin="octoprint_uptime")

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


def test_it_installs_from_a_zip_and_speaks_the_reader_s_language(plugin_manager, archives, open_page):
    plugin_manager.install(f"{archives}/new.zip")

    assert plugin_manager.versions() == [version()]
    page = open_page(locale="de")
    expect(page.locator(BADGE)).to_have_attribute("title", re.compile("Druckerverbindung: nicht verbunden"))
    open_settings(page)
    expect(page.locator(SETTINGS)).to_contain_text("Seitenleiste")


def test_it_replaces_an_older_version_and_keeps_its_settings(plugin_manager, archives, open_page, client):
    changed = {**DEFAULTS, "display_format": "dhm", "poll_interval_seconds": 60}
    plugin_manager.install(f"{archives}/old.zip")
    assert plugin_manager.versions() == ["0.0.1"]
    client("admin").save(changed)

    plugin_manager.install(f"{archives}/new.zip")

    assert plugin_manager.versions() == [version()]
    assert client("admin").settings() == changed
    expect(open_page().locator(BADGE)).to_be_visible()


@pytest.mark.parametrize("stored", [FORERUNNER])
def test_it_takes_over_the_settings_of_its_forerunner(plugin_manager, archives, open_page, client, stored):
    plugin_manager.install(f"{archives}/new.zip")

    known = {key: value for key, value in stored.items() if key in DEFAULTS}
    assert client("admin").settings() == {**DEFAULTS, **known, "poll_interval_seconds": 5}
    expect(open_page().locator(BADGE)).to_be_visible()


def test_it_uninstalls_and_leaves_nothing_broken(plugin_manager, archives, open_page, client):
    plugin_manager.install(f"{archives}/new.zip")

    plugin_manager.uninstall()

    assert plugin_manager.versions() == []
    assert client("admin").request("GET", PLUGIN).status == 404
    page = open_page(locale="de")
    expect(page.locator("#navbar_plugin_octoprint_uptime")).to_have_count(0)
