"""What several of these tests begin with."""

import pytest

from octoprint_uptime.history.store import Store


@pytest.fixture
def opened(tmp_path):
    """A Store in a folder that was empty, for as long as the test runs."""
    opened = Store(tmp_path)
    assert opened.open() is None
    yield opened
    opened.close()
