"""Where the journal keeps its sessions: two SQLite files, so that each can be what it has to be.

running.db holds one row, what runs now. Each beat overwrites it in place, which needs no room on a full disk and writes
least with a rollback journal that stays; it is locked by whoever records. history.db holds what has ended; its
write-ahead log lets readers read while it is written. docs/architecture.md has the reasons with their figures.
"""

import json
import math
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from octoprint_uptime.boots import Boot
from octoprint_uptime.files import StoreError, check, connect, failures, open_whole, sqlite3
from octoprint_uptime.sessions import ENDINGS, HOST, OCTOPRINT, PRINTER, Print, Session, State

MOST_SESSIONS = 1000  # of each clock, so that a printer that flaps does not push out the host's

RUNNING_SETTINGS = ("page_size=512", "locking_mode=EXCLUSIVE", "journal_mode=PERSIST", "synchronous=FULL")
HISTORY_SETTINGS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")

RUNNING_TABLES = "CREATE TABLE IF NOT EXISTS running (n INTEGER PRIMARY KEY CHECK (n = 1), state TEXT NOT NULL);"
HISTORY_TABLES = """
CREATE TABLE IF NOT EXISTS boots (id TEXT PRIMARY KEY, boot_id TEXT, epoch REAL NOT NULL, confirmed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they ended
    id TEXT NOT NULL UNIQUE, clock TEXT NOT NULL, boot TEXT NOT NULL, "start" REAL NOT NULL, "end" REAL NOT NULL,
    before_boot TEXT, before REAL, ending TEXT NOT NULL, asked TEXT, reason TEXT, file TEXT, completion REAL,
    undervoltage INTEGER, watched INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS recorded (n INTEGER PRIMARY KEY CHECK (n = 1), boot TEXT NOT NULL, up REAL NOT NULL);
"""
COLUMNS = ", ".join(f'sessions."{field}"' for field in Session._fields)
FIELDS = ", ".join(f'"{field}"' for field in Session._fields)
PLACES = ", ".join("?" * len(Session._fields))


class Store:
    """Used by the one thread that writes; ``read`` by everybody."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._running: Any = None
        self._history: Any = None
        self._boot: Any = None  # as it is stored
        self._closed = "failed"  # why nothing can be kept
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
        with failures():
            self._folder.mkdir(parents=True, exist_ok=True)
            running = self._whole("running.db", RUNNING_SETTINGS, RUNNING_TABLES, _load)
            history = self._whole("history.db", HISTORY_SETTINGS, HISTORY_TABLES, _look_at_history)
        self._running, self._history = running, history
        return _load(running)

    def close(self):
        """Unlock the folder, for whoever goes on without it; the plugin's process simply ends."""
        for connection in (self._running, self._history):
            connection.close()

    def _whole(self, name, *wanted):
        connection, set_aside = open_whole(self._folder / name, *wanted)
        self.set_aside += [set_aside] if set_aside else []
        return connection

    @contextmanager
    def _transaction(self, connection):
        """The disk has it when the block ends. Raises StoreError."""
        if connection is None:
            raise StoreError(self._closed)
        with failures(), connection:
            yield connection

    def save(self, state, ended):
        """Write what runs now and what has ended before. Returns when the disk has it."""
        if ended or state.boot != self._boot:
            with self._transaction(self._history) as history:
                _save_boot(history, state)
                history.executemany(f"INSERT OR IGNORE INTO sessions ({FIELDS}) VALUES ({PLACES})", ended)
                for clock in {session.clock for session in ended}:
                    _bound(history, clock)
            self._boot = state.boot
        with self._transaction(self._running) as running:
            running.execute("INSERT OR REPLACE INTO running VALUES (1, ?)", (_dump(state),))

    def forget(self, before):
        """Delete what ended before this moment in Unix seconds, as far as its own clock was set."""
        ended = 'SELECT max(n) FROM sessions JOIN boots ON boots.id = boot WHERE confirmed AND epoch + "end" < ?'
        with self._transaction(self._history) as history:
            (newest,) = history.execute(ended, (before,)).fetchone()
            if newest is None:
                return
            since = 'SELECT 1, boot, "end" FROM sessions WHERE n = ?'
            history.execute(f"INSERT OR REPLACE INTO recorded {since}", (newest,))
            history.execute("DELETE FROM sessions WHERE n <= ?", (newest,))
            used = "SELECT boot FROM sessions UNION SELECT before_boot FROM sessions UNION SELECT boot FROM recorded"
            history.execute(f"DELETE FROM boots WHERE id NOT IN ({used}) AND id <> ?", (self._boot.id,))

    def clear(self, state):
        """Delete everything that has ended, for good: also from the write-ahead log."""
        with self._transaction(self._history) as history:
            for table in ("sessions", "recorded", "boots"):
                history.execute(f"DELETE FROM {table}")
            _save_boot(history, state)
        with failures():
            self._history.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def read(self):
        """What has ended, newest first, the Boots by id, and the (boot, second) since when is recorded, or None.

        Raises StoreError where the file cannot be read.
        """
        if sqlite3 is None:
            raise StoreError("no_sqlite")
        with failures(), closing(connect(self._folder / "history.db", "?mode=ro")) as history:
            history.execute("BEGIN")  # all of one moment
            sessions = history.execute(f"SELECT {COLUMNS} FROM sessions ORDER BY n DESC").fetchall()
            boots = history.execute("SELECT id, boot_id, epoch, confirmed FROM boots").fetchall()
            recorded = history.execute("SELECT boot, up FROM recorded").fetchone()
        return list(filter(_is_sound, map(Session._make, sessions))), {row[0]: Boot(*row) for row in boots}, recorded


def _save_boot(history, state):
    history.execute("INSERT OR REPLACE INTO boots VALUES (?, ?, ?, ?)", state.boot)
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
    history.execute(f"SELECT {COLUMNS}, boots.epoch, confirmed FROM sessions, boots, recorded LIMIT 1")


def _load(running):
    """The State that was left behind, or None. Raises ValueError where it makes no sense."""
    check(running)
    row = running.execute("SELECT state FROM running").fetchone()
    if row is None:
        return None
    try:
        fields = json.loads(row[0])
        state = State(**fields)._replace(
            boot=Boot(**fields["boot"]),
            print=fields["print"] and Print(**fields["print"]),
            running=tuple(Session(**session) for session in fields["running"]),
            untold=tuple(Session(**session) for session in fields["untold"]),
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no state: {error}") from error
    if not all(map(_is_sound, state.running)) or not _is_time(state.up) or not _is_time(state.boot.epoch):
        raise ValueError("a state that cannot be")
    return state


def _dump(state):
    fields = state._asdict()
    fields["boot"] = state.boot._asdict()
    fields["print"] = state.print and state.print._asdict()
    for key in ("running", "untold"):
        fields[key] = [session._asdict() for session in fields[key]]
    return json.dumps(fields)


def _is_sound(session):
    """Whether a session that was read can have been written: what SQLite itself does not see."""
    times = [session.start] if session.end is None else [session.start, session.end]
    numbers = [*times, *filter(None, (session.before, session.completion))]
    texts = [session.id, session.boot, *filter(None, (session.asked, session.reason, session.file))]
    known = session.clock in (HOST, OCTOPRINT, PRINTER) and session.ending in (None, *ENDINGS)
    typed = all(map(_is_time, numbers)) and all(isinstance(text, str) for text in texts)
    return known and typed and times == sorted(times)


def _is_time(value):
    return isinstance(value, (int, float)) and math.isfinite(value)
