"""The power fails at night, and comes back in the morning."""

from datetime import timedelta

from tests.harness.machine.calendar import EVENING, MORNING
from tests.harness.machine.disk import PRINT_FILE
from tests.harness.told_history import moment, run_time

# While a print runs there is a beat after 30 to 90 seconds.
PRINTING_BEAT = timedelta(seconds=95)
TOLERANCE = timedelta(seconds=5)
# From the power to the kernel, where the host's session begins.
FIRMWARE = timedelta(seconds=60)


def check_that_all_ended_with_the_power(history, earliest, cut):
    """Nobody was told anything: all ended between the last beat and the next start of the host."""
    assert history.document["recording"] is True
    assert history.document["clock_confirmed"] is True
    assert history.endings("host") == [None, "silent"]
    assert history.endings("octoprint") == [None, "carried"]
    assert history.endings("printer") == ["carried"]
    morning = history.of("host")[0]["started"]
    assert timedelta(0) <= moment(morning) - MORNING < FIRMWARE
    for session in [session for session in history.sessions if session["ending"]]:
        assert earliest - TOLERANCE <= moment(session["ended"]) <= cut, session
        assert session["ended_before"] == morning, session
        assert abs(session["seconds"] - run_time(session)) < 2, session
        assert (session["asked"], session["reason"], session["confirmed"]) == (None, None, True), session


def test_a_power_cut_while_printing_is_told_with_the_print(machine):
    machine.start(at=EVENING)
    machine.printer.connect()
    machine.printer.start_print(PRINT_FILE)
    machine.printer.wait_until_printed_for(PRINTING_BEAT.total_seconds())
    cut = machine.now()

    machine.cut()
    machine.start(at=MORNING)

    history = machine.history()
    check_that_all_ended_with_the_power(history, cut - PRINTING_BEAT, cut)
    for clock in ("host", "octoprint", "printer"):
        assert history.of(clock)[-1]["print"]["file"] == PRINT_FILE
        assert 0 < history.of(clock)[-1]["print"]["completion"] < 5
    assert [session["print"] for session in history.sessions if session["ending"] is None] == [None, None]


def test_a_power_cut_of_an_idle_printer_is_told_without_a_print(machine):
    machine.start(at=EVENING)
    connected = machine.now()
    machine.printer.connect()
    running = machine.history()
    cut = machine.now() + TOLERANCE
    machine.run("sleep 5")

    machine.cut()
    machine.start(at=MORNING)

    history = machine.history()
    check_that_all_ended_with_the_power(history, connected, cut)
    assert [session["print"] for session in history.sessions] == [None] * 5
    ended = {session["session"] for session in history.sessions if session["ending"]}
    assert ended == {session["session"] for session in running.sessions}
