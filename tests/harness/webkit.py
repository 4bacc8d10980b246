"""WebKit, the engine of every iPad and iPhone, under Selenium's control: Debian's build of it for GTK."""

import http.client
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.support.expected_conditions import visibility_of_element_located
from selenium.webdriver.support.wait import WebDriverWait

from tests.harness.servers import free_port
from tests.harness.wheel import ROOT

START_TIMEOUT_SECONDS = 300  # the first time it is fetched
WAIT_TIMEOUT_SECONDS = 30

# Selenium has no way to hear of errors in WebKit. So the page is written into an empty one of the same
# server, in which somebody listens already.
LOAD = """(path) => {
    const request = new XMLHttpRequest();
    request.open("GET", path, false);
    request.send();
    history.replaceState(null, "", path);
    document.open();
    window.errors = [];
    window.addEventListener("error", (event) => window.errors.push(event.message));
    window.addEventListener("unhandledrejection", (event) => window.errors.push(String(event.reason)));
    console.error = (...words) => window.errors.push(words.join(" "));
    document.write(request.responseText);
    document.close();
}"""


class NoWebKitError(Exception):
    """There is none, for the reason given."""


class WebKit:
    """A running WebKit with one page; ``driver`` is Selenium's."""

    def __init__(self, driver):
        self.driver = driver
        self._wait = WebDriverWait(driver, WAIT_TIMEOUT_SECONDS)

    def load(self, server, path):
        """Load a page of a server; from then on ``errors`` tells what it complained of."""
        self.driver.get(f"{server}/no-such-page")
        self.evaluate(LOAD, path)

    def evaluate(self, function, argument=None):
        """Call a function of JavaScript."""
        return self.driver.execute_script(f"return ({function})(arguments[0])", argument)

    def find(self, selector):
        """The first element that is visible, as soon as it is."""
        return self._wait.until(visibility_of_element_located((By.CSS_SELECTOR, selector)), message=selector)

    def wait_for(self, function):
        """Wait until a function of JavaScript returns something true."""
        self._wait.until(lambda _: self.evaluate(function), message=function)

    def errors(self):
        """The page's uncaught errors, and what it wrote to the console as errors."""
        return self.evaluate("() => window.errors")


@contextmanager
def launch_webkit():
    """A running WebKit; raises NoWebKitError with the reason where there cannot be one."""
    port = free_port()
    with _driver_program(port):
        connection = RemoteConnection(client_config=ClientConfig(f"http://127.0.0.1:{port}"))
        driver = webdriver.Remote(connection, options=webdriver.WebKitGTKOptions())
        try:
            yield WebKit(driver)
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
