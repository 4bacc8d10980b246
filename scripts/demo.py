"""Starts an OctoPrint with the plugin in a throw-away base folder, to try it out in the browser."""

import argparse
import shutil
import socket
import subprocess
import sys

from tests.harness import basefolder
from tests.harness.prepare import DEFAULT_VERSION, make_venv
from tests.harness.wheel import ROOT, build_wheel

WELCOME = """
OctoPrint {version} with Uptime starts at http://127.0.0.1:{port}/
Log in as "demo" with the password "demo". Press Ctrl+C to end it.
"""


def main(port, version):
    if not _is_free(port):
        sys.exit(f"Port {port} is taken. Choose another one: make demo PORT={port + 1}")
    venv = make_venv(version, build_wheel())
    folder = ROOT / ".cache" / f"demo-{port}"  # two demos may run side by side
    shutil.rmtree(folder, ignore_errors=True)
    basefolder.seed(folder, {"demo": "admins"}, basefolder.ONLINE)
    print(WELCOME.format(version=version, port=port), flush=True)
    _serve(venv / "bin" / "octoprint", folder, port)


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _serve(octoprint, folder, port):
    serve = ["serve", "--iknowwhatimdoing", "--basedir", folder, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen([octoprint, *serve])
    try:
        sys.exit(process.wait())
    except KeyboardInterrupt:
        process.wait()  # the terminal told OctoPrint too


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--octoprint", default=DEFAULT_VERSION, metavar="VERSION")
    options = parser.parse_args()
    main(options.port, options.octoprint)
