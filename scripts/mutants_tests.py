"""Runs tests on changed files, two copies of the tree at a time; a part of mutants.py.

Each copy has a process that waits for runs. For Python it forks for each run, so that what was imported before, all but
the plugin and its tests, is imported once. For scripts it keeps one browser and runs pytest in itself. The tests' own
modules must not be imported here: each copy imports its own.
"""

import contextlib
import importlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
import traceback
from collections import deque
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest

PACKAGE = "octoprint_uptime"
# Only linked into a copy: what the tests fetched, and what runs them.
LINKED = (".cache", ".venv", "node_modules")
LEFT_OUT = (".git", ".hypothesis", ".pytest_cache", ".ruff_cache", ".mypy_cache", "build", "dist")
TAKE_REACHED = """() => {
    const reached = [...(window.reached || [])];
    if (window.reached) window.reached.clear();
    return reached;
}"""
# Where a copy's tests print to.
OUTPUT = "output.txt"
# Names the file into which statements and scripts are written when a test reaches them.
RECORD = "MUTANTS_RECORD"
# How often a process looks whether its parent is still there.
PARENT_SECONDS = 2
# Random tests draw the same each time.
ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "DURATIONS_SEED": "1", "DOCKER_HOST": "unix:///nonexistent"}


class Run(NamedTuple):  # sent as a plain tuple: a copy has its own modules
    """One run of pytest in a copy. ``files`` are replaced meanwhile; ``limit`` is in seconds.

    Tests run in the order of ``tests``. Of the other ones in ``paths`` those in ``known`` are left out; a test that
    exists only since a file was replaced runs, too. ``stop``: at the first test that fails.
    """

    files: dict
    paths: list
    limit: float
    tests: list = ()
    known: frozenset = frozenset()
    stop: bool = True
    about: object = None


class Result(NamedTuple):
    """``tests`` has for each test its seconds, whether it passed, and what it recorded; ``shared`` is of all of them.

    ``code`` is pytest's, None where the run was ended because it took too long.
    """

    code: int
    tests: dict
    shared: list
    failures: list


class Copy:
    """A copy of the tree, with a process that runs tests in it."""

    def __init__(self, root, folder, serve):
        self.root, self.folder, self._serve = root, folder, serve
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(root, folder, symlinks=True, ignore=_ignore(root))
        for name in LINKED:
            if (root / name).exists():
                (folder / name).symlink_to((root / name).resolve())
        self.run = None
        self._start()

    def begin(self, run):
        """Start a run; its result comes through ``connection``."""
        self.run, self._ends = run, time.monotonic() + run.limit
        for path, text in run.files.items():
            (self.folder / path).write_text(text, encoding="utf-8")
        self.connection.send(tuple(run._replace(about=None)))

    def end(self):
        """The result of the run, None while it goes on."""
        if self.connection.poll():
            try:
                result = Result(*self.connection.recv())
            except EOFError:
                result = self._end_early()
        elif time.monotonic() > self._ends:
            result = self._end_early()
        else:
            return None
        for path in self.run.files:
            (self.folder / path).unlink()
            if (self.root / path).exists():
                shutil.copy2(self.root / path, self.folder / path)
        self.run = None
        return result

    def left(self):
        """How long the run may take yet."""
        return max(0, self._ends - time.monotonic())

    def close(self):
        """End the process with all that it started, and remove the copy."""
        self._kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        context = multiprocessing.get_context("fork")
        self.connection, other = context.Pipe()
        self._process = context.Process(target=_serve_in, args=(self.root, self.folder, self._serve, other))
        self._process.start()
        other.close()

    def _end_early(self):
        self._kill()
        self._start()
        return Result(None, {}, [], [])

    def _kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.join()
        self.connection.close()


def work(copies, runs):
    """Each run with its result, as they end."""
    runs = deque(runs)
    while runs or any(copy.run for copy in copies):
        for copy in copies:
            if copy.run is None and runs:
                copy.begin(runs.popleft())
        busy = [copy for copy in copies if copy.run]
        wait([copy.connection for copy in busy], min(copy.left() for copy in busy))
        for copy in busy:
            run, result = copy.run, copy.end()
            if result:
                yield run, result


def _ignore(root):
    return lambda folder, names: [
        name for name in names if name == "__pycache__" or (Path(folder) == root and name in (*LINKED, *LEFT_OUT))
    ]


