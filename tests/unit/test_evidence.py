"""What points to a cause, from folders that look like those of real machines, whole and spoilt."""

import errno
import os
import re
import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest

from octoprint_uptime.machine import evidence
from octoprint_uptime.machine.evidence import UsbDevice, combine_looks, restart_code, restart_evidence, usb_connection
from tests.harness.bus import HOUR, WRAP_MS, Bus, put

DAY = 86_400

# What a file may have in the place of what it should have; each of them proves nothing.
SPOILT = {
    "missing": None,
    "a folder": Path.mkdir,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "empty": b"",
    "only a newline": b"\n",
    "binary": b"\xff\xfe\x00\x80",
    "a word": b"unknown\n",
    "negative": b"-5\n",
    "a fraction": b"5.0\n",
    "with an underscore": b"1_0\n",
    "in other digits": "٥\n".encode(),
    "two numbers": b"5 6\n",
    "endless": b"5" * 5000,
    "higher than anything": b"99999999999\n",
}


@pytest.fixture(params=SPOILT)
def spoilt(request):
    return SPOILT[request.param]


# ~~ USB


@pytest.fixture
def bus(tmp_path):
    """A hub with a printer at 1-1.1 and a camera at 1-1.3."""
    bus = Bus(tmp_path)
    bus.plug("1-1.1", 4)
    bus.plug("1-1.3", 5)
    bus.tty("1-1.1", "ttyUSB0")
    return bus


@pytest.fixture
def look(bus):
    """Looks at the printer, whose connection was described in the beginning."""
    connection = usb_connection("/dev/ttyUSB0", bus.root)
    return lambda seconds, later=0: evidence.usb_evidence(connection, seconds, later, bus.root)


def test_a_connection_is_described_by_its_device_the_hub_and_what_else_is_on_it(bus):
    connection = usb_connection("/dev/ttyUSB0", bus.root)

    assert connection.device == UsbDevice(bus.path("1-1.1"), 4, HOUR * 1000)
    assert connection.hub == UsbDevice(bus.path("1-1"), 2, 99 * HOUR * 1000)
    assert connection.others == (UsbDevice(bus.path("1-1.3"), 5, HOUR * 1000),)
    assert connection.device.path == "/sys/devices/pci0000:00/0000:00:01.0/usb1/1-1/1-1.1"


def test_a_port_may_be_the_interface_itself(bus):
    bus.plug("1-1.2", 6)
    bus.tty("1-1.2", "ttyACM0", port=False)

    assert usb_connection("/dev/ttyACM0", bus.root).device.path == bus.path("1-1.2")


def test_a_port_may_belong_to_the_device_itself(bus):
    bus.plug("1-1.2", 6)
    bus.other_tty("ttyXX0", bus.folder("1-1.2").relative_to(bus.root))

    assert usb_connection("/dev/ttyXX0", bus.root).device.path == bus.path("1-1.2")


def test_a_device_without_a_hub_between_is_on_the_hub_of_the_controller(bus):
    bus.plug("1-2", 7)
    bus.tty("1-2", "ttyACM0", port=False)
    connection = usb_connection("/dev/ttyACM0", bus.root)

    assert connection.hub.path == bus.path("usb1")
    assert [other.path for other in connection.others] == [bus.path("1-1")]


@pytest.mark.parametrize("absolute", [False, True])
def test_a_link_of_udev_leads_to_the_device(bus, absolute):
    by_id = bus.root / "dev/serial/by-id/usb-1a86_USB_Serial-if00-port0"
    by_id.parent.mkdir(parents=True)
    by_id.symlink_to(bus.root / "dev/ttyUSB0" if absolute else "../../ttyUSB0")
    (bus.root / "dev/printer").symlink_to("serial/by-id/usb-1a86_USB_Serial-if00-port0")

    for port in ("/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0", "/dev/printer"):
        assert usb_connection(port, bus.root) == usb_connection("/dev/ttyUSB0", bus.root) is not None


def test_the_number_of_the_device_file_counts_and_not_its_name_in_a_container(bus):
    status = os.stat("/dev/null")  # a device file that every machine has
    bus.plug("1-1.2", 6)
    bus.tty("1-1.2", "ttyUSB1")
    put(bus.root / "dev/ttyUSB0", lambda path: path.symlink_to("/dev/null"))
    assert usb_connection("/dev/ttyUSB0", bus.root) is None  # no port has this number

    numbers = bus.root / "sys/dev/char"
    numbers.mkdir(parents=True)
    (numbers / f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}").symlink_to("../../class/tty/ttyUSB1")
    bus.other_tty("null", "sys/devices/virtual")

    assert usb_connection("/dev/ttyUSB0", bus.root).device.path == bus.path("1-1.2")


@pytest.mark.parametrize(
    "port",
    [None, "", "AUTO", "VIRTUAL", "COM3", "ttyUSB0", "dev/ttyUSB0", "socket://printer:23", "rfc2217:///dev/ttyUSB0"],
)
def test_what_is_no_path_is_no_usb_device(bus, port):
    assert usb_connection(port, bus.root) is None


