"""Writes sessions and is killed in the middle, again and again; prints what was acknowledged and what is there.

python -m tests.harness.kills FOLDER COUNT
"""

import json
import os
import random
import select
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

from octoprint_uptime.history import files, schema, sessions
from octoprint_uptime.history.store import Store
from tests.harness.states import flap, moment
from tests.harness.stores import keep, kept

SEED = 12
LONGEST_SECONDS = 0.02


def write(folder, pipe, start):
    """Acknowledge each session's id once it is on the disk, until the process is killed."""
    store = Store(folder)
    left = store.open()
    acknowledged = [] if not store.set_aside else ["damaged"]
    state = sessions.begin(left, moment(start), store.known_boots())
    while True:
        acknowledged += [session.id for session in state.unsaved]
        state = keep(store, state)
        os.write(pipe, "".join(f"{id}\n" for id in acknowledged).encode())
        state = flap(state, 1, state.up + 1)
        acknowledged = []


def kill_once(folder, choose, start, at_work):
    """What a process acknowledged that was killed at some moment: of its start, or while it is ``at_work``."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        write(folder, writing, start)
    os.close(writing)
    if at_work:
        select.select([reading], [], [])
    time.sleep(choose.uniform(0.001, LONGEST_SECONDS))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with open(reading) as pipe:
        return pipe.read().split()


def main(folder, count):
    schema.MOST_SESSIONS = sys.maxsize
    choose, acknowledged = random.Random(SEED), []
    for number in range(count):
        acknowledged += kill_once(folder, choose, 100.0 + 10_000 * number, at_work=number % 4 > 0)
    left, _ = kept(folder)
    there = ids_in(folder) | {session.id for session in left.unsaved}
    damaged, lost = "damaged" in acknowledged, sorted(set(acknowledged) - there)
    print(json.dumps({"acknowledged": len(acknowledged), "damaged": damaged, "lost": lost}))


def ids_in(folder):
    """All of them: ``read`` returns no more than a page needs."""
    with closing(files.connect(Path(folder, "history.db"))) as history:
        return {id for (id,) in history.execute("SELECT id FROM sessions")}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
