"""Hundreds of bad settings and bad queries, through OctoPrint's real API: nothing breaks, nothing is lost."""

import http.client
import json
import os
from typing import NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from octoprint_uptime.settings import DEFAULTS
from scripts.translations import catalogs
from tests.harness.basefolder import api_key
from tests.harness.client import PLUGIN
from tests.harness.logs import failures

# The bounds once more, independent of the code that is tested.
FORMATS = ["full", "dhm", "dh", "d", "short"]
NUMBERS = {
    "compact_toggle_interval_seconds": range(5, 61),
    "poll_interval_seconds": range(5, 3601),
    "history_days": range(3661),
}
SWITCHES = DEFAULTS.keys() - NUMBERS.keys() - {"display_format"}

MARKUP = "<img src=x onerror=alert(1)>"
RIGHT_TO_LEFT = "\u202ellufs\u202c"
ATTACKS = [MARKUP, RIGHT_TO_LEFT, "\0", "\ud800", "../../etc/passwd", "{{7*7}}", "%(seconds)s", ""]
MEGABYTE = "<b>" + "x" * 2**20
LARGEST_BODY = 100 * 1024  # OctoPrint hangs up on what is larger, and on 64 KB of headers

NO_SETTINGS = ["", "{", "[]", "5", "null", '{"plugins":', '"\\ud800"', '{"plugins":{}}', "\xff", "1" * 5000]

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))  # make test-all takes 1000

thorough = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,  # the same ones each time
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Answer(NamedTuple):
    status: int
    text: str


class Connection:
    """Keeps one connection to the server for all its requests, and knows which settings are stored."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.stored = None
        self.save("{}")

    def send(self, method, path, body=None, name="admin", **headers):
        headers = {"X-Api-Key": api_key(name), "Content-Type": "application/json", **headers}
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            return Answer(response.status, response.read().decode())
        except ConnectionError:
            assert len(path) > 64 * 1024 or len(body) > LARGEST_BODY
            self.connection.close()
            return Answer(413, "")

    def save(self, body):
        """Send settings; whatever the answer, know afterwards what is stored."""
        status, text = self.send("POST", "/api/settings", body)
        if status != 200:
            _, text = self.send("GET", "/api/settings")
        self.stored = json.loads(text)["plugins"]["octoprint_uptime"]
        return status


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server()
    yield server
    assert failures(server.log()) == []
    server.stop()


@pytest.fixture(scope="module")
def connection(server):
    return Connection(server)


def fits(key, value):
    if key in NUMBERS:
        return type(value) is int and value in NUMBERS[key]
    if key in SWITCHES:
        return type(value) is bool
    return key == "display_format" and type(value) is str and value in FORMATS


texts = st.one_of(st.sampled_from(ATTACKS + FORMATS), st.text(st.characters(exclude_categories=()), max_size=50))
edges = st.sampled_from([4, 5, 60, 61, 3600, 3601, 5.0, -1, 10**4000, float("nan")])
numbers = st.one_of(edges, st.integers(-10, 4000), st.integers(), st.floats())
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8)
keys = st.one_of(st.sampled_from(sorted(DEFAULTS)), st.sampled_from(["_config_version", "__class__", "plugins"]), texts)
mixed = st.dictionaries(keys, values)
valid = {key: st.sampled_from(bounds) for key, bounds in NUMBERS.items()}
valid.update({key: st.booleans() for key in sorted(SWITCHES)}, display_format=st.sampled_from(FORMATS))
partly_valid = st.tuples(mixed, st.fixed_dictionaries({}, optional=valid)).map(lambda both: {**both[0], **both[1]})
payloads = st.one_of(values, mixed, partly_valid)


@thorough
@given(payloads)
@example(MEGABYTE)
@example({"display_format": MEGABYTE})
@example({MEGABYTE: True, "compact_display": True})
@example({"display_format": MEGABYTE[:100_000], "show_tab": [MARKUP] * 10})
def test_only_what_is_valid_is_stored_and_nothing_else_changes(connection, payload):
    body = json.dumps({"plugins": {"octoprint_uptime": payload}})
    former = connection.stored

    assert connection.save(body) == (200 if len(body) <= LARGEST_BODY else 413)

    sent = payload if isinstance(payload, dict) and len(body) <= LARGEST_BODY else {}
    assert connection.stored == {**former, **{key: value for key, value in sent.items() if fits(key, value)}}


def test_however_deep_a_value_is_nested_it_is_refused(connection):
    former = connection.stored

    # Python allows about a thousand calls within each other; a little below, OctoPrint itself gives up.
    for depth in [*range(1, 900, 100), *range(900, 1000)]:
        connection.save('{"plugins":{"octoprint_uptime":{"show_tab":%s}}}' % ("[" * depth + "]" * depth))
        assert connection.stored == former


@pytest.mark.parametrize("body", NO_SETTINGS)
def test_a_body_that_is_no_settings_changes_nothing(connection, body):
    former = connection.stored

    assert connection.save(body.encode("latin-1")) < 500

    assert connection.stored == former


locales = st.sampled_from(["de", "pl", "zh", "zh_Hant_TW", "de-AT", "xx", "None", "de_XX", "*", ",", "en,de", *ATTACKS])
query_values = st.one_of(
    locales,
    st.sampled_from(["patterns", "history", "patterns,history", "0", "7", "3661", "1e3"]),
    st.lists(locales).map(",".join),
    texts,
)
pairs = st.tuples(st.sampled_from(["l10n", "include", "days", "L10N", "_", ""]), query_values)
encoded = st.lists(pairs, max_size=6).map(
    lambda items: "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in items)
)
malformed = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=80)
repeated = st.just("&".join(["l10n=de"] * 900))
queries = st.one_of(encoded, malformed, malformed.map(lambda text: "l10n=" + text), repeated)


@thorough
@given(queries, locales | st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f")))
def test_whatever_is_asked_the_answer_is_the_document(connection, query, locale):
    header = locale.encode("latin-1", "ignore").replace(b"\0", b"")

    answer = connection.send("GET", f"{PLUGIN}?{query}", name="reader", **{"X-Locale": header})

    assert answer.status == 200
    reading = json.loads(answer.text)
    assert reading["uptime_available"] is True
    assert reading["locale"] in {"en", *catalogs()}


def test_a_query_of_a_megabyte_does_no_harm(connection):
    answer = connection.send("GET", f"{PLUGIN}?l10n={'x' * 2**20}", name="reader")

    assert answer.status in (200, 400, 413)