@pytest.mark.parametrize(
    "port", ["/dev/ttyUSB9", "/other/ttyUSB0", "/dev/tty\0USB0", "/dev/", "/", "/dev/" + 300 * "x"]
)
def test_a_path_that_is_not_there_is_no_usb_device(bus, port):
    assert usb_connection(port, bus.root) is None


def test_a_link_to_itself_is_no_usb_device(bus):
    for name, target in {"a": "b", "b": "a"}.items():
        (bus.root / "dev" / name).symlink_to(target)
    bus.other_tty("c", "sys/devices/virtual")
    put(bus.root / "sys/class/tty/c/device", lambda path: path.symlink_to("device"))

    assert [usb_connection(f"/dev/{name}", bus.root) for name in "abc"] == [None] * 3


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("ttyS0", "sys/devices/pnp0/00:02"),
        ("ttyAMA0", "sys/devices/platform/soc/fe201000.serial"),
        ("ttyGS0", "sys/devices/platform/soc/fe980000.usb/gadget.0"),
        # The Bluetooth adapter is a USB device; the printer is not.
        ("rfcomm0", "sys/devices/pci0000:00/0000:00:01.0/usb1/1-1/1-1.3/1-1.3:1.0/bluetooth/hci0/hci0:12"),
    ],
)
def test_another_kind_of_port_is_no_usb_device(bus, name, folder):
    bus.other_tty(name, folder)

    assert usb_connection(f"/dev/{name}", bus.root) is None


def test_a_pseudo_terminal_is_no_usb_device(bus):
    ends = os.openpty()
    try:
        put(bus.root / "dev/printer", lambda path: path.symlink_to(os.ttyname(ends[1])))
        assert usb_connection(os.ttyname(ends[1])) is None
        assert usb_connection("/dev/printer", bus.root) is None
    finally:
        for end in ends:
            os.close(end)


def test_a_device_outside_of_the_root_is_none(bus, tmp_path_factory):
    elsewhere = Bus(tmp_path_factory.mktemp("elsewhere"))
    elsewhere.plug("1-1.1", 4)
    put(bus.root / "sys/class/tty/ttyUSB0", lambda path: path.mkdir())
    (bus.root / "sys/class/tty/ttyUSB0/device").symlink_to(elsewhere.folder("1-1.1"))

    assert usb_connection("/dev/ttyUSB0", bus.root) is None


def test_a_device_whose_number_cannot_be_read_is_not_described(bus, spoilt):
    """Nor is its hub taken for it."""
    bus.plug("1-1.2", 6)
    bus.tty("1-1.2", "ttyACM0", port=False)
    for device in ("1-1.1", "1-1.2"):
        put(bus.folder(device) / "devnum", spoilt)

    assert usb_connection("/dev/ttyUSB0", bus.root) is None
    assert usb_connection("/dev/ttyACM0", bus.root) is None


@pytest.mark.parametrize(("number", "described"), [("0", False), ("1", True), ("127", True), ("128", False)])
def test_a_device_has_a_number_of_1_to_127(bus, number, described):
    put(bus.folder("1-1.1") / "devnum", number)

    assert (usb_connection("/dev/ttyUSB0", bus.root) is not None) is described


def test_what_else_cannot_be_read_is_left_out(bus, spoilt):
    put(bus.folder("1-1.1") / "power/connected_duration", spoilt)
    put(bus.folder("1-1.3") / "devnum", spoilt)
    connection = usb_connection("/dev/ttyUSB0", bus.root)

    assert connection.device == UsbDevice(bus.path("1-1.1"), 4, None)
    assert connection.others == ()


def test_nothing_is_said_of_a_hub_that_cannot_be_read(bus, spoilt):
    put(bus.folder("1-1") / "devnum", spoilt)

    assert usb_connection("/dev/ttyUSB0", bus.root)[1:] == (None, ())


@pytest.mark.parametrize(("number", "described"), [("5".rjust(64), True), ("5".rjust(65), False)])
def test_a_number_has_64_characters_at_most(bus, number, described):
    put(bus.folder("1-1.1") / "devnum", number)

    assert (usb_connection("/dev/ttyUSB0", bus.root) is not None) is described


@pytest.mark.parametrize(("ms", "known"), [(0, True), (WRAP_MS - 1, True), (WRAP_MS, False)])
def test_the_time_since_a_device_connected_has_32_bits(bus, ms, known):
    put(bus.folder("1-1.1") / "power/connected_duration", f"{ms}\n")

    assert usb_connection("/dev/ttyUSB0", bus.root).device.connected_ms == (ms if known else None)


def test_a_hub_that_cannot_be_listed_has_no_other_devices(bus, monkeypatch):
    def fail(path):
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "listdir", fail)

    assert usb_connection("/dev/ttyUSB0", bus.root).others == ()


