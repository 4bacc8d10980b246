"""Counts what the recorder writes to the card, at the block device of a whole machine; a part of bench.py."""

import subprocess
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from tests.harness.machine import Machine
from tests.harness.machine.disk import Disk

BEATS = 20
DAY_SECONDS = 86400

# A store with a print that is running, and one heartbeat of it. Runs wherever the plugin is installed.
PRINTING = """
from octoprint_uptime.history import boots, printer, sessions, store

def beat(state, up):
    state = state.heartbeat(up, 1.79e9, True, up / 100)
    kept.save(state)
    kept.add(state)
    return state

kept = store.Store(folder)
kept.open()
state = sessions.begin(None, boots.Moment("a" * 36, 1000.0, 1.79e9, True, False, 0.0, 990.0, "5ad"))
for event in ("Connected", 1000.0, {}), ("PrintStarted", 1010.0, {"name": "benchy.gcode"}):
    state = printer.apply(state, printer.Event(*event))
state = state._replace(unsent=())
for up in range(1100, 1105):
    state = beat(state, up)
"""

# Runs in the machine, where nothing else uses the second disk.
COUNT = f"""
import os
folder = "/card/octoprint_uptime"
{PRINTING}
def kib():
    os.sync()
    with open("/sys/block/vdb/stat") as stat:
        return int(stat.read().split()[6]) * 512 / 1024

before = kib()
for up in range(2000, 2000 + {BEATS}):
    state = beat(state, up + 0.123456)
    os.sync()
print((kib() - before) / {BEATS})
"""


def measure_card():
    """Rows of what a beat and a day write to an ext4 card with 4 KiB blocks."""
    with tempfile.TemporaryDirectory() as folder:
        kib = count_in_machine(Path(folder) / "card.img")
    yield "written to the card by a beat", kib, 65, "KiB"
    for state, seconds in (("idle", 300), ("printing", 60)):
        yield f"written to the card by a day of beats, {state}", kib * DAY_SECONDS / seconds / 1024, None, "MiB"


def count_in_machine(card):
    with open(card, "wb") as image:
        image.truncate(512 << 20)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", card], check=True)
    machine = Machine(Disk().make(), second=card)
    try:
        machine.start(at=datetime.now(timezone.utc))
        machine.run("systemctl stop octoprint; mkdir -p /card; mount -o noatime /dev/vdb /card")
        return float(machine.run(f"/opt/octoprint/bin/python - <<'END'\n{COUNT}\nEND"))
    finally:
        machine.remove()
