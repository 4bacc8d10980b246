"""The recipes for the Event Manager and for MQTT, with the events of a real OctoPrint.

OctoPrint-MQTT comes from no registry, so what it sends is held against the payload that it is handed.
"""

import json
import os
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from tests.harness.client import Client
from tests.harness.markdown import blocks
from tests.harness.printer import VirtualPrinter
from tests.harness.wheel import HARNESS, ROOT

DOCUMENT = ROOT / "docs" / "recipes.md"
(RULE,) = [block.code for block in blocks(DOCUMENT, "yaml") if block.code.startswith("events:")]
(TOPICS,) = [block.code.split() for block in blocks(DOCUMENT, "text")]
(MESSAGE,) = [json.loads(block.code) for block in blocks(DOCUMENT, "json")]

RECORDER = (HARNESS / "recorder_plugin.py").read_text()
# Half a minute after its start OctoPrint begins to tell.
TIMEOUT_SECONDS = 90


@pytest.fixture(scope="module")
def ntfy():
    """A stand-in for the service that passes messages on."""
    messages = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            messages.append((self.path, self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        server.messages = messages
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def octoprint(make_octoprint, ntfy):
    assert "https://ntfy.sh/" in RULE
    rule = yaml.safe_load(RULE.replace("https://ntfy.sh/", f"http://127.0.0.1:{ntfy.server_port}/"))
    return make_octoprint(config=rule, plugins={"recorder.py": RECORDER})


def wait_for(found):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def events(octoprint):
    path = octoprint.folder / "data" / "recorder" / "events.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture(scope="module")
def told(octoprint, ntfy):
    """A printer was disconnected, and OctoPrint was killed and started again."""
    printer = VirtualPrinter(Client(octoprint, "admin"))
    printer.connect()
    printer.disconnect()
    wait_for(lambda: len(ntfy.messages) == 1)
    printer.connect()  # goes with OctoPrint, without a message
    octoprint.kill()
    octoprint.start()
    wait_for(lambda: len(ntfy.messages) == 2)
    return ntfy.messages


def test_the_event_manager_offers_the_events(octoprint):
    settings = Client(octoprint, "admin").request("GET", "/api/settings").json
    offered = settings["plugins"]["eventmanager"]["availableEvents"]

    assert {topic.rpartition("/")[2] for topic in TOPICS} <= set(offered)


def test_the_rule_sends_one_message_for_each_end(told):
    ends = ["printer ended, stopped", "octoprint ended, silent"]
    assert told == [("/YOUR_TOPIC", f"{os.uname().nodename}: {end}") for end in ends]


def test_the_rule_uses_no_text_that_somebody_else_chose():
    assert set(re.findall(r"\{(\w+)\}", RULE)) == {"clock", "ending"}


def test_mqtt_is_handed_the_events_of_the_topics(octoprint, told):
    assert {f"octoPrint/event/{event}" for event, _ in events(octoprint)} == set(TOPICS[:2])


def test_mqtt_is_handed_the_payload_of_the_document(octoprint, told):
    added = {"_event", "_timestamp"}

    for event, payload in events(octoprint):
        assert set(payload) == set(MESSAGE) - added
        assert all(not isinstance(value, (dict, list)) for value in payload.values()), "it is not flat"
        assert (payload["ending"] is None) == event.endswith("started")
    assert MESSAGE["_event"] in {event for event, _ in events(octoprint)}