@pytest.mark.parametrize("seconds", [0, 1, HOUR, 40 * DAY])
def test_a_device_that_was_connected_all_the_time_stayed(bus, look, seconds):
    bus.wait(seconds)

    assert look(seconds) == "usb_stayed"


def test_a_device_that_is_away_is_gone(bus, look):
    bus.wait(2 * HOUR)
    bus.unplug("1-1.1")

    assert look(2 * HOUR) == "usb_gone"


def test_a_device_that_is_back_under_another_number_is_gone(bus, look):
    bus.wait(2 * HOUR)
    bus.plug("1-1.1", 6, 0)
    bus.wait(0.3)

    assert look(2 * HOUR) == "usb_gone"


def test_a_device_that_is_back_under_the_same_number_is_gone(bus, look):
    """As after 126 others, or after the controller was started again."""
    bus.wait(2 * HOUR)
    bus.plug("1-1.1", 4, 0)
    bus.wait(3)

    assert look(2 * HOUR, later=3) == "usb_gone"


def test_another_number_is_enough_if_nothing_else_can_be_read(bus, look, spoilt):
    bus.plug("1-1.1", 6)
    put(bus.folder("1-1.1") / "power/connected_duration", spoilt)

    assert look(10) == "usb_gone"


def test_the_same_number_is_not_enough(bus, look, spoilt):
    bus.wait(10)
    put(bus.folder("1-1.1") / "power/connected_duration", spoilt)

    assert look(10) is None


def test_a_device_whose_number_cannot_be_read_any_more_proves_nothing(bus, look, spoilt):
    bus.wait(10)
    put(bus.folder("1-1.1") / "devnum", spoilt)

    assert look(10) is None


def test_a_device_that_is_just_leaving_proves_nothing_yet(bus, look, monkeypatch):
    def fail(path, most=0):
        raise OSError(errno.ENODEV, "No such device", path)

    monkeypatch.setattr(evidence, "_content", fail)
    assert look(10) is None

    monkeypatch.undo()
    shutil.rmtree(bus.folder("1-1.1") / "power")
    (bus.folder("1-1.1") / "devnum").unlink()
    assert look(10) is None


def test_a_folder_that_may_not_be_entered_is_not_gone(bus, look, monkeypatch):
    real = os.stat

    def fail(path, **options):
        if str(path).endswith("1-1.1"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, **options)

    monkeypatch.setattr(os, "stat", fail)

    assert look(10) is None


def test_nothing_is_gone_if_the_system_shows_no_devices_any_more(bus, look):
    shutil.rmtree(bus.root / "sys")

    assert look(10) is None


@pytest.mark.parametrize("days", [49, 50, 60, 99.5])
def test_the_time_since_a_device_connected_begins_again_after_49_days(bus, days):
    connection = usb_connection("/dev/ttyUSB0", bus.root)
    bus.wait(days * DAY)
    assert evidence.usb_evidence(connection, days * DAY, 0, bus.root) == "usb_stayed"

    later = usb_connection("/dev/ttyUSB0", bus.root)
    bus.wait(2 * HOUR)
    assert evidence.usb_evidence(later, 2 * HOUR, 0, bus.root) == "usb_stayed"


def test_a_short_time_since_it_connected_proves_nothing_if_it_was_not_known_before(bus):
    put(bus.folder("1-1.1") / "power/connected_duration", None)
    connection = usb_connection("/dev/ttyUSB0", bus.root)
    put(bus.folder("1-1.1") / "power/connected_duration", "5000\n")

    assert evidence.usb_evidence(connection, 5, root=bus.root) == "usb_stayed"
    assert evidence.usb_evidence(connection, 5.001, root=bus.root) is None


@pytest.mark.parametrize(("ms", "code"), [(9_000, "usb_stayed"), (8_001, "usb_stayed"), (6_999, "usb_gone")])
def test_two_readings_may_differ_by_two_seconds(bus, ms, code):
    """The seconds were counted from a moment that is not exactly that of the description."""
    put(bus.folder("1-1.1") / "power/connected_duration", "0\n")
    connection = usb_connection("/dev/ttyUSB0", bus.root)
    put(bus.folder("1-1.1") / "power/connected_duration", f"{ms}\n")

    assert evidence.usb_evidence(connection, 9.5, 0, bus.root) == code


@pytest.mark.parametrize(
    ("ms", "code"),
    [(1_999_000, "usb_stayed"), (1_999_999, "usb_stayed"), (1_997_000, "usb_stayed"), (1_996_999, "usb_gone")],
)
def test_two_readings_may_differ_by_two_seconds_also_if_the_time_began_again(bus, ms, code):
    put(bus.folder("1-1.1") / "power/connected_duration", f"{WRAP_MS - 1000}\n")
    connection = usb_connection("/dev/ttyUSB0", bus.root)
    put(bus.folder("1-1.1") / "power/connected_duration", f"{ms}\n")

    assert evidence.usb_evidence(connection, 2000, 0, bus.root) == code


