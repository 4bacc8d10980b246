"""What happened before, in the real page: answer, picture, list, badge, notice and settings."""

import csv
import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.harness.client import PLUGIN, Client
from tests.harness.placements import (
    ANSWER,
    BADGE,
    ITEM,
    NOTICE,
    PIECE,
    SETTINGS,
    SIDEBAR,
    SIGN,
    SPAN,
    TAB,
    answer_with,
    open_settings,
    open_tab,
)
from tests.harness.printer import VirtualPrinter
from tests.harness.staged import NOW, ago, history, iso, night, session, told

CRASH = "The host went down without shutting down cleanly"
QUIET = [session("octoprint", ago(days=3)), session("host", ago(days=3))]


@pytest.fixture
def open_history(open_page):
    """Opens the page with a history, and the tab."""

    def open_history(document, tab=True, utc_offset_seconds=0, **options):
        options.setdefault("timezone_id", "UTC")

        def stage(page):
            page.clock.install(time=NOW)
            answer_with(**told(document), text_direction="ltr", utc_offset_seconds=utc_offset_seconds)(page)

        page = open_page(before=stage, **options)
        expect(page.locator(BADGE)).to_be_visible()
        if tab:
            open_tab(page)
            expect(page.locator(PIECE).first).to_be_attached()
        return page

    return open_history


def reload(page):
    page.reload()
    expect(page.locator(BADGE)).to_be_visible()


def test_the_answer_tells_what_a_print_died_of(open_history):
    page = open_history(night())

    expect(page.locator(ANSWER)).to_contain_text("today, between 1:56 AM and 2:00 AM")
    expect(page.locator(ANSWER)).to_contain_text(CRASH)
    expect(page.locator(ANSWER)).to_contain_text(re.compile(r"Printing .benchy\.gcode. stopped at 63\.2%\. The host"))
    expect(page.locator(ANSWER)).to_contain_text("Back within 4 minutes.")
    expect(page.locator(f"{SIDEBAR} .octoprint-uptime-answer")).to_contain_text(CRASH)
    expect(page.locator(ANSWER).locator("time")).to_have_attribute("datetime", iso(ago(hours=10, minutes=4)))


def test_when_nothing_happened_the_answer_says_since_when_that_is_known(open_history):
    page = open_history(history(*QUIET, recorded_from=ago(days=3)))
    expect(page.locator(ANSWER)).to_have_text(re.compile("No restarts or disconnects in the last 24 hours."))

    page = open_history(history(*QUIET, recorded_from=ago(hours=3)))
    expect(page.locator(ANSWER)).to_contain_text("since recording began (Tue, Nov 24, 9:00 AM)")


def test_the_picture_shows_the_times_of_the_api(open_history):
    page = open_history(night())
    host = page.locator(f"{TAB} .octoprint-uptime-track").first.locator(".octoprint-uptime-piece")
    kinds = host.evaluate_all("(pieces) => pieces.map((piece) => piece.className.split('octoprint-uptime-').pop())")
    starts = host.evaluate_all("(pieces) => pieces.map((piece) => piece.style.insetInlineStart)")
    places = [float(re.search(r"([\d.]+)%", start)[1]) for start in starts]
    week = 7 * 24
    least = week * 3 / 500  # of a gap: it begins earlier, so that it can be seen

    assert kinds == ["unrecorded", "marked", "narrow", "run"]
    hours = (0, week - 5 * 24, week - 10 - least, week - 10)
    assert places == [pytest.approx(100 * hour / week, abs=0.001) for hour in hours]


def test_every_piece_has_words_for_mouse_finger_and_keyboard(open_history):
    page = open_history(night())
    words = page.locator(f"{TAB} .octoprint-uptime-pointed")
    host = page.locator(f"{TAB} .octoprint-uptime-track").first.locator(".octoprint-uptime-piece")

    host.nth(1).hover()
    expect(words).to_contain_text("Host: up, 4 days 13 hours (Thu, Nov 19, 12:00 PM – Tue, Nov 24, 1:56 AM)")
    host.nth(3).focus()
    expect(words).to_contain_text("Host: up, 10 hours")
    page.keyboard.press("ArrowLeft")
    expect(host.nth(2)).to_be_focused()
    expect(words).to_contain_text("exact end unknown, 4 minutes (Tue, Nov 24, 1:56 AM – 2:00 AM)")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(host.first).to_be_focused()
    expect(words).to_have_text(re.compile("not recorded"))


