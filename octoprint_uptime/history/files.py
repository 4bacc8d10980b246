"""Opens SQLite files that may be damaged, locked, written by a later version, or not writable at all."""

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import Any

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
    "locked": ("locked", "locking protocol"),
    "readonly": ("readonly", "Read-only", "unable to open", "denied"),
    "full": ("full", "No space"),
}


class StoreError(Exception):
    """Nothing can be kept. The message is one of "no_sqlite", "locked", "newer", "readonly", "full" and "failed"; the
    cause says it in the system's words.
    """


@contextmanager
def failures():
    """Errors of SQLite and the system in the block become a StoreError."""
    if sqlite3 is None:
        raise StoreError("no_sqlite")
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(next((name for name, words in PROBLEMS.items() if _says(error, words)), "failed")) from error


def _says(error, words):
    return any(word in str(error) for word in words)


def connect(path, query=""):
    """A connection to the file, with some of SQLite's URI parameters."""
    connection = sqlite3.connect(path.as_uri() + query, timeout=LOCK_SECONDS, uri=True, check_same_thread=False)
    # A flipped bit may be in any text; most texts are in many rows.
    connection.text_factory = lambda text: sys.intern(text.decode(errors="replace"))
    return connection


def check(connection):
    """Raise sqlite3.DatabaseError if SQLite finds the file damaged."""
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"malformed: {verdict}")


class Database:
    """One file. ``settings`` are PRAGMAs, ``migrations`` the steps from one version of the file to the next; ``look``
    raises sqlite3.Error or ValueError if it finds damage; a damaged file's new name is added to ``set_aside``.
    """

    def __init__(self, path, settings, migrations, look, set_aside):
        self._path, self.settings, self._migrations, self._look = path, settings, migrations, look
        self._set_aside = set_aside
        self.connection: Any = None  # until the file is open

    def is_open(self) -> bool:
        """Whether it is open, and nothing has deleted the file, which a connection does not notice."""
        return self.connection is not None and self._path.exists()

    def open(self):
        """Open it, or a new one instead; returns what ``look`` does. Raises StoreError, OSError or sqlite3.Error."""
        self.close()
        try:
            return self._open()
        except (sqlite3.Error, ValueError) as error:
            if not self._is_damage(error):
                raise
        self._rename_damaged()
        return self._open()

    def close(self) -> None:
        """Unlock the file for another process; OctoPrint's own process simply ends."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def change_settings(self, settings):
        """Set some PRAGMAs."""
        for setting in settings:
            self.connection.execute(f"PRAGMA {setting}")

    def _open(self):
        self.connection = connection = connect(self._path)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()  # before a setting changes the file
            if version > len(self._migrations):
                raise StoreError("newer")
            self.change_settings(self.settings)
            connection.execute("BEGIN EXCLUSIVE")  # with locking_mode=EXCLUSIVE, the lock stays
            for step in self._migrations[version:]:
                for part in step:
                    part(connection) if callable(part) else connection.execute(part)
            connection.execute(f"PRAGMA user_version={len(self._migrations)}")
            connection.commit()
            return self._look(connection)
        except BaseException:
            self.close()
            raise

    def _is_damage(self, error):
        """Whether the file itself is at fault: its contents, or a flag in it that makes it read-only."""
        if _says(error, ["readonly"]):
            return os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK)
        return isinstance(error, ValueError) or _says(error, DAMAGE)

    def _rename_damaged(self):
        """Set a damaged file aside, and keep only the newest few."""
        damaged = self._path.with_name(f"{self._path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        self._path.rename(damaged)
        for rest in ("-wal", "-shm", "-journal"):
            with suppress(FileNotFoundError):
                self._path.with_name(self._path.name + rest).unlink()
        for old in damaged_files(self._path.parent, self._path.name)[:-MOST_DAMAGED]:
            old.unlink()
        self._set_aside.append(damaged.name)


def damaged_files(folder, name="*"):
    """The damaged files in the folder that were set aside, oldest first."""
    return sorted(folder.glob(f"{name}.damaged-*"))


def delete_damaged(folder, before=float("inf")):
    """Delete those that were written before this moment in Unix seconds. Raises OSError."""
    for file in damaged_files(folder):
        if file.stat().st_mtime < before:
            file.unlink()
