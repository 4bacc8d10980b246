"""A Raspberry Pi has no clock of its own: each boot begins at the same date, until the network tells the time."""

from datetime import timedelta

from tests.harness.machine.calendar import MORNING
from tests.harness.told_history import moment


def start_without_a_clock(machine):
    """Returns the first and the last that the clocks said before the power was cut."""
    machine.start()
    first = machine.admin.reading()
    machine.printer.connect()
    machine.run("sleep 5")
    last = machine.admin.reading()
    machine.cut()
    return first, last


def check_order_and_lengths(history, cuts):
    """``cuts`` are the first and the last reading before each of them, newest first."""
    for clock, prefix in (("host", ""), ("octoprint", "octoprint_"), ("printer", "printer_")):
        ended = [session for session in history.of(clock) if session["ending"]]
        assert [session["session"] for session in ended] == [last[prefix + "session"] for _, last in cuts]
        for session, (first, last) in zip(ended, cuts):
            shortest, longest = first[prefix + "seconds"] or 0, last[prefix + "seconds"] + 2
            assert shortest <= session["seconds"] <= longest, (session, shortest, longest)


def check_that_no_dates_are_claimed(history, cuts):
    ids = {last[prefix + "session"] for _, last in cuts for prefix in ("", "octoprint_", "printer_")}
    sessions = [session for session in history.sessions if session["session"] in ids]
    assert len(sessions) == 3 * len(cuts)
    for session in sessions:
        assert session["confirmed"] is False, session
        # When the next boot began is known by a clock that has nothing to do with that of this one.
        assert session["ended_before"] is None, session


def check_the_boot_in_which_the_time_came(history, boots_ago):
    """All of its sessions began in the minutes before, also the printer's, which had ended by then."""
    sessions = [history.of("host")[boots_ago], history.of("octoprint")[boots_ago], history.of("printer")[0]]
    assert sessions[-1]["ending"] == "stopped"
    for session in sessions:
        assert session["confirmed"] is True, session
        assert timedelta(0) < MORNING - moment(session["started"]) < timedelta(minutes=10), session


def test_the_time_comes_after_two_cuts_and_puts_right_the_boot_that_runs(machine):
    cuts = [start_without_a_clock(machine), start_without_a_clock(machine)][::-1]
    machine.start()
    machine.printer.connect()
    machine.printer.disconnect()
    assert machine.history().document["clock_confirmed"] is False

    machine.set_clock(MORNING)

    history = machine.history_when(lambda document: document["clock_confirmed"])
    check_the_boot_in_which_the_time_came(history, 0)
    check_that_no_dates_are_claimed(history, cuts)

    machine.run("sleep 5")
    machine.cut()
    machine.start(at=MORNING + timedelta(hours=1))

    history = machine.history()
    check_the_boot_in_which_the_time_came(history, 1)
    check_that_no_dates_are_claimed(history, cuts)
    assert history.of("host")[1]["ended_before"] == history.of("host")[0]["started"]


def test_the_time_that_never_comes_leaves_order_and_lengths(machine):
    cuts = [start_without_a_clock(machine), start_without_a_clock(machine)][::-1]

    machine.start()

    history = machine.history()
    assert history.document["clock_confirmed"] is False
    assert history.endings("host") == [None, "silent", "silent"]
    assert history.endings("octoprint") == [None, "carried", "carried"]
    assert history.endings("printer") == ["carried", "carried"]
    check_order_and_lengths(history, cuts)
    check_that_no_dates_are_claimed(history, cuts)
