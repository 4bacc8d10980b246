"""WebKit, the engine of every iPad and iPhone, under Selenium's control: Debian's build of it for GTK."""

import http.client
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection

from tests.harness.driven import DrivenBrowser
from tests.harness.servers import free_port
from tests.harness.wheel import ROOT

START_TIMEOUT_SECONDS = 300  # the first time it is fetched


class NoWebKitError(Exception):
    """There is none, for the reason given."""


@contextmanager
def launch_webkit():
    """A running WebKit; raises NoWebKitError with the reason where there cannot be one."""
    port = free_port()
    with _driver_program(port):
        connection = RemoteConnection(client_config=ClientConfig(f"http://127.0.0.1:{port}"))
        driver = webdriver.Remote(connection, options=webdriver.WebKitGTKOptions())
        try:
            driver.set_window_size(1280, 900)
            yield DrivenBrowser(driver)
        finally:
            driver.quit()


@contextmanager
def _driver_program(port):
    command = [Path(__file__).with_suffix(""), str(port)]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=ROOT)
        with process:  # it ends with its input, which is closed on the way out
            _wait_until_it_answers(port, process, log)
            yield


def _wait_until_it_answers(port, process, log):
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            log.seek(0)
            raise NoWebKitError(log.read().strip())
        time.sleep(0.2)


def _answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=5) as response:
            return response.status == 200
    except (OSError, http.client.HTTPException):  # nobody listens yet
        return False