def test_time_runs_from_right_to_left_in_arabic(open_page):
    page = open_page(locale="ar", before=answer_with(**told(night()), text_direction="rtl"))
    open_tab(page)
    host = page.locator(f"{TAB} .octoprint-uptime-track").first.locator(".octoprint-uptime-piece")
    oldest, newest = host.first.bounding_box(), host.last.bounding_box()
    ticks = [tick.bounding_box()["x"] for tick in page.locator(f"{TAB} .octoprint-uptime-axis small").all()]

    assert oldest["x"] > newest["x"]
    assert ticks == sorted(ticks, reverse=True)
    host.last.focus()
    page.keyboard.press("ArrowRight")
    expect(host.nth(2)).to_be_focused()


def test_the_span_is_kept_in_this_browser(open_history):
    page = open_history(night())
    expect(page.locator(SPAN)).to_have_text(["1 day", "7 days", "30 days", "All"])
    page.locator(SPAN).first.click()
    expect(page.locator(ITEM)).to_have_count(1)

    reload(page)
    open_tab(page)
    expect(page.locator(SPAN).first).to_have_attribute("aria-pressed", "true")


def test_the_list_is_newest_first_and_says_what_is_known(open_history):
    page = open_history(night(undervoltage=True, confirmed=False))

    expect(page.locator(ITEM)).to_have_count(2)
    expect(page.locator(ITEM).first).to_contain_text("Under-voltage had been reported beforehand.")
    expect(page.locator(ITEM).first).to_contain_text("This time may be wrong")
    expect(page.locator(ITEM).first).not_to_contain_text("Back")  # nobody can tell
    expect(page.locator(ITEM).last).to_contain_text("OctoPrint was restarted from its menu.")
    expect(page.locator(ITEM).last).to_contain_text("Back after 41 seconds.")
    expect(page.locator(TAB)).to_contain_text("Recording since Thu, Nov 19, 12:00 PM")


def test_today_is_yesterday_after_midnight_also_on_a_page_that_stays_open(open_history):
    restart = session("octoprint", ago(days=2), ago(hours=2), ending="stopped", asked="restart")
    lost = session("printer", ago(hours=60), ago(hours=50), ending="lost")
    page = open_history(history(session("octoprint", ago(hours=1)), restart, lost, recorded_from=ago(days=3)))
    when = page.locator(f"{ITEM} time")
    expect(when).to_have_text(["today, 10:00 AM", "Sun, Nov 22, 10:00 AM"])

    page.clock.set_fixed_time(NOW + timedelta(hours=13))
    expect(when).to_have_text(["yesterday, 10:00 AM", "Sun, Nov 22, 10:00 AM"])


