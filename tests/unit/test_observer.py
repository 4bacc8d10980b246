"""What OctoPrint's events mean: every sequence that its versions and connectors send, on time and late."""

import itertools

import pytest

from octoprint_uptime.clocks import Epoch, PrinterClock
from octoprint_uptime.observer import Observer
from tests.harness.stores import begun

ERROR, OFFLINE, AFTER_ERROR, OPERATIONAL, DETECTING = (
    "Error: Thermal Runaway, system stopped!",
    "Offline",
    "Offline after error",
    "Operational",
    "Detecting serial connection",
)
SERIAL = "SerialTimeoutException: write timeout"
M112 = "Closing serial port due to emergency stop M112."
RUNAWAY = "Thermal Runaway, system stopped!"

CONNECT = [("Connecting", None), (OPERATIONAL,), ("Connected", {"port": "VIRTUAL"}), ("PrinterStateChanged", {})]
PRINT = [("PrintStarted", {"name": "benchy.gcode"})]
DISCONNECTING = ("Disconnecting", None)
DISCONNECTED = ("Disconnected", None)
CHANGED = ("PrinterStateChanged", {})
FAILED = ("PrintFailed", {"name": "benchy.gcode", "reason": "error"})
BY_NOBODY = ("PrintFailed", {"name": "benchy.gcode", "reason": "cancelled"})
BY_SOMEBODY = ("PrintFailed", {"name": "benchy.gcode", "reason": "cancelled", "user": "admin"})
FIRMWARE = ("Error", {"error": RUNAWAY, "reason": "firmware", "consequence": "disconnect"})

CANCELLED = ("Error", {"error": RUNAWAY, "reason": "firmware", "consequence": "cancel"})

STOPPED = [("stopped", None)]
LOST = [("lost", SERIAL)]


class World:
    """A printer, a clock and a journal that keeps no file. A step is an event, or the printer's state and error."""

    def __init__(self):
        self.text, self.error = OFFLINE, ""
        self.state, self.ended, self._up = begun(), [], itertools.count(200)
        self.clock = PrinterClock(Epoch())
        self.observer = Observer(self, self.clock, self)

    def is_operational(self):
        return self.text == OPERATIONAL

    def get_current_data(self):
        return {"state": {"text": self.text, "error": self.error}}

    def change(self, change, *arguments, at=None):
        self.state, ended = change(self.state, float(next(self._up)), *arguments)
        self.ended += ended

    def go(self, *steps):
        for step in steps:
            if step == "look":
                self.observer.look()
            elif step[0] in (ERROR, OFFLINE, AFTER_ERROR, OPERATIONAL, DETECTING):
                self.text, self.error = (*step, "")[:2]
            else:
                self.observer.on_event(*step)
        return self

    def endings(self):
        return [(session.ending, session.reason) for session in self.ended]

    def runs(self):
        """Whether a connection runs; the clock and the journal agree on which."""
        (running,) = [session.id for session in self.state.running if session.clock == "printer"] or [None]
        assert running == self.clock.running()[0]
        return running is not None


SEQUENCES = {
    "on purpose": ([DISCONNECTING, (OFFLINE,), DISCONNECTED, CHANGED], STOPPED),
    "on purpose, seen by a look": ([DISCONNECTING, (OFFLINE,), "look", DISCONNECTED], STOPPED),
    "cable lost, OctoPrint 1": ([(AFTER_ERROR, SERIAL), DISCONNECTED, CHANGED], LOST),
    "cable lost, OctoPrint 2": ([(AFTER_ERROR, ""), DISCONNECTED, CHANGED], [("lost", None)]),
    "cable lost, the state told first": ([(AFTER_ERROR, SERIAL), CHANGED, DISCONNECTED], LOST),
    "cable lost, seen by a look": ([(AFTER_ERROR, SERIAL), "look", DISCONNECTED, CHANGED], LOST),
    "firmware error, OctoPrint 1": (
        [CHANGED, FIRMWARE, (AFTER_ERROR, RUNAWAY), DISCONNECTED, CHANGED],
        [("lost", RUNAWAY)],
    ),
    "firmware error, seen by a look before it was told": (
        [(ERROR, RUNAWAY), "look", CHANGED, FIRMWARE, (AFTER_ERROR, RUNAWAY), DISCONNECTED],
        [("lost", RUNAWAY)],
    ),
    "firmware error, OctoPrint 2": ([CHANGED, FIRMWARE, (AFTER_ERROR, ""), DISCONNECTED], [("lost", RUNAWAY)]),
    "firmware error, OctoPrint 2, seen by a look before it was told": (
        [(AFTER_ERROR, ""), "look", CHANGED, "look", FIRMWARE, DISCONNECTED, CHANGED],
        [("lost", RUNAWAY)],
    ),
    "cable lost, OctoPrint 2, seen by a look before it was told": (
        [(AFTER_ERROR, ""), "look", "look", DISCONNECTED, CHANGED],
        [("lost", None)],
    ),
    "M112": ([(AFTER_ERROR, M112), DISCONNECTED, ("EStop", None)], [("lost", M112)]),
    "started anew": ([("PrinterReset", {"idle": True})], [("reset", None)]),
    "started anew while printing": (
        [("PrintCancelling", {}), ("PrintCancelled", {}), ("PrinterReset", {"idle": False}), FAILED],
        [("reset", None)],
    ),
    "started anew while printing, told late": ([BY_NOBODY, ("PrinterReset", {"idle": False})], [("reset", None)]),
    "an error that only cancels": ([CANCELLED], []),
    "an error that only cancels, and later the cable": ([CANCELLED, (AFTER_ERROR, ""), DISCONNECTED], [("lost", None)]),
    "cable lost, the print told first": ([FAILED, (AFTER_ERROR, SERIAL), DISCONNECTED, CHANGED], LOST),
    "on purpose, the print told first": ([DISCONNECTING, (OFFLINE,), FAILED, DISCONNECTED], STOPPED),
    "OctoPrint stops": ([("Shutdown", None)], []),
}


