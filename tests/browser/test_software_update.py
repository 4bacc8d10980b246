"""OctoPrint's software update knows where new releases of the plugin are published."""

import json

import pytest

from tests.harness.client import Client
from tests.harness.loopback import serve

pytestmark = pytest.mark.thorough  # it is OctoPrint that asks

REPOSITORY = "OctoPrint-Uptime/OctoPrint-Uptime"

# Lets OctoPrint ask this machine where it would ask GitHub.
GITHUB_AT_HOME = """
from octoprint.plugins.softwareupdate.version_checks import github_release

__plugin_name__ = "GitHub at home"
__plugin_pythoncompat__ = ">=3.9,<4"

github_release.RELEASE_URL = "{url}/repos/{{user}}/{{repo}}/releases"
"""


@pytest.fixture
def releases(tmp_path):
    """The release 99.1.0, and where GitHub's API would tell of it."""
    release = {"name": "99.1.0", "tag_name": "99.1.0", "html_url": "", "draft": False, "prerelease": False}
    release.update(published_at="2026-01-01T00:00:00Z", target_commitish="main")
    file = tmp_path / "repos" / REPOSITORY / "releases"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps([release]))
    with serve(tmp_path) as url:
        yield url


@pytest.fixture
def server(make_server, releases):
    server = make_server(plugins={"github_at_home.py": GITHUB_AT_HOME.format(url=releases)})
    yield server
    server.stop()


def test_a_new_release_on_github_is_offered(server):
    path = "/plugin/softwareupdate/check?check=octoprint_uptime&force=true"
    found = Client(server, "admin").request("GET", path).json["information"]["octoprint_uptime"]

    assert found["error"] is None
    assert (found["updateAvailable"], found["updatePossible"]) == (True, True)
    assert found["information"]["remote"]["value"] == "99.1.0"
    assert found["information"]["local"]["value"] == found["displayVersion"]
