"""Programs that this machine lacks: Debian's, unpacked below .cache, where the rest of the system does not see them."""

import fcntl
import subprocess
from contextlib import contextmanager

from tests.harness.wheel import ROOT

FOLDER = ROOT / ".cache" / "debian"

WRAPPER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="{fonts}"
exec "{program}" "$@"
"""

FONTS = """<fontconfig>
<dir>{folder}/usr/share/fonts</dir>
<cachedir>{folder}/var/cache/fontconfig</cachedir>
</fontconfig>
"""


def unpack(name, *packages):
    """The folder in which these packages are, with what they need and this machine lacks."""
    folder = FOLDER / name
    with _alone():
        subprocess.run([ROOT / "scripts" / "debian-packages", folder, *packages], check=True)
    return folder


@contextmanager
def _alone():
    """Tests that run at the same time want the same programs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def libraries(folder):
    """What LD_LIBRARY_PATH has to be for the programs of a folder."""
    return ":".join(sorted({str(library.parent) for library in folder.glob("**/*.so*")}))


def browser(package, program):
    """A command that runs a browser, with fonts for every language."""
    folder = unpack(package, package)
    fonts = unpack("fonts", "fonts-noto-core", "fonts-noto-cjk")
    with _alone():
        _write(fonts / "fonts.conf", FONTS.format(folder=fonts))
        paths = {"libraries": libraries(folder), "fonts": fonts / "fonts.conf", "program": folder / program}
        wrapper = _write(folder / "run", WRAPPER.format(**paths))
        wrapper.chmod(0o755)
    return wrapper


def _write(path, text):
    """Not again what is there: somebody may be reading it."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path
