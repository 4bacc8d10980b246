"""The real Home Assistant from PyPI, as far as it runs without a browser.

What it does is seen through an integration of the tests, which writes down what changes.
"""

import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.harness.servers import free_port
from tests.harness.wheel import ROOT

VENV = ROOT / ".cache" / "home-assistant"
# Home Assistant installs what its integrations need, and into its own environment.
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}",
    "UV_CACHE_DIR": str(ROOT / ".cache" / "uv"),
    "VIRTUAL_ENV": str(VENV),
}
START_TIMEOUT_SECONDS = 600  # at its first start Home Assistant fetches what its integrations need
STOP_TIMEOUT_SECONDS = 60

# Home Assistant asks for a patch release of its Python that an older one of the same minor version replaces here.
LAUNCHER = """
import sys
import homeassistant.const as const
const.REQUIRED_PYTHON_VER = min(const.REQUIRED_PYTHON_VER, sys.version_info[:3])
from homeassistant.__main__ import main
sys.exit(main())
"""

OBSERVER = """
import json
from homeassistant.const import EVENT_CALL_SERVICE, EVENT_STATE_CHANGED

async def async_setup(hass, config):
    file = await hass.async_add_executor_job(open, hass.config.path("observed.jsonl"), "a")

    def write(**record):
        file.write(json.dumps(record, default=str) + "\\n")
        file.flush()

    def write_state(state):
        write(entity=state.entity_id, state=state.state, attributes=dict(state.attributes))

    async def changed(event):
        if event.data["new_state"] is not None:
            write_state(event.data["new_state"])

    async def called(event):
        if event.data["domain"] == "persistent_notification":
            write(message=event.data["service_data"]["message"])

    for state in hass.states.async_all():  # set before this was loaded
        write_state(state)
    hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    hass.bus.async_listen(EVENT_CALL_SERVICE, called)
    return True
"""
MANIFEST = {"domain": "observer", "name": "Observer", "version": "1.0.0", "documentation": "", "codeowners": []}


def find_python():
    """A Python that Home Assistant may run on: one on the PATH, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = ["python3.14", "python3.13", *sorted(pyenv.glob("versions/3.1[3-9].*/bin/python"), reverse=True)]
    for candidate in filter(shutil.which, candidates):
        if subprocess.run([candidate, "--version"], capture_output=True).returncode == 0:  # else a shim of pyenv's
            return candidate
    raise RuntimeError("Home Assistant takes Python 3.13 or newer, and this machine has none")


@functools.cache
def install():
    """Install the newest Home Assistant that runs on that Python; return the Python of its environment."""
    python = VENV / "bin" / "python"
    if not (VENV / ".ready").exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", find_python(), VENV], check=True)
        minor = subprocess.check_output([python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"], text=True)
        target = ["--python", python, "--python-version", f"{minor.strip()}.99"]
        subprocess.run([*uv, "pip", "install", "--quiet", *target, "homeassistant"], env=ENVIRONMENT, check=True)
        (VENV / ".ready").touch()
    return python


def stock_configuration():
    """What Home Assistant writes at its first start, without what would talk to the outside."""
    source = "from homeassistant.config import DEFAULT_CONFIG; print(DEFAULT_CONFIG)"
    text = subprocess.check_output([install(), "-c", source], text=True)
    assert "default_config:" in text
    return text.replace("default_config:", "")


class HomeAssistant:
    """Runs in ``folder`` with ``configuration`` and these further ``files``."""

    def __init__(self, folder, configuration, files):
        self.folder = folder
        self._url = f"http://127.0.0.1:{free_port()}"
        port = self._url.rpartition(":")[2]
        http = f"\nhttp:\n  server_host: 127.0.0.1\n  server_port: {port}\nobserver:\n"
        observer = {"__init__.py": OBSERVER, "manifest.json": json.dumps(MANIFEST)}
        files = {**files, **{f"custom_components/observer/{name}": text for name, text in observer.items()}}
        for name, text in {**files, "configuration.yaml": configuration + http}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def start(self):
        with open(self.folder / "console.log", "ab") as console:
            self._process = subprocess.Popen(
                [install(), "-c", LAUNCHER, "--config", self.folder], stdout=console, stderr=console, env=ENVIRONMENT
            )
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self._answers():
            assert self._process.poll() is None, self.console()
            assert time.monotonic() < deadline, self.console()
            time.sleep(0.2)

    def stop(self, number=signal.SIGTERM):
        if self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(STOP_TIMEOUT_SECONDS)

    def console(self):
        """What it logged in all its starts: warnings and errors."""
        return (self.folder / "console.log").read_text()

    def records(self):
        """The lines of the log, each as (level, logger, text)."""
        pattern = r"^[\d-]+ [\d:.]+ (\w+) \(.*?\) \[(.*?)\] (.*)$"
        plain = re.sub("\x1b\\[[0-9;]*m", "", self.console())
        return re.findall(pattern, plain, re.MULTILINE)

    def observed(self):
        path = self.folder / "observed.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def changes(self, prefix="sensor."):
        """The states that were set, in their order, as (entity, state)."""
        return [
            (seen["entity"], seen["state"]) for seen in self.observed() if seen.get("entity", "").startswith(prefix)
        ]

    def state(self, entity):
        states = [seen for seen in self.observed() if seen.get("entity") == entity]
        return states[-1]["state"] if states else None

    def attributes(self, entity):
        return [seen for seen in self.observed() if seen.get("entity") == entity][-1]["attributes"]

    def messages(self):
        """The notifications, in their order."""
        return [seen["message"] for seen in self.observed() if "message" in seen]

    def _answers(self):
        try:
            urllib.request.urlopen(self._url + "/manifest.json", timeout=5).close()
            return True
        except OSError:
            return False
