"""Replays stories of real printers through the pure modules.

A story is a YAML file of this folder:

    report     where it was reported
    what       what happens, in a sentence
    real       true if tests/browser/test_stories.py plays it on a pseudo-terminal, too
    begin      steps that all variants begin with
    variants   each with a name, its steps and, where they differ, its expectations
    expect     the right answer

A step begins with seconds since the printer connection became operational; OctoPrint started 100 seconds before.

    [t, PrintFailed, {…}]     an event of OctoPrint, with the part of its payload that matters
    [t, asked, disconnect]    OctoPrint's API was asked for it: disconnect, cancel, restart, reboot or shutdown
    [t, line, start]          the printer sent this line
    [t, state, {text, error}] what OctoPrint says about the printer's state from then on
    [t, heartbeat, {completion}]
    [t, wall, 60750]          the wall clock was set by so many seconds
    [t, stop]                 OctoPrint stops in order
    [t, kill]                 OctoPrint ends without a word
    [t, start, {boot, booted, wall, synchronized}]   it starts again: on the "same" or the "next" boot, which began
                              at ``booted``, with a wall clock that was set by so many seconds, by NTP or not
    [t, throw_away]           the folder has again what it had when OctoPrint started first

What is expected of a session that ended, oldest first: clock (printer, if not given), uptime, ending, ended and, where
they are not empty or the same, ended_before, asked, reason, file, completion, unexpected; of a stopped print: file,
completion, cause, ended and, where they are not empty, reason and asked.
"""

import calendar
import time
from pathlib import Path
from typing import NamedTuple, Optional

import yaml

from octoprint_uptime import readings
from octoprint_uptime.history import printer, rows, sessions, snapshot
from octoprint_uptime.history.boots import Moment
from octoprint_uptime.history.sessions import Session, StoppedPrint
from octoprint_uptime.history.store import Stored

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))

EPOCH = 1_795_500_000.0
STARTED = -100  # when OctoPrint starts first
HOST_BEFORE = 10_000  # how long the host has been up then, about
LONG_AFTER = 600  # what is still undecided when a story ends, is decided by then
DAYS = 3650
AFTER_ERROR = "Offline after error"
# Which request explains an event, and for how long; as in plugin.py and hooks.py.
REQUESTS = {"Disconnecting": "disconnect", "PrintCancelling": "cancel"}
EXPLAINS_SECONDS = 30


class Variant(NamedTuple):
    story: str
    name: str
    steps: list
    expect: dict
    mounts: Optional[str] = None

    def __str__(self):
        return f"{self.story}: {self.name}"


def load(file):
    return yaml.safe_load(file.read_text())


def variants():
    """All variants of all stories, except those that are about files only."""
    return [variant for file in FILES for variant in variants_of(file)]


def variants_of(file):
    story = load(file)
    return [
        Variant(
            file.stem,
            variant["name"],
            story.get("begin", []) + variant["steps"],
            {**story.get("expect", {}), **variant.get("expect", {})},
            variant.get("mounts"),
        )
        for variant in story.get("variants", [])
    ]


def moment(at, boot=0, zero=-HOST_BEFORE, offset=0.0, synchronized=True):
    """What the machine reports when OctoPrint starts at ``at``, on a boot that began at ``zero``."""
    up = at - zero
    return Moment(f"boot {boot}", up, EPOCH + zero + offset, synchronized, False, 0.0, up, "abc")


