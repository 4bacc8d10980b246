"""A machine with OctoPrint and the plugin on it: what happens to it is remembered as the plugin itself would do it."""

import hashlib

from octoprint_uptime import sessions
from octoprint_uptime.boots import ID_DIGITS, Moment
from octoprint_uptime.journal import History

# As on a Raspberry Pi 4, in seconds: until OctoPrint starts, the plugin looks, the printer is connected, all is told.
BOOT, LOOK, CONNECT, TELL = 25, 8, 20, 40
UP = BOOT + TELL


class Machine:
    """All moments are Unix seconds, each later than the one before. ``save`` is called with each State and the Sessions
    that ended by it.
    """

    def __init__(self, save):
        self.state = None
        self._save = save

    def turn_on(self, at, boot_id, confirmed=True, behind=0):
        """The host starts; its wall clock is so many seconds ``behind``."""
        self._boot_id, self._on = boot_id, at
        self._epoch, self._confirmed = at - behind, confirmed

    def boot(self, at, boot_id, **clock):
        """The host starts, and OctoPrint with it."""
        self.turn_on(at, boot_id, **clock)
        self.start(at + BOOT)

    def start(self, at):
        """OctoPrint starts, and connects to the printer."""
        up = at - self._on
        octoprint = _id("octoprint", at), up
        now = Moment(self._boot_id, up + LOOK, self._epoch, self._confirmed, 0.0, octoprint, _id("host", self._on))
        self._keep(*sessions.begin(self.state, now))
        self.connect(at + CONNECT)
        self.tell(at + TELL, sessions.told, self.state.untold)

    def connect(self, at):
        """The printer's connection becomes operational."""
        self.tell(at, sessions.connect, _id("printer", at))

    def print_until(self, at, file, completion, seconds):
        """Print this file for so many seconds; it is then ``completion`` percent done."""
        self.tell(at - seconds, sessions.print_begins, file)
        self.beat(at, completion)

    def beat(self, at, completion=None):
        """All of it still runs."""
        self.tell(at, sessions.beat, self._epoch, self._confirmed, completion)

    def stop(self, at, asked=None):
        """OctoPrint is stopped in order, perhaps because it was asked to."""
        self.tell(at - 2, sessions.ask, asked)
        self.tell(at, sessions.stop)

    def tell(self, at, change, *arguments):
        """Apply a change of sessions.py."""
        self._keep(*change(self.state, at - self._on, *arguments))

    def _keep(self, state, ended):
        self.state = state
        self._save(state, ended)


class Memory:
    """Remembers what happens to a Machine, in place of the journal's files."""

    def __init__(self):
        self.state = self._recorded = None
        self._ended, self._boots = [], {}

    def save(self, state, ended):
        """Take in a State, and the Sessions that ended by it."""
        self.state = state
        self._ended += ended
        self._boots[state.boot.id] = state.boot
        self._recorded = self._recorded or (state.boot.id, state.up)

    def history(self):
        """What the journal would know."""
        return History(self.state, self._ended[::-1], self._boots, self._recorded, None)


def _id(clock, at):
    """The same in each telling, so that pictures and tests come out the same."""
    return "5ad" + hashlib.sha256(f"{clock} {at}".encode()).hexdigest()[:ID_DIGITS]