def test_the_time_after_the_loss_counts_as_well(bus, look):
    """Since 11 s it has been there; its connection lasted 10 s and was lost 5 s ago."""
    bus.plug("1-1.1", 4, 11)

    assert look(10, later=0) == "usb_stayed"
    assert look(10, later=5) == "usb_gone"


def test_nothing_was_described_and_nothing_is_known(bus):
    assert evidence.usb_evidence(None, 10, 0, bus.root) is None


# ~~ The hub


@pytest.mark.parametrize("name", ["1-1", "1-1.3"])
@pytest.mark.parametrize(("later", "code"), [(0, "usb_gone"), (5, "usb_hub_gone")])
def test_the_time_after_the_loss_counts_for_hub_and_others_as_well(bus, look, name, later, code):
    """It has been there for 11 s, under the number that it had before."""
    bus.plug("1-1.1", 6, 1)
    bus.plug(name, {"1-1": 2, "1-1.3": 5}[name], 11)

    assert look(10, later) == code


def test_a_hub_that_is_away_took_its_devices_with_it(bus, look):
    bus.wait(HOUR)
    bus.unplug("1-1")

    assert look(HOUR) == "usb_hub_gone"


def test_a_hub_that_is_back_took_its_devices_with_it(bus, look):
    bus.wait(HOUR)
    bus.unplug("1-1")
    bus.plug("1-1", 6, 2)

    assert look(HOUR) == "usb_hub_gone"


def test_a_controller_that_was_started_again_gives_the_same_numbers_again(bus, look):
    """Seen on Linux 6.1: only the time since they connected tells."""
    bus.wait(HOUR)
    bus.unplug("usb1")
    for name, number in {"usb1": 1, "1-1": 2, "1-1.1": 4, "1-1.3": 5}.items():
        bus.plug(name, number, 4)

    assert look(HOUR, later=5) == "usb_hub_gone"


def test_a_hub_that_left_with_a_device_that_stayed_is_a_contradiction(bus, look):
    bus.wait(HOUR)
    bus.plug("1-1", 6, 2)

    assert look(HOUR) is None


def test_a_hub_that_cannot_be_read_leaves_what_the_device_proves(bus, look, spoilt):
    bus.wait(HOUR)
    put(bus.folder("1-1") / "devnum", spoilt)
    assert look(HOUR) == "usb_stayed"

    bus.plug("1-1.1", 6, 1)
    assert look(HOUR) == "usb_gone"


def test_a_hub_that_could_not_be_read_before_proves_nothing(bus):
    put(bus.folder("1-1") / "devnum", "")
    connection = usb_connection("/dev/ttyUSB0", bus.root)
    bus.wait(HOUR)
    bus.unplug("1-1")

    assert evidence.usb_evidence(connection, HOUR, 0, bus.root) == "usb_gone"


def test_another_device_that_stayed_says_nothing_of_the_hub(bus, look):
    bus.wait(60)
    bus.plug("1-1.1", 6, 1)

    assert look(60) == "usb_gone"


def test_another_device_that_disappeared_in_the_same_minute_says_so(bus, look):
    bus.wait(60)
    bus.unplug("1-1.1")
    bus.unplug("1-1.3")

    assert look(60, later=5) == "usb_hub_gone"


def test_another_device_that_is_away_may_be_away_for_long(bus, look):
    bus.wait(2 * HOUR)
    bus.unplug("1-1.1")
    bus.unplug("1-1.3")

    assert look(2 * HOUR) == "usb_gone"
    assert look(91) == "usb_gone"
    assert look(90) == "usb_hub_gone"
    assert look(86, later=5) == "usb_gone"


@pytest.mark.parametrize(
    ("back_for", "later", "code"),
    [
        (1, 0, "usb_hub_gone"),
        (10, 0, "usb_hub_gone"),
        (11, 0, "usb_gone"),
        (14, 5, "usb_hub_gone"),
        (HOUR, 5, "usb_gone"),
    ],
)
def test_another_device_that_came_back_says_so_if_it_came_back_with_the_printer(bus, look, back_for, later, code):
    bus.wait(2 * HOUR)
    bus.plug("1-1.1", 6, 1)
    bus.plug("1-1.3", 7, back_for)

    assert look(2 * HOUR, later) == code


def test_another_device_that_came_back_at_an_unknown_time_proves_nothing(bus, look, spoilt):
    bus.wait(2 * HOUR)
    bus.plug("1-1.1", 6, 1)
    bus.plug("1-1.3", 7, 1)
    put(bus.folder("1-1.3") / "power/connected_duration", spoilt)

    assert look(2 * HOUR) == "usb_gone"


def test_a_device_that_was_not_there_before_proves_nothing(bus, look):
    bus.wait(60)
    bus.plug("1-1.1", 6, 1)
    bus.plug("1-1.2", 7, 1)

    assert look(60) == "usb_gone"


