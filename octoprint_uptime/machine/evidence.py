"""What the machine and the printer report about an ending. Facts, no conclusions; each of them may be missing.

USB, if the printer is lost. Described when a connection starts, and again with each heartbeat; looked at when the
connection is lost, and some seconds later.

| code          | what is read                   | recorded if                                                       |
|---------------|--------------------------------|-------------------------------------------------------------------|
| usb_gone      | the device behind the port:    | its folder is gone, or its number is another one, or it has been  |
|               | devnum, connected_duration     | connected for a shorter time than since its description           |
| usb_stayed    | the same                       | its number is the same, and it has been connected for that time   |
| usb_hub_gone  | the same of its hub, and of    | the first holds of its hub, or of it and of another device on the |
|               | the other devices on the hub   | hub, at the same time                                             |

The printer's own words, if it restarted inside a connection: the lines of the two seconds after a `start`.

| printer_power_on, printer_external_reset, printer_watchdog, printer_software_reset | the line that says so is there |
| printer_brown_out                                                   | the line is there, and no "PowerUp" with it   |

The host. Read at the first start in a boot, if the host ended without a shutdown; oom_kill with each heartbeat, and at
the next start in the same boot, if OctoPrint ended so; the sensor at any time.

| code                  | what is read                      | recorded if                                            |
|-----------------------|-----------------------------------|--------------------------------------------------------|
| out_of_memory         | /proc/vmstat: oom_kill            | the number has grown                                   |
| power_on              | device tree: chosen/bootloader/   | bit 0x1000 without 0x20; on a Pi 4 or 5 only with a    |
|                       | rsts, or pm_rsts                  | bootloader of 2025-10-08 or later                      |
| warm_reset            | the same                          | bit 0x20 without 0x1000; the same                      |
| power_undervoltage    | device tree: chosen/power/        | bit 1; only on a Pi 5 with a bootloader of 2026-08-12  |
|                       | power_reset                       | or later                                               |
| power_overtemperature | the same                          | bit 2; the same                                        |
| power_watchdog        | the same                          | bit 4; the same                                        |
| undervoltage          | hwmon rpi_volt: in0_lcrit_alarm   | 1; it covers the last two seconds                      |

A file that is missing, unreadable or nonsense proves nothing, and so does a system other than Linux. Functions that
return codes return None if nothing could be read, and an empty tuple if something was read that points to nothing.
"""

import os
import re
import stat
from collections.abc import Iterable
from typing import NamedTuple, Optional

USB_CODES = USB_GONE, USB_STAYED, USB_HUB_GONE = "usb_gone", "usb_stayed", "usb_hub_gone"
OUT_OF_MEMORY = "out_of_memory"
POWER_ON, WARM_RESET = "power_on", "warm_reset"
UNDERVOLTAGE = "undervoltage"
PRINTER_POWER_ON, PRINTER_BROWN_OUT = "printer_power_on", "printer_brown_out"

# What Marlin and Repetier print about their own restart. Marlin 1.1 puts "echo:" before the first, Repetier "Info:".
_RESTART_LINES = {
    "PowerUp": PRINTER_POWER_ON,
    "External Reset": "printer_external_reset",
    "Brown out Reset": PRINTER_BROWN_OUT,
    "Watchdog Reset": "printer_watchdog",
    "Software Reset": "printer_software_reset",
}
_CODES_BY_LINE = {
    f"{prefix}{blank}{words}": code
    for words, code in _RESTART_LINES.items()
    for prefix in ("", "echo:", "Info:")
    for blank in ("", " ")
}

_MOST_BYTES, _MOST_BYTES_OF_TEXT = 64, 4096  # of a file with one number, of a file with names
_HIGHEST_USB_NUMBER = 127
# Linux prints connected_duration as 32 bits: after 49.7 days it begins at zero again.
_DURATION_ENDS_MS = 1 << 32
# The description of a device and the moment from which its seconds count may differ by this.
_DURATION_DIFFERENCE_MS = 2_000
# Another device left the bus at the same time if it did so within these seconds, or is back since then.
_SAME_TIME_SECONDS = 90
_BACK_WITHIN_SECONDS = 10

