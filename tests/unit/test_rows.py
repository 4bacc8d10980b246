"""Which stored states and rows are believed, also if their checksum is right."""

import json
import zlib

import pytest

from octoprint_uptime.history import sessions
from octoprint_uptime.history.boots import Boot
from octoprint_uptime.history.rows import (
    dump_state,
    is_possible,
    load_row,
    load_state,
    record_row,
    upgrade_state_1,
)
from octoprint_uptime.history.sessions import (
    Ask,
    BootTime,
    Deleted,
    OomKills,
    Print,
    Reported,
    Session,
    State,
    StoppedPrint,
)
from tests.harness.states import EPOCH, begun, change, connect, flap, moment, start_print, take

BOOT = Boot("5ad1", "a", EPOCH, True)
LOST = Session(
    "p",
    "printer",
    "5ad1",
    1.0,
    2.0,
    "5ad1",
    3.0,
    "lost",
    "disconnect",
    "gone",
    "x.gcode",
    6.5,
    True,
    False,
    ("usb_gone",),
)
PRINT = StoppedPrint("s", "5ad1", 2.0, "x.gcode", 50.0, "cancelled", "words", "cancel")
FULL = State(
    BOOT,
    500.0,
    (Session("h", "host", "5ad1", 0.0),),
    12.0,
    Print("y.gcode", 1.5),
    PRINT._replace(cause=None),
    True,
    Reported(True, True, True, "error", "firmware", 400.0),
    Ask("restart", 490.0),
    499.0,
    True,
    False,
    OomKills(3, 490.0),
    ("p",),
    True,
    True,
    Deleted(1.0, 30, "5ad1", 5.0, 6.0),
    (Boot("5ad2", None, 5, False),),
    (LOST, PRINT),
    (PRINT, LOST, Session("h", "host", "5ad1", 0.0)),
)


def stored(text):
    return text, zlib.crc32(text.encode())


def fields(state=FULL):
    return json.loads(dump_state(state)[0])


def loaded(value):
    return load_state(*stored(json.dumps(value)))


def is_refused(load, *arguments):
    try:
        load(*arguments)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    "state",
    [
        FULL,
        begun(),
        begun(boot_id=None, host_start=None),
        flap(begun(), 50),
        sessions.begin(begun(), moment(60.0, "b", EPOCH + 5000)),
        change(begun(), (connect, 200.0), (start_print, 210.0), (take, "PrintFailed", 220.0)),
    ],
)
def test_a_state_is_the_same_after_it_was_stored(state):
    text, checksum = dump_state(state)

    assert load_state(text, checksum) == state
    assert type(load_state(text, checksum).boot) is Boot
    assert "null" not in text


@pytest.mark.parametrize("text", [None, 5, b"{}", "{}", "[]", "null", "5", '"x"', "", "{", "[" * 100_000, "nan"])
def test_what_is_no_state_is_refused(text):
    for checksum in {zlib.crc32(text.encode() if isinstance(text, str) else b""), 0, None}:
        assert is_refused(load_state, text, checksum)


def test_a_state_with_another_checksum_is_refused():
    text, checksum = dump_state(FULL)
    for wrong in (text.replace("500", "501"), text + " "):
        with pytest.raises(ValueError, match="not the state"):
            load_state(wrong, checksum)


NO_NUMBERS = [
    "x",
    "",
    None,
    True,
    [],
    {},
    float("nan"),
    float("inf"),
    -float("inf"),
    1e308,
    1e11,
    -1e9,
    10**400,
    -(10**400),
]
NO_TRUTHS = ["x", None, 2, 1.0, 0.0, [], {}, float("nan")]
NO_TEXTS = [5, None, True, [], {}]
NO_LISTS = ["x", 5, True, {}, {"a": 1}]
NO_OBJECTS = ["x", 5, [], [1], True]
DEEP = json.loads("[" * 500 + "]" * 500)


