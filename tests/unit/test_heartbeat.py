"""The heartbeat, with a wait that takes no time: what it calls, in which order, and what ends it."""

import threading

from octoprint_uptime.history import heartbeat
from octoprint_uptime.history.heartbeat import INTERVAL_SECONDS, SEND_AFTER_SECONDS, run
from octoprint_uptime.history.recorder import HEARTBEAT_SECONDS
from tests.harness.recorders import SOON

HOUR = 3600


class Calls:
    """A recorder that notes what it is called for, and a wait that returns False once so many seconds are over."""

    def __init__(self, seconds):
        self.calls, self.left = [], seconds

    def __getattr__(self, name):
        return lambda: self.calls.append(name)

    def wait(self, seconds):
        self.calls.append(seconds)
        self.left -= seconds
        return self.left > 0


def test_it_beats_at_once_sends_after_half_a_minute_and_then_beats_each_minute():
    calls = Calls(SEND_AFTER_SECONDS + 2 * INTERVAL_SECONDS)
    run(calls, calls.wait)

    start = ["heartbeat", SEND_AFTER_SECONDS, "send_events"]
    assert calls.calls == [*start, *["heartbeat", INTERVAL_SECONDS] * 2, "stop"]
    assert (SEND_AFTER_SECONDS, INTERVAL_SECONDS) == (30, 60)


def test_a_stop_within_the_first_seconds_is_recorded_and_what_happened_is_sent():
    calls = Calls(1)
    run(calls, calls.wait)

    assert calls.calls == ["heartbeat", SEND_AFTER_SECONDS, "send_events", "stop"]


def test_it_beats_for_hours_and_an_exception_does_not_end_it(start, machine):
    process, steps = start(), []

    def wait(seconds):
        machine.up += seconds
        process.flush()
        steps.append(process.recorder._saved.up)
        if len(steps) == 10:
            process.recorder._completion = lambda: 1 / 0
            process.take("Connected").take("PrintStarted", name="benchy.gcode")
        return len(steps) < HOUR / INTERVAL_SECONDS

    run(process.recorder, wait)
    process.flush()

    gaps = {later - earlier for earlier, later in zip(steps, steps[1:])}
    assert max(gaps) <= HEARTBEAT_SECONDS + SEND_AFTER_SECONDS
    assert machine.up - steps[-1] <= INTERVAL_SECONDS
    assert {type(error) for error in process.tracebacks} == {ZeroDivisionError}
    assert process.recorder._saved.stop == machine.up


def test_the_threads_wait_ends_as_soon_as_the_main_thread_does(monkeypatch):
    stopped, main = threading.Event(), threading.Thread(target=lambda: ends.wait(SOON))
    ends, calls = threading.Event(), Calls(SOON)
    monkeypatch.setattr(calls, "stop", stopped.set, raising=False)
    monkeypatch.setattr(heartbeat.threading, "main_thread", lambda: main)
    main.start()
    heartbeat.start(calls)
    assert not stopped.wait(0.05)

    ends.set()
    assert stopped.wait(SOON)
    assert calls.calls == ["heartbeat", "send_events"]
