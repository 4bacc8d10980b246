"""How what is remembered becomes rows, and which rows are believed: SQLite itself does not see a bit that flipped in a
value.
"""

import json
import zlib

from octoprint_uptime.boots import Boot
from octoprint_uptime.sessions import ENDINGS, HOST, MOST_UNTOLD, OCTOPRINT, PRINTER, Print, Session, State

# Seconds that can be held against each other and shown as a date.
EARLIEST, LATEST = -1e9, 1e11

# The Sessions of a State.
MANY = ("running", "untold", "waiting")


def dump_state(state):
    """A State as text, and the sum that tells whether it is still the same.

    Short enough that the file has room for the next one beside it, also on a full disk: without what is None anyway,
    and without more than is told of after the next start.
    """
    fields = state._asdict()
    fields["boot"] = state.boot._asdict()
    fields["print"] = state.print and state.print._asdict()
    fields["untold"] = state.untold[-MOST_UNTOLD:]
    for key in MANY:
        fields[key] = [_known(session) for session in fields[key]]
    text = json.dumps(fields)
    return text, zlib.crc32(text.encode())


def _known(session):
    return {field: value for field, value in session._asdict().items() if value is not None}


def load_state(text, checksum):
    """The State that became this text. Raises ValueError where it is not the same any more."""
    if not isinstance(text, str) or zlib.crc32(text.encode()) != checksum:
        raise ValueError("not the state that was written")
    fields = json.loads(text)
    try:
        fields["boot"] = Boot(**fields["boot"])
        fields["print"] = fields["print"] and Print(**fields["print"])
        for key in MANY:
            fields[key] = tuple(Session(**session) for session in fields[key])
        return State(**fields)
    except (TypeError, KeyError) as error:
        raise ValueError(f"no state: {error}") from error


def session_row(session):
    """The values of a Session as SQLite takes them: the name of a file need not be valid Unicode."""
    return [value.encode(errors="replace").decode() if isinstance(value, str) else value for value in session]


def is_session(session):
    """Whether a Session that has ended can have been written as it was read."""
    texts = (session.id, session.boot, session.before_boot)
    words = (session.asked, session.reason, session.file)
    known = session.clock in (HOST, OCTOPRINT, PRINTER) and session.ending in ENDINGS
    typed = all(map(_is_text, texts)) and all(word is None or _is_text(word) for word in words)
    timed = all(map(_is_time, (session.start, session.end, session.before)))
    measured = session.completion is None or _is_time(session.completion)
    return known and typed and timed and measured and session.start <= session.end


def is_boot(boot):
    """The same for a Boot."""
    return _is_text(boot.id) and _is_time(boot.epoch)


def is_recorded(recorded):
    """The same for the boot and the second since when is recorded."""
    return _is_text(recorded[0]) and _is_time(recorded[1])


def _is_text(value):
    return isinstance(value, str)


def _is_time(value):
    return isinstance(value, (int, float)) and EARLIEST < value < LATEST