def test_another_device_alone_does_not_make_the_printer_leave(bus, look):
    bus.wait(60)
    bus.unplug("1-1.3")

    assert look(60) == "usb_stayed"


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("usb_stayed", "usb_stayed", "usb_stayed"),
        ("usb_gone", "usb_gone", "usb_gone"),
        ("usb_gone", "usb_stayed", "usb_gone"),
        ("usb_stayed", "usb_gone", "usb_gone"),
        ("usb_gone", "usb_hub_gone", "usb_hub_gone"),
        ("usb_hub_gone", "usb_gone", "usb_hub_gone"),
        ("usb_stayed", "usb_hub_gone", "usb_hub_gone"),
        (None, "usb_gone", "usb_gone"),
        ("usb_gone", None, "usb_gone"),
        ("usb_hub_gone", None, "usb_hub_gone"),
        (None, "usb_stayed", "usb_stayed"),
        ("usb_stayed", None, None),
        (None, None, None),
    ],
)
def test_two_looks_prove_together(first, second, together):
    assert combine_looks(first, second) == together


# ~~ The printer's own words

MARLIN_2 = ["start\n", "External Reset\n", "Marlin 2.1.2.5\n", "echo: Last Updated: 2024-12-03 | Author: (none)\n"]
MARLIN_1 = ["start\n", "echo: External Reset\n", "Marlin 1.1.9\n", "\n", "echo: Last Updated: 2018-07-31\n"]
MARLIN_1_TWO = ["start\r\n", "echo:PowerUp\r\n", " Brown out Reset\r\n", "Marlin 1.1.9\r\n"]
REPETIER = ["start\n", "Info:External Reset\n", "Free RAM:3259\n"]
PRUSA = ["\0start\n", "echo: 3.13.3-7094\n", "echo: Last Updated: Mar  4 2024 | Author: (none, default config)\n"]
KLIPPER = ["ok\n", "// Klipper state: Ready\n"]


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (MARLIN_2, ("printer_external_reset",)),
        (MARLIN_1, ("printer_external_reset",)),
        (MARLIN_1_TWO, ("printer_power_on",)),
        (REPETIER, ("printer_external_reset",)),
        (PRUSA, ()),
        (KLIPPER, ()),
        ([], ()),
        (["start\n", " Watchdog Reset\n"], ("printer_watchdog",)),
        (["start\n", "Brown out Reset\n", "Watchdog Reset\n"], ("printer_brown_out", "printer_watchdog")),
        (["start\n", "Info:Software Reset\n", "Info:Watchdog Reset\n"], ("printer_watchdog", "printer_software_reset")),
        (["start\n", "PowerUp\n", "External Reset\n"], ("printer_power_on", "printer_external_reset")),
        (["Brown out Reset\n", "PowerUp\n", "PowerUp\n"], ("printer_power_on",)),
    ],
)
def test_the_banner_of_a_firmware_says_why_it_restarted(lines, codes):
    assert restart_evidence(map(restart_code, lines)) == codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("PowerUp", "printer_power_on"),
        ("External Reset", "printer_external_reset"),
        ("Brown out Reset", "printer_brown_out"),
        ("Watchdog Reset", "printer_watchdog"),
        ("Software Reset", "printer_software_reset"),
    ],
)
@pytest.mark.parametrize(
    "line", ["{}", " {}\n", "echo:{}", "echo: {}\r\n", "Info:{}", "\0\0{}\0\n", "\0 echo:\0 {}\t\n"]
)
def test_a_line_is_understood_with_what_firmwares_put_around_it(line, words, code):
    assert restart_code(line.format(words)) == code


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "\0",
        "start",
        "ok T:210.0 /210.0 B:60.0 /60.0 @:64 B@:20",
        "echo:",
        "Info:",
        "powerup",
        "External",
        "External Rese",
        "xternal Reset",
        "External Reset!",
        "No External Reset",
        "External  Reset",
        "ok External Reset",
        "Error: Watchdog Reset",
        "Watchdog Reset Software Reset",
        'echo:Unknown command: "PowerUp"',
        "echo:echo:PowerUp",
        "\ufffd\u0000\udcff",
    ],
)
def test_any_other_line_says_nothing(line):
    assert restart_code(line) is None


# ~~ Memory

VMSTAT = "nr_free_pages 41254\noom_kill_other 9\n{}pgmajfault 1212\nnot_oom_kill 8\n"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("oom_kill 0\n", 0),
        ("oom_kill 17\n", 17),
        ("oom_kill 1234567890123456789\n", 1234567890123456789),
        ("", None),
        ("oom_kill\n", None),
        ("oom_kill \n", None),
        ("oom_kill -1\n", None),
        ("oom_kill 1.5\n", None),
        ("oom_kill 1x\n", None),
        ("oom_kill 99999999999999999999\n", None),
        ("oom_kill ٣\n", None),
    ],
)
def test_the_kernel_counts_the_programs_it_stops_for_lack_of_memory(tmp_path, line, number):
    put(tmp_path / "proc/vmstat", VMSTAT.format(line))

    assert evidence.oom_kills(tmp_path) == number


