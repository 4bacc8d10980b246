"""OctoPrint servers for the tests: in a container, or in a virtual environment where there is no Docker.

Both have the same methods. A server has a base folder of its own, is ready when ``start`` returns,
and leaves nothing behind after ``remove``.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

from tests.harness import basefolder

START_TIMEOUT_SECONDS = 120


class Server:
    """An OctoPrint on a free port of 127.0.0.1.

    ``config`` is merged over basefolder.CONFIG. ``files`` maps paths below the base folder to their
    text or bytes, ``plugins`` the same below its folder for plugins. A ``folder`` that has been used before is taken as
    it is; then ``config`` and ``users`` say only what it was made with. In a container, ``mounts`` are folders of this
    machine that it sees at the same place.
    """

    def __init__(
        self,
        config=None,
        environment=None,
        files=None,
        plugins=None,
        folder=None,
        port=None,
        users=basefolder.GROUPS,
        mounts=(),
    ):
        self.folder = folder or Path(tempfile.mkdtemp(prefix="octoprint-uptime-"))
        if not basefolder.is_seeded(self.folder):
            basefolder.seed(self.folder, users, config)
        self.add_files(files or {})
        self.add_files({f"plugins/{path}": content for path, content in (plugins or {}).items()})
        self.port = port or free_port()
        self.user = next(iter(users))  # the one who asks whether it answers
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment or {}
        self.mounts = mounts

    def start(self):
        """Start OctoPrint and wait until it answers, also after ``stop`` or ``kill``."""
        self._launch()
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not answers(self.url, self.user):
            if not self._runs() or time.monotonic() > deadline:
                raise RuntimeError(f"OctoPrint did not start:\n{self.console()}")
            time.sleep(0.2)

    def restart(self):
        self.stop()
        self.start()

    def add_files(self, files):
        """Put files into the base folder, where OctoPrint finds them at its next start."""
        for path, content in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def log(self):
        """What OctoPrint wrote into octoprint.log."""
        return (self.folder / "logs" / "octoprint.log").read_text(errors="replace")

    def remove(self):
        self._discard()
        if self.folder.exists():  # another server may have used it, too
            shutil.rmtree(self.folder)


class DockerServer(Server):
    """In a container made from an image of ``image.py``."""

    def __init__(self, image, **options):
        super().__init__(**options)
        self.name = f"octoprint-uptime-{uuid.uuid4().hex[:12]}"
        variables = [option for item in self.environment.items() for option in ("--env", "{}={}".format(*item))]
        owner = f"{os.getuid()}:{os.getgid()}"
        mounts = [option for folder in self.mounts for option in ("--volume", f"{folder}:{folder}")]
        # Without a network of its own, since Chromium drops its connections whenever an interface comes or goes.
        # fmt: off
        _docker("create", "--name", self.name, "--user", owner, *variables,
                "--volume", f"{self.folder}:/octoprint", *mounts, "--network", "host",
                image, "--host", "127.0.0.1", "--port", str(self.port))
        # fmt: on

    def pid(self):
        """OctoPrint's process, as the machine of the tests knows it."""
        return int(_docker("inspect", "--format", "{{.State.Pid}}", self.name))

    def stop(self):
        _docker("stop", "--time", "20", self.name)

    def kill(self):
        _docker("kill", self.name)

    def slow_down(self, share):
        """Give it this share of a core from now on, in slices so small that hardly anything passes within one."""
        period = 10_000  # microseconds; Linux wants at least 1,000 for the share
        _docker("update", "--cpu-period", str(period), "--cpu-quota", str(round(share * period)), self.name)

    def console(self):
        logs = subprocess.run(
            ["docker", "logs", self.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return logs.stdout

    def execute(self, *command):
        """Run a command beside OctoPrint and return what it prints."""
        return _docker("exec", self.name, *command)

    def _launch(self):
        _docker("start", self.name)

    def _runs(self):
        return _docker("inspect", "--format", "{{.State.Running}}", self.name).strip() == "true"

    def _discard(self):
        _docker("rm", "--force", self.name)


class VenvServer(Server):
    """As a process of a virtual environment made by scripts/octoprint-venv."""

    process = None

    def __init__(self, venv, **options):
        super().__init__(**options)
        self.venv = venv

    def pid(self):
        return self.process.pid

    def stop(self):
        self._end(signal.SIGTERM)

    def kill(self):
        self._end(signal.SIGKILL)

    def console(self):
        return (self.folder / "console.log").read_text(errors="replace")

    def execute(self, *command):
        path = f"{self.venv / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "PATH": path}
        ).stdout

    def _launch(self):
        # fmt: off
        command = [self.venv / "bin" / "octoprint", "serve", "--iknowwhatimdoing", "--basedir", self.folder,
                   "--host", "127.0.0.1", "--port", str(self.port)]
        # fmt: on
        with open(self.folder / "console.log", "ab") as console:
            environment = {**os.environ, **self.environment}
            # Ctrl+C is for whoever started it, and is not heard by all that runs in the terminal.
            self.process = subprocess.Popen(
                command, stdout=console, stderr=console, env=environment, start_new_session=True
            )

    def _runs(self):
        return self.process.poll() is None

    def _discard(self):
        if self.process is not None and self._runs():
            self.kill()

    def _end(self, number):
        self.process.send_signal(number)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answers(url, user="reader"):
    """Whether OctoPrint itself answers there, and not yet nobody or what holds its place until it has started."""
    request = urllib.request.Request(url + "/api/version", headers={"X-Api-Key": basefolder.api_key(user)})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status == 200
    except (OSError, http.client.HTTPException):
        return False


def free_port():
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return candidate.getsockname()[1]


def _docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout
