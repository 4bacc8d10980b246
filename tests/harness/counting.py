"""A page on which time passes as the test likes, and a server that keeps pace with it."""

from octoprint_uptime.history.boots import FINGERPRINT_DIGITS

HOUR, DAY = 3600, 86400
VIEW_MODEL = "OctoPrint.coreui.viewmodels.uptimeViewModel"
SYNC = f"{VIEW_MODEL}.sync"
ANSWER = {"seconds": 10 * DAY + 0.5, "octoprint_seconds": 5 * HOUR + 0.5}

# From then on, OctoPrintUptime.wakes counts how often the timer went off.
COUNT_WAKES = """() => {
    const { prototype } = OctoPrintUptime.Sync;
    const wake = prototype.wake;
    OctoPrintUptime.wakes = 0;
    prototype.wake = function () {
        OctoPrintUptime.wakes += 1;
        wake.call(this);
    };
}"""


class FakeServer:
    """Answers the page's requests as the real server would whose clocks stand at ``seconds``."""

    def __init__(self):
        self.fields = dict(ANSWER)
        self.sessions = {}
        self.document = None
        self.failure = None
        self.requests = 0

    def serve(self, page):
        page.clock.install()
        page.route("**/api/plugin/octoprint_uptime?*", self._answer)

    def restart(self, *clocks):
        """Let clocks begin anew, or for the first time."""
        for clock in clocks:
            prefix = "" if clock == "host" else f"{clock}_"
            self.fields[f"{prefix}seconds"] = 0.5
            self.sessions[f"{prefix}session"] = f" another {len(self.sessions)} {self.requests} {clock}"

    def advance(self, seconds):
        self.fields = {name: value + seconds for name, value in self.fields.items()}

    def _answer(self, route):
        self.requests += 1
        if isinstance(self.failure, int):
            route.fulfill(status=self.failure, json={"error": "refused"})
        elif self.failure:
            route.abort(self.failure)
        else:
            self.document = self.document or route.fetch().json()
            fingerprint = self.document["octoprint_session"][:FINGERPRINT_DIGITS]
            sessions = {field: fingerprint + rest for field, rest in self.sessions.items()}
            route.fulfill(json={**self.document, **self.fields, **sessions})


def wall_seconds(page):
    return page.evaluate("Date.now()") / 1000


def hide(page, hidden=True):
    """Tell the page that its browser tab was hidden or shown, as the browser would."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def shown_seconds(page):
    """What the host's clock stands at, whether or not it was drawn since."""
    return page.evaluate(f"OctoPrintUptime.clocks.secondsAt({VIEW_MODEL}.clocks().host, performance.now())")


def pass_time(page, fake, seconds, step=2):
    """Let time pass alike for the page and for the server; no answer takes longer than a step."""
    for _ in range(0, seconds, step):
        fake.advance(step)
        page.clock.run_for(step * 1000)
        page.evaluate(f"{SYNC}.inFlight")
