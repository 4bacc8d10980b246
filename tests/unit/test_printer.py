"""What OctoPrint's events mean: the sequences that its versions and connectors send, on time and late."""

import pytest

from octoprint_uptime.history import printer, sessions
from octoprint_uptime.history.sessions import CANCELLED, FIRMWARE_ERROR, LOST, RESET, STOPPED, Print
from tests.harness.states import EPOCH, begun

SERIAL = "SerialException: device reports readiness to read but returned no data"
TIMEOUTS = "Too many consecutive timeouts, printer still connected and alive?"
M112 = "Closing serial port due to emergency stop M112."
HEATING = "Heating failed, system stopped! Heater_ID: 0"
KLIPPER = "MCU 'mcu' shutdown: Timer too close"
FILE = "benchy.gcode"
CONNECTED_AT = 200.0


def event(name, payload=None, **known):
    return name, payload or {}, known


def failed(reason, progress=None, **more):
    return event("PrintFailed", {"name": FILE, "reason": reason, "progress": progress, **more})


def error(words, reason, consequence=None):
    return event("Error", {"error": words, "reason": reason, **({"consequence": consequence} if consequence else {})})


CONNECT = [event("Connecting"), event("Connected", {"port": "VIRTUAL"}), event("PrinterStateChanged"), 100.0]
PRINT = [event("PrintStarted", {"name": FILE}), 100.0]
DISCONNECTING, DISCONNECTED, CHANGED = event("Disconnecting"), event("Disconnected"), event("PrinterStateChanged")
BY_REQUEST = event("Disconnecting", asked=True)
CABLE = event("Disconnected", error=SERIAL)
FAILED, UNASKED, BY_USER = failed("error"), failed("cancelled"), failed("cancelled", user="admin")
CANCELLING, CANCEL_REQUEST = event("PrintCancelling"), event("PrintCancelling", {"user": "admin"}, asked=True)
FIRMWARE_CANCELS = event("PrintCancelling", {"firmwareError": KLIPPER})
RESET_IDLE, RESET_PRINTING = event("PrinterReset", {"idle": True}), event("PrinterReset", {"idle": False})
TIMEOUT = error(TIMEOUTS, "timeout")
DIES = [40.0, TIMEOUT, event("Disconnected", error=TIMEOUTS)]


def play(*steps, state=None, up=CONNECTED_AT - 0.1):
    """The State after the events, a tenth of a second each; a number is a pause in seconds."""
    state = state or begun()
    for step in steps:
        if isinstance(step, float):
            up += step
        else:
            name, payload, known = step
            state = printer.apply(state, printer.Event(name, round(up, 3), payload, **known))
            up += 0.1
    return state


def told(state):
    """What was recorded: the endings of connections with what is known of them, and the prints that stopped."""
    ends = [(one.ending, one.reason, one.asked) for one in state.unsaved if isinstance(one, sessions.Session)]
    stops = [(one.cause, one.reason, one.asked) for one in state.unsaved if isinstance(one, sessions.StoppedPrint)]
    return ends, stops


def connected(state):
    return sessions.first(state.running, "printer") is not None


