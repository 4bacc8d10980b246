"""How a State and its records become rows, and which rows are believed: SQLite does not notice a bit that flipped."""

import json
import zlib
from contextlib import suppress
from functools import cache, partial
from typing import Any, Callable, NamedTuple, Optional, Union, get_args, get_origin, get_type_hints

from octoprint_uptime.history import sessions
from octoprint_uptime.history.sessions import Ask, Session, State, StoppedPrint

# Seconds that can be compared with each other and shown as a date.
EARLIEST, LATEST = -1e9, 1e11
# A state has far fewer records.
MOST_RECORDS = 1000


class Recorded(NamedTuple):
    """The moment since when everything is recorded."""

    boot: str
    up: float


def dump_state(state: State):
    """The State as text without what is None, and its checksum."""
    text = json.dumps(_known(state))
    return text, zlib.crc32(text.encode())


def _known(value):
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _known(field) for name, field in value._asdict().items() if field is not None}
    return list(map(_known, value)) if isinstance(value, tuple) else value


def load_state(text, checksum) -> State:
    """The State that was dumped. Raises ValueError if the text is not what was dumped, or makes no State."""
    state = _decoder(State)(_fields_of(text, checksum))
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


def load_row(kind, row) -> Optional[Any]:
    """A NamedTuple of this kind from the values of a row, or None if the row makes none."""
    try:
        loaded = kind._make(decode(value) for decode, value in zip(_field_decoders(kind).values(), row))
    except ValueError:
        return None
    return loaded if is_possible(loaded) else None


def is_possible(record) -> bool:
    """Whether the values of a Session or a StoppedPrint, each of them possible, fit together."""
    if isinstance(record, Session):
        over = record.ending in sessions.ENDINGS and (record.end or 0) >= record.start
        return record.clock in sessions.CLOCKS and (over if record.end is not None else record.ending is None)
    return not isinstance(record, StoppedPrint) or record.cause in (sessions.CANCELLED, sessions.FIRMWARE_ERROR)


def record_row(record):
    """The values of a record or a Boot as SQLite takes them: a file name need not be valid Unicode."""
    return [value.encode(errors="replace").decode() if isinstance(value, str) else value for value in record]


def upgrade_state_1(text, checksum):
    """The state of version 1.1.0 in the form of ``dump_state``. Raises ValueError if it is not what was written."""
    fields = _fields_of(text, checksum)
    try:
        fields["asked"] = fields["asked"] and dict(zip(Ask._fields, fields["asked"]))
        fields["unsaved"], fields["unsent"] = fields.pop("waiting"), fields.pop("untold")
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("no state of version 1") from error
    text = json.dumps(fields)
    return text, zlib.crc32(text.encode())


# ~~ Decoding by type hints. Each decoder returns the value or raises ValueError.


@cache
def _decoder(kind) -> Callable[[Any], Any]:
    choices = get_args(kind)
    if get_origin(kind) is Union:
        if choices[1:] == (type(None),):
            return partial(_decode_optional, _decoder(choices[0]))
        return partial(_decode_first, [*map(_decoder, choices)])
    if get_origin(kind) is tuple:
        return partial(_decode_many, _decoder(choices[0]))
    if hasattr(kind, "_fields"):
        return partial(_decode_fields, kind, _field_decoders(kind))
    return PLAIN[kind]


@cache
def _field_decoders(kind):
    return {name: _decoder(hint) for name, hint in get_type_hints(kind).items()}


def _decode_optional(decode, value):
    return None if value is None else decode(value)


def _decode_first(decoders, value):
    for decode in decoders:
        with suppress(ValueError):
            return decode(value)
    raise ValueError(f"unexpected {type(value).__name__}")


def _decode_many(decode, values):
    if not isinstance(values, list) or len(values) > MOST_RECORDS:
        raise ValueError("no list, or too long")
    return tuple(map(decode, values))


def _decode_fields(kind, decoders, values):
    if not isinstance(values, dict):
        raise ValueError("no object")
    known = {name: decode(values[name]) for name, decode in decoders.items() if name in values}
    missing = decoders.keys() - known - kind._field_defaults.keys()
    return kind(**known, **{name: decoders[name](None) for name in missing})


def _decode_number(value):
    # Comparisons with NaN are false.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not EARLIEST < value < LATEST:
        raise ValueError("no number that makes sense")
    return value


def _decode_truth(value):
    if not isinstance(value, int) or value not in (0, 1):
        raise ValueError("neither true nor false")
    return bool(value)


def _decode_text(value):
    if not isinstance(value, str):
        raise ValueError("no text")
    return value[: sessions.MOST_CHARACTERS]


PLAIN = {float: _decode_number, int: _decode_number, bool: _decode_truth, str: _decode_text}
