"""The virtual printer of a server, as OctoPrint's own API sees it."""

import time

TIMEOUT_SECONDS = 120

# Two minutes of waiting, a little at a time.
LONG_PRINT = "G28\n" + "G4 P100\n" * 1200


class VirtualPrinter:
    """Does nothing behind the back of the plugin, and does not ask it: that alone would make it look at the printer."""

    def __init__(self, admin):
        self._admin = admin

    def connect(self):
        self._admin.connect_printer()
        self.wait_until_operational()

    def disconnect(self):
        self._admin.disconnect_printer()
        self.wait_until_operational(False)

    def send(self, command):
        answer = self._admin.request("POST", "/api/printer/command", {"command": command})
        assert answer.status == 204, answer

    def start_print(self, name):
        """Print a file that the server has."""
        answer = self._admin.request("POST", f"/api/files/local/{name}", {"command": "select", "print": True})
        assert answer.status == 204, answer

    def wait_until_printed_for(self, seconds):
        """Wait until OctoPrint itself has counted so many seconds of the print."""
        while (self._admin.request("GET", "/api/job").json["progress"]["printTime"] or 0) < seconds:
            time.sleep(1)

    def wait_until_operational(self, expected=True):
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while self.is_operational() != expected:
            assert time.monotonic() < deadline, f"the printer is not what it should be: {self._connection()}"
            time.sleep(0.05)

    def is_operational(self):
        return self._connection()["state"] == "Operational"

    def _connection(self):
        return self._admin.request("GET", "/api/connection").json["current"]