ENDS = {
    "on purpose": ([DISCONNECTING, DISCONNECTED, CHANGED], STOPPED, None, None),
    "on purpose, with an error in the state": ([DISCONNECTING, CABLE], STOPPED, None, None),
    "on purpose, print first": ([DISCONNECTING, FAILED, DISCONNECTED], STOPPED, None, None),
    "on purpose, print last": ([DISCONNECTING, DISCONNECTED, CHANGED, FAILED], STOPPED, None, None),
    "on request": ([BY_REQUEST, DISCONNECTED, FAILED], STOPPED, None, "disconnect"),
    "cable, 1.11": ([CABLE, CHANGED, FAILED], LOST, SERIAL, None),
    "cable, state first": ([CHANGED, CABLE], LOST, SERIAL, None),
    "cable, print first": ([FAILED, CABLE, CHANGED], LOST, SERIAL, None),
    "cable, 2.0": ([event("Disconnected", error=""), CHANGED], LOST, None, None),
    "timeouts, 1.11": ([TIMEOUT, event("Disconnected", error=TIMEOUTS), CHANGED, FAILED], LOST, TIMEOUTS, None),
    "timeouts, 2.0": ([TIMEOUT, event("Disconnected", error=""), CHANGED, FAILED], LOST, TIMEOUTS, None),
    "crash of the serial loop": ([error("See octoprint.log", "crash"), DISCONNECTED], LOST, "See octoprint.log", None),
    "firmware error, 1.11": (
        [CHANGED, error(HEATING, "firmware", "emergency"), event("EStop"), event("Disconnected", error=M112), FAILED],
        LOST,
        HEATING,
        None,
    ),
    "firmware error, 2.0": (
        [CHANGED, error(HEATING, "firmware", "emergency"), event("EStop"), FAILED, DISCONNECTED, CHANGED],
        LOST,
        HEATING,
        None,
    ),
    "firmware error that disconnects": ([error(HEATING, "firmware", "disconnect"), DISCONNECTED], LOST, HEATING, None),
    "M112": ([event("Disconnected", error=M112), CHANGED, event("EStop")], LOST, M112, None),
    "reset": ([RESET_IDLE], RESET, None, None),
    "reset while printing": (
        [CANCELLING, CHANGED, event("PrintCancelled"), RESET_PRINTING, UNASKED],
        RESET,
        None,
        None,
    ),
    "reset while printing, print first": (
        [CANCELLING, event("PrintCancelled"), UNASKED, RESET_PRINTING],
        RESET,
        None,
        None,
    ),
    "connected again, 2.0 with Moonraker": ([failed(None), 120.0, event("Connected")], RESET, None, None),
}


@pytest.mark.parametrize("extra", [{}, {"connector": "serial"}], ids=["1.11", "2.0"])
@pytest.mark.parametrize("name", ENDS)
def test_each_sequence_has_its_ending_and_takes_the_print_along(name, extra):
    steps, *ending = ENDS[name]
    steps = [step if isinstance(step, float) else (step[0], {**step[1], **extra}, step[2]) for step in steps]

    for before, file in ((CONNECT, None), (CONNECT + PRINT, FILE)):
        state = play(*before, *steps)
        assert told(state) == ([tuple(ending)], [])
        assert told(state.settle(9000.0)) == ([tuple(ending)], [])
        assert state.unsaved[0].file == file
        assert state.unsaved[0].before_boot == state.boot.id
        assert (state.print, state.stopped) == (None, None)
        assert connected(state) == (ending[0] == RESET)


@pytest.mark.parametrize("name", ENDS)
def test_after_each_sequence_the_next_connection_has_nothing_of_the_former_one(name):
    before = play(*CONNECT, *PRINT, *ENDS[name][0], 20.0, DISCONNECTING, DISCONNECTED)
    state = play(*CONNECT, event("Disconnected", error=""), state=before, up=1000.0)

    assert told(state)[0][-1] == (LOST, None, None)
    assert state.unsaved[-1].file is None
    assert len({one.id for one in state.unsaved}) == len(state.unsaved)
    assert all(one.start <= one.end <= one.before for one in state.unsaved)


