"""What several of these tests begin with."""

import pytest

from octoprint_uptime import beat, host
from octoprint_uptime.store import Store
from tests.harness.journals import gone, make_journal


@pytest.fixture
def opened(tmp_path):
    """A Store in a folder that was empty, for as long as the test runs."""
    opened = Store(tmp_path)
    assert opened.open() is None
    yield opened
    opened.close()


@pytest.fixture
def calm(monkeypatch):
    """No systemd is asked, and nothing is told before a test says so."""
    monkeypatch.setattr(host, "is_stopping", lambda: False)
    monkeypatch.setattr(beat, "TELL_AFTER_SECONDS", 3600)


@pytest.fixture
def make(tmp_path, calm):
    """Makes journals on one folder, each as of a process of its own; the former one is gone when the next comes."""
    made = []

    def make():
        if made:
            gone(made[-1])
        made.append(make_journal(tmp_path))
        return made[-1]

    yield make
    gone(made[-1])
