"""A machine with OctoPrint and the plugin on it: what happens to it is recorded as the plugin itself would do it."""

from octoprint_uptime.history import printer, sessions
from octoprint_uptime.history.boots import Moment
from octoprint_uptime.history.recorder import Snapshot
from octoprint_uptime.history.sessions import BootTime, Session, State

# As on a Raspberry Pi 4, in seconds: until OctoPrint starts, the plugin starts, the printer is connected, events are
# sent.
BOOT, START, CONNECT, SEND = 25, 8, 20, 40
UP = BOOT + SEND

FINGERPRINT = "5ad"


class Machine:
    """All moments are Unix seconds, each later than the one before. ``save`` is called with each State."""

    def __init__(self, save):
        self.state = None
        self._save = save

    def turn_on(self, at, boot_id, confirmed=True, behind=0):
        """The host starts; its wall clock is so many seconds ``behind``."""
        self._boot_id, self._on = boot_id, at
        self._epoch, self._confirmed = at - behind, confirmed

    def boot(self, at, boot_id, board=None, **clock):
        """The host starts, and OctoPrint with it; ``board`` are the codes of what the board reports about this."""
        self.turn_on(at, boot_id, **clock)
        self.start(at + BOOT, board=board)

    def start(self, at, **known):
        """OctoPrint starts, and connects to the printer. ``known`` are fields of Moment."""
        up = at - self._on
        now = Moment(self._boot_id, up + START, self._epoch, self._confirmed, False, 0.0, up, FINGERPRINT, **known)
        self._keep(sessions.begin(self.state, now))
        self.report(at + CONNECT, "Connected")
        self.change(at + SEND, lambda state, up: state._replace(unsent=()))

    def report(self, at, event, error=None, evidence=None, **payload):
        """OctoPrint reports one of its events about the printer; ``evidence`` are codes about the end that it means."""

        def reported(state, up):
            state = printer.apply(state, printer.Event(event, up, payload, error))
            return state.add_evidence(up, state.awaited[-1], evidence) if state.awaited else state

        self.change(at, reported)

    def print_until(self, at, file, completion, seconds):
        """Print this file for so many seconds; it is then ``completion`` percent done."""
        self.report(at - seconds, "PrintStarted", name=file)
        self.beat(at, completion)

    def beat(self, at, completion=None):
        """A heartbeat: all of it is still running."""
        self.change(at, State.heartbeat, self._epoch, self._confirmed, completion)

    def stop(self, at, asked=None):
        """OctoPrint is stopped in order, perhaps because it was asked to."""
        if asked is not None:
            self.change(at - 2, State.ask, asked)
        self.change(at, State.begin_stop, self._epoch, self._confirmed)

    def change(self, at, change, *arguments):
        """Apply a change of sessions.py."""
        self._keep(change(self.state, at - self._on, *arguments))

    def _keep(self, state):
        self._save(state)
        self.state = state.saved(state.unsaved)


class Memory:
    """Keeps what happens to a Machine, in place of the recorder's files."""

    def __init__(self):
        self.state = self._recorded = None
        self._records, self._boots = [], {}

    def save(self, state):
        """Keep a State and what it has not saved yet."""
        self.state = state.saved(state.unsaved)
        self._records += state.unsaved
        self._boots[state.boot.id] = state.boot
        self._recorded = self._recorded or BootTime(state.boot.id, state.up)

    def snapshot(self, up):
        """What the recorder would know at ``up`` on the steady clock."""
        ended = [record for record in reversed(self._records) if isinstance(record, Session)]
        prints = [record for record in reversed(self._records) if not isinstance(record, Session)]
        return Snapshot(self.state, up, ended, prints, self._boots, self._recorded, None, None, "")
