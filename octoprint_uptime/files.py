"""Opens SQLite files that may be damaged, locked, written by a later version, or not to be written at all."""

import os
import sys
import time
from contextlib import contextmanager, suppress

try:
    import sqlite3
except ImportError:  # some systems part it from Python
    sqlite3 = None  # type: ignore[assignment]

VERSION = 1
MOST_DAMAGED = 3
LOCK_SECONDS = 2

# What SQLite says when the fault is not the file's.
AROUND = ("locked", "full", "unable to open", "disk I/O")


class StoreError(Exception):
    """Nothing can be kept: "no_sqlite", "second" (OctoPrint on this folder), "newer" (file), "readonly", "full" or
    "failed". Its cause says it in the system's words.
    """


@contextmanager
def failures(locked="failed"):
    """What goes wrong in the block becomes a StoreError; ``locked`` is what a lock of somebody else's means."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(_problem(error, locked)) from error


def _problem(error, locked):
    """SQLite's codes reach Python only since 3.11, its words always."""
    words = {"locked": locked, "readonly": "readonly", "unable to open": "readonly", "denied": "readonly"}
    words.update({"Read-only": "readonly", "full": "full", "No space": "full"})
    return next((problem for word, problem in words.items() if word in str(error)), "failed")


def connect(path, query=""):
    """A connection to the file, with some of SQLite's URI parameters."""
    connection = sqlite3.connect(path.as_uri() + query, timeout=LOCK_SECONDS, uri=True)
    # A flipped bit may be in any of them; most stand in many rows.
    connection.text_factory = lambda text: sys.intern(text.decode(errors="replace"))
    return connection


def change_settings(connection, settings):
    """Set some PRAGMAs."""
    for setting in settings:
        connection.execute(f"PRAGMA {setting}")


def open_whole(path, settings, tables, look):
    """A connection to the file, and the name under which a damaged one was set aside for a new one, or None.

    ``settings`` are PRAGMAs, ``tables`` the SQL for a new file; ``look`` raises sqlite3.Error or ValueError at damage.
    """
    try:
        return _open(path, settings, tables, look), None
    except (sqlite3.Error, ValueError) as error:
        if not _is_damage(error, path):
            raise
    damaged = _set_aside(path)
    return _open(path, settings, tables, look), damaged


def _open(path, settings, tables, look):
    connection = connect(path)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()  # before a setting changes the file
        if version > VERSION:
            raise StoreError("newer")
        change_settings(connection, settings)
        connection.executescript("BEGIN EXCLUSIVE; COMMIT;")  # with locking_mode=EXCLUSIVE, the lock stays
        if version == 0:
            connection.executescript(f"BEGIN; {tables} PRAGMA user_version={VERSION}; COMMIT;")
        look(connection)
        return connection
    except BaseException:
        connection.close()
        raise


def _is_damage(error, path):
    """Whether the file itself is at fault, not what is around it. SQLite's codes reach Python only since 3.11."""
    if "readonly" in str(error):
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return not any(words in str(error) for words in AROUND)


def check(file):
    """Raise sqlite3.DatabaseError where SQLite finds its file damaged."""
    (verdict,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _set_aside(path):
    """Give a damaged file another name, and keep the newest few of these; returns the name."""
    damaged = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    path.rename(damaged)
    for rest in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + rest).unlink()
    for old in sorted(path.parent.glob(f"{path.name}.damaged-*"))[:-MOST_DAMAGED]:
        old.unlink()
    return damaged.name
