"""Which machine it is, and what systemd says when OctoPrint is stopped, as seen in a Debian 12."""

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


def test_each_machine_has_a_mark_that_does_not_give_its_id_away(monkeypatch, tmp_path):
    marks = []
    for machine_id in ("0123456789abcdef0123456789abcdef\n", "0123456789abcdef0123456789abcdee\n"):
        (tmp_path / "machine-id").write_text(machine_id)
        monkeypatch.setattr(host, "_MACHINE_ID", tmp_path / "machine-id")
        marks += [host.machine_mark(3), host.machine_mark(3)]

    assert marks[0] == marks[1] != marks[2] == marks[3]
    assert all(len(mark) == 3 and int(mark, 16) >= 0 for mark in marks)
    assert not {"012"} & set(marks)


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_system_without_a_machine_id_has_a_mark_of_zeros(monkeypatch, tmp_path, content):
    if content is not None:
        (tmp_path / "machine-id").write_text(content)
    monkeypatch.setattr(host, "_MACHINE_ID", tmp_path / "machine-id")

    assert host.machine_mark(3) == "000"
