"""The kernel of a machine without memory stops OctoPrint."""

from tests.harness.machine.calendar import EVENING

# The kernel stops the program with the highest score first. `tail` keeps the last line in memory; this one has no end.
USE_ALL_MEMORY = """
    echo 1000 >/proc/$(systemctl show --property MainPID --value octoprint)/oom_score_adj
    tail /dev/zero
    systemctl start octoprint
"""


def test_octoprint_that_the_kernel_stopped_has_that_as_evidence(machine):
    machine.start(at=EVENING)
    machine.history()
    machine.run(USE_ALL_MEMORY, check=False)
    machine.wait_for_octoprint()

    history = machine.history_when(lambda document: any(one["ending"] for one in document["sessions"]))
    assert history.endings("octoprint") == [None, "silent"]
    assert history.of("octoprint")[1]["evidence"] == ["out_of_memory"]
    assert history.endings("host") == [None]
    assert "oom-kill" in machine.run("dmesg")


def test_octoprint_that_was_killed_otherwise_has_none(machine):
    machine.start(at=EVENING)
    machine.history()
    machine.run("systemctl kill --signal=KILL octoprint && sleep 2 && systemctl start octoprint")
    machine.wait_for_octoprint()

    history = machine.history_when(lambda document: any(one["ending"] for one in document["sessions"]))
    assert history.of("octoprint")[1]["evidence"] == []