def test_a_count_that_cannot_be_read_is_none(tmp_path, spoilt):
    put(tmp_path / "proc/vmstat", spoilt)

    assert evidence.oom_kills(tmp_path) is None


def test_this_machine_counts_them_too_if_it_has_linux():
    vmstat = Path("/proc/vmstat")
    counted = re.findall(r"^oom_kill (\d+)$", vmstat.read_text() if vmstat.exists() else "", re.MULTILINE)

    assert evidence.oom_kills() == (int(counted[0]) if counted else None)


@pytest.mark.parametrize(
    ("before", "now", "codes"),
    [
        (0, 0, ()),
        (3, 3, ()),
        (0, 1, ("out_of_memory",)),
        (3, 5, ("out_of_memory",)),
        (5, 3, ()),
        (None, 3, None),
        (3, None, None),
        (None, None, None),
    ],
)
def test_memory_ran_out_if_the_count_has_grown(before, now, codes):
    assert evidence.memory_evidence(before, now) == codes


# ~~ Raspberry Pi

PI_3 = "Raspberry Pi 3 Model B Plus Rev 1.3", "raspberrypi,3-model-b-plus\0brcm,bcm2837"
PI_4 = "Raspberry Pi 4 Model B Rev 1.4", "raspberrypi,4-model-b\0brcm,bcm2711"
PI_5 = "Raspberry Pi 5 Model B Rev 1.0", "raspberrypi,5-model-b\0brcm,bcm2712"
COLD, WARM = 0x1000, 0x20


def date(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


@pytest.fixture
def pi(tmp_path):
    """What a Raspberry Pi reports whose device tree has these numbers, each of 32 bits, or what is given as bytes."""
    tree = tmp_path / "proc/device-tree"

    def report(board=PI_4, built="2026-10-01", **numbers):
        shutil.rmtree(tree, ignore_errors=True)
        for name, text in zip(("model", "compatible"), board):
            put(tree / name, None if text is None else text + "\0")
        built = date(built) if isinstance(built, str) else built
        numbers["build_timestamp"] = built
        for name, number in numbers.items():
            folder = "power" if name == "power_reset" else "bootloader"
            content = number.to_bytes(4, "big") if isinstance(number, int) else number
            put(tree / "chosen" / folder / name.replace("build_t", "build-t"), content)
        return evidence.board_evidence(tmp_path)

    return report


@pytest.mark.parametrize("board", [PI_3, PI_4, PI_5])
@pytest.mark.parametrize("name", ["rsts", "pm_rsts"])
@pytest.mark.parametrize(
    ("status", "codes"),
    [
        (COLD, ("power_on",)),
        (WARM, ("warm_reset",)),
        (COLD | WARM, ()),
        (0, ()),
        (0x555, ()),  # a partition, and nothing else
        (COLD | 0x555, ("power_on",)),
        (WARM | 0x555, ("warm_reset",)),
        (0x40 | 0x200, ()),
        (0xFFFFFFFF, None),
        (0x2000 | COLD, None),
        (0x20000000, None),  # 0x20 in the other byte order
        (0x00100000, None),  # 0x1000 in the other byte order
    ],
)
def test_the_board_reports_whether_its_power_had_been_off(pi, board, name, status, codes):
    assert pi(board, **{name: status}) == codes


def test_two_names_of_one_status_must_not_contradict_each_other(pi):
    assert pi(rsts=COLD, pm_rsts=COLD) == ("power_on",)
    assert pi(rsts=COLD, pm_rsts=WARM) is None
    assert pi(rsts=b"", pm_rsts=WARM) == ("warm_reset",)


@pytest.mark.parametrize("board", [PI_4, PI_5])
@pytest.mark.parametrize(
    ("built", "codes"),
    [
        ("2025-10-08", ("power_on",)),
        ("2025-10-07T23:59:59", None),
        ("2021-01-16", None),
        (None, None),
        (0, None),
        (b"", None),
        (b"\x69", None),
        (bytes(4) + date("2026-10-01").to_bytes(4, "big"), None),
        ("2099-12-31", ("power_on",)),
        ("2100-01-01", None),
        (0xFFFFFFFF, None),
    ],
)
def test_an_older_bootloader_of_a_pi_4_or_5_is_not_believed(pi, board, built, codes):
    assert pi(board, built, rsts=COLD) == codes


@pytest.mark.parametrize("built", [None, 0, "2021-01-16", b""])
def test_an_older_pi_has_no_such_bootloader(pi, built):
    assert pi(PI_3, built, rsts=COLD) == ("power_on",)


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        (0, ()),
        (0x01, ()),
        (0x02, ("power_undervoltage",)),
        (0x04, ("power_overtemperature",)),
        (0x08, ()),
        (0x10, ("power_watchdog",)),
        (0x1F, ("power_undervoltage", "power_overtemperature", "power_watchdog")),
        (0x20, None),
        (0x22, None),
        (0xFFFFFFFF, None),
        (0x02000000, None),  # in the other byte order
    ],
)
def test_the_power_chip_of_a_pi_5_reports_why_it_switched_off(pi, events, codes):
    assert pi(PI_5, power_reset=events) == codes


