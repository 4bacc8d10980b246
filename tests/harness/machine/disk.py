"""Makes the disk of a machine: a Debian with OctoPrint under systemd, and the plugin as it is.

What takes minutes is kept below .cache/machine; another wheel only takes what is made of it anew.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.harness import basefolder
from tests.harness.prepare import DEFAULT_VERSION
from tests.harness.wheel import ROOT, build_wheel

HERE = Path(__file__).parent

# The print of a night: each line takes the virtual printer a second, all of them three hours.
PRINT_FILE = "benchy.gcode"
GCODE = "G4 P1000 ; the printer waits\n" * 10_800

# fmt: off
CONFIG = {
    "gcodeAnalysis": {"runAt": "never"},
    # What the virtual printer remembers gets lost in a power cut, and then it does not connect any more.
    "plugins": {"virtual_printer": {"enable_eeprom": False}},
    # An emulated machine takes its time to answer.
    "serial": {"timeout": {"detectionFirst": 30, "detectionConsecutive": 30}},
    "server": {"commands": {
        "systemRestartCommand": "sudo systemctl reboot",
        "systemShutdownCommand": "sudo systemctl poweroff",
        "serverRestartCommand": "sudo systemctl restart octoprint",
    }}
}
# fmt: on


class Disk:
    """That of a machine with this version of OctoPrint; ``make`` sees to it that it is there."""

    def __init__(self, version=DEFAULT_VERSION):
        self.version = version
        self.folder = ROOT / ".cache" / "machine" / version
        self.image = self.folder / "disk.img"
        self.ssh_key = self.folder / "ssh-key"
        self._root = self.folder / "root"
        self.kernel, self.initrd = self._root / "vmlinuz", self._root / "initrd.img"

    def make(self):
        subprocess.run([HERE / "packages"], check=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        package = Path(os.environ.get("PLUGIN_PACKAGE") or build_wheel())
        of_root = [HERE / "make-root", HERE.parent / "constraints" / f"{self.version}.txt", *_files(HERE / "root")]
        self._unless_made_from(of_root, "root", self._make_root)
        self._unless_made_from([*of_root, Path(__file__), package], "disk", lambda: self._make_image(package))
        return self

    def _unless_made_from(self, sources, name, make):
        digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
        stamp = self.folder / f"{name}.made-from"
        if not stamp.is_file() or stamp.read_text() != digest:
            stamp.unlink(missing_ok=True)
            make()
            stamp.write_text(digest)

    def _make_root(self):
        # debootstrap that was broken off leaves file systems mounted, and this is no moment to follow them.
        assert str(self._root) not in Path("/proc/mounts").read_text(), f"something is mounted below {self._root}"
        shutil.rmtree(self._root, ignore_errors=True)
        self.ssh_key.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.ssh_key], check=True)
        subprocess.run([HERE / "make-root", self._root, self.version, f"{self.ssh_key}.pub"], check=True)

    def _make_image(self, package):
        self._install(package)
        self._seed()
        self.image.unlink(missing_ok=True)
        with open(self.image, "wb") as image:
            image.truncate(3 << 30)
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", self._root, self.image], check=True)

    def _install(self, package):
        shutil.copy(package, self._root / "opt")
        pip = ["/opt/octoprint/bin/pip", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
        install = ["install", "--no-deps", "--no-index", "--force-reinstall", f"/opt/{package.name}"]
        subprocess.run(["chroot", self._root, *pip, *install], check=True)
        (self._root / "opt" / package.name).unlink()

    def _seed(self):
        folder = self._root / "octoprint"
        shutil.rmtree(folder, ignore_errors=True)
        basefolder.seed(folder, basefolder.GROUPS, CONFIG)
        (folder / "uploads").mkdir()
        (folder / "uploads" / PRINT_FILE).write_text(GCODE)
        subprocess.run(["chroot", self._root, "chown", "-R", "octoprint:", "/octoprint"], check=True)


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())
