"""The scripts that need no OctoPrint, each in a blank page of a real browser."""

import pytest

from tests.harness.chromium import launch_chromium
from tests.harness.world import FOLDER, SCRIPTS, World


@pytest.fixture(scope="session")
def blank_page():
    with launch_chromium() as browser:
        page = browser.new_page()
        page.set_content("<!DOCTYPE html>")
        for script in SCRIPTS:
            page.add_script_tag(path=script)
        yield page


@pytest.fixture
def evaluate(blank_page):
    """Calls a function of JavaScript."""
    return blank_page.evaluate


@pytest.fixture
def make_world(blank_page):
    """Makes a World; one replaces the other."""
    return lambda **options: World(blank_page, options)


@pytest.fixture(scope="module")
def load(blank_page):
    """Makes a blank page in a time zone, with the scripts of these names in it."""
    contexts = []

    def load(*names, timezone="UTC"):
        contexts.append(blank_page.context.browser.new_context(timezone_id=timezone))
        page = contexts[-1].new_page()
        page.evaluate("window.OctoPrintUptime = {}")  # else made by the first of all scripts
        for name in names:
            page.add_script_tag(path=FOLDER / f"{name}.js")
        return page

    yield load
    for context in contexts:
        context.close()
