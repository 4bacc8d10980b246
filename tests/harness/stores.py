"""Stores with something in them, and what becomes of their files."""

import shutil

from octoprint_uptime import sessions
from octoprint_uptime.boots import Moment
from octoprint_uptime.files import StoreError
from octoprint_uptime.store import Store

EPOCH = 1_795_500_000.0
UP = 100.0


def moment(up=UP, boot_id="a", epoch=EPOCH, confirmed=True, process=None, **options):
    """What is seen when OctoPrint starts ``up`` seconds after a boot of this id."""
    return Moment(boot_id, up, epoch, confirmed, 0.0, (process or f"{boot_id}{up}", up - 5.0), f"new{up}", **options)


def begun():
    """The State of an OctoPrint that has just started with the plugin, for the first time."""
    return sessions.begin(None, moment())[0]


def flap(state, count, up=UP, ending=sessions.LOST, file="secret.gcode"):
    """The State after the printer came and went so often, a second each, and the Sessions that ended."""
    ended = []
    for number in range(count):
        state, _ = sessions.connect(state, up + 2 * number, f"p{up + number}")
        state, _ = sessions.print_begins(state, up + 2 * number, file)
        state, more = sessions.disconnect(state, up + 2 * number + 1, ending, "SerialException: gone")
        ended += more
    return state._replace(untold=()), ended


def kept(folder):
    """What a new process finds: the State that was left, and what ``read`` gives."""
    store = Store(folder)
    state = store.open()
    store.open_history()
    found = store.read()
    store.close()
    return state, *found


def snapshot(folder, copy):
    """Another folder with the files as they are, as a power cut leaves them."""
    shutil.rmtree(copy, ignore_errors=True)
    return shutil.copytree(folder, copy)


def problem_of(attempt, *arguments):
    """What a StoreError says that this call raises, or None."""
    try:
        attempt(*arguments)
    except StoreError as error:
        return str(error)
    return None
