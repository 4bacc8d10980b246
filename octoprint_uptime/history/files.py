"""Opens SQLite files that may be damaged, locked, written by a later version, or not writable at all."""

import os
import sys
import time
from contextlib import contextmanager, suppress

try:
    import sqlite3
except ImportError:  # some systems split it off from Python
    sqlite3 = None  # type: ignore[assignment]

MOST_DAMAGED = 3
LOCK_SECONDS = 2

# What SQLite says if the file itself is at fault. Its codes reach Python only since 3.11, its words always.
DAMAGE = ("not a database", "malformed", "unsupported file format", "no such table", "no such column", "already exists")

# … and if what is around the file is.
PROBLEMS = {
    "locked": "locked",
    "locking protocol": "locked",
    "readonly": "readonly",
    "Read-only": "readonly",
    "unable to open": "readonly",
    "denied": "readonly",
    "full": "full",
    "No space": "full",
}


class StoreError(Exception):
    """Nothing can be kept. The message is one of "no_sqlite", "locked", "newer", "readonly", "full" and "failed"; the
    cause says it in the system's words.
    """


@contextmanager
def failures():
    """Errors of SQLite and the system in the block become a StoreError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        problem = next((problem for words, problem in PROBLEMS.items() if words in str(error)), "failed")
        raise StoreError(problem) from error


def connect(path, query=""):
    """A connection to the file, with some of SQLite's URI parameters."""
    connection = sqlite3.connect(path.as_uri() + query, timeout=LOCK_SECONDS, uri=True, check_same_thread=False)
    # A flipped bit may be in any text; most texts are in many rows.
    connection.text_factory = lambda text: sys.intern(text.decode(errors="replace"))
    return connection


def change_settings(connection, settings):
    """Set some PRAGMAs."""
    for setting in settings:
        connection.execute(f"PRAGMA {setting}")


def open_whole(path, settings, migrations, look):
    """A connection to the file, and the new name of the damaged file that it replaces, or None.

    ``settings`` are PRAGMAs, ``migrations`` the steps from one version of the file to the next; ``look`` raises
    sqlite3.Error or ValueError if it finds damage. Raises StoreError, OSError or sqlite3.Error.
    """
    try:
        return _open(path, settings, migrations, look), None
    except (sqlite3.Error, ValueError) as error:
        if not _is_damage(error, path):
            raise
    damaged = _set_aside(path)
    return _open(path, settings, migrations, look), damaged


def _open(path, settings, migrations, look):
    connection = connect(path)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()  # before a setting changes the file
        if version > len(migrations):
            raise StoreError("newer")
        change_settings(connection, settings)
        connection.execute("BEGIN EXCLUSIVE")  # with locking_mode=EXCLUSIVE, the lock stays
        for step in migrations[version:]:
            for part in step:
                part(connection) if callable(part) else connection.execute(part)
        connection.execute(f"PRAGMA user_version={len(migrations)}")
        connection.commit()
        look(connection)
        return connection
    except BaseException:
        connection.close()
        raise


def _is_damage(error, path):
    """Whether the file itself is at fault: its contents, or a flag in it that makes it read-only."""
    if "readonly" in str(error):
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return isinstance(error, ValueError) or any(words in str(error) for words in DAMAGE)


def check(file):
    """Raise sqlite3.DatabaseError if SQLite finds its file damaged."""
    (verdict,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"malformed: {verdict}")


def _set_aside(path):
    """Rename a damaged file, and keep only the newest few; returns the new name."""
    damaged = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    path.rename(damaged)
    for rest in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + rest).unlink()
    delete_damaged(damaged_files(path.parent, path.name)[:-MOST_DAMAGED])
    return damaged.name


def damaged_files(folder, name="*"):
    """The damaged files in the folder that were set aside, oldest first."""
    return sorted(folder.glob(f"{name}.damaged-*"))


def delete_damaged(files, before=float("inf")):
    """Delete those of the files that were written before this moment in Unix seconds. Raises OSError."""
    for file in files:
        if file.stat().st_mtime < before:
            file.unlink()
