"""Finds a Chromium: one on the PATH, else Playwright's own, else Debian's, unpacked beside the tests."""

import ctypes
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.harness.wheel import ROOT

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


@contextmanager
def launch_chromium():
    """A running Chromium, under Playwright's control."""
    _provide_libatomic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_find_chromium(playwright), args=ARGUMENTS)
        yield browser
        browser.close()


def _provide_libatomic():
    """Playwright's driver needs this library, which a bare Debian has not."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        folder = _unpack("libatomic", "libatomic1")
        os.environ["LD_LIBRARY_PATH"] = _libraries(folder)


def _find_chromium(playwright):
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return on_path
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else str(_chromium_from_debian())


def _chromium_from_debian():
    folder = _unpack("chromium", "chromium", "fonts-noto-core", "fonts-noto-cjk")
    (folder / "fonts.conf").write_text(FONTS.format(folder=folder))
    wrapper = folder / "run-chromium"
    wrapper.write_text(WRAPPER.format(libraries=_libraries(folder), fonts=folder / "fonts.conf", folder=folder))
    wrapper.chmod(0o755)
    return wrapper


def _unpack(name, *packages):
    folder = ROOT / ".cache" / "debian" / name
    subprocess.run([ROOT / "scripts" / "debian-packages", folder, *packages], check=True)
    return folder


def _libraries(folder):
    return ":".join(sorted({str(library.parent) for library in folder.glob("**/*.so*")}))
