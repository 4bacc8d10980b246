"""The durations and the page in WebKit."""

import re
import shutil

import pytest

from octoprint_uptime.durations import FORMATS, STYLES
from tests.harness.durations import LOCALES, SEED, compare, durations, golden, reproduce
from tests.harness.hazards import missing
from tests.harness.loopback import serve
from tests.harness.placements import BADGE, CLOCKS, STARTED_UP, TAB
from tests.harness.webkit import NoWebKitError, launch_webkit
from tests.harness.wheel import ROOT

PAGE = "<!doctype html><title>Durations</title><script src=durations.js></script>"


@pytest.fixture(scope="module")
def webkit():
    try:
        with launch_webkit() as webkit:
            yield webkit
    except NoWebKitError as reason:
        missing(reason)


@pytest.fixture(scope="module")
def page_with_durations(tmp_path_factory, webkit):
    """A page that has durations.js and nothing else."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text(PAGE)
    shutil.copy(ROOT / "octoprint_uptime" / "static" / "js" / "durations.js", folder)
    with serve(folder) as url:
        webkit.driver.get(url)
        yield webkit


def test_python_and_webkit_never_disagree(page_with_durations, capsys):
    seconds = durations()
    compared, differences = compare(page_with_durations.evaluate, LOCALES, seconds)

    with capsys.disabled():
        print(f"\n{compared:,} durations compared between Python and WebKit: {len(differences)} differences")
        print(f"({len(LOCALES)} locales, {len(seconds)} values, DURATIONS_SEED={SEED})")
    assert differences == []
    assert compared == len(LOCALES) * len(seconds) * len(FORMATS) * len(STYLES) >= 10_000


def test_webkit_reproduces_the_golden_file(page_with_durations):
    for locale, rows in golden().items():
        assert reproduce(page_with_durations.evaluate, locale, rows) == rows


def test_octoprint_runs_in_webkit(server, webkit):
    """From the login page to the open tab, and no error on the way."""
    log_in(webkit, server)
    webkit.load(server.url, "/?l10n=en")
    webkit.wait_for(STARTED_UP)

    first = webkit.find(f"{CLOCKS} time").text
    assert re.search(r"\d+s$", first)
    webkit.wait_for(f"() => document.querySelector('{CLOCKS} time').textContent !== '{first}'")

    webkit.find(BADGE).click()
    assert re.search(r"\d+\s+seconds?$", webkit.find(f"{TAB} time").text)
    assert webkit.find(f"{TAB} table").is_displayed()
    assert webkit.errors() == []


def log_in(webkit, server):
    webkit.driver.set_window_size(1280, 900)
    webkit.driver.get(server.url)
    webkit.find("[data-test-id=login-username]").send_keys("admin")
    webkit.find("[data-test-id=login-password]").send_keys("admin")
    webkit.find("[data-test-id=login-submit]").click()
    webkit.wait_for(STARTED_UP)
