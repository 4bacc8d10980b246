"""`make demo`: it says where it is, shows a history and a printer, and can be restarted and ended."""

import shutil
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from scripts.demo import EXAMPLE, folder_of
from tests.harness.client import Client
from tests.harness.printer import VirtualPrinter
from tests.harness.servers import free_port
from tests.harness.wheel import ROOT

JUDGED_SECONDS = 30


class Demo:
    def __init__(self, version):
        port = free_port()
        self.folder = folder_of(port, version, EXAMPLE)
        self.client = Client(SimpleNamespace(url=f"http://127.0.0.1:{port}"), "demo")
        command = [sys.executable, "-m", "scripts.demo", "--port", str(port), "--octoprint", version]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )

    def read_until(self, words):
        """What it says, up to the line with these words; all of it if there is none."""
        said = ""
        for line in self.process.stdout:
            said += line
            if words in line:
                break
        return said

    def ended(self):
        """OctoPrint's sessions that ended, as soon as the last one is judged."""
        deadline = time.monotonic() + JUDGED_SECONDS
        sessions = []
        while not sessions and time.monotonic() < deadline:
            sessions = self.client.reading("?include=history")["history"]["sessions"]
        return [session for session in sessions if session["clock"] == "octoprint" and session["ended"]]

    def log(self):
        return (self.folder / "logs" / "octoprint.log").read_text()

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture
def demo(octoprint_version):
    demo = Demo(octoprint_version)
    yield demo
    if demo.process.poll() is None:
        demo.end()
    demo.process.stdout.close()
    shutil.rmtree(demo.folder)


def test_the_demo_has_a_history_and_a_restart_that_goes_into_it(demo):
    said = demo.read_until("Ctrl+C")
    assert demo.client.server.url in said
    assert "is an example" in said
    VirtualPrinter(demo.client).wait_until_operational()
    before = demo.ended()
    assert before[0]["ending"] == "stopped"
    assert before[0]["asked"] != "restart"

    assert demo.client.request("POST", "/api/system/commands/core/restart").status == 204
    assert "Traceback" not in demo.read_until("is back")
    after = demo.ended()
    assert (after[0]["ending"], after[0]["asked"]) == ("stopped", "restart")
    assert after[1:] == before

    assert demo.end() == 0
    assert "Traceback" not in demo.process.stdout.read() + demo.log()
