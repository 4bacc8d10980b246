"""Writes sessions and is killed in the middle, again and again; tells what was acknowledged and what is there.

python -m tests.harness.kills FOLDER COUNT
"""

import json
import os
import random
import select
import signal
import sys
import time

from octoprint_uptime import sessions, store
from octoprint_uptime.store import Store
from tests.harness.stores import flap, kept, moment

SEED = 12
LONGEST_SECONDS = 0.02


def write(folder, pipe, start):
    """Say each session's id once it is on the disk, until somebody ends it."""
    here = Store(folder)
    left = here.open()
    said = [] if not here.set_aside else ["damaged"]
    state, ended = sessions.begin(left, moment(start, process=f"o{start}"))
    while True:
        here.save(state, ended)
        said += [session.id for session in ended]
        os.write(pipe, "".join(f"{id}\n" for id in said).encode())
        state, ended = flap(state, 1, state.up + 1)
        said = []


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
    store.MOST_SESSIONS = sys.maxsize
    choose, said = random.Random(SEED), []
    for number in range(count):
        said += kill_once(folder, choose, 100.0 + 10_000 * number, at_work=number % 4 > 0)
    _, read, _, _ = kept(folder)
    there = {session.id for session in read}
    print(json.dumps({"said": len(said), "damaged": "damaged" in said, "lost": sorted(set(said) - there)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
