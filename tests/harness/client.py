"""Talks to a server's HTTP API as one of the seeded users."""

import json
import urllib.error
import urllib.request
from typing import Any, NamedTuple

from octoprint_uptime.settings import DEFAULTS
from tests.harness.basefolder import api_key

PLUGIN = "/api/plugin/octoprint_uptime"
TIMEOUT_SECONDS = 30


class Answer(NamedTuple):
    status: int
    headers: Any
    text: str

    @property
    def json(self):
        return json.loads(self.text)


class Client:
    """``name`` is a seeded user; None sends no credentials."""

    def __init__(self, server, name=None):
        self.server = server
        self.name = name

    def request(self, method, path, body=None, headers=None):
        """Send a request, with ``body`` as JSON; refusals are answers like any other."""
        headers = {**self._credentials(), "Content-Type": "application/json", **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server.url + path, data, headers, method=method)
        try:
            response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as refusal:
            response = refusal
        with response:
            return Answer(response.status, response.headers, response.read().decode())

    def reading(self, query=""):
        """The plugin's document."""
        answer = self.request("GET", PLUGIN + query)
        assert answer.status == 200, answer
        return answer.json

    def settings(self):
        return self.request("GET", "/api/settings").json["plugins"]["octoprint_uptime"]

    def save(self, settings):
        """Save settings of the plugin through OctoPrint's settings API."""
        return self.request("POST", "/api/settings", {"plugins": {"octoprint_uptime": settings}})

    def reset(self):
        if self.settings() != DEFAULTS:
            assert self.save(DEFAULTS).status == 200

    def connect_printer(self):
        self.request("POST", "/api/connection", {"command": "connect", "port": "VIRTUAL", "baudrate": 0})

    def disconnect_printer(self):
        self.request("POST", "/api/connection", {"command": "disconnect"})

    def log_in(self, context):
        """Give a browser context the user's session; remembered, so that it outlives a restart of the server."""
        if self.name is not None:
            data = {"user": self.name, "pass": self.name, "remember": True}
            assert context.request.post(self.server.url + "/api/login", data=data).ok
        return context

    def _credentials(self):
        return {} if self.name is None else {"X-Api-Key": api_key(self.name)}
