"""Finds a Chromium: one on the PATH, else Playwright's own, else Debian's."""

import ctypes
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.harness import debian

NAMES = ("chromium", "chromium-browser", "google-chrome")

# Without these it looks for its maker's servers at every start.
ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root, and open only pages of their own server
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


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
        os.environ["LD_LIBRARY_PATH"] = debian.libraries(debian.unpack("libatomic", "libatomic1"))


def _find_chromium(playwright):
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return on_path
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else debian.browser("chromium", "usr/lib/chromium/chromium")
