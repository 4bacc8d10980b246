"""Starts an OctoPrint with the plugin, to try it out in the browser; what is done there is kept for the next start."""

import argparse
import shutil
import signal
import socket
import sys
import time

from octoprint_uptime.machine.clocks import steady_seconds
from tests.harness import basefolder, example_history
from tests.harness.prepare import DEFAULT_VERSION, make_venv
from tests.harness.servers import VenvServer
from tests.harness.wheel import ROOT, build_wheel

EXAMPLE, NONE = "example", "none"
USER = "demo"

# The shell's parent is OctoPrint: it answers the page, stops in order, and is started again below.
CONFIG = {**basefolder.AUTOCONNECT, "server": {"commands": {"serverRestartCommand": "sleep 1; kill $PPID"}}}

WELCOME = """
OctoPrint {version} with Uptime is at {url}/
Log in as "{user}" with the password "{user}".

{history}
To see a restart, choose "Restart OctoPrint" in its System menu. Your changes are kept;
make demo FRESH=yes starts over.

OctoPrint's log: {log}
Press Ctrl+C to end it.
"""
ABOUT = {
    EXAMPLE: "What happened before the first start is an example; make demo HISTORY=none has none of it.",
    NONE: "The history is your own.",
}


def main(port, version, history, fresh):
    if not _is_free(port):
        sys.exit(f"Port {port} is taken. Choose another one: make demo PORT={port + 1}")
    venv = make_venv(version, build_wheel())
    folder = folder_of(port, version, history)
    if fresh or not basefolder.is_seeded(folder):
        _begin_anew(folder, history)
    server = VenvServer(venv, folder=folder, port=port, users={USER: "admins"}, config=CONFIG)
    welcome = WELCOME.format(version=version, url=server.url, user=USER, history=ABOUT[history], log=_log(folder))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell ignores the first for background jobs
        signal.signal(number, signal.default_int_handler)  # as Ctrl+C
    try:
        _run(server, welcome)
    except KeyboardInterrupt:
        print("\nOctoPrint is being stopped.", flush=True)
    except RuntimeError as error:
        sys.exit(error)
    finally:
        server.stop()


def folder_of(port, version, history):
    """Where all of a demo is kept; two of them may run side by side."""
    return ROOT / ".cache" / f"demo-{version}-{port}-{history}"


def _begin_anew(folder, history):
    shutil.rmtree(folder, ignore_errors=True)
    if history == EXAMPLE:
        now = time.time()
        example_history.write(folder / "data" / "octoprint_uptime", now, now - steady_seconds())


def _run(server, welcome):
    """Keep OctoPrint running, as a service manager does; returns never."""
    print("OctoPrint starts …", flush=True)
    server.start()
    print(welcome, flush=True)
    while server.process.wait() == 0:
        print("OctoPrint restarts …", flush=True)
        server.start()
        print("OctoPrint is back.", flush=True)
    sys.exit(f"OctoPrint ended unexpectedly. See {_log(server.folder)}")


def _log(folder):
    return (folder / "logs" / "octoprint.log").relative_to(ROOT)


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--octoprint", default=DEFAULT_VERSION, metavar="VERSION")
    parser.add_argument("--history", choices=(EXAMPLE, NONE), default=EXAMPLE)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    main(options.port, options.octoprint, options.history, options.fresh)
