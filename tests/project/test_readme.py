"""README and docs are complete and current."""

import json
import re

import pytest
import yaml
from babel import Locale

from octoprint_uptime.durations import FORMATS, format_duration
from octoprint_uptime.history.schema import MOST_SESSIONS
from octoprint_uptime.settings import BOUNDS, DEFAULTS
from scripts.translations import catalogs
from tests.harness.markdown import DOCUMENTS, links, names, table
from tests.harness.prepare import DEFAULT_VERSION
from tests.harness.wheel import ROOT, WHEELS

README, SETTINGS = ROOT / "README.md", ROOT / "docs" / "settings.md"
MAKEFILE = (ROOT / "Makefile").read_text()
TEXT = "\n".join(document.read_text() for document in DOCUMENTS)

# What runs make without being a document.
CALLERS = [ROOT / ".github" / "workflows" / "test.yml", ROOT / "compose.yaml", ROOT / ".ci" / "run"]

EXAMPLE_SECONDS = 93784
EXAMPLE_SECONDS_WITHIN_AN_HOUR = 59 * 60 + 4


def default_in_words(key):
    default = DEFAULTS[key]
    return f"`{default}`" if isinstance(default, str) else json.dumps(default)


def values_in_words(key):
    if key in BOUNDS:
        return "{} to {}".format(*BOUNDS[key])
    return ", ".join(f"`{name}`" for name in FORMATS) if key == "display_format" else "true, false"


def test_the_docs_have_every_setting_with_its_default_and_its_bounds():
    rows = [row[1:4] for row in table(SETTINGS, "on the page")]

    assert rows == [[f"`{key}`", default_in_words(key), values_in_words(key)] for key in DEFAULTS]


def test_the_docs_say_of_every_setting_what_it_does():
    assert [row[1] for row in table(SETTINGS, "on the page") if not row[0] or not row[4]] == []


def test_the_docs_say_how_much_is_kept():
    (kept,) = [row[4] for row in table(SETTINGS, "on the page") if row[1] == "`history_days`"]

    assert re.search(r"the latest (\d+) starts", kept)[1] == str(MOST_SESSIONS)


@pytest.mark.parametrize("label", [row[0] for row in table(SETTINGS, "on the page")])
def test_a_setting_has_the_label_that_the_page_has(label):
    template = (ROOT / "octoprint_uptime" / "templates" / "octoprint_uptime_settings.jinja2").read_text()

    for part in label.split(": "):
        assert re.search(rf'_\("{part}\b', template)


def test_the_docs_have_every_format_with_an_example():
    examples = {names(row[0])[0]: row[1] for row in table(SETTINGS, "format")}
    short = [format_duration(seconds, "short") for seconds in (EXAMPLE_SECONDS, EXAMPLE_SECONDS_WITHIN_AN_HOUR)]

    assert list(examples) == list(FORMATS)
    assert examples.pop("short") == "the two largest units: {}, then {}".format(*short)
    assert examples == {name: format_duration(EXAMPLE_SECONDS, name) for name in examples}


def test_the_readme_names_every_language():
    (listed,) = re.findall(r"All texts are translated into (.*?)\.", README.read_text())
    listed = {re.sub(r"^Brazilian | \(.*", "", name) for name in re.split(", | and (?=U)", listed)}

    assert listed == {Locale.parse(locale).get_language_name("en") for locale in catalogs()}


def test_the_readme_names_every_octoprint_that_is_tested():
    (versions,) = re.findall(r"^SUPPORTED_VERSIONS := (.*)$", MAKEFILE, re.MULTILINE)
    (named,) = re.findall(r"tested with OctoPrint (.*?), and on", README.read_text())

    assert re.split(", | and ", named) == versions.split()


def targets_of_the_help():
    return re.findall(r"^# make ([\w-]+)", MAKEFILE, re.MULTILINE)


def targets():
    return set(" ".join(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)).split())


def called_targets(text):
    """The targets that a text runs: indented commands, steps of a workflow, and code between backticks."""
    return set(re.findall(r"^(?: +|#  +|)(?:- run: )?make ([\w-]+)|`make ([\w-]+)", text, re.MULTILINE))


@pytest.mark.parametrize("target", targets_of_the_help())
def test_a_target_of_the_help_is_documented(target):
    assert re.search(rf"\bmake {target}\b(?!-)", TEXT)


def test_every_make_command_that_is_named_anywhere_exists():
    text = "\n".join([TEXT, *(caller.read_text() for caller in CALLERS)])
    called = {target for found in called_targets(text) for target in found if target}

    assert {"test", "demo", "wheel"} <= called
    assert called - targets() == set()


def steps(job):
    return yaml.safe_load(CALLERS[0].read_text())["jobs"][job]["steps"]


def test_the_workflow_and_the_ci_run_the_same_command():
    assert steps("test")[-1] == {"run": "make test"}
    assert CALLERS[2].read_text().splitlines()[-1] == "make test"


def test_the_workflow_gives_octoprint_s_own_tests_the_wheel_that_make_wheel_builds():
    *_, build, test = steps("end-to-end")

    assert build == {"run": "make wheel"}
    assert test["uses"] == "OctoPrint/actions/e2e@main"
    assert test["with"]["deps"] == f"${{{{ github.workspace }}}}/{WHEELS.relative_to(ROOT)}/*.whl"


def test_compose_takes_the_wheel_that_make_wheel_builds_and_the_octoprint_that_is_tested():
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["octoprint"]

    assert ROOT / service["build"]["context"] == WHEELS
    assert f"OctoPrint=={DEFAULT_VERSION}\n" in service["build"]["dockerfile_inline"]
    assert service["ports"] == ["127.0.0.1:5000:5000"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document):
    missing = [target for target in links(document) if not (document.parent / target).exists()]

    assert missing == []


def test_there_are_links_and_pictures_to_check():
    assert "docs/images/page-en.png" in links(README)


def test_every_document_can_be_found_from_the_readme():
    found, new = set(), {README}
    while new:
        found |= new
        targets = {(document.parent / target).resolve() for document in new for target in links(document)}
        new = {target for target in targets if target.suffix == ".md"} & set(DOCUMENTS) - found

    assert set(DOCUMENTS) - found == set()
