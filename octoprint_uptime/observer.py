"""What OctoPrint's events mean for the printer's clock and for the journal."""

import threading

from octoprint_uptime import sessions

# What the text of OctoPrint's state says once a connection is over, in every version and language.
OFFLINE, AFTER_ERROR = "Offline", ("Error", "Offline after error")


class Observer:
    """``printer`` is OctoPrint's. Events come from one thread, looks from any: what happened first is told first."""

    def __init__(self, printer, clock, journal):
        self._printer, self._clock, self._journal = printer, clock, journal
        self._lock = threading.RLock()
        self._asked_to_disconnect = False
        self._connected_by_look = False
        self._reason = None
        self._unexplained = False  # a connection is over, and OctoPrint may still say why
        self._undervoltage_since_boot = None
        self._handlers = {
            "Connecting": self._connecting,
            "Connected": self._connected,
            "Disconnecting": self._disconnecting,
            "Disconnected": self._disconnected,
            "Error": self._error,
            "PrinterReset": self._reset,
            "PrinterStateChanged": lambda payload: self.look(),
            "PrintStarted": self._print_started,
            "PrintFailed": self._print_failed,
            "PrintDone": lambda payload: journal.change(sessions.print_ends),
            "plugin_pi_support_throttle_state": self.throttled,
            "plugin_softwareupdate_update_succeeded": lambda payload: journal.change(sessions.ask, "update"),
            "plugin_pluginmanager_enable_plugin": self._turned_on,
            "plugin_pluginmanager_disable_plugin": self._turned_off,
            "plugin_pluginmanager_uninstall_plugin": self._turned_off,
        }

    def on_event(self, event, payload):
        """Take in one of OctoPrint's events."""
        if event in self._handlers:
            with self._lock:
                self._handlers[event](payload)

    def look(self):
        """Ask OctoPrint for the printer's state, for what no event told yet."""
        with self._lock:
            if self._printer.is_operational():
                if self._connect():
                    self._connected_by_look = True
            elif self._clock.running()[0] is not None:  # else nothing can have ended, and to ask takes OctoPrint long
                text = self._state()["text"]
                if text == OFFLINE or text.startswith(AFTER_ERROR):
                    self._disconnect(lost=text != OFFLINE, told=False)

    # ~~ The printer's connection

    def _connecting(self, payload):
        self._asked_to_disconnect, self._reason = False, None

    def _connected(self, payload):
        self._connect()
        self._connected_by_look = False

    def _connect(self):
        """Returns whether that was news; connectors of OctoPrint 2 say it twice."""
        if self._clock.running()[0] is not None:
            return False
        self._end_unexplained()
        self._clock.connected()
        id, start = self._clock.running()
        self._journal.change(sessions.connect, id, at=start)
        return True

    def _disconnecting(self, payload):
        self._asked_to_disconnect = True

    def _disconnected(self, payload):
        # Told late, after a look has seen the next connection already: it is an earlier one that ended.
        late = self._connected_by_look and self._printer.is_operational()
        if not late:
            self._disconnect(lost=not self._asked_to_disconnect)
        self._connected_by_look = False

    def _disconnect(self, lost, told=True):
        """What only a look has seen, not an event, may still be explained by one."""
        self._end_unexplained()
        if self._clock.running()[0] is None:
            return
        self._clock.disconnected()
        if lost and not told and self._why() is None:
            self._unexplained = True
        else:
            ending, reason = (sessions.LOST, self._why()) if lost else (sessions.STOPPED, None)
            self._journal.change(sessions.disconnect, ending, reason)

    def _end_unexplained(self):
        if self._unexplained:
            self._unexplained = False
            self._journal.change(sessions.disconnect, sessions.LOST, self._why())

    def _why(self):
        """OctoPrint's words for a connection that was lost, or None where it has none."""
        state = self._state()
        return self._reason or (state["text"].startswith(AFTER_ERROR) and state["error"]) or None

    def _error(self, payload):
        if payload.get("consequence") in ("disconnect", "emergency"):  # else the connection stays
            self._reason = payload["error"]

    def _reset(self, payload):
        """The printer said that it started anew, while the connection stood."""
        if self._clock.running()[0] is not None:
            self._clock.disconnected()
            self._journal.change(sessions.disconnect, sessions.RESET)
            self._connect()

    def _state(self):
        return self._printer.get_current_data()["state"]

    # ~~ What else a session remembers

    def _print_started(self, payload):
        self._journal.change(sessions.print_begins, payload["name"])

    def _print_failed(self, payload):
        # OctoPrint fails a print whose connection ends, and cancels one whose printer restarts: each in another thread
        # than that which tells of the connection.
        explained_by = {"error": (sessions.LOST, sessions.STOPPED), "cancelled": (sessions.RESET,)}
        self._journal.change(sessions.print_ends, () if "user" in payload else explained_by[payload["reason"]])

    def throttled(self, state):
        """Take in what OctoPrint's Pi Support Plugin says of the supply voltage."""
        now, since_boot = bool(state["current_undervoltage"]), bool(state["past_undervoltage"])
        # A dip that is shorter than its look is only ever past.
        now = now or (since_boot and self._undervoltage_since_boot is False)
        self._undervoltage_since_boot = since_boot
        self._journal.change(sessions.report_undervoltage, now, since_boot)

    def _turned_off(self, payload):
        if payload["id"] == "octoprint_uptime":
            self._journal.change(sessions.leave, True)

    def _turned_on(self, payload):
        if payload["id"] == "octoprint_uptime":
            self._journal.change(sessions.leave, False)
