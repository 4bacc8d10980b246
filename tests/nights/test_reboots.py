"""Somebody reboots the machine, or only OctoPrint ends."""

from datetime import timedelta

from tests.harness.machine.calendar import EVENING, MORNING, SOON
from tests.harness.machine.disk import PRINT_FILE
from tests.harness.told_history import moment

TOLERANCE = timedelta(seconds=5)
STOP = timedelta(seconds=60)


def reboot_while_printing(machine, reboot):
    """Returns the history after it and the moment before it, by the machine's clock."""
    machine.start(at=EVENING)
    machine.printer.connect()
    machine.printer.start_print(PRINT_FILE)
    machine.printer.wait_until_printed_for(5)
    before = machine.now()
    reboot()
    machine.wait_until_off()
    machine.start(at=SOON)
    return machine.history(), before


def check_that_all_ended_in_order(history, before, asked):
    assert history.endings("host") == [None, "stopped"]
    assert history.endings("octoprint") == [None, "stopped"]
    assert history.endings("printer") == ["carried"]
    for session in [session for session in history.sessions if session["ending"]]:
        assert before - TOLERANCE <= moment(session["ended"]) <= before + STOP, session
        assert session["ended_before"] == session["ended"], session
        assert session["asked"] == (None if session["clock"] == "printer" else asked), session
        assert session["print"]["file"] == PRINT_FILE, session


def test_a_reboot_by_systemctl_is_told_as_in_order(machine):
    history, before = reboot_while_printing(machine, lambda: machine.run("systemctl reboot", check=False))

    check_that_all_ended_in_order(history, before, asked=None)


def test_a_reboot_from_the_menu_is_told_as_asked_for(machine):
    def reboot():
        assert machine.admin.request("POST", "/api/system/commands/core/reboot").status == 204

    history, before = reboot_while_printing(machine, reboot)

    check_that_all_ended_in_order(history, before, asked="reboot")


def test_the_host_runs_on_when_only_octoprint_ends(machine):
    machine.start(at=EVENING)
    (host,) = machine.history().of("host")
    machine.printer.connect()

    machine.run("systemctl kill --signal=KILL octoprint && sleep 2 && systemctl start octoprint")
    machine.wait_for_octoprint()

    history = machine.history()
    assert history.endings("host") == [None]
    assert history.endings("octoprint") == [None, "silent"]
    assert history.endings("printer") == ["carried"]

    machine.run("systemctl restart octoprint")
    machine.wait_for_octoprint()

    assert machine.history().endings("octoprint") == [None, "stopped", "silent"]
    (still,) = machine.history().of("host")
    assert (still["session"], still["ending"]) == (host["session"], None)


def test_nobody_saw_the_end_of_a_host_whose_octoprint_had_been_stopped_before(machine):
    machine.start(at=EVENING)
    machine.run("systemctl stop octoprint && sleep 10")

    machine.cut()
    machine.start(at=MORNING)

    history = machine.history()
    assert history.endings("host") == [None, "unseen"]
    assert history.endings("octoprint") == [None, "stopped"]
    host, octoprint = history.of("host"), history.of("octoprint")
    assert octoprint[1]["ended"] == octoprint[1]["ended_before"] == host[1]["ended"]
    assert host[1]["ended_before"] == host[0]["started"]