def test_a_long_list_comes_in_parts(open_history):
    losses = [session("printer", ago(hours=2 * n + 1), ago(hours=2 * n), ending="lost") for n in range(1, 61)]
    page = open_history(history(session("host", ago(days=9)), *losses, recorded_from=ago(days=9)))

    expect(page.locator(ITEM)).to_have_count(25)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(ITEM)).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(ITEM)).to_have_count(60)
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def downloaded(page):
    """The file's name and its rows."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    return download.value.suggested_filename, list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_holds_the_span(open_history):
    page = open_history(night())
    page.locator(SPAN).first.click()
    name, rows = downloaded(page)

    assert name == "octoprint-uptime-2026-11-24.csv"
    assert [(row["uptime"], row["ending"]) for row in rows] == [
        ("octoprint", ""),
        ("host", ""),
        ("printer", "carried"),
        ("octoprint", "carried"),
        ("host", "silent"),
    ]
    assert rows[4]["print_file"] == "benchy.gcode"


def test_the_table_keeps_a_session_whose_times_are_unknown(open_history):
    undated = {**session("printer", ago(days=2), ending="unseen"), "started": None}
    page = open_history(history(*QUIET, undated, recorded_from=ago(days=3)))
    page.locator(SPAN).first.click()

    _, rows = downloaded(page)
    assert [(row["ending"], row["started"], row["ended"]) for row in rows if row["uptime"] == "printer"] == [
        ("unseen", "", "")
    ]
    expect(page.locator(ITEM)).to_have_count(0)


def test_the_table_has_the_date_of_the_host(open_history):
    page = open_history(night(), utc_offset_seconds=13 * 3600)

    assert downloaded(page)[0] == "octoprint-uptime-2026-11-25.csv"


def test_figures_leave_out_what_was_not_recorded(open_history):
    page = open_history(night())
    figures = page.locator(f"{TAB} .octoprint-uptime-figures").first

    expect(figures).to_contain_text("Up: 99.9%")
    expect(figures).to_contain_text("Starts: 2")
    expect(figures).to_contain_text("Unexpected stops: 1")
    expect(figures).to_contain_text("Longest uptime: 4 days 13 hours")


def test_the_badge_carries_a_sign_until_the_tab_was_looked_at(open_history):
    page = open_history(night(), tab=False)
    expect(page.locator(SIGN)).to_be_visible()
    expect(page.locator(BADGE)).to_have_attribute("title", re.compile("Something went down unexpectedly"))
    other = page.context.new_page()
    answer_with(**told(night()))(other)
    other.goto(page.url)
    expect(other.locator(SIGN)).to_be_visible()

    open_tab(page)
    expect(page.locator(SIGN)).to_be_hidden()
    expect(other.locator(SIGN)).to_be_hidden()
    reload(page)
    expect(page.locator(SIGN)).to_be_hidden()


def test_what_somebody_did_needs_no_sign(open_history):
    restart = session("octoprint", ago(days=2), ago(hours=2), ending="stopped", asked="restart")
    page = open_history(history(session("octoprint", ago(hours=1)), restart, recorded_from=ago(days=2)))

    expect(page.locator(ITEM)).to_have_count(1)
    expect(page.locator(SIGN)).to_be_hidden()


def test_the_notice_tells_the_same_and_leads_to_the_tab(open_history):
    page = open_history(night(), tab=False)
    answer_with(**told(night(), session="host before"))(page)
    reload(page)
    answer_with(**told(night()))(page)
    reload(page)

    expect(page.locator(NOTICE)).to_have_count(1)
    expect(page.locator(NOTICE)).to_contain_text(CRASH)
    page.locator(NOTICE).get_by_role("button", name="See what happened").click()
    expect(page.locator(TAB)).to_be_visible()
    expect(page.locator(NOTICE)).to_have_count(0)
    expect(page.locator(ANSWER)).to_contain_text(CRASH)
    reload(page)
    open_tab(page)
    expect(page.locator(NOTICE)).to_have_count(0)


def test_a_printer_that_is_away_says_since_when_and_why(open_history):
    lost = session("printer", ago(hours=9), ago(hours=3), ending="lost", reason="SerialTimeoutException")
    page = open_history(history(session("host", ago(days=2)), lost, recorded_from=ago(days=2)))
    since = "Connection lost: Tue, Nov 24, 9:00 AM"

    expect(page.locator(f"{TAB} .octoprint-uptime-card").last).to_contain_text("not connected")
    expect(page.locator(f"{TAB} .octoprint-uptime-card").last).to_contain_text(since)
    expect(page.locator(f"{SIDEBAR} .octoprint-uptime-row").last).to_contain_text(since)
    expect(page.locator(BADGE)).to_have_attribute("title", re.compile("not connected .since Tue, Nov 24, 9:00"))
    expect(page.locator(ITEM)).to_contain_text("SerialTimeoutException")


def test_what_comes_from_outside_stays_text(open_history):
    evil = '<img src=x onerror="window.taken=1">\u202egpj'
    lost = session(
        "printer", ago(hours=9), ago(hours=3), ending="lost", reason=evil, print={"file": evil, "completion": None}
    )
    page = open_history(history(session("printer", ago(hours=1)), lost, recorded_from=ago(days=2)))

    expect(page.locator(ITEM)).to_contain_text(evil)
    assert page.evaluate("window.taken") is None
    assert page.locator(f"{TAB} img, {SIDEBAR} img").count() == 0


def test_the_history_is_asked_for_with_its_revision_and_for_more_days_without(open_history):
    page = open_history(night(), tab=False)
    asked = []
    page.on("request", lambda request: PLUGIN in request.url and asked.append(request.url.partition("?")[2]))
    sync = "OctoPrint.coreui.viewmodels.uptimeViewModel.sync.sync()"

    page.evaluate(sync)
    open_tab(page)
    expect(page.locator(PIECE).first).to_be_attached()
    assert [("include=history" in each, "days=7" in each, "revision=a" in each) for each in asked] == [(True,) * 3]
    with page.expect_request(lambda request: "days=3660" in request.url and "revision" not in request.url):
        page.locator(SPAN).last.click()


def test_an_empty_journal_says_what_will_be_here(open_page):
    page = open_page(before=answer_with(**told(history())))
    open_tab(page)

    expect(page.locator(TAB)).to_contain_text("Nothing has been recorded yet.")
    expect(page.locator(ANSWER)).not_to_contain_text("No restarts or disconnects")


def test_a_journal_that_cannot_be_kept_says_why(open_page):
    page = open_page(before=answer_with(**told(history(recording=False, note="The disk is full."))))
    open_tab(page)

    expect(page.locator(TAB)).to_contain_text("The disk is full.")


def test_what_is_shorter_than_an_hour_shows_its_minutes_in_the_tab(open_page, client):
    client("admin").save({"display_format": "d"})
    page = open_page(before=answer_with(octoprint_seconds=300.0))
    open_tab(page)

    expect(page.locator(f"{TAB} .octoprint-uptime-card").nth(1).locator(".lead")).to_have_text(re.compile("5.minutes"))


@pytest.fixture(scope="module")
def eventful_server(make_server):
    """A server whose own journal has seen a kill, a restart, a disconnect, a lost cable and a reset."""
    server = make_server()
    server.kill()
    server.start()
    server.restart()
    admin = Client(server, "admin")
    printer = VirtualPrinter(admin)
    printer.connect()
    printer.disconnect()
    printer.connect()
    printer.send("!!DEBUG:drop_connection")
    printer.wait_until_operational(False)
    printer.connect()
    return server


HAPPENED = [
    "The connection to the printer was lost.",
    "The printer was disconnected in OctoPrint.",
    "OctoPrint shut down normally.",
    "OctoPrint stopped without shutting down cleanly.",
]


def test_what_the_plugin_itself_recorded_is_told(open_page, eventful_server):
    page = open_page(on=eventful_server, timezone_id="UTC")
    expect(page.locator(SIGN)).to_be_visible()
    open_tab(page)

    expect(page.locator(ITEM)).to_have_count(len(HAPPENED))
    for item, sentence in zip(page.locator(ITEM).all(), HAPPENED):
        expect(item).to_contain_text(sentence)
    expect(page.locator(ANSWER)).to_contain_text(HAPPENED[0])
    expect(page.locator(SIGN)).to_be_hidden()


def test_the_picture_has_a_piece_for_each_session_of_the_api(open_page, eventful_server):
    page = open_page(on=eventful_server)
    open_tab(page)
    page.locator(SPAN).first.click()
    sessions = Client(eventful_server, "reader").request("GET", f"{PLUGIN}?include=history").json["history"]["sessions"]
    drawn = page.evaluate("""() => {
        const { record, time } = OctoPrint.coreui.viewmodels.uptimeViewModel;
        const { pieces } = OctoPrintUptime.timeline;
        return ["host", "octoprint", "printer"].map((clock) => {
            const own = record().sessions.filter((session) => session.clock === clock);
            const runs = pieces(own, { from: 0, to: time() }, record()).filter(({ kind }) => kind === "run");
            return runs.map(({ from, session }) => [new Date(from).toISOString().slice(0, 19) + "Z", session.session]);
        });
    }""")

    for clock, runs in zip(("host", "octoprint", "printer"), drawn):
        own = [each for each in sessions if each["clock"] == clock]
        assert runs == [[each["started"], each["session"]] for each in reversed(own)]


def test_a_deleted_history_is_gone_from_the_page_and_the_server(open_page, eventful_server):
    page = open_page(on=eventful_server)
    open_settings(page)
    page.locator(SETTINGS).get_by_role("button", name="Delete history").click()
    page.locator(".modal", has_text="This permanently deletes the recorded").locator(".btn-danger").click()
    expect(page.locator(SETTINGS)).to_contain_text("The history was deleted.")

    history = Client(eventful_server, "reader").request("GET", f"{PLUGIN}?include=history").json["history"]
    assert [each["ending"] for each in history["sessions"]] == [None] * 3
    reload(page)
    open_tab(page)
    expect(page.locator(ANSWER)).to_contain_text("No restarts or disconnects")
    expect(page.locator(ITEM)).to_have_count(0)
