"""What "host" means in a container, the machine that runs it, and what becomes of a container that Docker restarts."""

import subprocess
import time
from datetime import datetime

import pytest

from tests.harness.client import Client
from tests.harness.hazards import missing
from tests.harness.histories import ended, history, remembered_print, running, wait_until
from tests.harness.printer import LONG_PRINT, VirtualPrinter
from tests.harness.servers import DockerServer

# Docker notes the start of a container a little after that of the process in it, or before.
START_TOLERANCE_SECONDS = 2


def in_docker(server):
    if not isinstance(server, DockerServer):
        missing("OctoPrint in a container, because Docker does not answer")
    return server


@pytest.fixture
def container(server):
    return in_docker(server)


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


@pytest.mark.parametrize("file", [None, "long.gcode"], ids=["idle", "printing"])
def test_a_container_that_docker_restarts_is_told_as_a_stop_of_octoprint_alone(make_server, file):
    container = in_docker(make_server(files={"uploads/long.gcode": LONG_PRINT}))
    printer = VirtualPrinter(Client(container, "admin"))
    printer.connect()
    if file:
        printer.start_print(file)
        wait_until(lambda: remembered_print(container) == file, "what is to be remembered")
    before = [session["session"] for session in history(container)["sessions"]]

    subprocess.run(["docker", "restart", container.name], check=True)
    container.start()  # it runs already, and is waited for

    octoprint, connection = ended(container, "octoprint")[0], ended(container, "printer")[0]
    assert (octoprint["ending"], octoprint["asked"], connection["ending"]) == ("stopped", None, "carried")
    assert [session["print"] and session["print"]["file"] for session in (octoprint, connection)] == [file] * 2
    (host,) = [session for session in history(container)["sessions"] if session["clock"] == "host"]
    assert (host["ending"], {host["session"], octoprint["session"], connection["session"]}) == (None, set(before))
    assert running(container, "octoprint")[0]["watched_before"] is True
    container.stop()