_BOOTLOADER = "proc/device-tree/chosen/bootloader"
_POWER_RESET = "proc/device-tree/chosen/power/power_reset"
_HAD_POWER_ON, _HAD_WATCHDOG_RESET = 0x1000, 0x20
_POWER_RESETS = {0x02: "power_undervoltage", 0x04: "power_overtemperature", 0x10: "power_watchdog"}
_RSTS_BITS, _POWER_RESET_BITS = 0x1FFF, 0x1F  # others have no meaning
# Older bootloaders set wrong bits (rpi-eeprom pull requests 758, 759 and 868). Unix seconds.
_RSTS_RIGHT_SINCE = 1_759_881_600  # 2025-10-08
_POWER_RESET_RIGHT_SINCE = 1_786_492_800  # 2026-08-12
_NO_DATE_SINCE = 4_102_444_800  # 2100-01-01; erased memory reads as 2106
_PI_5, _PI_4, _OLDER_PI = "bcm2712", "bcm2711", "older"
# How `compatible` names the chip, or `model` the board.
_BOARDS = {
    _PI_5: r"brcm,bcm2712|Raspberry Pi (Compute Module )?5(00)?\b.*",
    _PI_4: r"brcm,bcm2711|Raspberry Pi (Compute Module )?4(00|S)?\b.*",
    _OLDER_PI: r"brcm,bcm(2708|2709|2710|283[567])|Raspberry Pi (Zero|Model|[23]|Compute Module (3|Rev))\b.*",
}

CODES = (
    *USB_CODES,
    *_RESTART_LINES.values(),
    OUT_OF_MEMORY,
    POWER_ON,
    WARM_RESET,
    *_POWER_RESETS.values(),
    UNDERVOLTAGE,
)


class UsbDevice(NamedTuple):
    """A device on the bus (Documentation/ABI/stable/sysfs-bus-usb in Linux)."""

    path: str
    number: int  # a device that connects gets the next number; 127 is followed by 1
    connected_ms: Optional[int]  # for how long it has been connected, without the time in suspend


class UsbConnection(NamedTuple):
    """The printer's device, its hub, and the other devices on that hub, all as they were at one moment."""

    device: UsbDevice
    hub: Optional[UsbDevice]
    others: tuple[UsbDevice, ...]


# ~~ USB


def usb_connection(port: Optional[str], root="/") -> Optional[UsbConnection]:
    """The USB device behind this serial port and what shares its hub; None if the port is not that of a USB device.

    As long as a newer description has the same device, it may replace the older one.
    """
    try:
        path = _usb_path(port, root)
        return None if path is None else _describe(path, root)
    except (OSError, ValueError):
        return None


def usb_evidence(connection: Optional[UsbConnection], seconds: float, later: float = 0, root="/") -> Optional[str]:
    """USB_GONE, USB_STAYED, USB_HUB_GONE, or None if the system does not report enough.

    The seconds run from the description of the connection until it was lost; ``later`` says how long ago that was.
    Both are those of ``time.monotonic``, which like the bus does not count the time in suspend.
    """
    if connection is None:
        return None
    has_left = _has_left(connection.device, seconds + later, root)
    if connection.hub is not None and _has_left(connection.hub, seconds + later, root):
        # With everything on it: a device that seems to have stayed contradicts that.
        return None if has_left is False else USB_HUB_GONE
    if has_left is None:
        return None
    if not has_left:
        return USB_STAYED
    with_it = any(_left_at_the_time(other, seconds, later, root) for other in connection.others)
    return USB_HUB_GONE if with_it else USB_GONE


def combine_looks(first: Optional[str], second: Optional[str]) -> Optional[str]:
    """What two looks at the same connection prove together, the second some seconds after the first.

    A device that was gone at either was gone. One that had stayed at the second had stayed at the first.
    """
    found = next((code for code in (USB_HUB_GONE, USB_GONE) if code in (first, second)), None)
    return found or (USB_STAYED if second == USB_STAYED else None)