def wrong_contents():
    for value in (*NO_NUMBERS, DEEP):
        for path in (["up"], ["clock_since"], ["boot", "epoch"], ["running", 0, "start"], ["unsaved", 1, "end"]):
            yield path, value
        if value is not None:
            yield from (
                (path, value) for path in (["stop"], ["print", "completion"], ["asked", "up"], ["unsaved", 0, "end"])
            )
            yield ["reported", "silent_since"], value
    for value in (*NO_TRUTHS, DEEP):
        yield from (([name], value) for name in ("stopped_sent", "host_stops", "leaving", "clearing"))
        yield from (
            (path, value) for path in (["boot", "confirmed"], ["unsaved", 0, "watched"], ["reported", "disconnecting"])
        )
    yield ["low_before"], "x"
    for value in (*NO_TEXTS, DEEP):
        yield from (
            (path, value) for path in (["boot", "id"], ["running", 0, "id"], ["deleted", "boot"], ["asked", "what"])
        )
        if value is not None:
            yield from ((path, value) for path in (["boot", "boot_id"], ["print", "file"], ["unsaved", 0, "reason"]))
    for value in (*NO_LISTS, [1], ["x"], [None], [[]], [{}], DEEP):
        yield from (([name], value) for name in ("running", "unsaved", "unsent", "past_boots"))
    for value in (*NO_OBJECTS, DEEP):
        yield from (([name], value) for name in ("boot", "print", "stopped", "asked", "deleted", "reported"))
    yield from (([name], None) for name in ("boot", "running", "unsaved", "unsent", "past_boots", "reported"))
    yield ["running", 0, "clock"], "toaster"
    yield ["unsaved", 0, "ending"], "exploded"
    yield ["unsaved", 0, "end"], 0.5  # before its start
    yield ["unsaved", 0, "ending"], None
    yield ["running", 0, "ending"], "lost"  # without an end
    yield ["unsent", 1, "clock"], "toaster"
    yield ["unsaved", 1, "cause"], "sunspots"
    yield ["unsaved", 1, "cause"], None
    yield ["unsent", 0, "cause"], None
    yield ["past_boots"], [fields()["boot"]] * 1001


@pytest.mark.parametrize(("path", "value"), list(wrong_contents()), ids=lambda value: str(value)[:30])
def test_a_state_with_wrong_contents_is_refused(path, value):
    state = fields()
    parent = state
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value

    assert is_refused(loaded, state)


def test_a_state_at_the_limits_is_believed():
    state = fields(begun())
    state.update(up=99_999_999_999, clock_since=-999_999_999.9, low_before=0, leaving=1)
    state["boot"].update(id="i" * 501, boot_id=None)
    state["past_boots"] = [state["boot"]] * 1000
    after = loaded(state)

    assert (after.up, after.clock_since, after.low_before, after.leaving) == (
        99_999_999_999,
        -999_999_999.9,
        False,
        True,
    )
    assert after.boot.id == "i" * 500
    assert len(after.past_boots) == 1000


def test_unknown_fields_are_ignored_and_missing_ones_have_their_defaults():
    state = fields(begun())
    for part in (state, state["boot"], state["running"][0]):
        part.update(new="field", newer={"deep": [1, 2]})
    assert loaded(state) == begun()

    needed = {name: state[name] for name in ("boot", "up", "running")}
    assert loaded(needed) == State(begun().boot, 100.0, begun().running)
    for name in needed:
        assert is_refused(loaded, {key: value for key, value in needed.items() if key != name})
    for name in ("id", "epoch", "confirmed"):
        boot = {key: value for key, value in state["boot"].items() if key != name}
        assert is_refused(loaded, {**needed, "boot": boot})
    assert loaded({**needed, "print": {}}).print == Print(None, None)


def test_sessions_and_stopped_prints_are_not_taken_for_each_other():
    after = loaded(fields())

    assert [type(one) for one in after.unsaved] == [Session, StoppedPrint]
    assert [type(one) for one in after.unsent] == [StoppedPrint, Session, Session]


# ~~ Rows


@pytest.mark.parametrize("record", [LOST, PRINT, BOOT, BOOT._replace(boot_id=None), BootTime("5ad1", 3.0)])
def test_a_row_becomes_what_was_stored(record):
    assert load_row(type(record), tuple(record_row(record))) == record
    assert type(load_row(type(record), record_row(record))) is type(record)


