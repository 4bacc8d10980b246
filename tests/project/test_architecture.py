"""Who imports whom, as docs/architecture.md has it."""

import ast
import re

import pytest

from tests.harness.markdown import names, table
from tests.harness.wheel import ROOT

PACKAGE = ROOT / "octoprint_uptime"
MODULES = {path.stem: ast.parse(path.read_text()) for path in PACKAGE.glob("*.py")}
SCRIPTS = {path.stem: path.read_text() for path in PACKAGE.glob("static/js/*.js")}
RULES = {
    names(module)[0]: (set(names(own)), foreign == "yes")
    for module, own, foreign in table(ROOT / "docs" / "architecture.md", "module")
}


def imports(tree):
    """The full name of everything that is imported anywhere below this node."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def of_this_package(imported):
    """The modules of ours among what was imported; a relative import counts as it is written, and so is seen."""
    own = {name for name in imported if name.split(".")[0] in ("octoprint_uptime", "")}
    return {name.split(".")[1] if name.startswith("octoprint_uptime.") else name for name in own}


def test_the_document_has_a_rule_for_each_module():
    assert set(RULES) == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_those_of_ours_that_the_document_lists(module):
    assert of_this_package(imports(MODULES[module])) == RULES[module][0]


@pytest.mark.parametrize("module", MODULES)
def test_only_the_plugin_knows_flask_and_octoprint(module):
    packages = {name.split(".")[0] for name in imports(MODULES[module])}
    knows = {name for name in packages if name == "octoprint" or name.startswith("flask")}

    assert bool(knows) == RULES[module][1] == (module == "plugin")


def test_nothing_imports_the_plugin_until_octoprint_loads_it():
    (load,) = [node for node in MODULES["__init__"].body if getattr(node, "name", None) == "__plugin_load__"]
    importers = [module for module, tree in MODULES.items() if "plugin" in of_this_package(imports(tree))]

    assert importers == ["__init__"]
    assert "plugin" in of_this_package(imports(load))
    rest = ast.Module([node for node in MODULES["__init__"].body if node is not load], [])
    assert "plugin" not in of_this_package(imports(rest))


def test_in_the_browser_only_the_view_models_use_the_other_files():
    registered = r"window\.OctoPrintUptime = Object\.assign\(window\.OctoPrintUptime \|\| \{\}, "
    users = {name for name, script in SCRIPTS.items() if "OctoPrintUptime" in re.sub(registered, "", script)}

    assert users == {"uptime", "clock_view_model"}
    (used,) = re.findall(r"const \{ (.*?) \} = window\.OctoPrintUptime;", SCRIPTS["uptime"])
    others = {name.replace("_", "") for name in set(SCRIPTS) - {"uptime", "rescue"}}
    assert {name.lower() for name in used.split(", ")} == others