@pytest.mark.parametrize("told", SEQUENCES)
@pytest.mark.parametrize("before", [CONNECT, CONNECT + PRINT], ids=["idle", "printing"])
def test_each_sequence_of_octoprint_is_the_ending_that_it_is(told, before):
    steps, expected = SEQUENCES[told]
    world = World().go(*before, *steps)

    assert world.endings() == expected
    assert world.runs() == (world.text == OPERATIONAL)
    assert {session.file for session in world.ended} <= ({"benchy.gcode"} if before != CONNECT else {None})


def test_a_print_that_somebody_cancelled_did_not_end_with_the_restart_that_follows():
    world = World().go(*CONNECT, *PRINT, BY_SOMEBODY, ("PrinterReset", {"idle": True}))

    assert [(session.ending, session.file) for session in world.ended] == [("reset", None)]


@pytest.mark.parametrize("told", SEQUENCES)
def test_after_each_sequence_the_next_connection_is_another_one_and_knows_nothing_of_the_former(told):
    world = World().go(*CONNECT, *PRINT, *SEQUENCES[told][0])
    before = len(world.ended)
    world.go(DISCONNECTING, (OFFLINE,), DISCONNECTED, *CONNECT, (AFTER_ERROR, ""), DISCONNECTED)

    assert world.endings()[before:][-1] == ("lost", None)
    assert world.ended[-1].file is None
    assert len({session.id for session in world.ended}) == len(world.ended)


def test_a_connector_that_says_everything_twice_says_it_once():
    twice = [step for step in [*CONNECT, DISCONNECTING, (OFFLINE,), DISCONNECTED] for _ in range(2)]
    world = World().go(*twice, *CONNECT, CONNECT[2])

    assert world.endings() == STOPPED
    assert world.runs()


def test_an_attempt_that_fails_is_no_session():
    world = World().go(("Connecting", None), (DETECTING,), CHANGED, "look", (AFTER_ERROR, SERIAL), DISCONNECTED)

    assert world.endings() == []
    assert not world.runs()


def test_a_look_between_the_events_changes_nothing_about_the_end():
    steps = [*CONNECT, DISCONNECTING, (OFFLINE,), DISCONNECTED, CHANGED, *CONNECT]
    for count in range(len(steps) + 1):
        world = World().go(*steps[:count], "look", *steps[count:])
        assert (count, world.endings(), world.runs()) == (count, STOPPED, True)


def test_a_look_at_every_moment_changes_nothing_about_the_end():
    steps = [*CONNECT, (AFTER_ERROR, SERIAL), DISCONNECTED, CHANGED, *CONNECT]
    world = World().go(*(step for pair in zip(steps, itertools.repeat("look")) for step in pair))

    assert (world.endings(), world.runs()) == (LOST, True)


def test_events_that_come_after_a_look_saw_the_next_connection_end_nothing_twice():
    world = World().go(*CONNECT, (AFTER_ERROR, SERIAL), "look", (OPERATIONAL,), "look")
    id = world.clock.running()[0]
    world.go(DISCONNECTED, ("Connecting", None), ("Connected", {}), CHANGED)

    assert world.endings() == LOST
    assert world.clock.running()[0] == id

    world.go((AFTER_ERROR, SERIAL), DISCONNECTED)
    assert world.endings() == LOST * 2


def test_events_that_come_late_and_at_once_end_the_former_connection_and_begin_the_next():
    world = World().go(*CONNECT)
    id = world.clock.running()[0]
    world.go("look", CHANGED, DISCONNECTING, DISCONNECTED, ("Connecting", None), ("Connected", {}))

    assert world.endings() == STOPPED
    assert world.runs()
    assert world.clock.running()[0] != id


def test_the_print_of_one_connection_is_not_told_of_the_next():
    world = World().go(*CONNECT, *PRINT, (AFTER_ERROR, SERIAL), DISCONNECTED, *CONNECT, (OFFLINE,), "look")

    assert [session.file for session in world.ended] == ["benchy.gcode", None]


def throttle(now, past):
    return ("plugin_pi_support_throttle_state", {"current_undervoltage": now, "past_undervoltage": past})


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([], [None, None]),
        ([throttle(False, False)], [False, False]),
        ([throttle(True, True)], [True, True]),
        ([throttle(False, True)], [True, False]),  # before OctoPrint started
        ([throttle(False, False), throttle(False, True)], [True, True]),  # shorter than the look
        ([throttle(True, True), throttle(False, True)], [True, True]),
    ],
)
def test_under_voltage_is_told_of_who_ran_then(reports, expected):
    assert [session.undervoltage for session in World().go(*reports).state.running] == expected


@pytest.mark.parametrize(
    ("events", "leaving"),
    [
        (["disable"], True),
        (["uninstall"], True),
        (["disable", "enable"], False),
        (["enable"], False),
    ],
)
def test_who_is_turned_off_leaves_and_may_come_back(events, leaving):
    steps = [(f"plugin_pluginmanager_{event}_plugin", {"id": "octoprint_uptime"}) for event in events]
    others = [(f"plugin_pluginmanager_{event}_plugin", {"id": "other"}) for event in ("enable", "disable")]

    assert World().go(*steps, *others).state.leaving is leaving


def test_an_update_is_a_reason_to_stop():
    assert World().go(("plugin_softwareupdate_update_succeeded", {})).state.asked[0] == "update"
