"""Prometheus itself: the one on the PATH, else Debian's, unpacked beside the tests."""

import json
import subprocess
import time
import urllib.parse
import urllib.request

from tests.harness.commands import environment_with
from tests.harness.servers import free_port

START_TIMEOUT_SECONDS = 30
STOP_TIMEOUT_SECONDS = 30


class Prometheus:
    """Runs in ``folder`` with these files, of which ``prometheus.yml`` is its configuration."""

    def __init__(self, folder, files):
        self._folder = folder
        self._url = f"http://127.0.0.1:{free_port()}"
        for name, text in files.items():
            (folder / name).write_text(text)

    def start(self):
        address = self._url[len("http://") :]
        command = ["prometheus", f"--web.listen-address={address}", "--config.file=prometheus.yml"]
        with open(self._folder / "console.log", "ab") as console:
            self._process = subprocess.Popen(
                command, cwd=self._folder, env=environment_with("prometheus"), stdout=console, stderr=console
            )
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self._is_ready():
            assert self._process.poll() is None, self.console()
            assert time.monotonic() < deadline, self.console()
            time.sleep(0.1)

    def stop(self):
        self._process.terminate()
        self._process.wait(STOP_TIMEOUT_SECONDS)

    def console(self):
        return (self._folder / "console.log").read_text()

    def query(self, expression):
        """What the expression is now: [(labels, number), …]."""
        return [(result["metric"], float(result["value"][1])) for result in self._ask("query", query=expression)]

    def query_range(self, expression, since, until):
        """What it was each second: [(labels, [(time, number), …]), …]."""
        results = self._ask("query_range", query=expression, start=since, end=until, step=1)
        return [(found["metric"], [(at, float(value)) for at, value in found["values"]]) for found in results]

    def _ask(self, kind, **parameters):
        with urllib.request.urlopen(f"{self._url}/api/v1/{kind}?{urllib.parse.urlencode(parameters)}") as answer:
            return json.load(answer)["data"]["result"]

    def _is_ready(self):
        try:
            urllib.request.urlopen(self._url + "/-/ready", timeout=5).close()
            return True
        except OSError:  # nobody listens yet, or 503
            return False
