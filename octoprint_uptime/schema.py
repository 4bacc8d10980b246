"""What the two files of the journal look like: their settings, tables and queries."""

from octoprint_uptime.sessions import Session

CARELESS, THOROUGH = ("secure_delete=OFF", "journal_size_limit=-1"), ("secure_delete=ON", "journal_size_limit=0")
RUNNING_SETTINGS = ("page_size=512", "locking_mode=EXCLUSIVE", "journal_mode=PERSIST", "synchronous=FULL", *CARELESS)
# What ends is soon in the file itself, which is what a backup takes and what people open.
HISTORY_SETTINGS = ("journal_mode=WAL", "wal_autocheckpoint=1", "synchronous=FULL", "secure_delete=ON")

ROOM_BYTES = 49152
# The first state replaces zeroes, whose room then stays with the file: what has to wait while the disk is full goes
# there. A state that takes more than half of it would overwrite pages of the former one, for which the rollback journal
# would have to grow.
RUNNING_TABLES = f"""
CREATE TABLE running (n INTEGER PRIMARY KEY CHECK (n = 1), state TEXT NOT NULL, sum INTEGER);
INSERT INTO running VALUES (1, zeroblob({ROOM_BYTES}), NULL);
"""
SAVE_STATE = "INSERT OR REPLACE INTO running VALUES (1, ?, ?)"
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
FIELDS = ", ".join(f'"{field}"' for field in Session._fields)
# By their full names: in quotation marks alone, a column that is not there is a text to SQLite.
COLUMNS = ", ".join(f'sessions."{field}"' for field in Session._fields)
QUERIES = (
    f"SELECT {COLUMNS} FROM sessions ORDER BY n DESC",
    "SELECT id, boot_id, epoch, confirmed FROM boots",
    "SELECT boot, up FROM recorded",
)
PLACES = ", ".join("?" * len(Session._fields))
