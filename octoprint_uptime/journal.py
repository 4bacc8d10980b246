"""Remembers what runs and what has ended: one thread writes, and nobody else waits for the disk."""

import threading
import time
from typing import Any, NamedTuple, Optional

from octoprint_uptime import host, sessions
from octoprint_uptime.beat import Beat
from octoprint_uptime.clocks import see, steady_seconds
from octoprint_uptime.store import Store, StoreError

# How long a stop may wait for the disk: Docker has 10 s of patience, s6 about 3.
STOP_SECONDS = 3
DAY_SECONDS = 86400
# So many sessions wait for a disk that takes none, and so many changes for what was left behind.
MOST_UNSAVED, MOST_EARLY = 50, 500
OFF = "off"


class History(NamedTuple):
    """What the journal knows at one moment."""

    state: Optional[sessions.State]  # None until the journal has looked
    ended: list  # Sessions, newest first
    boots: dict  # Boots by id
    recorded: Optional[tuple]  # the boot and the second since when is recorded
    problem: Optional[str]  # why nothing is recorded: OFF, or what a StoreError says


class Journal:
    """``clocks`` are the host's, OctoPrint's and the printer's. ``completion`` gives the percentage of the print that
    runs, or None; ``safe_mode`` when OctoPrint last started without plugins (Unix seconds), or None; ``tell`` is called
    with the Sessions that began or ended, in the thread that writes.
    """

    def __init__(self, folder, clocks, epoch, completion, safe_mode, tell, logger):
        self._store = Store(folder)
        self._clocks, self._epoch = clocks, epoch
        self._beat, self._safe_mode = Beat(self, epoch, completion), safe_mode
        self._tell, self._logger = tell, logger
        self._news = threading.Condition()
        self.state: Any = None  # the State that is remembered, None until the journal has looked
        self._tried: Any = None
        self._judged = False  # whether what was left behind could be read
        self._early = []  # changes from before that
        self._unsaved = []  # Sessions that ended and are not in the file yet
        self._jobs = []
        self._days = 0
        self._tells = False
        self._problem = None

    def start(self, days):
        """Begin to record, and keep what has ended for so many ``days``; 0 keeps nothing."""
        self._days = days
        threading.Thread(target=self._write, name="uptime journal", daemon=True).start()
        self._beat.start()

    def change(self, change, *arguments, at=None):
        """Apply a change of sessions.py to what is remembered, as of now or ``at``. Never waits for the disk."""
        up = steady_seconds() if at is None else at
        with self._news:
            if not self._judged and change is not sessions.beat:  # each beat says all that the former one said
                self._early = [*self._early, (change, up, *arguments)][-MOST_EARLY:]
            if self.state is not None:
                self._take_in(change, up, *arguments)

    def _take_in(self, change, *arguments):
        state, ended = change(self.state, *arguments)
        self._unsaved = (self._unsaved + ended)[-MOST_UNSAVED:]
        if state != self.state:
            self.state = state
            self._news.notify_all()

    def stop(self):
        """OctoPrint is being stopped: say so before anything else, and wait for the disk, but not for ever."""
        self.change(sessions.stop)
        self._wait()
        if self.state is not None and self.state.print:
            self._beat.beat()  # how far it had come
        if host.is_stopping():
            self.change(sessions.stop, True)
        self._wait()

    def _wait(self):
        with self._news:
            self._news.wait_for(lambda: self.state is not None and self._tried is self.state, STOP_SECONDS)

    def keep(self, days):
        """Keep what has ended for so many days from now on."""
        if days != self._days:
            self._days = days
            self.forget()

    def forget(self):
        """Delete what is older than it is kept."""
        self._do(self._forget)

    def tell_from_now_on(self):
        """Those who listen are there: tell them what happened before, too."""
        self._tells = True
        self._do(lambda: None)

    def clear(self):
        """Delete what has ended; False where that takes longer than anybody waits."""
        done = threading.Event()

        def clear():
            self._store.clear(self.state)
            done.set()

        self._do(clear)
        return done.wait(STOP_SECONDS)

    def read(self):
        """The History of this moment. Waits for nobody who writes."""
        with self._news:
            state, unsaved = self.state, self._unsaved[::-1]
        boots = {} if state is None else {state.boot.id: state.boot}
        if state is None or self._days == 0:
            return History(state, [], boots, None, OFF if self._days == 0 else self._problem)
        problem = self._problem
        try:
            ended, stored_boots, recorded = self._store.read()
        except StoreError as error:
            ended, stored_boots, recorded = [], {}, None
            problem = problem or str(error)
        stored = {session.id for session in ended}
        ended = [session for session in unsaved if session.id not in stored] + ended
        return History(state, ended, {**stored_boots, **boots}, recorded, problem)

    def _do(self, job):
        with self._news:
            self._jobs.append(job)
            self._news.notify_all()

    # ~~ The thread that writes

    def _write(self):
        while True:
            if not self._judged:
                self._begin()
            with self._news:
                self._news.wait_for(lambda: self._tried is not self.state or self._jobs)
                state, ended, jobs = self.state, self._unsaved[:], self._jobs
                self._jobs = []
            self._save(state, ended)
            for job in jobs:
                self._guard(job)
            self._announce(state)

    def _save(self, state, ended):
        saved = self._guard(lambda: self._store.save(state, ended if self._days else []))
        with self._news:
            if saved:
                self._problem = None
                self._unsaved = [session for session in self._unsaved if session not in ended]
            self._tried = state
            self._news.notify_all()

    def _begin(self):
        """Judge what was left behind: nothing, until it can be read. Only now the host's clock can name its session."""
        left = []
        opened = self._guard(lambda: left.append(self._store.open()))
        if opened:
            self._guard(self._store.open_history)
        elif self.state is not None:
            return
        state, ended = sessions.begin(left[0] if left else None, see(self._clocks, self._epoch, self._safe_mode()))
        self._clocks[0].id = state.boot.id
        with self._news:
            self.state, self._unsaved, self._judged = state, ended, opened
            for change in self._early:  # before anything else that happens
                self._take_in(*change)

    def _announce(self, state):
        if self._tells and state.untold:
            self._tell(state.untold)
            self.change(sessions.told, state.untold)

    def _forget(self):
        if self._days == 0:
            self._store.clear(self.state)
        elif self.state.boot.confirmed:  # else nobody knows what is old
            self._store.forget(time.time() - self._days * DAY_SECONDS, self.state.boot)

    def _guard(self, write):
        """Whether it could be written. What fails is said once, and tried again with the next beat."""
        try:
            write()
        except StoreError as error:
            if self._problem != str(error):
                self._logger.error("The history is not recorded: %s (%s)", error, error.__cause__)
            self._problem = str(error)
            return False
        finally:
            while self._store.set_aside:
                self._logger.warning("A damaged file of the history was set aside as %s", self._store.set_aside.pop())
        return True
