"""What several of these tests begin with."""

import pytest

from octoprint_uptime.history import schema
from octoprint_uptime.history.store import Store
from tests.harness.recorders import FakeMachine, InlineWriter, Process


@pytest.fixture
def opened(tmp_path):
    """A Store in a folder that was empty, for as long as the test runs."""
    opened = Store(tmp_path)
    assert opened.open() is None
    yield opened
    opened.close()


@pytest.fixture
def hurry(monkeypatch):
    """The disk is not waited for: nothing here cuts the power."""
    for name in ("RUNNING_SETTINGS", "HISTORY_SETTINGS"):
        monkeypatch.setattr(schema, name, (*getattr(schema, name), "synchronous=OFF"))


@pytest.fixture
def machine(monkeypatch, hurry):
    """A FakeMachine that every Recorder takes for the real one."""
    return FakeMachine().install(monkeypatch)


@pytest.fixture
def start(machine, tmp_path):
    """Starts Processes on one folder; the former one is killed when the next starts."""
    started = []

    def start(days=365, writer=InlineWriter, **options):
        for process in started[-1:]:
            process.kill()
        machine.up += 10
        started.append(Process(machine, tmp_path, writer, **options))
        return started[-1] if days is None else started[-1].start(days)

    yield start
    for process in started[-1:]:
        process.kill()
