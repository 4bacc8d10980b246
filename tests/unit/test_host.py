"""What systemd says when OctoPrint is stopped, as seen in a Debian 12."""

import subprocess
from types import SimpleNamespace

import pytest

from octoprint_uptime import host


@pytest.fixture
def systemd(monkeypatch, tmp_path):
    """Makes systemctl print this, on a system with a bus or without one."""

    def answer(text, bus=True):
        monkeypatch.setattr(subprocess, "run", lambda *arguments, **options: SimpleNamespace(stdout=text))
        monkeypatch.setattr(host, "_SYSTEM_BUS", str(tmp_path if bus else tmp_path / "missing"))

    return answer


# To root and to others; the bus may break off before the question or after it.
@pytest.mark.parametrize("text", ["stopping\n", "unknown\n", ""])
def test_the_host_goes_down_where_systemd_says_so_or_its_bus_is_gone(systemd, text):
    systemd(text)

    assert host.is_stopping() is True


@pytest.mark.parametrize("text", ["running\n", "degraded\n", "starting\n", "maintenance\n", "offline\n"])
def test_the_host_stays_up_where_only_octoprint_is_stopped(systemd, text):
    systemd(text)

    assert host.is_stopping() is False


def test_a_system_without_a_bus_does_not_tell(systemd):
    systemd("unknown\n", bus=False)

    assert host.is_stopping() is False
