"""A real OctoPrint and a real browser for every test of this folder."""

import os

import pytest
from playwright.sync_api import expect

from tests.harness.chromium import launch_chromium
from tests.harness.client import Client
from tests.harness.counting import FakeServer
from tests.harness.placements import STARTED_UP
from tests.harness.prepare import DEFAULT_VERSION, prepare, prepared, started_servers

LOG_LINES = 60

# Of some errors, such as a ResizeObserver's, the page hears and the console does not.
TELL_OF_ERRORS = "window.addEventListener('error', (event) => console.error(event.message));"

# Long enough for a busy machine; what is as expected does not wait for it.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def octoprint_version():
    return os.environ.get("OCTOPRINT_VERSION", DEFAULT_VERSION)


@pytest.fixture(scope="session")
def make_server(octoprint_version, worker_id):
    """Makes OctoPrint servers of the version under test."""
    alone = worker_id == "master"
    with started_servers((prepare if alone else prepared)(octoprint_version)) as make:
        yield make


@pytest.fixture(scope="session")
def shared_server(make_server):
    server = make_server()
    Client(server, "admin").reset()
    return server


@pytest.fixture
def server(shared_server):
    """The server that the tests share, with the plugin's settings at their defaults."""
    yield shared_server
    Client(shared_server, "admin").reset()


@pytest.fixture(scope="session")
def browser():
    with launch_chromium() as browser:
        yield browser


@pytest.fixture
def client(server):
    """Makes a client of the API for a seeded user; without a name, one that says nothing about itself."""
    return lambda name=None: Client(server, name)


@pytest.fixture
def fake():
    """A server whose clocks stand at what the test says; its ``serve`` comes before a page is opened."""
    return FakeServer()


class Errors(list):
    """The script errors of a test's pages. A test that causes some clears them, and those that come late with them."""

    expected = False

    def clear(self):
        super().clear()
        self.expected = True


@pytest.fixture
def open_page(server, browser):
    """Opens OctoPrint as a seeded user and waits until it has started; fails on any script error at the end."""
    contexts, errors = [], Errors()

    def open_page(name="admin", locale="en", width=1280, height=900, before=lambda page: None, on=server, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = Client(on, name).log_in(context).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: _is_error(message) and errors.append(message.text))
        page.errors = errors  # for the tests that cause some on purpose
        page.add_init_script(TELL_OF_ERRORS)
        before(page)
        page.goto(f"{on.url}/?l10n={locale}" if locale else on.url)
        page.wait_for_function(STARTED_UP)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")  # an answer may still be on its way
        context.close()
    assert errors.expected or errors == []


# What is no fault of the plugin: the network of the machine changes whenever a container comes or goes,
# and OctoPrint 1.10 trips over a page that has stood for hours.
NOT_OURS = ("ERR_NETWORK_CHANGED", "onUserCredentialsOutdated on view model AccessViewModel")


def _is_error(message):
    return message.type == "error" and not any(words in message.text for words in NOT_OURS)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """A failure shows what OctoPrint had to say."""
    outcome = yield
    report = outcome.get_result()
    server = item.funcargs.get("server") if report.failed else None
    if server is not None and server.folder.exists():  # not after the last test
        report.sections.append(("octoprint.log", "\n".join(server.log().splitlines()[-LOG_LINES:])))