def _usb_path(port, root):
    """The folder of the USB device behind a port, as seen from the root; None if there is no such device.

    A container may see the port under another name than the host: the number of the device file decides.
    """
    if not isinstance(port, str) or not port.startswith("/"):  # VIRTUAL, AUTO, socket://…, COM3
        return None
    node = os.path.realpath(_below(root, port))
    status = os.stat(node)
    if stat.S_ISCHR(status.st_mode):
        name = f"sys/dev/char/{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
    else:
        name = f"sys/class/tty/{os.path.basename(node)}"
    folder = os.path.realpath(_below(root, f"{name}/device"))
    # The port or its interface, which lies in the device. Further up is another device: the hub of one that is just
    # leaving, or the Bluetooth adapter of a port that is not on the bus itself.
    for _ in range(3):
        above, name = os.path.split(folder)
        if os.path.lexists(os.path.join(folder, "devnum")):
            return _from_root(folder, root)
        if re.fullmatch(rf"{re.escape(os.path.basename(above))}:[0-9]+\.[0-9]+", name):
            return _from_root(above, root)
        folder = above
    return None


def _describe(path, root):
    """Raises OSError or ValueError if the device itself cannot be described."""
    device, above = _read_device(path, root), os.path.dirname(path)
    hub = _try_to_read(above, root)
    try:
        names = sorted(os.listdir(_below(root, above))) if hub else []
    except OSError:
        names = []
    found = [_try_to_read(f"{above}/{name}", root) for name in names if f"{above}/{name}" != path]
    return UsbConnection(device, hub, tuple(other for other in found if other is not None))


def _try_to_read(path, root):
    """None for what is no device, and for one that cannot be described."""
    try:
        return _read_device(path, root)
    except (OSError, ValueError):
        return None


def _read_device(path, root):
    folder = _below(root, path)
    number = _integer(os.path.join(folder, "devnum"), _HIGHEST_USB_NUMBER)
    if number == 0:
        raise ValueError("no device has the number 0")
    try:
        connected_ms = _integer(os.path.join(folder, "power", "connected_duration"), _DURATION_ENDS_MS - 1)
    except (OSError, ValueError):  # a kernel without power management
        connected_ms = None
    return UsbDevice(path, number, connected_ms)


def _has_left(device, seconds, root):
    """Whether the device left the bus in these seconds, also if it is back; None if the system does not report it."""
    try:
        os.stat(_below(root, device.path))
        now = _read_device(device.path, root)
    except FileNotFoundError as error:
        is_the_folder = error.filename == _below(root, device.path)
        return True if is_the_folder and os.path.isdir(_below(root, "sys/class/tty")) else None
    except (OSError, ValueError):
        return None
    if now.number != device.number:
        return True
    if now.connected_ms is None:
        return None
    if now.connected_ms >= seconds * 1000:
        return False
    if device.connected_ms is None:
        return None
    ahead = (device.connected_ms + seconds * 1000 - now.connected_ms) % _DURATION_ENDS_MS
    return min(ahead, _DURATION_ENDS_MS - ahead) > _DURATION_DIFFERENCE_MS


def _left_at_the_time(device, seconds, later, root):
    """Whether the device left the bus at about the time when the connection was lost, and not long before."""
    if not _has_left(device, seconds + later, root):
        return False
    if seconds + later <= _SAME_TIME_SECONDS:
        return True
    back = _try_to_read(device.path, root)
    ms = back.connected_ms if back else None
    return ms is not None and ms <= (later + _BACK_WITHIN_SECONDS) * 1000


# ~~ The printer's own words


def restart_code(line: str) -> Optional[str]:
    """The code of a received line in which a firmware says why it restarted; None for any other line."""
    return _CODES_BY_LINE.get(line.replace("\0", "").strip())


def restart_evidence(codes: Iterable[Optional[str]]) -> tuple[str, ...]:
    """What the lines after one ``start`` say together, from the code of each.

    A supply that rises slowly is also reported as a brown-out: the power had been off.
    """
    found = set(codes)
    if PRINTER_POWER_ON in found:
        found.discard(PRINTER_BROWN_OUT)
    return tuple(code for code in _RESTART_LINES.values() if code in found)


# ~~ The host


def oom_kills(root="/") -> Optional[int]:
    """How many programs the kernel has stopped since the boot because memory ran out; None if it does not report it."""
    try:
        with open(_below(root, "proc/vmstat"), "rb") as vmstat:
            found = re.search(rb"^oom_kill ([0-9]{1,19})$", vmstat.read(), re.MULTILINE)
    except (OSError, ValueError):
        return None
    return int(found[1]) if found else None


