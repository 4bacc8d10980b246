"""A real OctoPrint for those of this folder that meet one."""

import os

import pytest

from tests.harness.prepare import DEFAULT_VERSION, prepare


@pytest.fixture(scope="module")
def make_octoprint():
    """Makes OctoPrint servers; each is removed at the end, also after a failure."""
    make = prepare(os.environ.get("OCTOPRINT_VERSION", DEFAULT_VERSION))
    servers = []

    def make_and_start(**options):
        servers.append(make(**options))
        servers[-1].start()
        return servers[-1]

    yield make_and_start
    for server in servers:
        server.remove()
