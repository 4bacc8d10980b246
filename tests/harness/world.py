"""A blank page on which time passes as a test likes; what happens there is written in world.js."""

from pathlib import Path

from tests.harness.wheel import ROOT

HOUR, DAY = 3600, 86400

FOLDER = ROOT / "octoprint_uptime" / "static" / "js"
PURE = ("model/durations", "model/clocks", "model/timeline", "sync")
SCRIPTS = [
    *(FOLDER / f"{name}.js" for name in PURE),
    Path(__file__).with_suffix(".js"),
]


class World:
    """``options``: pollSeconds, unit, latency, ppm; an attribute is one of the world in the page."""

    def __init__(self, page, options):
        super().__setattr__("page", page)
        page.evaluate("(options) => { window.world = new World(options); }", options)

    def __getattr__(self, name):
        return self.page.evaluate(f"world.{name}")

    def __setattr__(self, name, value):
        self.page.evaluate(f"(value) => {{ world.{name} = value; }}", value)

    def do(self, method, *arguments):
        """Call a method, and wait for what it promises."""
        return self.page.evaluate(f"(all) => world.{method}(...all)", list(arguments))

    def start(self, *methods):
        """Call methods of ``sync`` one after the other, without time to pass between them or after."""
        self.page.evaluate("(methods) => methods.forEach((method) => { world.sync[method](); })", list(methods))
