"""Evidence in the recorder: which ended session gets it, and that its event waits for it."""

import pytest

from octoprint_uptime.history.collector import LINES_SECONDS, USB_SECONDS
from octoprint_uptime.history.sessions import OOM_SECONDS, State
from octoprint_uptime.readings import evidence_of
from tests.harness.states import WORDS


def evidence(process, clock):
    """The codes of the newest session of this clock that has ended."""
    return evidence_of(next(one for one in process.recorder.snapshot().ended if one.clock == clock))


def wait(process, seconds):
    process.machine.up += seconds
    return process.flush()


def sent(process):
    return [(record.clock, record.ending, record.evidence) for record in process.sent]


@pytest.fixture
def process(start, machine):
    """An OctoPrint that sends events, with a printer on USB."""
    machine.usb = "usb_gone"
    process = start()
    process.recorder.send_events()
    process.flush()
    process.sent.clear()
    return process


# ~~ The printer connection


def test_a_lost_printer_gets_what_its_usb_device_did(process, start):
    process.take("Connected", port="/dev/ttyUSB0").take("Disconnected", error=WORDS)
    assert evidence(process, "printer") is None
    wait(process, USB_SECONDS)

    assert evidence(process, "printer") == ["usb_gone"]
    assert process.store.read().sessions[0].evidence == ("usb_gone",)
    assert evidence(start(), "printer") == ["usb_gone"]


def test_the_event_waits_for_the_evidence_and_what_follows_waits_with_it(process):
    process.take("Connected", port="/dev/ttyUSB0").take("Disconnected", error=WORDS).take("Connected").flush()
    assert sent(process) == [("printer", None, None)]
    assert process.store.read().sessions == []
    wait(process, USB_SECONDS)

    assert sent(process)[1:] == [("printer", "lost", ("usb_gone",)), ("printer", None, None)]


def test_nothing_waits_if_there_is_no_usb_device(process, machine):
    machine.usb = None
    process.take("Connected", port="VIRTUAL").take("Disconnected", error=WORDS).flush()

    assert sent(process)[1:] == [("printer", "lost", None)]
    assert evidence(process, "printer") is None


def test_a_printer_that_was_disconnected_gets_none(process):
    process.take("Connected", port="/dev/ttyUSB0").take("Disconnecting").take("Disconnected").flush()

    assert sent(process)[1:] == [("printer", "stopped", None)]


def test_a_restart_gets_what_the_firmware_says_afterwards(process, machine):
    process.take("Connected", port="/dev/ttyUSB0")
    machine.up += 60
    process.recorder.note_line("start", machine.up)
    process.take("PrinterReset")
    process.recorder.note_line(" Brown out Reset", machine.up + 0.5)
    wait(process, LINES_SECONDS)

    assert evidence(process, "printer") == ["printer_brown_out"]
    assert sent(process)[1:] == [("printer", "reset", ("printer_brown_out",)), ("printer", None, None)]


def test_a_stop_does_not_wait(process, start):
    process.take("Connected", port="/dev/ttyUSB0").take("Disconnected", error=WORDS)
    process.recorder.stop()

    assert sent(process)[1:] == [("printer", "lost", None)]
    assert start().ended()[1:] == [("printer", "lost")]


def test_after_a_kill_while_waiting_the_session_is_there_and_sent_once(process, start):
    process.take("Connected", port="/dev/ttyUSB0").take("Disconnected", error=WORDS).flush()
    again = start()
    again.recorder.send_events()
    again.flush()

    assert again.ended() == [("octoprint", "silent"), ("printer", "lost")]
    assert [one for one in sent(again) if one[0] == "printer"] == [("printer", "lost", None)]


def test_a_history_that_is_deleted_while_waiting_stays_deleted(process):
    process.take("Connected", port="/dev/ttyUSB0").take("Disconnected", error=WORDS)
    process.recorder.clear()
    wait(process, USB_SECONDS)

    assert process.ended() == []


# ~~ OctoPrint


@pytest.mark.parametrize(
    ("before", "after", "codes"), [(3, 4, ["out_of_memory"]), (3, 3, []), (None, 4, None), (3, None, None)]
)
def test_octoprint_that_was_killed_gets_whether_the_kernel_stopped_programs(start, machine, before, after, codes):
    machine.oom_kills = before
    start().beat()
    machine.oom_kills = after

    assert evidence(start(), "octoprint") == codes


def test_what_the_kernel_stopped_before_the_last_heartbeat_does_not_count(start, machine):
    machine.oom_kills = 3
    process = start().beat()
    machine.oom_kills = 4
    process.beat()

    assert evidence(start(), "octoprint") == []


def test_a_long_time_without_a_heartbeat_says_nothing_about_memory(start, machine):
    machine.oom_kills = 3
    start().beat()
    machine.oom_kills = 4
    machine.up += OOM_SECONDS

    assert evidence(start(), "octoprint") is None


def test_octoprint_that_was_stopped_in_order_gets_none(start, machine):
    machine.oom_kills = 3
    start().beat().recorder.stop()
    machine.oom_kills = 4

    assert evidence(start(), "octoprint") is None


def test_a_new_boot_says_nothing_about_memory(start, machine):
    machine.oom_kills = 3
    start().beat()
    machine.boot("b")
    machine.oom_kills = 4
    process = start()

    assert process.ended()[:2] == [("octoprint", "carried"), ("host", "silent")]
    assert evidence(process, "octoprint") is None


# ~~ The host


def test_a_host_that_went_down_gets_what_its_board_says(start, machine):
    start().beat()
    machine.boot("b")
    machine.board = ("power_on",)
    process = start()

    assert evidence(process, "host") == ["power_on"]
    assert evidence(process, "octoprint") is None


def test_a_host_that_shut_down_gets_none(start, machine):
    machine.stopping = True
    start().recorder.stop()
    machine.boot("b")
    machine.board = ("power_on",)
    process = start()

    assert ("host", "stopped") in process.ended()
    assert evidence(process, "host") is None


def test_a_host_that_was_not_watched_gets_none(start, machine):
    process = start()
    process.recorder.change(State.leave)
    process.flush()
    machine.boot("b")
    machine.board = ("power_on",)

    assert evidence(start(), "host") is None


@pytest.mark.parametrize(("low", "codes"), [(True, ["undervoltage"]), (False, None), (None, None)])
def test_the_kernels_sensor_is_read_with_each_heartbeat(start, machine, low, codes):
    machine.undervoltage = low
    start().beat()
    machine.undervoltage = None

    assert evidence(start(), "octoprint") == codes


def test_a_night_in_which_nothing_can_be_read_says_nothing(start, machine):
    start().flap().beat()
    machine.boot("b")

    assert [one.evidence for one in start().recorder.snapshot().ended] == [None] * 3
