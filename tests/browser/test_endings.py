"""How OctoPrint ended, as the next one judges it: every way that there is, with a real OctoPrint."""

import os
import signal
import time

import pytest

from tests.harness.client import Client
from tests.harness.histories import ask, ended, history, running, wait_until
from tests.harness.printer import VirtualPrinter

# The shell that OctoPrint starts for a command ends OctoPrint, as systemd would; the answer is out by then.
STOP = "sleep 1 && kill -TERM $PPID"
COMMANDS = {"serverRestartCommand": STOP, "systemRestartCommand": STOP, "systemShutdownCommand": STOP}

LINGERS = """
import threading, time
import octoprint.plugin
__plugin_name__ = "Lingers"
__plugin_pythoncompat__ = ">=3.9,<4"

def linger():
    threading.main_thread().join()
    time.sleep(8)

class Lingers(octoprint.plugin.StartupPlugin):
    def on_after_startup(self):
        threading.Thread(target=linger).start()

__plugin_implementation__ = Lingers()
"""

BLOCKS = """
import time
import octoprint.plugin
__plugin_name__ = "Blocks"
__plugin_pythoncompat__ = ">=3.9,<4"

class Blocks(octoprint.plugin.EventHandlerPlugin):
    def on_event(self, event, payload):
        if event == "Connecting":
            time.sleep(40)

__plugin_implementation__ = Blocks()
"""


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server(config={"server": {"commands": COMMANDS}})
    yield server
    server.stop()


def hang_up(server):
    os.kill(server.pid(), signal.SIGHUP)


def wait_until_gone(server):
    wait_until(lambda: not server._runs(), "the stop")


WAYS = {
    "SIGTERM": (lambda server: server.stop(), "stopped", None),
    "SIGKILL": (lambda server: server.kill(), "silent", None),
    "restart": (lambda server: ask(server, "restart"), "stopped", "restart"),
    # The host went on: what was requested did not happen, and is not why OctoPrint stopped.
    "reboot": (lambda server: ask(server, "reboot"), "stopped", None),
    "shutdown": (lambda server: ask(server, "shutdown"), "stopped", None),
}
# What every OctoPrint has to pass each time.
SMOKE = ["SIGTERM", "SIGKILL", "restart"]


@pytest.mark.parametrize("way", [pytest.param(way, marks=[pytest.mark.smoke] if way in SMOKE else []) for way in WAYS])
def test_octoprint_knows_how_the_former_one_ended(server, way):
    end, ending, asked = WAYS[way]
    (before,) = running(server, "octoprint")
    host = running(server, "host")

    moment = time.time()
    end(server)
    wait_until_gone(server)
    server.start()

    last = ended(server, "octoprint")[0]
    assert (last["session"], last["ending"], last["asked"]) == (before["session"], ending, asked)
    assert last["started"] == before["started"]
    assert last["ended"] <= utc(moment + 5)
    if ending == "stopped":
        assert utc(moment - 1) <= last["ended"] == last["ended_before"]
    # The host went on, whatever OctoPrint was asked for.
    assert [(one["session"], one["ending"]) for one in running(server, "host")] == [(host[0]["session"], None)]
    assert not ended(server, "host")
    assert running(server, "octoprint")[0]["watched_before"] is True


def utc(timestamp):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(timestamp))


def stop_in_vain(server):
    """As systemd does with what does not stop, sooner."""
    os.kill(server.pid(), signal.SIGTERM)
    time.sleep(3)
    assert server._runs()
    server.kill()


def test_octoprint_that_hangs_up_has_ended_silently(server):
    if server.execute("sh", "-c", "echo $PPID").strip() == "0":  # in a container, where nothing hangs up
        return
    hang_up(server)
    wait_until_gone(server)
    server.start()

    assert ended(server, "octoprint")[0]["ending"] == "silent"


RESTART = "/api/system/commands/core/restart"


@pytest.mark.parametrize(
    "refuse",
    [
        lambda server: ask(server, "restart", "user"),
        lambda server: ask(server, "restart", None),
        lambda server: Client(server).request("OPTIONS", RESTART).status,
        lambda server: Client(server, "admin").request("OPTIONS", RESTART).status,
        lambda server: Client(server, "admin").request("GET", RESTART).status,
    ],
    ids=["without permission", "anonymous", "anonymous preflight", "preflight", "wrong method"],
)
def test_a_request_that_runs_no_command_is_not_why_octoprint_stopped(server, refuse):
    assert refuse(server) in (200, 400, 403, 405)
    server.restart()

    last = ended(server, "octoprint")[0]
    assert (last["ending"], last["asked"]) == ("stopped", None)


def test_a_request_that_is_refused_does_not_erase_one_that_was_accepted(server):
    assert ask(server, "restart") == 204
    assert ask(server, "restart", None) in (400, 403)
    assert ask(server, "reboot", "user") == 403
    wait_until_gone(server)
    server.start()

    assert ended(server, "octoprint")[0]["asked"] == "restart"


def test_a_stop_is_noticed_while_another_plugin_holds_python_back(make_server):
    server = make_server(plugins={"lingers.py": LINGERS})
    stopped = time.time()
    stop_in_vain(server)
    server.start()

    (last,) = ended(server, "octoprint")
    assert last["ending"] == "stopped"
    assert utc(stopped - 1) <= last["ended"] <= utc(stopped + 2)
    server.kill()


def test_a_stop_is_noticed_while_another_plugin_blocks_the_events(make_server):
    server = make_server(plugins={"blocks.py": BLOCKS})
    VirtualPrinter(Client(server, "admin")).connect()
    stop_in_vain(server)
    server.start()

    assert ended(server, "octoprint")[0]["ending"] == "stopped"
    server.stop()


def test_nothing_is_recorded_before_the_first_start(make_server):
    server = make_server()
    told = history(server)

    assert told["recording"] is True
    assert [session["clock"] for session in told["sessions"]] == ["octoprint", "host"]
    assert {session["watched_before"] for session in told["sessions"]} == {False}
    assert told["recorded_from"] is not None
    server.stop()
