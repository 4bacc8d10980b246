"""What the tests of this folder meet: a real OctoPrint, a real Home Assistant."""

import os

import pytest

from tests.harness.home_assistant_recipe import make_home_assistant
from tests.harness.prepare import DEFAULT_VERSION, prepare, started_servers


@pytest.fixture(scope="module")
def make_octoprint():
    """Makes OctoPrint servers."""
    with started_servers(prepare(os.environ.get("OCTOPRINT_VERSION", DEFAULT_VERSION))) as make:
        yield make


@pytest.fixture(scope="module")
def start_home_assistant(tmp_path_factory):
    """Starts Home Assistants with something added to their configuration; each is stopped at the end."""
    started = []

    def start(configuration, **files):
        started.append(make_home_assistant(tmp_path_factory.mktemp("home-assistant"), configuration, **files))
        started[-1].start()
        return started[-1]

    yield start
    for home_assistant in started:
        home_assistant.stop()
