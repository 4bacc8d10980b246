"""Makes ready what the browser tests run against: Docker images, or virtual environments without Docker.

python -m tests.harness.prepare VERSION...

The plugin is a wheel of the sources as they are, or the file that the environment variable PLUGIN_PACKAGE names.
"""

import os
import subprocess
import sys
from contextlib import contextmanager

from tests.harness.image import build_image
from tests.harness.servers import DockerServer, VenvServer
from tests.harness.wheel import ROOT, build_wheel

DEFAULT_VERSION = "1.11.8"


def prepare(version, with_plugin=True):
    """Return a function that makes a server with this version of OctoPrint; its options are those of Server."""
    package = (os.environ.get("PLUGIN_PACKAGE") or build_wheel()) if with_plugin else None
    if docker_answers():
        image = build_image(version, package)
        return lambda **options: DockerServer(image, **options)
    venv = make_venv(version, package)
    return lambda **options: VenvServer(venv, **options)


@contextmanager
def started_servers(version):
    """A function that makes and starts servers of this version; each is removed at the end, also after a failure."""
    make = prepare(version)
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
    venv = ROOT / ".cache" / (f"octoprint-{version}" if package else f"octoprint-{version}-bare")
    subprocess.run([ROOT / "scripts" / "octoprint-venv", version, venv], check=True, cwd=ROOT)
    install = ["install", "--no-deps", "--no-cache-dir", "--force-reinstall", package]
    uninstall = ["uninstall", "--yes", "OctoPrint-Uptime"]  # an earlier test may have installed it
    subprocess.run([venv / "bin" / "pip", "--quiet", *(install if package else uninstall)], check=True)
    return venv


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
