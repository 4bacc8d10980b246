"""A whole machine with OctoPrint in it, emulated: it can lose its power, reboot, and be without a clock.

A container can do none of that.
"""

import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

from tests.harness.client import Client
from tests.harness.printer import VirtualPrinter
from tests.harness.servers import answers, free_port
from tests.harness.told_history import History

START_TIMEOUT_SECONDS = 600  # emulated, beside other work; alone it takes about 35
OFF_TIMEOUT_SECONDS = 300
BEAT_TIMEOUT_SECONDS = 400
TRIES = 10

# Where a clock without a battery begins; the system goes on to the moment at which it was built.
NO_CLOCK = datetime(2020, 1, 1, tzinfo=timezone.utc)


class PatientClient(Client):
    """An answer gets lost on the way out of the machine now and then: who only asked asks again."""

    def request(self, method, path, body=None, headers=None):
        for _ in range(TRIES if method == "GET" else 1):
            with suppress(TimeoutError):
                return super().request(method, path, body, headers)
        raise TimeoutError(f"no answer to {method} {path}")


class Machine:
    """Made off, with a copy of the disk for itself and perhaps a second one; ``remove`` leaves nothing behind.

    ``serial`` is the path of a serial port of this machine; a USB device with that port can be plugged in.
    """

    process = None

    def __init__(self, disk, second=None, serial=None):
        self.disk, self.second, self.serial = disk, second, serial
        self.folder = Path(tempfile.mkdtemp(prefix="octoprint-uptime-night-"))
        self.image, self.monitor = self.folder / "disk.img", self.folder / "monitor"
        subprocess.run(["cp", "--sparse=always", disk.image, self.image], check=True)
        self.admin = PatientClient(self, "admin")
        self.printer = VirtualPrinter(self.admin)

    def start(self, at=None):
        """Power on at this moment and wait until OctoPrint answers. Without a moment, the machine has no clock."""
        self.power_on(at)
        self.wait_for_octoprint()

    def power_on(self, at=None):
        self.port, self.ssh_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with open(self.folder / "console.log", "ab") as console:
            command = self._qemu(at or NO_CLOCK, "night.clock" if at else "")
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console)

    def wait_for_octoprint(self):
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not answers(self.url):
            if not self.is_on() or time.monotonic() > deadline:
                raise RuntimeError(f"OctoPrint did not start:\n{self.console()}")
            time.sleep(0.2)

    def is_on(self):
        return self.process is not None and self.process.poll() is None

    def cut(self):
        """Cut the power: what the guest had not written to its disk is lost."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def wait_until_off(self):
        """After a command that reboots the machine or turns it off; ``start`` is what comes after both."""
        self.process.wait(OFF_TIMEOUT_SECONDS)

    def plug_in_usb(self):
        """Connect the USB device, which the guest then has as /dev/ttyUSB0."""
        self._ask_qemu("device_add", driver="usb-serial", id="printer", chardev="printer")

    def unplug_usb(self):
        self._ask_qemu("device_del", id="printer")

    def _ask_qemu(self, command, **arguments):
        """One command to QEMU's monitor (docs/interop/qmp-spec.rst in QEMU)."""
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.connect(str(self.monitor))
            answers = monitor.makefile("r")
            for request in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                monitor.sendall(json.dumps(request).encode())
                answer = {}
                while not {"return", "error"} & set(answer):  # a greeting, and events, come in between
                    answer = json.loads(answers.readline())
                assert "return" in answer, answer

    def run(self, command, check=True):
        """Run a command as root in the machine and return what it prints."""
        # fmt: off
        ssh = ["ssh", "-q", "-i", self.disk.ssh_key, "-p", str(self.ssh_port), "-o", "StrictHostKeyChecking=no",
               "-o", "UserKnownHostsFile=/dev/null", "root@127.0.0.1", command]
        # fmt: on
        return subprocess.run(ssh, check=check, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout

    def history(self):
        """What the plugin tells of the last 30 days."""
        return self.history_when(lambda document: document["sessions"])

    def history_when(self, holds):
        """The history as soon as there is one and this holds of its document, which a beat or two may take."""
        deadline = time.monotonic() + BEAT_TIMEOUT_SECONDS
        while True:
            document = self.admin.reading("?include=history&days=30")["history"]
            if document is not None and holds(document):
                return History(document)
            assert time.monotonic() < deadline, document
            time.sleep(0.5)

    def now(self):
        """The time in the machine, as its clock has it."""
        return datetime.fromtimestamp(float(self.run("date +%s.%N")), timezone.utc)

    def set_clock(self, moment):
        """As the machine's NTP client would, once it hears from its server."""
        self.run(f"set-clock {moment.timestamp()}")

    def console(self):
        return (self.folder / "console.log").read_text(errors="replace")

    def remove(self):
        if self.is_on():
            self.cut()
        shutil.rmtree(self.folder)

    def _qemu(self, at, parameters):
        append = f"root=/dev/vda rw console=ttyS0 net.ifnames=0 quiet mitigations=off {parameters}"
        forwards = f"hostfwd=tcp:127.0.0.1:{self.port}-:5000,hostfwd=tcp:127.0.0.1:{self.ssh_port}-:22"
        second = ["-drive", f"file={self.second},if=virtio,format=raw,cache=none"] if self.second else []
        # fmt: off
        usb = ["-device", "qemu-xhci", "-chardev", f"serial,id=printer,path={self.serial}",
               "-qmp", f"unix:{self.monitor},server=on,wait=off"] if self.serial else []
        return ["qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "max",
                "-smp", "2", "-m", "1536", "-nographic", "-no-reboot",
                "-kernel", self.disk.kernel, "-initrd", self.disk.initrd, "-append", append,
                # Past the caches of this machine: what the guest did not write is not to survive in them.
                "-drive", f"file={self.image},if=virtio,format=raw,cache=none",
                "-netdev", f"user,id=network,{forwards}", "-device", "virtio-net-pci,netdev=network",
                "-rtc", f"base={at:%Y-%m-%dT%H:%M:%S},clock=vm", *second, *usb]
        # fmt: on
