"""A thread that notes again and again that everything still runs, and sees OctoPrint's main thread end: others may keep
Python from telling us.
"""

import math
import threading

from octoprint_uptime import sessions
from octoprint_uptime.clocks import steady_seconds

BEAT_SECONDS = 300
PRINTING_BEAT_SECONDS = 60
# What happened while OctoPrint started is told when those who listen are connected, too.
TELL_AFTER_SECONDS = 30
FORGET_SECONDS = 86400


class Beat:
    """``completion`` gives the percentage of the print that runs, or None."""

    def __init__(self, journal, epoch, completion):
        self._journal, self._epoch, self._completion = journal, epoch, completion
        self._forgot = -math.inf

    def start(self):
        """Begin to beat."""
        threading.Thread(target=self._run, name="uptime beat", daemon=True).start()

    def _run(self):
        main = threading.main_thread()
        main.join(TELL_AFTER_SECONDS)
        self._journal.tell_from_now_on()
        while main.is_alive():
            if self._journal.state is not None:  # else the disk is still being waited for
                self._look(self._journal.state)
            main.join(PRINTING_BEAT_SECONDS)
        self._journal.stop()

    def beat(self):
        """Note that all of it still runs, and how far the print has come."""
        self._journal.change(sessions.beat, self._epoch.seconds(), self._epoch.check(), self._completion())

    def _look(self, state):
        now = steady_seconds()
        pause = PRINTING_BEAT_SECONDS if state.print else BEAT_SECONDS
        late = now - state.up > pause - PRINTING_BEAT_SECONDS / 2  # it looks only once in the shorter one
        if late or self._epoch.seconds() != state.boot.epoch:
            self.beat()
        if now - self._forgot > FORGET_SECONDS:
            self._forgot = now
            self._journal.forget()
