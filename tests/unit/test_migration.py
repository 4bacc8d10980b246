"""Files that version 1.1.0 wrote: every session of them is kept, and what was left in them is judged as before.

data/files-of-1.1.0-*.zip were written by the package of that version. In all of them a printer was lost during a print
on boot "a", OctoPrint was restarted from its menu, and the host was rebooted. On boot "b" the printer was connected and
printed benchy.gcode, and then: "printing" was killed, "stopped" was shut down from the menu just after the print had
failed, "waiting" lost the printer while the history could not be written, and was killed.
"""

import sqlite3
import zipfile

import pytest

from octoprint_uptime.history.collector import USB_SECONDS
from octoprint_uptime.history.store import Store
from tests.harness.states import EPOCH
from tests.harness.wheel import ROOT

DATA = ROOT / "tests" / "unit" / "data"
# As version 1.1.0 read them.
BEFORE = [
    ("octoprint", "stopped", "reboot", None),
    ("host", "stopped", "reboot", None),
    ("printer", "carried", None, None),
    ("octoprint", "stopped", "restart", None),
    ("printer", "lost", None, "lost.gcode"),
]
SINCE = {
    "printing": [("printer", "carried", None, "benchy.gcode"), ("octoprint", "silent", None, "benchy.gcode")],
    "stopped": [("printer", "carried", None, None), ("octoprint", "stopped", "shutdown", None)],
    "waiting": [("octoprint", "silent", None, None), ("printer", "lost", None, "benchy.gcode")],
}
HOSTS = {
    "printing": ("host", "silent", None, "benchy.gcode"),
    "stopped": ("host", "stopped", "shutdown", None),
    "waiting": ("host", "silent", None, None),
}


@pytest.fixture
def left(machine, tmp_path):
    """Unpacks files, and sets the machine to a moment at which their last boot is still running."""

    def unpack(name):
        with zipfile.ZipFile(DATA / f"files-of-1.1.0-{name}.zip") as files:
            files.extractall(tmp_path)
        machine.boot_id, machine.epoch, machine.up = "b", EPOCH + 400, 800.0

    return unpack


def facts(snapshot):
    return [(one.clock, one.ending, one.asked, one.file) for one in snapshot.ended]


@pytest.mark.parametrize("name", SINCE)
def test_on_the_same_boot_every_session_is_there_and_the_host_goes_on(start, left, name):
    left(name)
    process = start()
    snapshot = process.recorder.snapshot()

    since = [(*fact[:2], None, fact[3]) if fact[2] == "shutdown" else fact for fact in SINCE[name]]  # it was not done
    assert facts(snapshot) == [*since, *BEFORE]
    assert snapshot.problem is None
    assert [session.clock for session in snapshot.state.running] == ["host", "octoprint"]
    assert snapshot.state.running[0].start == 0
    assert all(snapshot.boots[session.boot].confirmed for session in snapshot.ended)
    assert snapshot.recorded.up == 100
    assert process.log == []
    assert facts(start().recorder.snapshot())[1:] == facts(snapshot)


def test_the_boots_of_a_file_that_is_not_migrated_yet_are_known(left, tmp_path):
    left("printing")

    assert len(Store(tmp_path).known_boots()) == 2


@pytest.mark.parametrize("name", SINCE)
def test_on_a_new_boot_the_session_of_the_host_has_ended_too(start, machine, left, name):
    left(name)
    machine.boot("c", off=100)
    snapshot = start().recorder.snapshot()

    around = {"silent": "carried"}
    since = [(clock, around.get(ending, ending), *rest) for clock, ending, *rest in SINCE[name]]
    assert sorted(facts(snapshot), key=str) == sorted([*since, HOSTS[name], *BEFORE], key=str)


def test_what_version_1_1_0_had_not_sent_is_sent_once(start, left):
    left("printing")
    process = start()
    process.recorder.send_events()
    sent = [(record.clock, record.ending) for record in process.flush().sent]

    assert sent == [
        ("host", "stopped"),
        ("octoprint", "stopped"),
        ("host", None),
        ("octoprint", None),
        ("printer", None),
        ("octoprint", "silent"),
        ("printer", "carried"),
        ("octoprint", None),
    ]


def test_both_files_have_the_new_version_and_are_migrated_once(start, left, tmp_path):
    left("stopped")
    process = start()
    process.kill()

    for name in ("running.db", "history.db"):
        with sqlite3.connect(tmp_path / name) as file:
            assert file.execute("PRAGMA user_version").fetchone() == (2,)
    assert list(tmp_path.glob("*damaged*")) == []


def test_a_migrated_file_takes_evidence_and_has_none_about_what_was_before(start, machine, left):
    left("printing")
    machine.usb = "usb_gone"
    process = start().take("Connected", port="/dev/ttyUSB0").take("Disconnected", error="gone")
    machine.up += USB_SECONDS
    process.flush()
    _, lost, *before = start().recorder.snapshot().ended

    assert (lost.ending, lost.evidence) == ("lost", ("usb_gone",))
    assert {session.evidence for session in before} == {None}
