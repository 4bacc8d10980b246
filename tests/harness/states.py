"""States without their files: what a test starts from, what happens to it, and a Snapshot of it."""

from octoprint_uptime.history import printer, sessions
from octoprint_uptime.history.boots import Moment
from octoprint_uptime.history.snapshot import Snapshot

EPOCH = 1_795_500_000.0  # 2026-11-24T06:00:00Z
UP = 100.0
HOUR, DAY, YEAR = 3600.0, 86_400.0, 31_536_000.0
WORDS = "SerialException: gone"


def moment(up=UP, boot_id="a", epoch=EPOCH, synchronized=True, **options):
    """What the machine reports when OctoPrint starts ``up`` seconds after a boot with this id."""
    defaults = {"battery": False, "host_start": 0.0, "octoprint_start": up - 5.0, "fingerprint": "5ad"}
    return Moment(boot_id, up, epoch, synchronized, **{**defaults, **options})


def begun(**options):
    """The State of an OctoPrint that has just started with the plugin for the first time."""
    return sessions.begin(None, moment(**options))


def change(state, *changes):
    """The State after some changes, each a function and its arguments."""
    for function, *arguments in changes:
        state = function(state, *arguments)
    return state


def take(state, name, up, payload=None, **known):
    """The State after one of OctoPrint's events."""
    return printer.apply(state, printer.Event(name, up, payload or {}, **known))


def connect(state, up):
    return take(state, "Connected", up)


def start_print(state, up, file="benchy.gcode"):
    return take(state, "PrintStarted", up, {"name": file})


def disconnect(state, up, error=WORDS):
    """The State after the connection was lost."""
    return take(state, "Disconnected", up, error=error)


def flap(state, count, up=UP, file="secret.gcode"):
    """The State after the printer was connected, for a second each, and lost so many times. No events are pending."""
    for number in range(count):
        begin = up + 2 * number
        state = change(state, (connect, begin), (start_print, begin, file), (disconnect, begin + 1))
    return state._replace(unsent=())


def snapshot(state, up=900.0, ended=None, **options):
    """The Snapshot at ``up``; what is unsaved has ended."""
    ended = [one for one in state.unsaved[::-1] if isinstance(one, sessions.Session)] if ended is None else ended
    prints = [one for one in state.unsaved[::-1] if isinstance(one, sessions.StoppedPrint)]
    boots = {boot.id: boot for boot in (*options.pop("boots", ()), *state.past_boots, state.boot)}
    known = {"prints": prints, "recorded": None, "problem": None, "host_problem": None, "revision": "1"}
    return Snapshot(state, up, ended, boots=boots, **{**known, **options})