FIRMWARE, BY_API, BY_PLUGIN = (
    ("firmware_error", KLIPPER, None),
    ("cancelled", None, "cancel"),
    ("cancelled", None, None),
)
KLIPPER_2 = error(KLIPPER, "firmware", "cancel")
STOPS = {
    "firmware error, 1.11": ([FIRMWARE_CANCELS, event("PrintCancelled"), UNASKED], [], [FIRMWARE]),
    "firmware error, 2.0": ([KLIPPER_2, FIRMWARE_CANCELS, event("PrintCancelled"), UNASKED], [], [FIRMWARE]),
    "firmware error, no PrintCancelling": ([KLIPPER_2, UNASKED], [], [FIRMWARE]),
    "firmware error, no words in PrintCancelling": ([KLIPPER_2, CANCELLING, UNASKED], [], [FIRMWARE]),
    "cancelled on the page": ([CANCEL_REQUEST, event("PrintCancelled"), BY_USER], [], [BY_API]),
    "cancelled on the page without a login": ([event("PrintCancelling", asked=True), UNASKED], [], [BY_API]),
    "cancelled for a user, not by a request": ([CANCELLING, BY_USER], [], [BY_PLUGIN]),
    "cancelled by a plugin": ([CANCELLING, event("PrintCancelled"), UNASKED], [], [BY_PLUGIN]),
    "failed twice": ([CANCELLING, UNASKED, failed("error"), event("PrintFailed")], [], [BY_PLUGIN]),
    "reset after a request to cancel": (
        [CANCEL_REQUEST, BY_USER, 0.3, RESET_PRINTING],
        [(RESET, None, None)],
        [BY_API],
    ),
    "cancelled after an earlier request": (
        [CANCEL_REQUEST, event("PrintDone"), *PRINT, CANCELLING, UNASKED],
        [],
        [BY_PLUGIN],
    ),
    "cancelled after an earlier firmware error": (
        [KLIPPER_2, event("PrintDone"), *PRINT, CANCELLING, UNASKED],
        [],
        [BY_PLUGIN],
    ),
    "cancelled after a firmware error without a print": (
        [event("PrintDone"), KLIPPER_2, *PRINT, CANCELLING, UNASKED],
        [],
        [BY_PLUGIN],
    ),
    "reset after a cancel for a user": ([CANCELLING, BY_USER, 0.3, RESET_PRINTING], [(RESET, None, None)], [BY_PLUGIN]),
    "two firmware errors": ([KLIPPER_2, UNASKED, 9.0, *PRINT, FIRMWARE_CANCELS, UNASKED], [], [FIRMWARE, FIRMWARE]),
    "cancelled, disconnected later": ([CANCELLING, UNASKED, 5.0, *DIES], [(LOST, TIMEOUTS, None)], [BY_PLUGIN]),
    "firmware error, disconnected on purpose": (
        [KLIPPER_2, UNASKED, 1.0, DISCONNECTING, DISCONNECTED],
        [(STOPPED, None, None)],
        [FIRMWARE],
    ),
    # Not told: OctoPrint reports no cause, and the connection goes on.
    "failed without a reason": ([event("PrintFailed"), 400.0], [], []),
    "failed for an unknown reason": ([failed("sunspots"), 400.0], [], []),
    "done": ([event("PrintDone")], [], []),
    "done, then lost": ([event("PrintDone"), CABLE], [(LOST, SERIAL, None)], []),
}


@pytest.mark.parametrize("name", STOPS)
def test_a_print_that_stops_while_the_connection_goes_on_is_told_with_its_cause(name):
    steps, ends, stops = STOPS[name]
    state = play(*CONNECT, *PRINT, *steps).close_print()

    assert told(state) == (ends, stops)
    assert {one.file for one in state.unsaved if isinstance(one, sessions.StoppedPrint)} <= {FILE}
    assert {one.file for one in state.unsaved if isinstance(one, sessions.Session)} <= {None}
    assert (state.print, state.stopped) == (None, None)


@pytest.mark.parametrize("late", [[], [failed("error", error=KLIPPER)]], ids=["1.11", "2.0"])
@pytest.mark.parametrize("settled", [False, True])
def test_a_print_that_a_firmware_error_stopped_is_told_once_however_long_the_connection_takes_to_die(late, settled):
    state = play(*CONNECT, *PRINT, FIRMWARE_CANCELS, UNASKED)
    if settled:
        state = state.settle(410.0)
        assert [one.file for one in state.unsent if isinstance(one, sessions.StoppedPrint)] == [FILE]
        state = state._replace(unsent=())
    state = play(3000.0, *DIES, *late, state=state, up=410.0)

    assert told(state) == ([(LOST, KLIPPER, None)], [])
    assert state.unsaved[0].file == FILE
    assert [one.file for one in state.unsent if one.end] == [None if settled else FILE]


def test_a_print_whose_event_is_still_pending_is_told_with_its_connection_instead():
    state = play(*CONNECT, *PRINT, FIRMWARE_CANCELS, UNASKED).settle(410.0)
    state = play(*DIES, state=state, up=410.0)

    assert [(type(one).__name__, one.file) for one in state.unsent if one.end] == [("Session", FILE)]
    assert state.stopped_sent is False


@pytest.mark.parametrize(
    ("steps", "seconds", "limit"),
    [([UNASKED], 4.8, 5.0), ([event("PrintFailed")], 299.8, 300.0), ([failed("error")], 299.8, 300.0)],
)
def test_a_print_belongs_to_the_end_of_a_connection_that_follows_soon(steps, seconds, limit):
    for pause, file in ((seconds, FILE), (limit - 0.1, FILE), (limit, None)):
        state = play(*CONNECT, *PRINT, *steps, pause, CABLE)
        assert [one.file for one in state.unsaved if isinstance(one, sessions.Session)] == [file]


