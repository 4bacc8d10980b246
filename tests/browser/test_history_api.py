"""The history over HTTP, in events, in a backup, and where it must not be written."""

import io
import zipfile

import pytest
import yaml

from tests.harness.client import PLUGIN, Client
from tests.harness.histories import clear, ended, history, running, wait_until
from tests.harness.printer import VirtualPrinter

DATA = "data/octoprint_uptime"
TOLD = "told.txt"
# OctoPrint's Event Manager runs this for each session that ended.
TELL = "echo '{clock} {ending} {print_file} {down_seconds}' >> "
LISTEN = """() => {
    window.told = [];
    OctoPrint.socket.onMessage("event", ({ data }) => {
        if (data.type.startsWith("plugin_octoprint_uptime_")) { told.push(data); }
    });
}"""
EVENTS = ["plugin_octoprint_uptime_session_started", "plugin_octoprint_uptime_session_ended"]


@pytest.fixture(scope="module")
def server(make_server):
    server = make_server()
    yield server
    server.stop()


@pytest.fixture
def printer(server):
    printer = VirtualPrinter(Client(server, "admin"))
    printer.connect()
    yield printer
    printer.disconnect()


@pytest.mark.parametrize(
    ("days", "expected"),
    [("1", 1), ("3660", 3660), ("", 30), ("0", 30), ("-1", 30), ("3661", 30), ("x", 30), ("1.5", 30), ("9" * 99, 30)],
)
def test_the_days_are_those_asked_for_or_thirty(server, days, expected):
    assert history(server, f"&days={days}")["days"] == expected


def test_the_history_comes_only_with_include(server):
    assert "history" not in Client(server, "reader").reading()
    assert "history" in Client(server, "reader").reading("?include=patterns,history")


@pytest.mark.parametrize(("name", "status"), [(None, 403), ("reader", 403), ("user", 403), ("admin", 200)])
def test_only_who_may_change_the_settings_may_clear_the_history(server, name, status):
    answer = Client(server, name).request("POST", PLUGIN, {"command": "clear_history"})

    assert answer.status == status
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.json == {"cleared": True} or (set(answer.json) == {"error", "uptime_available"} and status == 403)


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("POST", {"command": "forget"}, 400),
        ("POST", {}, 400),
        ("POST", None, 400),
        ("PUT", {}, 405),
        ("DELETE", None, 405),
    ],
)
def test_nothing_else_can_be_sent(server, method, body, status):
    assert Client(server, "admin").request(method, PLUGIN, body).status == status


def test_nothing_of_the_history_is_told_to_who_may_not_see_the_status(server):
    answer = Client(server, "nobody").request("GET", PLUGIN + "?include=history")

    assert answer.status == 403
    assert "no-store" in answer.headers["Cache-Control"]
    assert set(answer.json) == {"error", "uptime_available"}


def test_what_is_cleared_is_gone_and_what_runs_stays(server, printer):
    printer.disconnect()
    wait_until(lambda: ended(server, "printer"), "the end")
    before = history(server)["sessions"]
    assert clear(server).json == {"cleared": True}

    assert history(server)["sessions"] == [] or {one["ended"] for one in history(server)["sessions"]} == {None}
    assert len(history(server)["sessions"]) < len(before)
    printer.connect()


def test_with_no_days_nothing_is_recorded_and_the_note_says_so(server):
    admin = Client(server, "admin")
    assert admin.save({"history_days": 0}).status == 200
    told = history(server)
    assert (told["recording"], told["sessions"]) == (False, [])
    assert told["note"] == "The history is turned off in this plugin’s settings."
    admin.reset()
    wait_until(lambda: history(server)["recording"], "recording")


def test_the_events_reach_octoprints_event_manager_and_the_page(make_server, open_page):
    own = make_server()
    folder = "/octoprint" if hasattr(own, "name") else own.folder
    own.stop()
    told = own.folder / TOLD
    subscription = {"event": EVENTS[1], "type": "system", "command": TELL + f"{folder}/{TOLD}"}
    configure(own, {"events": {"enabled": True, "subscriptions": [subscription]}})
    own.start()
    page = open_page(on=own)
    page.evaluate(LISTEN)
    wait_until(lambda: told.exists() and told.read_text().endswith("\n"), "the event")
    printer = VirtualPrinter(Client(own, "admin"))
    printer.connect()
    printer.disconnect()
    page.wait_for_function("([started, ended]) => told.at(-1).type === ended", arg=EVENTS)

    clock, ending, file, down = told.read_text().splitlines()[0].split()
    assert (clock, ending, file) == ("octoprint", "stopped", "None")
    assert 0 < float(down) < 120
    events = page.evaluate("() => told.map(({ type, payload }) => [type, payload.clock, payload.ending])")
    assert events[-2:] == [[EVENTS[0], "printer", None], [EVENTS[1], "printer", "stopped"]]
    assert sorted(events[:-2]) == [[EVENTS[1], "octoprint", "stopped"], [EVENTS[0], "octoprint", None]]
    page.close()
    own.stop()


def configure(server, more):
    path = server.folder / "config.yaml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **more}))


def test_a_backup_takes_what_has_ended_and_a_restore_knows_that_nobody_watched(server, printer, make_server):
    printer.disconnect()
    wait_until(lambda: ended(server, "printer"), "the end")
    admin = Client(server, "admin")
    name = admin.request("POST", "/plugin/backup/backup", {"exclude": []}).json["name"]
    path = server.folder / "data" / "backup" / name
    wait_until(path.exists, "the backup")
    backup = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    names = {file.split("octoprint_uptime/", 1)[1]: file for file in backup.namelist() if f"{DATA}/" in file}
    assert "history.db" in names
    assert not [file for file in names if file.startswith("running.db")]

    restored = make_server(files={f"{DATA}/{file}": backup.read(full) for file, full in names.items() if file})
    assert ended(restored, "printer")[0]["session"] == ended(server, "printer")[0]["session"]
    assert [running(restored, clock)[0]["watched_before"] for clock in ("octoprint", "host")] == [False, False]
    restored.stop()
    printer.connect()


@pytest.mark.parametrize("command", ["config effective", "plugins softwareupdate:check --help"])
def test_commands_that_only_load_the_plugin_write_nothing(server, command):
    run = f'dir=$(mktemp -d); octoprint --basedir "$dir" {command} >/dev/null 2>&1 || echo failed'

    assert server.execute("sh", "-c", f'{run}; find "$dir" -name "*.db*"; rm -r "$dir"') == ""


def test_a_second_octoprint_on_the_same_folder_records_nothing_and_says_so(server, make_server):
    before = history(server)["sessions"]
    second = make_server(folder=server.folder)

    wait_until(lambda: not history(second)["recording"], "the news")
    assert history(second)["note"] == (
        "Nothing is being recorded: another OctoPrint uses the data folder, or it is on a share without file locks."
    )
    assert history(server)["recording"] is True
    assert [one["session"] for one in history(server)["sessions"]] == [one["session"] for one in before]
    second.stop()
