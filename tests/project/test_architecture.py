"""Who imports whom, as docs/architecture.md has it."""

import ast
import re

import pytest

from tests.harness.markdown import names, table
from tests.harness.wheel import ROOT

PACKAGE = ROOT / "octoprint_uptime"
SOURCES = [path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent == PACKAGE]
MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): ast.parse(path.read_text()) for path in SOURCES}
FOLDER = PACKAGE / "static" / "js"
SCRIPTS = {str(path.relative_to(FOLDER).with_suffix("")): path.read_text() for path in FOLDER.rglob("*.js")}
DOCUMENT = ROOT / "docs" / "architecture.md"
RULES = {names(module)[0]: (set(names(own)), foreign == "yes") for module, _, own, foreign in table(DOCUMENT, "module")}
SCRIPT_RULES = {names(script)[0]: set(names(used)) for script, _, used in table(DOCUMENT, "script")}
THE_GLOBAL = "window.OctoPrintUptime"

# What programs and scripts reach others through; the page asks OctoPrint, through OctoPrint's own client.
NETWORK = {"aiohttp", "asyncio", "ftplib", "http", "requests", "smtplib", "socket", "ssl", "urllib", "websocket"}
NETWORK_IN_SCRIPTS = r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|\$\.(ajax|get|post)|https?://"


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
    own = {name.partition(".")[2] for name in imported if name.split(".")[0] == "octoprint_uptime"}
    relative = {name for name in imported if name.startswith(".")}
    return relative | {next((one for one in MODULES if f"{name}.".startswith(f"{one}.")), name) for name in own}


def test_the_document_has_a_rule_for_each_module():
    assert set(RULES) == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_those_of_ours_that_the_document_lists(module):
    assert of_this_package(imports(MODULES[module])) == RULES[module][0]


@pytest.mark.parametrize("module", MODULES)
def test_only_who_is_listed_knows_flask_and_octoprint(module):
    packages = {name.split(".")[0] for name in imports(MODULES[module])}
    knows = {name for name in packages if name == "octoprint" or name.startswith("flask")}

    assert bool(knows) == RULES[module][1]


def test_nothing_imports_the_plugin_until_octoprint_loads_it():
    (load,) = [node for node in MODULES["__init__"].body if getattr(node, "name", None) == "__plugin_load__"]
    importers = [module for module, tree in MODULES.items() if "plugin" in of_this_package(imports(tree))]

    assert importers == ["__init__"]
    assert "plugin" in of_this_package(imports(load))
    rest = ast.Module([node for node in MODULES["__init__"].body if node is not load], [])
    assert "plugin" not in of_this_package(imports(rest))


def offered(script):
    """What a script puts into the one global."""
    (names,) = re.findall(r"window\.OctoPrintUptime(?:, | = )\{(.*?)\n?\s*\}\)?;", script, re.DOTALL)
    return re.findall(r"(\w+)(?=\s*[,:{]|\s*$)", re.sub(r"\{.*?\}", "", names, flags=re.DOTALL))


def used(script):
    """What a script takes out of it."""
    taken = re.findall(r"const \{([^}]*)\} =\s*window\.OctoPrintUptime;", script)
    return {name.split(":")[0].strip() for names in taken for name in names.split(",")}


def test_the_document_has_a_rule_for_each_script():
    assert set(SCRIPT_RULES) == set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_uses_those_that_the_document_lists(name):
    makers = {
        offer: maker for maker in SCRIPTS if maker not in ("view/uptime", "rescue") for offer in offered(SCRIPTS[maker])
    }

    assert {makers[taken] for taken in used(SCRIPTS[name])} == SCRIPT_RULES[name]
    assert SCRIPTS[name].count(THE_GLOBAL) <= 1 + len(re.findall(rf"=\s*{re.escape(THE_GLOBAL)};", SCRIPTS[name]))


def test_it_sends_nothing_anywhere():
    reached = {name.split(".")[0] for module in MODULES.values() for name in imports(module)}

    assert reached & NETWORK == set()
    assert [name for name, script in SCRIPTS.items() if re.search(NETWORK_IN_SCRIPTS, script)] == []


def test_the_picture_has_every_file():
    picture = "".join(DOCUMENT.read_text().split("```")[1::2])
    drawn = set(re.findall(r"\w+", picture))
    modules = {module.split(".")[-1] for module in MODULES} - {"__init__"}

    scripts = {script.split("/")[-1] for script in SCRIPTS} - {"rescue"}

    assert (modules | scripts) - drawn == set()


@pytest.mark.parametrize("path", [*ROOT.glob("tests/**/*.py"), *ROOT.glob("scripts/*.py")], ids=lambda path: path.name)
def test_nothing_imports_a_test(path):
    shared = {"tests.harness", "tests.stories", "tests.mornings", "scripts"}
    reached = {name for name in imports(ast.parse(path.read_text())) if name.startswith(("tests.", "scripts."))}

    assert [name for name in reached if not any(name.startswith(one) for one in shared)] == []
