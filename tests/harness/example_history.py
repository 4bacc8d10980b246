"""Example histories: a month as somebody with a printer may have had it, and any number of sessions to measure with."""

import time
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path

from octoprint_uptime.history import files, schema
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.rows import record_row
from octoprint_uptime.history.sessions import HOST, OCTOPRINT, PRINTER, Session
from octoprint_uptime.history.store import Store
from octoprint_uptime.machine import host
from tests.harness.happenings import (
    disconnects,
    does_not_know_the_time,
    ends_silently,
    goes_without_the_plugin,
    has_the_printer_restart,
    loses_power,
    loses_the_printer,
    loses_weak_power,
    reboots,
    restarts,
    shuts_down,
)
from tests.harness.past_machine import UP, Machine

MINUTE, HOUR, DAY = 60, 3600, 86400
CLOCKS = (HOST, OCTOPRINT, PRINTER)

FIRST = (29, "18:04")  # days before the last night, and when: OctoPrint starts with the plugin for the first time

# The same of what happens, and the seconds until what went away is back.
MONTH = (
    (27, "21:10", 20 * HOUR, disconnects),
    (25, "08:15", 48, reboots),
    (23, "22:58", 18 * HOUR, shuts_down),
    (20, "19:25", 16 * MINUTE, loses_the_printer, "cable_clip_v3.gcode", 18.4),
    (18, "23:20", 34 * HOUR, does_not_know_the_time),
    (15, "20:05", 38, restarts, "update"),
    (13, "14:30", 21 * HOUR, goes_without_the_plugin),
    (11, "16:22", 1, has_the_printer_restart, "lamp_shade.gcode", 41.7),
    (9, "19:50", 21, restarts),
    (8, "22:35", 17 * HOUR, disconnects),
    (6, "03:48", 5 * MINUTE, ends_silently),
    (5, "22:10", 19 * HOUR, disconnects),
    (3, "13:07", 3 * MINUTE, loses_weak_power),
    (2, "18:26", 23, restarts),
    (1, "17:40", 75 * MINUTE, disconnects),
    (0, "03:12", 130, loses_power, "benchy.gcode", 63.2),
    (0, "08:40", 25 * MINUTE, disconnects),
)

# The host that runs now goes on through all of it: then it was only OctoPrint, or the printer.
MILDER = {
    loses_power: ends_silently,
    loses_weak_power: ends_silently,
    reboots: restarts,
    shuts_down: disconnects,
    does_not_know_the_time: disconnects,
}

APART = 600  # seconds between two things that happen
STOPPED = 240  # seconds before now at which OctoPrint was stopped
REBOOT = 45


def write(folder, now, host_started, zone=None):
    """Leave in the plugin's data folder what it would have left if OctoPrint had been stopped a few minutes ago.

    ``now`` and ``host_started`` are Unix seconds, the latter when the host that runs really started; ``zone`` is that
    of the month's times, None the local one.
    """
    with _opened(folder) as store:

        def save(state):
            store.save(state)
            store.add(state)

        machine = Machine(save)
        live(machine, now, host_started, zone)
        stop(machine, now, host_started)


@contextmanager
def _opened(folder):
    store = Store(folder)
    store.open()
    try:
        yield store
    finally:
        store.close()


def live(machine, now, host_started, zone=None):
    """Let the month pass on a Machine, with the boot of the host that runs as far as it is over by ``now``."""
    night = _last_night(now, zone)
    first = _moment(night, *FIRST)
    since, boot_id = (host_started, host.boot_id()) if host_started < first else (first - DAY, "the first one")
    machine.turn_on(since, boot_id)
    machine.start(first)
    for at, seconds, happens, *details in sorted(_happenings(night, now, host_started), key=itemgetter(0)):
        happens(machine, at, at + seconds, *details)


def stop(machine, now, host_started):
    """Stop OctoPrint a few minutes before now; or for the reboot, where that is hardly over."""
    if host_started < now - STOPPED - APART:
        machine.stop(now - STOPPED)
    else:
        machine.stop(host_started - REBOOT, "reboot")


def _last_night(now, zone):
    """3:12 of the last night that is over."""
    today = datetime.fromtimestamp(now - 4 * HOUR, zone)
    return today.replace(hour=3, minute=12, second=0, microsecond=0)


def _moment(night, days, clock):
    hour, minute = map(int, clock.split(":"))
    return int((night - timedelta(days=days)).replace(hour=hour, minute=minute).timestamp())


def _happenings(night, now, host_started):
    """The month, as far as it is over and does not meet the boot of the host that runs; and that boot."""
    for days, clock, seconds, happens, *details in MONTH:
        at = _moment(night, days, clock)
        over = at + seconds + UP + APART
        if at > host_started:
            happens = MILDER.get(happens, happens)
        if over < now - STOPPED and not at - APART < host_started < over:
            yield (at, seconds, happens, *details)
    if _moment(night, *FIRST) < host_started < now - STOPPED - APART:
        yield host_started - REBOOT, REBOOT, reboots, host.boot_id()


def fill(folder, count, days):
    """Write ``count`` ended sessions, spread over so many ``days`` before now; at once, and more than a Store keeps."""
    with _opened(folder) as store:
        store.oldest_end()  # now the files are there
    ended, boots = _bulk(count, days * DAY)
    with closing(files.connect(Path(folder) / "history.db")) as history, history:
        history.executemany(schema.SAVE[Boot], boots)
        history.executemany(schema.SAVE[Session], map(record_row, ended[-count:]))
        history.execute(schema.SAVE_RECORDED, (boots[0].id, 0))


def _bulk(count, seconds):
    """One session of each clock per boot; every other boot ends without a word, the others by a shutdown."""
    ended, boots = [], []
    machine = Machine(lambda state: ended.extend(state.unsaved))
    number = -(-count // len(CLOCKS))
    each = (seconds - HOUR) / number
    for n in range(number + 1):  # what ran in the last one has not ended
        on = time.time() - seconds + n * each
        machine.boot(on, f"boot {n}")
        boots.append(machine.state.boot)
        if n % 2:
            machine.stop(on + 0.9 * each, "shutdown")
        else:
            machine.print_until(on + 0.9 * each, f"part_{n}.gcode", n % 100, 0.5 * each)
    return ended, boots
