"""The recipe for Home Assistant, made ready for a test, and what came of it."""

import time

from tests.harness.fake_api import KEY
from tests.harness.home_assistant import HomeAssistant, stock_configuration
from tests.harness.markdown import blocks
from tests.harness.wheel import ROOT

DOCUMENT = ROOT / "docs" / "recipes.md"
(RECIPE,) = [block.code for block in blocks(DOCUMENT, "yaml") if block.code.startswith("rest:")]
(PACKAGES,) = [block.code for block in blocks(DOCUMENT, "yaml") if "packages:" in block.code]

# The recipe as it stands, but for the address and for its patience.
FASTER = {"scan_interval: 60": "scan_interval: 1", 'minutes: "/1"': 'seconds: "/2"'}

TIMES = ["sensor.octoprint_host_started", "sensor.octoprint_started", "sensor.octoprint_printer_connected"]
SENSORS = [*TIMES, *(f"sensor.octoprint_{name}" for name in ("session_now", "printer_lost_now", "last_ending"))]

OWN_AUTOMATION = """
- id: "1"
  alias: Of the user
  triggers: [{trigger: state, entity_id: sun.sun}]
  actions: [{delay: 1}]
"""


def recipe_for(address):
    text = RECIPE.replace("http://octopi.local", address)
    for slow, fast in FASTER.items():
        assert slow in text
        text = text.replace(slow, fast)
    return text


def make_home_assistant(folder, configuration, key=KEY, **files):
    """A Home Assistant as it is after its installation, with this added to its configuration, and an automation."""
    (folder / "themes").mkdir()
    stock = {
        "automations.yaml": OWN_AUTOMATION,
        "scripts.yaml": "{}",
        "scenes.yaml": "[]",
        "secrets.yaml": f"octoprint_api_key: {key}\n",
    }
    return HomeAssistant(folder, stock_configuration() + configuration, {**stock, **files})


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def complaints(home_assistant):
    """What Home Assistant logged, but for what it says of the tests' integration and of its own libraries."""
    known = ("homeassistant.loader", "aiohttp_fast_zlib")
    return [text for _, logger, text in home_assistant.records() if logger not in known]


class Since:
    """What happened in Home Assistant since this was made: (changes of our sensors, messages, complaints)."""

    def __init__(self, home_assistant):
        self._home_assistant = home_assistant
        self._before = self._all()

    def _all(self):
        seen = self._home_assistant
        changes = [change for change in seen.changes() if "octoprint" in change[0]]
        return changes, seen.messages(), complaints(seen)

    def __call__(self):
        return tuple(now[len(before) :] for now, before in zip(self._all(), self._before))
