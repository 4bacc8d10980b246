"""The scripts that need no OctoPrint, each in a blank page of a real browser."""

import pytest

from tests.harness.chromium import launch_chromium
from tests.harness.world import SCRIPTS, World


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
