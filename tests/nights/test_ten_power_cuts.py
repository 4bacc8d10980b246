"""Ten power cuts in a row, each at a moment that chance chooses."""

import os
import random
import time
from datetime import timedelta

from tests.harness.machine.calendar import EVENING
from tests.harness.servers import answers

CUTS = int(os.environ.get("CUTS", "10"))
# The page may show what the disk does not have yet; a second later it has it, on a busy machine a few.
WRITTEN_SECONDS = 5
DATA = "/octoprint/data/octoprint_uptime"


class Witness:
    """Remembers what the API has answered: that is what must not get lost."""

    def __init__(self, machine):
        self.machine = machine
        self.known = {}  # sessions by id, as they were answered last
        self._answers = []

    def look(self):
        history = self.machine.admin.reading("?include=history&days=30")["history"]
        if history is not None:  # else it was asked for too early
            self._answers.append((time.monotonic(), history["sessions"]))

    def take_in(self, cut):
        """Keep what was answered long enough before the cut."""
        for when, sessions in self._answers:
            if when < cut - WRITTEN_SECONDS:
                self.known.update({session["session"]: session for session in sessions})
        self._answers = []


def run_until(machine, witness, deadline):
    """Connect the printer and disconnect it until the power is cut, and look all the time."""
    while time.monotonic() < deadline:
        if not answers(machine.url):
            time.sleep(0.2)
            continue
        witness.look()
        state = machine.admin.request("GET", "/api/connection").json["current"]["state"]
        if state in ("Closed", "Offline"):
            machine.admin.connect_printer()
        elif state == "Operational":
            machine.admin.disconnect_printer()


def check_that_all_is_told_once(sessions, known):
    """``sessions`` are those of the answer after a cut, ``known`` those that were answered before it, by id."""
    ids = [session["session"] for session in sessions]
    assert len(set(ids)) == len(ids)
    assert known.keys() <= set(ids)
    for session in sessions:
        before = known.get(session["session"], {"ending": None})
        if before["ending"] is not None:
            assert session == before


def test_ten_power_cuts_lose_nothing_that_was_told(machine):
    seed = time.time_ns()
    chance = random.Random(seed)
    print(f"Seed {seed}")  # pytest shows it where the test fails
    witness, moment = Witness(machine), EVENING
    machine.start(at=moment)
    boot_seconds = machine.admin.reading()["seconds"]

    for _ in range(CUTS):
        run_until(machine, witness, time.monotonic() + boot_seconds * chance.uniform(0.5, 1.5))
        machine.cut()
        witness.take_in(time.monotonic())
        moment += timedelta(hours=1)
        machine.power_on(at=moment)

    machine.wait_for_octoprint()
    history = machine.history()
    print(len(witness.known), "sessions were told before the cuts")
    check_that_all_is_told_once(history.sessions, witness.known)
    assert history.endings("host") == [None] + ["silent"] * (len(history.of("host")) - 1)
    assert history.endings("octoprint") == [None] + ["carried"] * (len(history.of("octoprint")) - 1)
    assert None not in history.endings("printer")
    assert history.document["recording"] is True
    assert "damaged" not in machine.run(f"ls {DATA}")
    assert machine.run(f"sqlite3 {DATA}/history.db 'PRAGMA integrity_check'").strip() == "ok"