class Replay:
    """The State through a story, and what is recorded and sent meanwhile."""

    def __init__(self):
        self.saved, self.events, self.boots = [], [], {}
        self._boot, self._zero, self._offset = 0, -HOST_BEFORE, 0.0
        self._zeros = {}  # when each boot began, by its id in the history
        self._begin(None, STARTED)

    def play(self, steps):
        for at, what, *details in steps:
            self._settle(at)
            self._step(at, what, *details)
            self._work()
        self._settle(steps[-1][0] + LONG_AFTER if steps else LONG_AFTER)

    # ~~ Steps

    def _step(self, at, what, details=None):
        if what[0].isupper():
            self._event(at, what, details or {})
        else:
            getattr(self, f"_{what}")(at, details)

    def _event(self, at, name, payload):
        error, asked = None, False
        if name == "Disconnected" and self._state_text.startswith(AFTER_ERROR):
            error = self._state_error
        elif name in REQUESTS:
            noted = self._asked_at.pop(REQUESTS[name], None)
            asked = noted is not None and at - noted < EXPLAINS_SECONDS
        self.state = printer.apply(
            self.state, printer.Event(name, self._up(at), payload, error, asked, self._last_line)
        )

    def _asked(self, at, what):
        if what in REQUESTS.values():
            self._asked_at[what] = at
        else:
            self.state = self.state.ask(self._up(at), what)

    def _line(self, at, text):
        self._last_line = self._up(at)

    def _state(self, at, state):
        self._state_text, self._state_error = state["text"], state["error"]

    def _heartbeat(self, at, details):
        self.state = self.state.heartbeat(self._up(at), self._epoch(), False, (details or {}).get("completion"))

    def _wall(self, at, seconds):
        self._offset += seconds

    def _stop(self, at, details):
        self.state = self.state.begin_stop(self._up(at), self._epoch(), False)

    def _kill(self, at, details):
        """Only what was stored is left, which is everything up to the last change."""

    def _start(self, at, details):
        self._offset += details.get("wall", 0.0)
        if details["boot"] == "next":
            self._boot, self._zero = self._boot + 1, details["booted"]
        self._begin(rows.load_state(*rows.dump_state(self.state)), at, details.get("synchronized", True))

    # ~~ What the recorder does

    def _begin(self, left, at, synchronized=True):
        now = moment(at, self._boot, self._zero, self._offset, synchronized)
        self.state = sessions.begin(left, now, frozenset(self.boots))
        self._zeros[self.state.boot.id] = self._zero
        self._state_text, self._state_error, self._last_line, self._asked_at = "Offline", "", None, {}
        self._work()

    def _settle(self, at):
        if self.state.stop is None:
            self.state = self.state.settle(self._up(at))
            self._work()

    def _work(self):
        """Save and send what is pending."""
        self.boots.update({boot.id: boot for boot in (*self.state.past_boots, self.state.boot)})
        self.saved += self.state.unsaved
        self.state = self.state.saved(self.state.unsaved)
        self.events += self.state.unsent
        self.state = self.state._replace(unsent=())

    def _up(self, at):
        return at - self._zero

    def _epoch(self):
        return EPOCH + self._zero + self._offset

    # ~~ The answer

    def history(self):
        """The API's document about the history."""
        return readings.take_history(self._snapshot(), DAYS, "en")

    def sessions(self):
        """What ended, oldest first, as a story expects it; times are those of the story."""
        shown = [one for one in self.history()["sessions"] if one["ended"]]
        return [self._describe(*both) for both in zip(shown[::-1], self._snapshot().ended[::-1])]

    def stopped_prints(self):
        both = zip(self.history()["stopped_prints"][::-1], self._snapshot().prints[::-1])
        names = ("file", "completion", "cause", "reason", "asked")
        return [{**{name: shown[name] for name in names}, "ended": self._end(stopped)} for shown, stopped in both]

    def since(self, clock):
        """When the session that is running began, or None."""
        session = sessions.first(self.state.running, clock)
        return session and round(session.start + self._zeros[session.boot], 1)

    def _describe(self, shown, session):
        return {
            "clock": shown["clock"],
            "uptime": shown["seconds"],
            "ending": shown["ending"],
            "asked": shown["asked"],
            "reason": shown["reason"],
            "unexpected": shown["unexpected"],
            "file": shown["print"] and shown["print"]["file"],
            "completion": shown["print"] and shown["print"]["completion"],
            "ended": self._end(session),
            "ended_before": round(session.before + self._zeros[session.before_boot], 1),
        }

    def _end(self, record):
        return round(record.end + self._zeros[record.boot], 1)

    def _snapshot(self):
        ended, prints = (
            [record for record in reversed(self.saved) if isinstance(record, kind)] for kind in (Session, StoppedPrint)
        )
        return snapshot.take(
            self.state, Stored(ended, prints, self.boots, None, 0), self.state.up, self._epoch(), None, None
        )


def expected_session(given):
    """An expected session with all its fields."""
    whole = {"clock": "printer", "asked": None, "reason": None, "file": None, "completion": None, **given}
    whole.setdefault("ended_before", whole["ended"])
    lost = whole["ending"] in ("silent", "lost", "reset")
    interrupted = whole["clock"] == "printer" and whole["file"] is not None and whole["asked"] is None
    whole.setdefault("unexpected", lost or (whole["ending"] == "stopped" and interrupted))
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in whole.items()}


def expected_print(given):
    return {"reason": None, "asked": None, **given}


def parse(iso):
    """Unix seconds of the API's time."""
    return calendar.timegm(time.strptime(iso, "%Y-%m-%dT%H:%M:%SZ"))
