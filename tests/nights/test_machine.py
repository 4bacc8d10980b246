"""The machine of the nights does what a machine does."""

from datetime import datetime, timedelta, timezone

EVENING = datetime(2031, 3, 10, 22, tzinfo=timezone.utc)
MORNING = EVENING + timedelta(hours=9)


def test_the_power_comes_back_after_a_cut(machine):
    machine.start(at=EVENING)
    machine.printer.connect()
    evening = machine.admin.reading()

    machine.cut()
    machine.start(at=MORNING)

    morning = machine.admin.reading()
    assert evening["printer_seconds"] is not None
    assert morning["printer_seconds"] is None
    print(evening, morning, machine.run("date; systemctl --failed; cat /proc/uptime"))
