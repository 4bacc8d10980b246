"""How a State and its records become rows, and which rows are believed: SQLite does not notice a bit that flipped."""

import json
import zlib
from contextlib import suppress
from functools import cache
from typing import Any, Optional, Union, get_args, get_origin, get_type_hints

from octoprint_uptime.history import sessions
from octoprint_uptime.history.sessions import Ask, Codes, Session, State, StoppedPrint

# Seconds that can be compared with each other and shown as a date.
EARLIEST, LATEST = -1e9, 1e11
# A state has far fewer records.
MOST_RECORDS = 1000


def dump_state(state: State) -> tuple[str, int]:
    """The State as text without what is None, and its checksum."""
    return _with_checksum(_known(state))


def _with_checksum(fields):
    text = json.dumps(fields)
    return text, zlib.crc32(text.encode())


def _known(value):
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _known(field) for name, field in value._asdict().items() if field is not None}
    return list(map(_known, value)) if isinstance(value, tuple) else value


def load_state(text, checksum) -> State:
    """The State that was dumped. Raises ValueError if the text is not what was dumped, or makes no State."""
    state = _decode(State, _fields_of(text, checksum))
    if not all(map(is_possible, (*state.running, *state.unsaved, *state.unsent))):
        raise ValueError("a state with an impossible session")
    return state


def _fields_of(text, checksum):
    if not isinstance(text, str) or zlib.crc32(text.encode()) != checksum:
        raise ValueError("not the state that was written")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("no state") from error


def upgrade_state_1(text, checksum) -> tuple[str, int]:
    """The state of version 1.1.0 in the form of ``dump_state``. Raises ValueError if it is not what was written."""
    fields = _fields_of(text, checksum)
    try:
        fields["asked"] = fields["asked"] and dict(zip(Ask._fields, fields["asked"]))
        fields["unsaved"], fields["unsent"] = fields.pop("waiting"), fields.pop("untold")
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("no state of version 1") from error
    return _with_checksum(fields)


def record_row(record):
    """The values of a record or a Boot as SQLite takes them."""
    return list(map(_cell, record))


def _cell(value):
    if isinstance(value, tuple):
        return " ".join(value)
    # A file name need not be valid Unicode.
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def load_row(kind, row) -> Optional[Any]:
    """A NamedTuple of this kind from the values of a row, or None if the row makes none."""
    try:
        loaded = kind._make(map(_decode, _hints(kind).values(), row))
    except ValueError:
        return None
    return loaded if is_possible(loaded) else None


def is_possible(record) -> bool:
    """Whether the values of a Session or a StoppedPrint, each of them possible, fit together."""
    if isinstance(record, Session):
        over = record.ending in sessions.ENDINGS and (record.end or 0) >= record.start
        return record.clock in sessions.CLOCKS and (over if record.end is not None else record.ending is None)
    return not isinstance(record, StoppedPrint) or record.cause in (sessions.CANCELLED, sessions.FIRMWARE_ERROR)


def _decode(hint, value):
    """The value as this type hint has it. Raises ValueError if it cannot be."""
    optional, kinds = _choices(hint)
    if value is None and optional:
        return None
    for kind in kinds[:-1]:
        with suppress(ValueError):
            return _decode_one(kind, value)
    return _decode_one(kinds[-1], value)


def _decode_one(kind, value):
    if kind is str and isinstance(value, str):
        return value[: sessions.MOST_CHARACTERS]
    if kind is bool and isinstance(value, int) and value in (0, 1):
        return bool(value)
    if kind in (float, int) and isinstance(value, (float, int)) and not isinstance(value, bool):
        if EARLIEST < value < LATEST:  # false for NaN
            return value
    elif kind == Codes and isinstance(value, str):  # a cell of the history
        return tuple(value.split())
    elif get_origin(kind) is tuple and isinstance(value, list) and len(value) <= MOST_RECORDS:
        return tuple(_decode(get_args(kind)[0], one) for one in value)
    elif hasattr(kind, "_fields") and isinstance(value, dict):
        hints = {name: hint for name, hint in _hints(kind).items() if name in value or name not in kind._field_defaults}
        return kind(**{name: _decode(hint, value.get(name)) for name, hint in hints.items()})
    raise ValueError(f"{type(value).__name__} where {kind} has to be")


@cache
def _choices(hint):
    """Whether it may be None, and what else it may be."""
    kinds = get_args(hint) if get_origin(hint) is Union else (hint,)
    return type(None) in kinds, [kind for kind in kinds if kind is not type(None)]


@cache
def _hints(kind):
    return get_type_hints(kind)
