"""What the two files of the history look like: settings, migrations and queries."""

from typing import get_args, get_type_hints

from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.rows import upgrade_state_1
from octoprint_uptime.history.sessions import MOST_CHARACTERS, BootTime, Codes, Session, StoppedPrint

MOST_SESSIONS = 1000  # of each kind, so that a flapping printer does not push out the host's sessions
MOST_PRINTS = 1000

CARELESS, THOROUGH = ("secure_delete=OFF", "journal_size_limit=-1"), ("secure_delete=ON", "journal_size_limit=0")
RUNNING_SETTINGS = ("page_size=512", "locking_mode=EXCLUSIVE", "journal_mode=PERSIST", "synchronous=FULL", *CARELESS)
# A checkpoint after each write puts it into the file itself, which is what a backup copies and what people open.
HISTORY_SETTINGS = ("journal_mode=WAL", "wal_autocheckpoint=1", "synchronous=FULL", "secure_delete=ON")

# The first state replaces zeros, whose room stays with the file: it holds what cannot be saved while the disk is full.
# A state of more than half of it would overwrite pages of the former one, and the rollback journal would have to grow.
ROOM_BYTES = 49152
SAVE_STATE = "INSERT OR REPLACE INTO running (n, state, sum) VALUES (1, ?, ?)"


def _upgrade_state(running):
    row = running.execute("SELECT state, sum FROM running WHERE sum NOTNULL").fetchone()
    if row is not None:
        running.execute(SAVE_STATE, upgrade_state_1(*row))


# Each step leads from one user_version to the next: SQL, or a function of the connection. A new file takes all of them.
RUNNING_MIGRATIONS = (
    (
        "CREATE TABLE running (n INTEGER PRIMARY KEY CHECK (n = 1), state TEXT NOT NULL, sum INTEGER)",
        f"INSERT INTO running VALUES (1, zeroblob({ROOM_BYTES}), NULL)",
    ),
    (_upgrade_state,),
)
HISTORY_MIGRATIONS = (
    (
        "CREATE TABLE boots (id TEXT PRIMARY KEY, boot_id TEXT, epoch REAL NOT NULL, confirmed INTEGER NOT NULL)",
        """CREATE TABLE sessions (
            n INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they ended
            id TEXT NOT NULL UNIQUE, clock TEXT NOT NULL, boot TEXT NOT NULL,
            "start" REAL NOT NULL, "end" REAL NOT NULL,
            before_boot TEXT, before REAL, ending TEXT NOT NULL, asked TEXT, reason TEXT, file TEXT, completion REAL,
            undervoltage INTEGER, watched INTEGER NOT NULL
        )""",
        "CREATE TABLE recorded (n INTEGER PRIMARY KEY CHECK (n = 1), boot TEXT NOT NULL, up REAL NOT NULL)",
    ),
    (
        """CREATE TABLE prints (
            n INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE, boot TEXT NOT NULL, "end" REAL NOT NULL, file TEXT, completion REAL,
            cause TEXT NOT NULL, reason TEXT, asked TEXT
        )""",
        "ALTER TABLE sessions ADD COLUMN evidence TEXT",
    ),
)


def _select(kind, table, rest):
    """Columns by their full names: SQLite takes one in quotation marks that is not there for a text. Bounds texts."""
    columns = {name: f'{table}."{name}"' for name in kind._fields}
    for name, hint in get_type_hints(kind).items():
        if {str, Codes} & {hint, *get_args(hint)}:
            columns[name] = f"substr({columns[name]}, 1, {MOST_CHARACTERS})"
    return f"SELECT {', '.join(columns.values())} FROM {table} {rest}"


def _insert(kind, table, how="INSERT OR IGNORE"):
    names = ", ".join(f'"{name}"' for name in kind._fields)
    return f"{how} INTO {table} ({names}) VALUES ({', '.join('?' * len(kind._fields))})"


READ = {
    Session: _select(Session, "sessions", f"ORDER BY n DESC LIMIT {3 * MOST_SESSIONS}"),
    StoppedPrint: _select(StoppedPrint, "prints", f"ORDER BY n DESC LIMIT {MOST_PRINTS}"),
    Boot: _select(Boot, "boots", f"ORDER BY rowid DESC LIMIT {4 * MOST_SESSIONS}"),
    BootTime: _select(BootTime, "recorded", "LIMIT 1"),
}
SAVE = {
    Session: _insert(Session, "sessions"),
    StoppedPrint: _insert(StoppedPrint, "prints"),
    Boot: _insert(Boot, "boots", "INSERT OR REPLACE"),
}
SAVE_RECORDED = "INSERT OR IGNORE INTO recorded (n, boot, up) VALUES (1, ?, ?)"
MOVE_RECORDED = 'INSERT OR REPLACE INTO recorded (n, boot, up) SELECT 1, boot, "end" FROM sessions WHERE n = ?'

# The order of recording is certain, the wall clock is not: what was recorded after something younger stays, and what
# ended while the clock was not set is as old as its neighbours.
_ENDED = 'SELECT {}(n) FROM sessions JOIN boots ON boots.id = boot WHERE confirmed AND epoch + "end" {} ?'
NEWEST_OLD = f"{_ENDED.format('max', '<')} AND n < (SELECT ifnull(({_ENDED.format('min', '>=')}), 9e15))"
OLDEST_END = 'SELECT min(epoch + "end") FROM sessions JOIN boots ON boots.id = boot WHERE confirmed'
BOUND_PRINTS = f"DELETE FROM prints WHERE n <= (SELECT max(n) FROM prints) - {MOST_PRINTS}"
DELETE_OLD_PRINTS = (
    'DELETE FROM prints WHERE boot IN (SELECT id FROM boots WHERE confirmed AND epoch + prints."end" < ?)'
)
DELETE_UNUSED_BOOTS = """
    DELETE FROM boots WHERE id <> ? AND id NOT IN (
        SELECT boot FROM sessions UNION SELECT ifnull(before_boot, '') FROM sessions
        UNION SELECT boot FROM prints UNION SELECT boot FROM recorded
    )
"""