def _serve_in(root, folder, serve, connection):
    """Use the copy only, in a new process group, so that all of it can be ended."""
    os.setpgid(0, 0)
    os.chdir(folder)
    os.environ.update(ENVIRONMENT)
    sys.dont_write_bytecode = True
    sys.path[:] = [str(folder), *(path for path in sys.path if path not in ("", str(root)))]
    for name in [name for name in sys.modules if name.split(".")[0] == "scripts"]:
        del sys.modules[name]
    output = os.open(folder / OUTPUT, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    for stream in range(3):
        os.dup2(output, stream)
    with contextlib.suppress(EOFError):
        serve(folder, connection)
    os._exit(0)


def _receive(connection):
    """The next run; raises EOFError if the process that sends them is gone."""
    parent = os.getppid()
    while not connection.poll(PARENT_SECONDS):
        if os.getppid() != parent:
            raise EOFError
    return Run(*connection.recv())


def serve_python(folder, connection):
    """Fork for each run."""
    result_file = folder / "result.json"
    while True:
        run = _receive(connection)
        child = os.fork()
        if child == 0:
            _run_and_exit(folder, run, result_file)
        os.waitpid(child, 0)
        # Without a result the process died, which no test lets pass.
        result = Result(*json.loads(result_file.read_text())) if result_file.exists() else Result(1, {}, [], [])
        result_file.unlink(missing_ok=True)
        connection.send(tuple(result))


def _run_and_exit(folder, run, result_file):
    """Leave without what the parent's copy of the interpreter would do at its end."""
    try:
        result_file.write_text(json.dumps(_run(folder, run)))
    except BaseException:
        traceback.print_exc()
    os._exit(0)


def serve_scripts(folder, connection):
    """Keep one browser, and record which scripts are put into its pages."""
    chromium = importlib.import_module("tests.harness.chromium")
    page_class = importlib.import_module("playwright.sync_api").Page
    with chromium.launch_chromium() as browser:
        chromium.launch_chromium = lambda: contextlib.nullcontext(browser)
        add_script_tag = page_class.add_script_tag

        def record_and_add(page, **options):
            _record_script(folder, **options)
            return add_script_tag(page, **options)

        page_class.add_script_tag = record_and_add
        while True:
            result = _run(folder, _receive(connection), browser)
            for context in browser.contexts:
                context.close()
            connection.send(tuple(result))


def _record_script(folder, path=None, content=None, **_):
    content = content or (Path(path).read_text(encoding="utf-8") if path else "")
    found = [script for script in (folder / PACKAGE).rglob("*.js") if script.read_text(encoding="utf-8") in content]
    with open(os.environ[RECORD].partition("#")[0], "a") as record:
        record.writelines(f"{script.relative_to(folder)}\n" for script in found)


def _run(folder, run, browser=None):
    shutil.rmtree(folder / ".hypothesis", ignore_errors=True)
    plugin = _Plugin(folder, run, browser)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(folder)]
    code = pytest.main([*options, *(["-x"] if run.stop else []), *run.paths], plugins=[plugin])
    return Result(int(code), plugin.tests, plugin.read_record(plugin.shared), plugin.failures)


class _Plugin:
    """Chooses the tests of a run, and keeps apart what each of them records."""

    def __init__(self, folder, run, browser):
        self.folder, self.run, self.browser = folder, run, browser
        self.tests, self.failures = {}, []
        self.shared = folder / "record-shared"
        self._own = folder / "record-own"
        for path in (self.shared, self._own):
            path.write_text("")
            path.chmod(0o666)  # some tests give up root's rights
        os.environ[RECORD] = str(self.shared)

    @staticmethod
    def read_record(path):
        return sorted(set(path.read_text().splitlines()))

    def pytest_collection(self, session):
        """The same examples each time; a failing one is enough, and need not be the shortest."""
        hypothesis.settings.register_profile(
            "mutants",
            hypothesis.settings(
                hypothesis.settings.default,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
            ),
        )
        hypothesis.settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items):
        rank = {test: number for number, test in enumerate(self.run.tests)}
        items[:] = [item for item in items if item.nodeid in rank or item.nodeid not in self.run.known]
        items.sort(key=lambda item: rank.get(item.nodeid, -1))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self._own.write_text("")
        if not self.run.stop:
            _clear_caches()
        os.environ[RECORD] = f"{self._own}#{len(self.tests)}"
        started = time.monotonic()
        try:
            return (yield)
        finally:
            self._record_pages()
            os.environ[RECORD] = str(self.shared)
            passed = item.nodeid not in self.failures
            self.tests[item.nodeid] = time.monotonic() - started, passed, self.read_record(self._own)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        before = os.environ[RECORD]
        self._record_pages()
        if fixturedef.scope != "function":
            os.environ[RECORD] = str(self.shared)
        try:
            return (yield)
        finally:
            self._record_pages()
            os.environ[RECORD] = before

    def _record_pages(self):
        """Write down which statements of scripts were reached since the last time."""
        if self.browser and not self.run.stop:
            pages = [page for context in self.browser.contexts for page in context.pages]
            reached = {statement for page in pages for statement in page.evaluate(TAKE_REACHED)}
            with open(os.environ[RECORD].partition("#")[0], "a") as record:
                record.writelines(f"{statement}\n" for statement in reached)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failures.append(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.failures.append(report.nodeid)


def _clear_caches():
    """Else only the first of several tests would be found to run what is cached."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == PACKAGE:
            for value in list(vars(module).values()):
                getattr(value, "cache_clear", lambda: None)()