def test_a_connection_that_is_given_up_ended_after_its_last_line():
    silent = event("Error", {"error": TIMEOUTS, "reason": "timeout"}, last_line=320.0)
    (lost,) = play(*CONNECT, *PRINT, 60.0, silent, DISCONNECTED).unsaved
    assert (lost.start, lost.end, lost.before) == (pytest.approx(200.0), 320.0, pytest.approx(460.4))

    for never, end in ((None, 300.3), (100.0, 200.0), (9000.0, 300.3)):
        error = event("Error", {"error": TIMEOUTS, "reason": "timeout"}, last_line=never)
        (lost,) = play(*CONNECT, error, DISCONNECTED).unsaved
        assert (lost.end, lost.before) == (pytest.approx(end), pytest.approx(300.3))


def test_an_error_other_than_a_timeout_ends_the_connection_when_it_is_reported():
    crash = event("Error", {"error": "See octoprint.log", "reason": "crash"}, last_line=210.0)
    (lost,) = play(*CONNECT, crash, DISCONNECTED).unsaved

    assert lost.end == lost.before == pytest.approx(300.3)


@pytest.mark.parametrize("before", [CONNECT, CONNECT + PRINT])
def test_an_error_that_only_cancels_is_not_why_a_connection_is_lost_later(before):
    assert told(play(*before, KLIPPER_2)) == ([], [])
    for words in ("", SERIAL):
        state = play(*before, KLIPPER_2, event("Disconnected", error=words))
        assert told(state) == ([(LOST, words or None, None)], [])


def test_the_firmware_s_words_are_why_a_connection_is_lost_that_a_print_stopped_with():
    state = play(*CONNECT, *PRINT, KLIPPER_2, FIRMWARE_CANCELS, UNASKED, 60.0, event("Disconnected", error=""))

    assert told(state) == ([(LOST, KLIPPER, None)], [])
    assert state.unsaved[0].file == FILE


@pytest.mark.parametrize(
    "steps", [[error(HEATING, "firmware"), *PRINT], [*PRINT, error(HEATING, "firmware"), event("PrintDone")]]
)
def test_an_error_before_a_print_or_in_one_that_is_done_is_not_why_a_connection_is_lost(steps):
    state = play(*CONNECT, *steps, event("Disconnected", error=""))

    assert told(state)[0] == [(LOST, None, None)]


@pytest.mark.parametrize("again", [RESET_IDLE, event("Connected")])
def test_a_printer_that_starts_twice_while_it_connects_has_one_connection(again):
    for pause in (0.5, 9.8):
        state = play(event("Connecting"), event("Connected"), pause, again)
        assert (told(state), connected(state)) == (([], []), True)
    assert told(play(event("Connecting"), event("Connected"), 10.0, again))[0] == [(RESET, None, None)]


@pytest.mark.parametrize("fails", [[], [FAILED]])
def test_a_reset_of_a_print_that_began_at_once_is_a_reset(fails):
    state = play(event("Connected"), PRINT[0], *fails, RESET_PRINTING)

    assert (told(state)[0], state.unsaved[0].file) == ([(RESET, None, None)], FILE)


def test_a_reset_is_the_end_of_one_connection_and_the_start_of_the_next():
    state = play(*CONNECT, *PRINT, RESET_PRINTING)
    session = sessions.first(state.running, "printer")

    assert session.start == state.unsaved[0].end == state.unsaved[0].before
    assert session.id != state.unsaved[0].id
    assert session.file is None
    assert [(one.id, one.end) for one in state.unsent[-2:]] == [
        (state.unsaved[0].id, session.start),
        (session.id, None),
    ]


@pytest.mark.parametrize(
    "steps",
    [
        [event("Connecting"), CHANGED, CABLE],
        [DISCONNECTING, DISCONNECTED],
        [RESET_IDLE],
        [*PRINT, UNASKED],
        [*CONNECT, DISCONNECTING, DISCONNECTED, *PRINT, FAILED],
    ],
)
def test_what_happens_without_a_connection_makes_no_session_and_no_print(steps):
    state = play(*steps)

    assert (connected(state), state.print, state.stopped) == (False, None, None)
    assert told(state) in (([], []), ([(STOPPED, None, None)], []))


def test_a_print_that_starts_after_its_connection_ended_is_not_blamed_on_the_next_one():
    state = play(*CONNECT, CABLE, *PRINT, *CONNECT, CABLE)

    assert [one.file for one in state.unsaved] == [None, None]


