"""Where the journal keeps its sessions: two SQLite files, so that each can be what it has to be.

running.db holds one row, what runs now. Each beat overwrites it in place, which needs no room on a full disk and writes
least with a rollback journal that stays; it is locked by whoever records. history.db holds what has ended; its
write-ahead log lets readers read while it is written. docs/architecture.md has the reasons with their figures.
"""

from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from octoprint_uptime import schema
from octoprint_uptime.boots import Boot
from octoprint_uptime.files import StoreError, change_settings, check, connect, failures, open_whole, sqlite3
from octoprint_uptime.rows import dump_state, is_boot, is_recorded, is_session, load_state, session_row
from octoprint_uptime.sessions import Session

MOST_SESSIONS = 1000  # of each clock, so that a printer that flaps does not push out the host's


class Store:
    """Used by the one thread that writes; ``read`` by everybody."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._running: Any = None
        self._history: Any = None
        self._left: Any = None  # the Boot that was left behind: history.db may not know its last epoch
        self._boot: Any = None  # as it is stored
        self._closed = "failed"  # why nothing can be kept
        self._changes = 0  # of what has ended
        self._known: Any = (None, None)  # after how many changes what was read
        self.set_aside = []  # damaged files, by the names they have now

    def open(self):
        """Lock the folder for this process and return the State that was left in it, or None. Raises StoreError."""
        try:
            return self._open()
        except StoreError as error:
            self._closed = str(error)
            raise

    def _open(self):
        if sqlite3 is None:
            raise StoreError("no_sqlite")
        with failures(locked="second"):
            self._folder.mkdir(parents=True, exist_ok=True)
            running = self._whole("running.db", schema.RUNNING_SETTINGS, schema.RUNNING_TABLES, _load)
            left = _load(running)
        self._running, self._left = running, left and left.boot
        return left

    def open_history(self):
        """Done again with each save until it succeeds: there may be room by then. Raises StoreError."""
        if self._running is None:
            raise StoreError(self._closed)
        if self._history is None:
            with failures():
                wanted = schema.HISTORY_SETTINGS, schema.HISTORY_TABLES, _look_at_history
                self._history = self._whole("history.db", *wanted)
                self._changes += 1

    def close(self):
        """Unlock the folder, for whoever goes on without it; the plugin's process simply ends."""
        for connection in filter(None, (self._running, self._history)):
            connection.close()

    def _whole(self, name, *wanted):
        connection, set_aside = open_whole(self._folder / name, *wanted)
        self.set_aside += [set_aside] if set_aside else []
        return connection

    @contextmanager
    def _transaction(self):
        """A change of what has ended; the disk has it when the block ends. Raises StoreError."""
        self.open_history()
        with failures(), self._history:
            yield self._history
        self._changes += 1

    def save(self, state, ended):
        """Write what has ended before and what runs now. Returns when the disk has it. Raises StoreError.

        What runs is overwritten in place and so can be written on a full disk; what has ended waits there.
        """
        waiting = ended
        try:
            self._save_ended(state, ended)
            waiting = []
        finally:
            self._save_running(state._replace(waiting=tuple(waiting)))

    def _save_ended(self, state, ended):
        if not ended and state.boot == self._boot:
            return
        with self._transaction() as history:
            _save_boots(history, state, self._left)
            rows = map(session_row, ended)
            history.executemany(f"INSERT OR IGNORE INTO sessions ({schema.FIELDS}) VALUES ({schema.PLACES})", rows)
            for clock in {session.clock for session in ended}:
                _bound(history, clock)
        self._boot = state.boot

    def _save_running(self, state):
        if self._running is None:
            raise StoreError(self._closed)
        with failures(), self._running as running:
            running.execute(schema.SAVE_STATE, dump_state(state))

    def forget(self, before, boot):
        """Delete what ended before this moment in Unix seconds; ``boot`` is the Boot that runs.

        The order of recording is certain, the wall clock is not: what was recorded after something younger stays, and
        what no clock was set for is as old as its neighbours.
        """
        ended = 'SELECT {}(n) FROM sessions JOIN boots ON boots.id = boot WHERE confirmed AND epoch + "end" {} ?'
        oldest = f"SELECT ifnull(({ended.format('min', '>=')}), 9e15)"
        with self._transaction() as history:
            query = f"{ended.format('max', '<')} AND n < ({oldest})"
            (newest,) = history.execute(query, (before, before)).fetchone()
            if newest is None:
                return
            since = 'SELECT 1, boot, "end" FROM sessions WHERE n = ?'
            history.execute(f"INSERT OR REPLACE INTO recorded {since}", (newest,))
            history.execute("DELETE FROM sessions WHERE n <= ?", (newest,))
            used = "SELECT boot FROM sessions UNION SELECT before_boot FROM sessions UNION SELECT boot FROM recorded"
            history.execute(f"DELETE FROM boots WHERE id NOT IN ({used}) AND id <> ?", (boot.id,))

    def clear(self, state):
        """Delete what has ended, for good: also from the logs of both files. Raises StoreError."""
        with self._transaction() as history:
            for table in ("sessions", "recorded", "boots"):
                history.execute(f"DELETE FROM {table}")
            _save_boots(history, state, None)
        with failures():
            self._history.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            change_settings(self._running, schema.THOROUGH)
            with self._running as running:
                # Wherever a state has been.
                running.execute(f"UPDATE running SET state = zeroblob({schema.ROOM_BYTES})")
                running.execute(schema.SAVE_STATE, dump_state(state))
            change_settings(self._running, schema.CARELESS)

    def read(self):
        """What has ended, newest first, the Boots by id, and the (boot, second) since when is recorded, or None.

        Raises StoreError where the file cannot be read.
        """
        known, changes = self._known, self._changes  # one that comes while it is being read is seen the next time
        if self._history is None or known[0] != changes:
            known = self._known = changes, self._read()
        return known[1]

    def _read(self):
        if sqlite3 is None:
            raise StoreError("no_sqlite")
        with failures(), closing(connect(self._folder / "history.db", "?mode=ro")) as history:
            history.execute("BEGIN")  # all of one moment
            sessions, boots, recorded = map(history.execute, schema.QUERIES)
            sessions = list(filter(is_session, map(Session._make, sessions)))
            boots = {boot.id: boot for boot in map(Boot._make, boots) if is_boot(boot)}
            return sessions, boots, next(filter(is_recorded, recorded), None)


def _save_boots(history, state, left):
    for boot in filter(None, (left, state.boot)):
        history.execute("INSERT OR REPLACE INTO boots VALUES (?, ?, ?, ?)", boot)
    history.execute("INSERT OR IGNORE INTO recorded VALUES (1, ?, ?)", (state.boot.id, state.up))


def _bound(history, clock):
    """Keep so many sessions of a clock; what was before the oldest of them is then not recorded any more."""
    newest_first = "SELECT n FROM sessions WHERE clock = ? ORDER BY n DESC LIMIT 2 OFFSET ?"
    found = history.execute(newest_first, (clock, MOST_SESSIONS - 1)).fetchall()
    if len(found) == 2:  # the oldest to keep, and the one before
        history.execute("DELETE FROM sessions WHERE clock = ? AND n < ?", (clock, *found[0]))
        history.execute("UPDATE sessions SET watched = 0 WHERE n = ?", found[0])


def _look_at_history(history):
    check(history)
    for query in schema.QUERIES:
        history.execute(query).fetchone()


def _load(running):
    """The State that was left behind, or None. Raises ValueError where it makes no sense."""
    check(running)
    row = running.execute("SELECT state, sum FROM running WHERE sum NOTNULL").fetchone()
    return row and load_state(*row)
