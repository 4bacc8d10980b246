"""A journal for the unit tests, with all that it is told of and tells."""

import logging
import threading
from types import SimpleNamespace

from octoprint_uptime import clocks
from octoprint_uptime.journal import Journal

SOON = 10  # seconds that nothing here needs


class Recorder(logging.Handler):
    """Remembers what was logged."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


class Setup(SimpleNamespace):
    """What belongs to the journal of one process."""

    def ended(self):
        return [(session.clock, session.ending) for session in self.journal.read().ended]

    def settle(self):
        """Wait until what was changed so far has been tried to be written."""
        with self.journal._news:
            assert self.journal._news.wait_for(self._is_settled, SOON)
        return self

    def _is_settled(self):
        journal = self.journal
        return journal.state is not None and journal._tried is journal.state and not journal._jobs

    def start(self, days=365):
        self.journal.start(days)
        return self


def make_journal(folder):
    """A Setup whose journal has not started yet, as of a process of its own."""
    told, log = [], Recorder()
    logger = logging.Logger("journal")
    logger.addHandler(log)
    epoch = clocks.Epoch()
    three = tuple(kind(epoch) for kind in (clocks.HostClock, clocks.OctoPrintClock, clocks.PrinterClock))
    setup = Setup(told=told, log=log.texts, clocks=three, completion=None)
    setup.journal = Journal(folder, three, epoch, lambda: setup.completion, lambda: None, told.extend, logger)
    return setup


def gone(setup):
    """As if its process had been killed: the files are free, and what comes late is not written."""
    setup.journal._do(setup.journal._store.close)
    setup.settle()


def wait_until(true):
    for _ in range(int(SOON / 0.01)):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("this did not come true")
