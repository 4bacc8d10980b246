"""Finds a Chromium: one on the PATH, else Playwright's own, else Debian's, unpacked beside the tests."""

import shutil
import subprocess
from pathlib import Path

from tests.octoprint.wheel import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome")

# Without these it looks for its maker's servers at every start.
ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root, and open only pages of their own server
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

WRAPPER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="{fonts}"
exec "{folder}/usr/lib/chromium/chromium" "$@"
"""

FONTS = """<fontconfig>
<dir>{folder}/usr/share/fonts</dir>
<cachedir>{folder}/var/cache/fontconfig</cachedir>
</fontconfig>
"""


def find_chromium(playwright):
    """The path of a Chromium's program."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return on_path
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else str(_chromium_from_debian())


def _chromium_from_debian():
    folder = ROOT / ".cache" / "debian" / "chromium"
    packages = ["chromium", "fonts-noto-core", "fonts-noto-cjk"]
    subprocess.run([ROOT / "scripts" / "debian-packages", folder, *packages], check=True)
    libraries = sorted({str(library.parent) for library in folder.glob("**/*.so*")})
    (folder / "fonts.conf").write_text(FONTS.format(folder=folder))
    wrapper = folder / "run-chromium"
    wrapper.write_text(WRAPPER.format(libraries=":".join(libraries), fonts=folder / "fonts.conf", folder=folder))
    wrapper.chmod(0o755)
    return wrapper