def test_an_error_while_connecting_is_not_why_the_next_connection_is_lost():
    state = play(event("Connecting"), TIMEOUT, DISCONNECTING, DISCONNECTED, *CONNECT, event("Disconnected", error=""))

    assert told(state)[0] == [(LOST, None, None)]
    # OctoPrint 2 may report the attempt of another connector while a connection is there.
    state = play(*CONNECT, TIMEOUT, event("Connecting"), event("Disconnected", error=""))
    assert told(state)[0] == [(LOST, TIMEOUTS, None)]


@pytest.mark.parametrize(
    ("seen", "reason", "progress", "completion"),
    [
        (None, "cancelled", None, None),
        (12.5, "cancelled", None, 12.5),
        (12.5, "cancelled", "much", 12.5),
        (12.5, "cancelled", 63, 63.0),
        (63.2, "cancelled", 12.5, 63.2),  # a heartbeat saw more than the last line that was acknowledged
        (None, "cancelled", 250.0, 100.0),
        (None, "cancelled", -3, 0.0),
        (None, "cancelled", float("nan"), 0.0),
        (0.0, "error", 0.632, 63.2),  # OctoPrint reports a fraction then
        (0.0, "error", 1.0, 100.0),
    ],
)
def test_a_print_is_as_far_as_was_seen_or_reported(seen, reason, progress, completion):
    state = play(*CONNECT, *PRINT)
    state = play(failed(reason, progress), CABLE, state=state._replace(print=Print(FILE, seen)), up=500.0)

    assert state.unsaved[0].completion == (completion if completion is None else pytest.approx(completion))


def test_a_stopped_print_has_an_id_of_its_machine_and_the_moment_of_its_boot():
    state = play(*CONNECT, *PRINT).heartbeat(450.0, EPOCH, True, 63.2)
    (stopped,) = play(CANCEL_REQUEST, BY_USER, state=state, up=500.0).unsaved
    (later,) = play(CANCEL_REQUEST, BY_USER, state=state, up=501.0).unsaved

    assert stopped == sessions.StoppedPrint(stopped.id, state.boot.id, 500.1, FILE, 63.2, CANCELLED, None, "cancel")
    assert stopped.id != later.id
    assert stopped.id.startswith("5ad")


@pytest.mark.parametrize(
    ("text", "kept"), [(None, None), ("", None), (5, "5"), ("x" * 501, "x" * 500), ({"a": 1}, "{'a': 1}")]
)
def test_texts_from_a_printer_are_texts_and_bounded(text, kept):
    state = play(*CONNECT, event("PrintStarted", {"name": text}), event("Disconnected", error=text))

    assert (state.unsaved[0].file, state.unsaved[0].reason) == (kept, kept)
    words = event("PrintCancelling", {"firmwareError": text})
    stopped = play(*CONNECT, *PRINT, words, failed("error")).stopped
    assert (stopped.reason, stopped.cause) == (kept, FIRMWARE_ERROR if kept else None)


@pytest.mark.parametrize("name", [*printer.HANDLERS, "PrinterStateChanged", "ToString"])
def test_each_event_without_a_payload_is_taken_in_whatever_is_running(name):
    for before in ([], CONNECT, CONNECT + PRINT, [*CONNECT, *PRINT, event("PrintFailed")]):
        state = play(*before)
        after = play(event(name), state=state, up=600.0)
        assert after.up == (600.0 if name in printer.HANDLERS else state.up)
        assert len(after.unsaved) <= 1


def test_a_new_print_starts_at_nothing_and_ends_the_one_before():
    state = play(*CONNECT, *PRINT)
    assert state.print == Print(FILE, 0.0)

    state = play(UNASKED, event("PrintStarted", {"name": "next.gcode"}), state=state, up=500.0)
    assert state.print == Print("next.gcode", 0.0)
    assert told(state) == ([], [BY_PLUGIN])


def test_a_connection_has_no_word_on_under_voltage_until_it_is_measured():
    assert sessions.first(play(*CONNECT).running, "printer").undervoltage is None

    measured = begun().report_undervoltage(150.0, True, True)
    assert sessions.first(play(*CONNECT, state=measured).running, "printer").undervoltage is False


def test_a_connector_that_reports_everything_twice_has_one_connection():
    twice = [one for one in [*CONNECT[:3], 20.0, DISCONNECTING, DISCONNECTED] for _ in (1, 2)]
    state = play(*twice, *(one for one in CONNECT[:3] for _ in (1, 2)))

    assert told(state) == ([(STOPPED, None, None)], [])
    assert connected(state)