def memory_evidence(before: Optional[int], now: Optional[int]) -> Optional[tuple[str, ...]]:
    """What two answers of ``oom_kills`` in the same boot say about the time between them."""
    if before is None or now is None:
        return None
    return (OUT_OF_MEMORY,) if now > before else ()


def board_evidence(root="/") -> Optional[tuple[str, ...]]:
    """What a Raspberry Pi reports about how this boot began; None on any other board."""
    board, built = _board(root), _cell(root, f"{_BOOTLOADER}/build-timestamp")
    reports = _reset_status(board, built, root), _power_reset(board, built, root)
    known = [report for report in reports if report is not None]
    return tuple(code for report in known for code in report) if known else None


def undervoltage(root="/") -> Optional[bool]:
    """Whether a Raspberry Pi's sensor reports under-voltage in the last two seconds; None if there is no sensor."""
    sensors = _below(root, "sys/class/hwmon")
    alarms = set()
    try:
        for name in os.listdir(sensors):
            alarms.add(_alarm(os.path.join(sensors, name)))
    except (OSError, ValueError):
        return None
    alarms.discard(None)
    return any(alarms) if alarms else None


def _alarm(sensor):
    try:
        if _content(os.path.join(sensor, "name")).strip() == b"rpi_volt":
            return _integer(os.path.join(sensor, "in0_lcrit_alarm"), 1) == 1
    except (OSError, ValueError):
        pass
    return None


def _board(root):
    """Which Raspberry Pi this is; None if it is another board, or if the files contradict each other."""
    names = [*_strings(root, "compatible"), *_strings(root, "model")]
    found = {board for board, pattern in _BOARDS.items() for name in names if re.fullmatch(pattern, name)}
    return found.pop() if len(found) == 1 else None


def _strings(root, name):
    try:
        return _content(_below(root, f"proc/device-tree/{name}"), _MOST_BYTES_OF_TEXT).decode().split("\0")
    except (OSError, ValueError):
        return []


def _reset_status(board, built, root):
    """PM_RSTS, the reset status of the chip, as ``vcgencmd get_rsts`` prints it; its other bits are a partition."""
    if board is None or (board != _OLDER_PI and not _is_built_since(_RSTS_RIGHT_SINCE, built)):
        return None
    values = {_cell(root, f"{_BOOTLOADER}/{name}") for name in ("rsts", "pm_rsts")} - {None}
    if len(values) != 1:
        return None
    (status,) = values
    if status & ~_RSTS_BITS:
        return None
    had = status & (_HAD_POWER_ON | _HAD_WATCHDOG_RESET)
    return {_HAD_POWER_ON: (POWER_ON,), _HAD_WATCHDOG_RESET: (WARM_RESET,)}.get(had, ())


def _power_reset(board, built, root):
    """Why the power chip of a Pi 5 switched off before this boot."""
    if board != _PI_5 or not _is_built_since(_POWER_RESET_RIGHT_SINCE, built):
        return None
    events = _cell(root, _POWER_RESET)
    if events is None or events & ~_POWER_RESET_BITS:
        return None
    return tuple(code for bit, code in _POWER_RESETS.items() if events & bit)


def _is_built_since(date, built):
    return built is not None and date <= built < _NO_DATE_SINCE


# ~~ Files


def _below(root, path):
    return os.path.join(root, path.lstrip("/"))


def _from_root(path, root):
    """This path as seen from the root. Raises ValueError if a link led out of it."""
    relative = os.path.relpath(path, os.path.realpath(root))
    if relative.startswith(".."):
        raise ValueError("outside of the root")
    return f"/{relative}"


def _content(path, most=_MOST_BYTES):
    """Raises ValueError if the file is longer than anything that is meant here."""
    with open(path, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError("too long")
    return content


def _integer(path, highest):
    content = _content(path).strip()
    if not re.fullmatch(rb"[0-9]+", content) or int(content) > highest:
        raise ValueError("not such a number")
    return int(content)


def _cell(root, path):
    """A number of the device tree, 32 bits, big-endian; None if the file is not one."""
    try:
        content = _content(_below(root, path))
    except (OSError, ValueError):
        return None
    return int.from_bytes(content, "big") if len(content) == 4 else None