def test_truths_come_back_from_the_numbers_that_sqlite_keeps():
    row = load_row(Session, [int(value) if isinstance(value, bool) else value for value in record_row(LOST)])

    assert (row.undervoltage, row.watched) == (True, False)
    assert row.undervoltage is True


@pytest.mark.parametrize("record", [LOST, PRINT, BOOT, BootTime("5ad1", 3.0)])
def test_a_row_with_a_wrong_value_is_left_out(record):
    for place, (name, value) in enumerate(zip(record._fields, record)):
        wrong = NO_TRUTHS if isinstance(value, bool) else NO_NUMBERS if isinstance(value, float) else [b"x", 5]
        for other in wrong:
            row = [*record_row(record[:place]), other, *record_row(record[place + 1 :])]
            if other is None and load_row(type(record), row) is not None:
                assert name in ("boot_id", "before", "completion", "undervoltage")
            elif other is not None:
                assert load_row(type(record), row) is None, (name, other)


@pytest.mark.parametrize(
    ("record", "possible"),
    [
        (LOST, True),
        (LOST._replace(end=1.0), True),
        (LOST._replace(end=0.9), False),
        (LOST._replace(start=0.5, end=0.0), False),
        (LOST._replace(end=None), False),
        (LOST._replace(end=None, ending=None), True),
        (LOST._replace(ending=None), False),
        (LOST._replace(ending="x"), False),
        *((LOST._replace(ending=ending), True) for ending in sessions.ENDINGS),
        *((LOST._replace(clock=clock), True) for clock in ("host", "octoprint")),
        (LOST._replace(clock="x"), False),
        (PRINT, True),
        (PRINT._replace(cause="firmware_error"), True),
        (PRINT._replace(cause="x"), False),
        (PRINT._replace(cause=None), False),
        (BOOT, True),
    ],
)
def test_values_that_do_not_fit_together_are_impossible(record, possible):
    assert is_possible(record) is possible
    assert (load_row(type(record), record_row(record)) is not None) is possible


def test_a_file_name_that_is_no_unicode_can_be_stored():
    row = record_row(LOST._replace(file="b\udcffd.gcode"))

    assert row == [*LOST[:10], "b?d.gcode", *LOST[11:14], "usb_gone"]
    state = begun()._replace(print=Print("b\udcffd.gcode", 0.0))
    assert load_state(*dump_state(state)) == state


# ~~ The state of version 1.1.0


def version_1(**changes):
    """As version 1.1.0 wrote it."""
    now = fields(begun())
    known = {name: now[name] for name in ("boot", "up", "running")}
    rest = {"print": None, "asked": None, "stop": None, "host_stops": False, "low_before": None, "leaving": False}
    return {**known, **rest, "waiting": [], "untold": [], **changes}


def upgraded(value):
    return load_state(*upgrade_state_1(*stored(json.dumps(value))))


def test_the_state_of_version_1_keeps_everything():
    session = {name: value for name, value in LOST._asdict().items() if value is not None}
    after = upgraded(version_1(asked=["reboot", 90.0], waiting=[session], untold=[session, session], leaving=True))

    assert after == begun()._replace(
        unsaved=(LOST,), unsent=(LOST, LOST), asked=Ask("reboot", 90.0), leaving=True, clock_since=0.0
    )
    assert upgraded(version_1()) == begun()._replace(unsent=(), clock_since=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "5",
        "null",
        "{}",
        json.dumps({"waiting": [], "untold": []}),
        json.dumps({"asked": 5, "waiting": [], "untold": []}),
        json.dumps({"asked": None, "untold": []}),
        json.dumps({"asked": None, "waiting": []}),
        "{",
        "[" * 100_000,
    ],
)
def test_what_version_1_did_not_write_is_refused(text):
    assert is_refused(upgrade_state_1, *stored(text))
    with pytest.raises(ValueError, match="not the state"):
        upgrade_state_1(text, 1)
