"""extras/octoprint_uptime.md has what OctoPrint's plugin repository asks for, and says what the plugin itself says."""

import ast
import datetime
import re

import pytest
import yaml

from tests.harness.wheel import ROOT

FILE = ROOT / "extras" / "octoprint_uptime.md"
_, HEAD, TEXT = FILE.read_text().split("---\n", 2)
REGISTRATION = yaml.safe_load(HEAD)

# As validate_front_matter.py of the plugin repository has them.
REQUIRED = {
    "layout": str,
    "id": str,
    "title": str,
    "description": str,
    "authors": list,
    "license": str,
    "date": datetime.date,
    "homepage": str,
    "source": str,
    "archive": str,
}
OPTIONAL = {"tags": list, "screenshots": list, "featuredimage": str, "compatibility": dict}

IMAGES = "/assets/img/plugins/octoprint_uptime/"


def of_pyproject(key):
    """A text of pyproject.toml; Python reads TOML itself only since 3.11."""
    (value,) = re.findall(rf'^{key} = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    return value


def constants(path):
    """The constants that a module assigns at its top, by name."""
    assigned = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign)]
    pairs = [(ast.unparse(node.targets[0]), node.value) for node in assigned]
    return {name: ast.literal_eval(value) for name, value in pairs if isinstance(value, ast.Constant)}


def test_there_are_all_required_fields_and_none_that_is_unknown():
    assert set(REQUIRED) - set(REGISTRATION) == set()
    assert set(REGISTRATION) - set(REQUIRED) - set(OPTIONAL) == set()


@pytest.mark.parametrize("field", REGISTRATION)
def test_a_field_has_the_type_that_is_asked_for_and_a_value(field):
    assert type(REGISTRATION[field]) is {**REQUIRED, **OPTIONAL}[field]
    assert REGISTRATION[field]


def test_the_file_is_named_after_the_plugin():
    assert REGISTRATION["layout"] == "plugin"
    assert REGISTRATION["id"] == FILE.stem == "octoprint_uptime"
    assert re.search(rf"^{FILE.stem} = ", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)


def test_the_fields_say_what_the_package_says():
    assert REGISTRATION["title"] == constants(ROOT / "octoprint_uptime" / "__init__.py")["__plugin_name__"]
    assert REGISTRATION["description"] == of_pyproject("description")
    assert REGISTRATION["license"] == of_pyproject("license")
    assert REGISTRATION["homepage"] == of_pyproject("Homepage")
    assert REGISTRATION["compatibility"]["python"] == of_pyproject("requires-python")


def test_every_address_of_the_project_is_that_of_pyproject():
    repository = of_pyproject("Homepage")
    archive = f"{repository}/archive/{of_pyproject('version')}.zip"
    readme = (ROOT / "README.md").read_text()

    assert REGISTRATION["source"] == REGISTRATION["homepage"] == repository
    assert REGISTRATION["archive"] == archive
    assert f"    {archive}\n" in readme
    assert set(re.findall(r"https://github.com/[\w-]+/[\w-]+", readme)) == {repository}


def test_no_other_file_names_the_owner():
    owner = of_pyproject("Homepage").split("/")[-2]
    sources = [path for path in (ROOT / "octoprint_uptime").rglob("*") if path.suffix in (".py", ".js", ".jinja2")]

    assert [path.name for path in sources if f"{owner}/" in path.read_text()] == []


def test_the_pictures_exist():
    pictures = [screenshot["url"] for screenshot in REGISTRATION["screenshots"]]

    assert REGISTRATION["featuredimage"] in pictures
    for picture in pictures:
        assert picture.startswith(IMAGES)
        assert (ROOT / "docs" / "images" / picture[len(IMAGES) :]).is_file()
    for screenshot in REGISTRATION["screenshots"]:
        assert set(screenshot) == {"url", "alt", "caption"}


def test_the_oldest_octoprint_is_the_one_that_is_tested():
    (oldest,) = REGISTRATION["compatibility"]["octoprint"]
    versions = [path.stem for path in (ROOT / "tests" / "harness" / "constraints").glob("*.txt")]

    assert type(oldest) is str
    assert oldest.split(".")[:2] == min(version.split(".")[:2] for version in versions)


def test_there_is_a_longer_description():
    assert len(TEXT.strip()) > 200