@pytest.mark.parametrize(
    ("board", "built", "codes"),
    [
        (PI_5, "2026-08-12", ("power_undervoltage",)),
        (PI_5, "2026-08-11T23:59:59", None),
        (PI_5, "2025-10-08", None),
        (PI_5, None, None),
        (PI_4, "2026-10-01", None),
        (PI_3, "2026-10-01", None),
    ],
)
def test_only_the_newer_bootloader_of_a_pi_5_is_believed_about_the_power_chip(pi, board, built, codes):
    assert pi(board, built, power_reset=2) == codes


def test_status_and_power_chip_are_reported_together(pi):
    assert pi(PI_5, rsts=WARM, power_reset=0x10) == ("warm_reset", "power_watchdog")
    assert pi(PI_5, rsts=COLD, power_reset=0) == ("power_on",)
    assert pi(PI_5, rsts=COLD, power_reset=b"\0") == ("power_on",)
    assert pi(PI_5, rsts=b"\0", power_reset=2) == ("power_undervoltage",)
    assert pi(PI_5, "2026-01-01", rsts=COLD, power_reset=2) == ("power_on",)


@pytest.mark.parametrize("name", ["rsts", "pm_rsts", "power_reset"])
@pytest.mark.parametrize("content", [b"", b"\x10", b"\0\x10\0", b"\0\0\x10\0\0", b"4096\n", bytes(8), b"\0" * 5000])
def test_a_number_of_another_length_is_none(pi, name, content):
    assert pi(PI_5, **{name: content}) is None


def test_a_number_that_cannot_be_read_is_none(pi, spoilt, tmp_path):
    assert pi(PI_4, rsts=COLD) == ("power_on",)
    put(tmp_path / "proc/device-tree/chosen/bootloader/rsts", spoilt)
    assert evidence.board_evidence(tmp_path) is None


@pytest.mark.parametrize(
    ("model", "compatible", "generation"),
    [
        ("Raspberry Pi 4 Model B Rev 1.4", None, 4),
        ("Raspberry Pi 400 Rev 1.0", None, 4),
        ("Raspberry Pi Compute Module 4 Rev 1.0", None, 4),
        ("Raspberry Pi Compute Module 4S Rev 1.0", None, 4),
        ("Raspberry Pi 5 Model B Rev 1.0", None, 5),
        ("Raspberry Pi 500 Rev 1.0", None, 5),
        ("Raspberry Pi Compute Module 5 Rev 1.0", None, 5),
        ("Raspberry Pi Zero 2 W Rev 1.0", None, 3),
        ("Raspberry Pi Zero W Rev 1.1", None, 3),
        ("Raspberry Pi Model B Rev 2", None, 3),
        ("Raspberry Pi 2 Model B Rev 1.1", None, 3),
        ("Raspberry Pi Compute Module Rev 1.0", None, 3),
        ("Raspberry Pi Compute Module 3 Plus Rev 1.0", None, 3),
        (None, "raspberrypi,400\0brcm,bcm2711", 4),
        (None, "raspberrypi,5-compute-module\0brcm,bcm2712", 5),
        (None, "raspberrypi,model-zero-w\0brcm,bcm2835", 3),
        (None, "raspberrypi,2-model-b\0brcm,bcm2836", 3),
        (None, "raspberrypi,3-model-b\0brcm,bcm2837", 3),
        (None, "brcm,bcm2708", 3),
        (None, "brcm,bcm2709", 3),
        (None, "brcm,bcm2710", 3),
        ("Raspberry Pi 6 Model B Rev 1.0", "raspberrypi,6-model-b\0brcm,bcm2713", None),
        ("Raspberry Pi 50 Model B", None, None),
        ("Raspberry Pi Compute Module 6 Rev 1.0", None, None),
        ("Orange Pi 5", "xunlong,orangepi-5\0rockchip,rk3588s", None),
        ("Not a Raspberry Pi 4", None, None),
        ("Raspberry Pi 4 Model B Rev 1.4", "raspberrypi,5-model-b\0brcm,bcm2712", None),
        (None, "brcm,bcm2711x", None),
        ("", "", None),
        (None, None, None),
    ],
)
def test_each_board_has_rules_of_its_own(pi, model, compatible, generation):
    """Those of a Pi 5 let both reports pass, those of a Pi 4 one, older ones need no date, other boards say nothing."""
    board = (model, compatible)
    both, only_status, no_date = (
        pi(board, rsts=COLD, power_reset=4),
        pi(board, "2025-11-01", rsts=COLD, power_reset=4),
        pi(board, None, rsts=COLD, power_reset=4),
    )

    cold, hot = ("power_on",), ("power_on", "power_overtemperature")
    assert (both, only_status, no_date) == {
        5: (hot, cold, None),
        4: (cold, cold, None),
        3: (cold, cold, cold),
        None: (None, None, None),
    }[generation]


