"""Keeps the history in two SQLite files.

running.db has one row, the State. Each heartbeat overwrites it in place, which needs no room on a full disk and writes
least with a rollback journal that stays. It is locked as long as OctoPrint runs. history.db has what ended; readers can
read its write-ahead log while it is written. docs/architecture.md has the reasons with their figures.

What ended is first saved with the State, then added to the history: after a power cut between the two it is added
again, and an id is added only once.
"""

from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Optional

from octoprint_uptime.history import files, schema
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.files import Database, StoreError, failures
from octoprint_uptime.history.rows import dump_state, load_row, load_state, record_row
from octoprint_uptime.history.sessions import BootTime, Session, State, StoppedPrint


class Stored(NamedTuple):
    """What history.db has; sessions and prints are newest first."""

    sessions: list[Session]
    prints: list[StoppedPrint]
    boots: dict[str, Boot]
    recorded: Optional[BootTime]  # the moment since when everything is recorded
    changes: int  # another number means other contents


EMPTY = Stored([], [], {}, None, 0)


class Store:
    """Used by the one thread that writes; ``read`` by every thread."""

    def __init__(self, folder):
        self._folder = Path(folder).resolve()
        self.set_aside: list[str] = []  # the new names of damaged files
        running = schema.RUNNING_SETTINGS, schema.RUNNING_MIGRATIONS, _load, self.set_aside
        history = schema.HISTORY_SETTINGS, schema.HISTORY_MIGRATIONS, _look_at_history, self.set_aside
        self._running = Database(self._folder / "running.db", *running)
        self._history = Database(self._folder / "history.db", *history)
        self._saved_boot: Optional[Boot] = None
        self._changes = 1
        self._read_before = EMPTY

    # ~~ running.db

    def open(self) -> Optional[State]:
        """Lock the folder for this process and return the State that was left in it, or None. Raises StoreError."""
        with failures():
            self._folder.mkdir(parents=True, exist_ok=True)
            return self._running.open()

    def save(self, state: State) -> None:
        """Overwrite what is running, in place: also on a full disk. Returns when the disk has it. Raises StoreError."""
        if not self._running.is_open():
            self.open()
        with failures(), self._running.connection as running:
            running.execute(schema.SAVE_STATE, dump_state(state))

    def close(self) -> None:
        """Unlock the folder for another process."""
        self._running.close()
        self._history.close()

    # ~~ history.db

    def known_boots(self) -> frozenset[str]:
        """The ids of the boots in the history; none if it cannot be read. OctoPrint's start waits for this."""
        try:
            with self._reading() as history:
                return frozenset(boot.id for boot in _rows(history, Boot))
        except StoreError:
            return frozenset()

    def add(self, state: State) -> None:
        """Add what ended and is not saved yet. Returns when the disk has it. Raises StoreError."""
        if not state.unsaved and state.boot == self._saved_boot:
            return
        with self._transaction() as history:
            _save_boots(history, state)
            for record in state.unsaved:
                history.execute(schema.SAVE[type(record)], record_row(record))
            for clock in {record.clock for record in state.unsaved if isinstance(record, Session)}:
                _bound(history, clock, state.boot)
            history.execute(schema.BOUND_PRINTS)
        self._saved_boot = state.boot

    def delete_before(self, before: float, boot: Boot) -> int:
        """Delete what ended before this moment in Unix seconds; ``boot`` is running. Returns how many sessions."""
        with self._transaction() as history:
            (newest,) = history.execute(schema.NEWEST_OLD, (before, before)).fetchone()
            history.execute(schema.DELETE_OLD_PRINTS, (before,))
            history.execute(schema.MOVE_RECORDED, (newest,))  # nothing is old if there is no newest
            deleted = history.execute("DELETE FROM sessions WHERE n <= ?", (newest,)).rowcount
            history.execute(schema.DELETE_UNUSED_BOOTS, (boot.id,))
            files.delete_damaged(self._folder, before)
        return deleted

    def oldest_end(self) -> Optional[float]:
        """When the oldest session ended, in Unix seconds; None if that is not known."""
        with self._transaction() as history:
            (oldest,) = history.execute(schema.OLDEST_END).fetchone()
        return oldest

    def clear(self, state: State) -> None:
        """Delete what has ended for good: from both files, their logs and the damaged files. Raises StoreError."""
        with self._transaction() as history:
            for table in ("sessions", "prints", "recorded", "boots"):
                history.execute(f"DELETE FROM {table}")
            _save_boots(history, state)
        with failures():
            (busy, *_) = self._history.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:  # another program is reading what was deleted
                raise StoreError("locked")
            self._running.change_settings(schema.THOROUGH)
            with self._running.connection as running:
                # Overwrites every place where a state has been.
                running.execute(f"UPDATE running SET state = zeroblob({schema.ROOM_BYTES})")
                running.execute(schema.SAVE_STATE, dump_state(state))
            self._running.change_settings(schema.CARELESS)
            files.delete_damaged(self._folder)

    def read(self) -> Stored:
        """What has ended. Kept in memory until it changes. Raises StoreError if the file cannot be read."""
        changes = self._changes  # a change that comes while the file is being read is seen the next time
        stored = self._read_before
        if stored.changes != changes:
            stored = self._read_before = self._read(changes)
        return stored

    def _read(self, changes):
        if files.sqlite3 is not None and not (self._folder / "history.db").exists():
            return EMPTY
        with self._reading() as history:
            boots = {boot.id: boot for boot in _rows(history, Boot)}
            recorded = next(iter(_rows(history, BootTime)), None)
            return Stored(_rows(history, Session), _rows(history, StoppedPrint), boots, recorded, changes)

    @contextmanager
    def _reading(self):
        """A connection that sees history.db as it is at one moment. Raises StoreError."""
        with failures(), closing(files.connect(self._folder / "history.db", "?mode=ro")) as history:
            history.execute("BEGIN")
            yield history

    @contextmanager
    def _transaction(self):
        """A change of what has ended; the disk has it when the block ends. Raises StoreError."""
        with failures():
            if not self._history.is_open():
                self._history.open()
                self._saved_boot = None
                self._changes += 1
            history = self._history.connection
            before = history.total_changes
            with history:
                yield history
            self._changes += history.total_changes > before


def _save_boots(history, state):
    for boot in (*state.past_boots, state.boot):
        history.execute(schema.SAVE[Boot], record_row(boot))
    history.execute(schema.SAVE_RECORDED, record_row((state.boot.id, state.up)))


def _bound(history, clock, boot):
    """Keep so many sessions of a kind; what was before the oldest of them is then not recorded any more."""
    newest_first = "SELECT n FROM sessions WHERE clock = ? ORDER BY n DESC LIMIT 2 OFFSET ?"
    found = history.execute(newest_first, (clock, schema.MOST_SESSIONS - 1)).fetchall()
    if len(found) == 2:  # the oldest to keep, and the one before
        history.execute("DELETE FROM sessions WHERE clock = ? AND n < ?", (clock, *found[0]))
        history.execute("UPDATE sessions SET watched = 0 WHERE n = ?", found[0])
        history.execute(schema.DELETE_UNUSED_BOOTS, (boot.id,))


def _rows(history, kind):
    return [row for row in (load_row(kind, values) for values in history.execute(schema.READ[kind])) if row is not None]


def _look_at_history(history):
    files.check(history)
    for query in schema.READ.values():
        history.execute(query).fetchone()


def _load(running):
    """The State that was left behind, or None. Raises ValueError if it makes no sense."""
    files.check(running)
    row = running.execute("SELECT state, sum FROM running WHERE sum NOTNULL").fetchone()
    return row and load_state(*row)
