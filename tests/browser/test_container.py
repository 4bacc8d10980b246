"""What "host" means in a container: the machine that runs it."""

import subprocess
import time
from datetime import datetime

import pytest

from tests.harness.hazards import missing
from tests.harness.servers import DockerServer

# Docker notes the start of a container a little after that of the process in it, or before.
START_TOLERANCE_SECONDS = 2


@pytest.fixture
def container(server):
    if not isinstance(server, DockerServer):
        missing("OctoPrint in a container, because Docker does not answer")
    return server


def boottime():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def test_the_host_of_a_container_is_the_machine_that_runs_it(container, client):
    before = boottime()
    seconds = client("reader").reading()["seconds"]
    after = boottime()

    assert round(before, 3) <= seconds <= round(after, 3)


def test_octoprint_in_a_container_has_the_age_of_its_own_process(container, client):
    seconds = client("reader").reading()["octoprint_seconds"]

    assert seconds == pytest.approx(time.time() - started(container), abs=START_TOLERANCE_SECONDS)


def started(container):
    """When Docker started the container."""
    inspect = ["docker", "inspect", "--format", "{{.State.StartedAt}}", container.name]
    text = subprocess.run(inspect, check=True, stdout=subprocess.PIPE, text=True).stdout
    # 2026-11-21T08:00:00.123456789Z: of nanoseconds Python wants to know only six digits.
    return datetime.fromisoformat(text[:26] + "+00:00").timestamp()
