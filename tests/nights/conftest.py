"""A whole machine for every night, each with a disk of its own."""

import os

import pytest

from tests.harness.machine import Machine
from tests.harness.machine.disk import Disk
from tests.harness.prepare import DEFAULT_VERSION

LOOK = "tail -n 60 /octoprint/logs/octoprint.log; ls -la /octoprint/data/octoprint_uptime"


@pytest.fixture(scope="session")
def disk():
    return Disk(os.environ.get("OCTOPRINT_VERSION", DEFAULT_VERSION)).make()


@pytest.fixture
def machine(disk):
    """A machine that is still off."""
    machine = Machine(disk)
    yield machine
    machine.remove()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """A failure shows what the machine had to say."""
    outcome = yield
    report = outcome.get_result()
    machine = item.funcargs.get("machine")
    if report.when == "call" and report.failed and machine is not None:
        report.sections.append(("console", machine.console()[-4000:]))
        if machine.is_on():
            report.sections.append(("octoprint.log", machine.run(LOOK, check=False)))
