"""Who may do what: docs/permissions.md says so in a table, and this compares it with what OctoPrint does."""

import re

import pytest
from playwright.sync_api import expect

from octoprint_uptime.settings import DEFAULTS
from tests.harness.basefolder import api_key
from tests.harness.client import PLUGIN, Client
from tests.harness.placements import BADGE
from tests.harness.wheel import ROOT

GLOBAL_KEY = "THE-GLOBAL-KEY-OF-THIS-TEST"
CHANGED = {"plugins": {"octoprint_uptime": {"poll_interval_seconds": 77}}}

REQUESTS = {
    "GET": ("GET", PLUGIN, None),
    "HEAD": ("HEAD", PLUGIN, None),
    "POST": ("POST", PLUGIN, {"command": "clear_history"}),
    "PUT": ("PUT", PLUGIN, {}),
    "settings read": ("GET", "/api/settings", None),
    "settings write": ("POST", "/api/settings", CHANGED),
}


def documented():
    """The table of docs/permissions.md as {who: {request: {version or None for the others: status}}}."""
    rows = re.findall(r"^\| (.+) \|$", (ROOT / "docs" / "permissions.md").read_text(), re.MULTILINE)
    heads, *rows = [[cell.strip() for cell in row.split("|")] for row in rows]
    return {who: dict(zip(heads[1:], map(_statuses, cells))) for who, *cells in rows}


def _statuses(cell):
    """``403 (1.10.3: 200)`` as ``{None: 403, "1.10.3": 200}``."""
    exceptions = re.findall(r"([\w.]+): (\d+)", cell)
    return {None: int(cell[:3]), **{version: int(status) for version, status in exceptions}}


TABLE = documented()


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server(config={"api": {"key": GLOBAL_KEY}})
    yield server
    server.stop()


@pytest.fixture(scope="module")
def credentials(server):
    """The headers that each row of the table sends."""
    expired = session(server, "admin")
    assert Client(server).request("GET", PLUGIN, headers=expired).status == 200
    server.restart()
    return {
        "without credentials": {},
        "without credentials, if guests have STATUS": {},
        "read-only user": session(server, "reader"),
        "user": session(server, "user"),
        "admin": session(server, "admin"),
        "global API key": {"X-Api-Key": GLOBAL_KEY},
        "API key of a user": {"X-Api-Key": api_key("user")},
        "app key of a user": {"X-Api-Key": app_key(server, "user")},
        "wrong key": {"X-Api-Key": "WRONG"},
        "expired session": expired,
    }


def session(server, name):
    """The cookies of somebody who logged in, not to be remembered."""
    answer = Client(server).request("POST", "/api/login", {"user": name, "pass": name})
    cookies = [cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie")]
    return {"Cookie": "; ".join(cookies)}


def app_key(server, name):
    command = {"command": "generate", "app": "test"}
    return Client(server).request("POST", "/api/plugin/appkeys", command, session(server, name)).json["api_key"]


@pytest.fixture
def grant_to_guests(client):
    """Grants permissions to whoever does not log in, until the end of the test."""

    def grant(*permissions):
        answer = client("admin").request("PUT", "/api/access/groups/guests", {"permissions": permissions})
        assert answer.status == 200

    yield grant
    grant()


def test_the_table_has_a_row_for_each_kind_of_caller(credentials):
    assert set(TABLE) == set(credentials)


@pytest.mark.parametrize("who", TABLE)
def test_everybody_gets_the_answers_of_the_table(client, credentials, grant_to_guests, octoprint_version, who):
    if "guests have STATUS" in who:
        grant_to_guests("STATUS")

    seen = {name: client().request(*request, credentials[who]).status for name, request in REQUESTS.items()}

    assert seen == {name: cell.get(octoprint_version, cell[None]) for name, cell in TABLE[who].items()}
    stored = client("admin").settings()["poll_interval_seconds"]
    assert stored == (77 if seen["settings write"] == 200 else DEFAULTS["poll_interval_seconds"])
    client("admin").reset()


@pytest.mark.parametrize("who", [who for who, answers in TABLE.items() if answers["GET"][None] == 403])
def test_a_refusal_tells_nothing_but_that_it_is_one(client, credentials, who):
    for method in ("GET", "HEAD"):
        answer = client().request(method, PLUGIN, headers=credentials[who])
        assert answer.status == 403
        assert not answer.text or set(answer.json) <= {"error", "uptime_available"}


def test_guests_who_may_see_the_status_see_the_badge(open_page, grant_to_guests):
    grant_to_guests("STATUS", "SETTINGS_READ")

    answers = []

    page = open_page(name=None, before=lambda page: page.on("response", lambda answer: answers.append(answer)))

    expect(page.locator(BADGE)).to_be_visible()
    assert not [answer.url for answer in answers if answer.status >= 400 and "octoprint_uptime" in answer.url]
    page.errors.clear()  # OctoPrint itself asks for more than it may


def test_a_page_whose_user_logs_out_elsewhere_does_not_ask_any_more(open_page, server):
    page = open_page()
    expect(page.locator(BADGE)).to_be_visible()
    requests = []
    page.on("request", lambda request: requests.append(request.url))

    assert page.context.request.post(server.url + "/api/logout").ok

    page.wait_for_url("**/login/**")
    assert not [url for url in requests if PLUGIN in url]
    page.errors.clear()  # OctoPrint itself was refused something
