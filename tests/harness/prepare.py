"""Makes ready what the browser tests run against: Docker images, or virtual environments without Docker.

python -m tests.harness.prepare VERSION...

The plugin is a wheel of the sources as they are, or the file that the environment variable PLUGIN_PACKAGE names.
"""

import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.harness.image import build_image, image_name
from tests.harness.servers import DockerServer, VenvServer
from tests.harness.wheel import ROOT, build_wheel

DEFAULT_VERSION = "1.11.8"


def prepare(version, with_plugin=True):
    """Return a function that makes a server with this version of OctoPrint; its options are those of Server."""
    package = (os.environ.get("PLUGIN_PACKAGE") or build_wheel()) if with_plugin else None
    if docker_answers():
        build_image(version, package)
    else:
        make_venv(version, package)
    return prepared(version, with_plugin)


def prepared(version, with_plugin=True):
    """The same without making anything ready, for one of several who use at the same time what is."""
    if docker_answers():
        return partial(DockerServer, image_name(version, with_plugin))
    return partial(VenvServer, venv_path(version, with_plugin))


@contextmanager
def started_servers(make):
    """A function that makes and starts servers; each is removed at the end, also after a failure."""
    servers = []

    def make_and_start(**options):
        servers.append(make(**options))
        servers[-1].start()
        return servers[-1]

    try:
        yield make_and_start
    finally:
        for server in servers:
            server.remove()


def docker_answers():
    try:
        return subprocess.run(["docker", "info"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def make_venv(version, package):
    """A virtual environment with this version of OctoPrint and the plugin; without a package, no plugin."""
    venv = venv_path(version, package)
    subprocess.run([ROOT / "scripts" / "octoprint-venv", version, venv], check=True, cwd=ROOT)
    if package:
        _install(venv, Path(package))
    else:  # an earlier test may have installed it
        subprocess.run([venv / "bin" / "pip", "--quiet", "uninstall", "--yes", "OctoPrint-Uptime"], check=True)
    return venv


def _install(venv, package):
    """Not again what is there: a server of another test may be running from it."""
    mark, wanted = venv / ".plugin", hashlib.sha256(package.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return
    install = ["install", "--no-deps", "--no-cache-dir", "--force-reinstall", package]
    subprocess.run([venv / "bin" / "pip", "--quiet", *install], check=True)
    mark.write_text(wanted)


def venv_path(version, with_plugin):
    return ROOT / ".cache" / (f"octoprint-{version}" if with_plugin else f"octoprint-{version}-bare")


def say_where():
    """Whether in Docker, which CI has to have."""
    if docker_answers():
        print("The browser tests run against OctoPrint in Docker.")
    elif os.environ.get("CI") == "true":
        sys.exit("CI needs Docker.")
    else:
        print("The browser tests run against OctoPrint in a virtual environment.")


def main(versions):
    say_where()
    for version in versions:
        print(f"Preparing OctoPrint {version}", flush=True)
        prepare(version)


if __name__ == "__main__":
    main(sys.argv[1:])