def test_a_board_whose_names_cannot_be_read_says_nothing(pi, spoilt, tmp_path):
    pi(PI_3, rsts=COLD)
    for name in ("model", "compatible"):
        put(tmp_path / "proc/device-tree" / name, spoilt)

    assert evidence.board_evidence(tmp_path) is None


def test_a_name_that_cannot_be_read_leaves_the_other(pi, spoilt, tmp_path):
    pi(PI_4, rsts=COLD)
    put(tmp_path / "proc/device-tree/model", spoilt)

    assert evidence.board_evidence(tmp_path) == ("power_on",)


# ~~ Under-voltage


@pytest.fixture
def sensors(tmp_path):
    """What the sensors with these names and alarms report."""

    def report(*sensors):
        for number, (name, alarm) in enumerate(sensors):
            put(tmp_path / f"sys/class/hwmon/hwmon{number}/name", name)
            put(tmp_path / f"sys/class/hwmon/hwmon{number}/in0_lcrit_alarm", alarm)
        return evidence.undervoltage(tmp_path)

    return report


@pytest.mark.parametrize(
    ("found", "low"),
    [
        ([("rpi_volt\n", "1\n")], True),
        ([("rpi_volt\n", "0\n")], False),
        ([("cpu_thermal\n", None), ("rpi_volt\n", "1\n")], True),
        ([("other\n", "1\n"), ("rpi_volt\n", "0\n")], False),
        ([("other\n", "1\n")], None),
        ([("rpi_volts\n", "1\n")], None),
        ([("rpi_volt\n", "2\n")], None),
        ([("rpi_volt\n", "0\n"), ("rpi_volt\n", "1\n")], True),
        ([("rpi_volt\n", None), ("rpi_volt\n", "0\n")], False),
        ([], None),
    ],
)
def test_the_sensor_of_a_pi_reports_under_voltage(sensors, found, low):
    assert sensors(*found) is low


def test_a_sensor_that_cannot_be_read_reports_nothing(sensors, spoilt):
    assert sensors(("rpi_volt\n", spoilt)) is None
    assert sensors((spoilt, "1\n")) is None


def test_sensors_behind_a_link_to_itself_report_nothing(tmp_path):
    put(tmp_path / "sys/class/hwmon", lambda path: path.symlink_to("hwmon"))

    assert evidence.undervoltage(tmp_path) is None


# ~~ All of them


@pytest.mark.parametrize("thing", ["an empty folder", "a file", "nothing"])
def test_another_system_says_nothing(tmp_path, thing):
    root = tmp_path if thing == "an empty folder" else tmp_path / "root"
    if thing == "a file":
        root.write_text("")

    assert usb_connection("/dev/ttyUSB0", root) is None
    assert evidence.oom_kills(root) is None
    assert evidence.board_evidence(root) is None
    assert evidence.undervoltage(root) is None


def test_the_current_folder_does_not_matter(bus, pi, monkeypatch):
    pi(PI_5, rsts=COLD)
    put(bus.root / "sys/class/hwmon/hwmon0/name", "rpi_volt")
    put(bus.root / "sys/class/hwmon/hwmon0/in0_lcrit_alarm", "1")
    put(bus.root / "proc/vmstat", "oom_kill 123456789\n")
    put(bus.root / "dev/ttyUSB12345", "")
    put(bus.root / "sys/class/tty/ttyUSB12345", lambda path: path.symlink_to("ttyUSB0"))
    connection = usb_connection("/dev/ttyUSB12345", bus.root)
    before = evidence.board_evidence(), evidence.undervoltage()
    monkeypatch.chdir(bus.root)

    assert connection is not None
    assert usb_connection("/dev/ttyUSB12345") is None
    assert evidence.usb_evidence(connection, 0) != "usb_stayed"
    assert (evidence.board_evidence(), evidence.undervoltage()) == before
    assert evidence.oom_kills() != 123456789


def test_this_machine_can_be_asked():
    """On any machine, nothing raises an exception, and each answer is one of the codes."""
    assert set(evidence.board_evidence() or ()) <= set(evidence.CODES)
    assert evidence.undervoltage() in (None, False, True)
    assert usb_connection("/dev/tty") is None


def test_each_code_is_explained():
    document = (Path(__file__).parents[2] / "docs/evidence.md").read_text()

    assert re.findall(r"^### `(\w+)`$", document, re.MULTILINE) == list(evidence.CODES)
    assert re.findall(r"\[`(\w+)`\]\(#\1\)", document)[: len(evidence.CODES)] == list(evidence.CODES)
