"""A USB bus as its folders in Linux, which a test plugs devices into."""

import os
import shutil

HOUR = 3600
WRAP_MS = 2**32


def put(path, content):
    """Makes a file with this content, in the place of what is there; the content may also be made by a function."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if callable(content):
        content(path)
    elif content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


class Bus:
    """The folders of a bus as Linux 6.1 has them, with a hub 1-1, whose devices are 1-1.1 and so on."""

    def __init__(self, root):
        self.root = root
        self.plug("usb1", 1, 100 * HOUR)
        self.plug("1-1", 2, 99 * HOUR)

    def folder(self, name):
        top = self.root / "sys/devices/pci0000:00/0000:00:01.0/usb1"
        if name == "usb1":
            return top
        ports = name.split(".")
        return top.joinpath(*(".".join(ports[:length]) for length in range(1, len(ports) + 1)))

    def path(self, name):
        return f"/{self.folder(name).relative_to(self.root)}"

    def plug(self, name, number, seconds=HOUR):
        """Connects a device, or another in its place."""
        folder = self.folder(name)
        (folder / f"{name}:1.0/power").mkdir(parents=True, exist_ok=True)
        put(folder / f"{name}:1.0/bInterfaceNumber", "00\n")
        for file, value in {"busnum": 1, "devnum": number, "product": "QEMU USB SERIAL"}.items():
            put(folder / file, f"{value}\n")
        put(folder / "power/connected_duration", f"{seconds * 1000 % WRAP_MS:.0f}\n")
        if not os.path.lexists(folder / "subsystem"):
            (folder / "subsystem").symlink_to(os.path.relpath(self.root / "sys/bus/usb", folder))

    def tty(self, device, name, port=True):
        """The serial port of a device: ttyUSB is a port below the interface, ttyACM is the interface."""
        interface = self.folder(device) / f"{device}:1.0"
        at = interface / name if port else interface
        tty = at / "tty" / name
        tty.mkdir(parents=True)
        (tty / "device").symlink_to(f"../../../{at.name}")
        self._show(tty, name)

    def other_tty(self, name, folder):
        """A serial port that belongs to another kind of device."""
        tty = self.root / folder / "tty" / name
        tty.mkdir(parents=True)
        (tty / "device").symlink_to("../../")
        self._show(tty, name)

    def _show(self, tty, name):
        shown = self.root / "sys/class/tty"
        shown.mkdir(parents=True, exist_ok=True)
        (shown / name).symlink_to(os.path.relpath(tty, shown))
        put(self.root / "dev" / name, "")

    def unplug(self, name):
        shutil.rmtree(self.folder(name))

    def wait(self, seconds):
        """Everything that is still connected has been connected for longer."""
        for file in self.root.rglob("connected_duration"):
            put(file, f"{(int(file.read_text()) + int(seconds * 1000)) % WRAP_MS}\n")
