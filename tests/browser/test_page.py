"""The placements in a real page: what they show, in which language, and what a changed setting does."""

import re

from playwright.sync_api import expect

from octoprint_uptime.durations import format_duration
from octoprint_uptime.settings import BOUNDS
from tests.harness.client import Client
from tests.harness.placements import BADGE, CLOCKS, SETTINGS, SIDEBAR, answer_with, open_settings, save_settings


def test_the_page_loads_without_any_error(open_page):
    page = open_page()

    expect(page.locator(BADGE)).to_be_visible()


def test_the_badge_shows_the_numbers_of_the_api(open_page, client):
    before = client("reader").reading()
    page = open_page()
    expect(page.locator(CLOCKS)).to_have_count(2)
    texts = page.locator(f"{CLOCKS} bdi").all_inner_texts()
    after = client("reader").reading()

    assert len(texts) == 2
    for text, field in zip(texts, ("seconds", "octoprint_seconds")):
        seconds = range(int(before[field]) - 1, int(after[field]) + 1)  # drawn up to a second late
        assert text in [format_duration(second) for second in seconds]


def test_the_badge_counts_on_without_asking_again(open_page):
    requests = []

    def prepare(page):
        page.clock.install()
        answer_with(seconds=93784.2, octoprint_seconds=3598.4)(page)
        page.on("request", lambda request: "plugin/octoprint_uptime?" in request.url and requests.append(request.url))

    page = open_page(before=prepare)
    host, octoprint = page.locator(f"{CLOCKS} bdi").nth(0), page.locator(f"{CLOCKS} bdi").nth(1)
    expect(host).to_have_text(re.compile(r"1d 2h 3m \ds"))
    page.clock.run_for(60_000)

    expect(host).to_have_text(re.compile(r"1d 2h 4m \ds"))
    expect(octoprint).to_have_text(re.compile(r"1h 0m 5[89]s|1h 1m \ds"))
    assert len(requests) == 1


def test_a_page_asks_once_also_if_it_knows_the_printers_state_before_the_answer(open_page):
    requests = []

    def hold(route):
        requests.append(route)
        if len(requests) > 1:
            route.continue_()

    page = open_page(before=lambda page: page.route("**/api/plugin/octoprint_uptime?*", hold))
    page.wait_for_function("OctoPrint.coreui.viewmodels.printerStateViewModel.isOperational() === false")
    requests[0].continue_()
    expect(page.locator(BADGE)).to_be_visible()
    page.wait_for_timeout(1000)

    assert len(requests) == 1


def test_german_readers_read_german(open_page):
    page = open_page(locale="de")
    expect(page.locator(BADGE)).to_be_visible()
    title = page.locator(BADGE).get_attribute("title")
    assert re.search(r"\d+\s(Sekunden?|Minuten?|Stunden?|Tage?) \(seit ", title)
    assert "Druckerverbindung: nicht verbunden" in title
    open_settings(page)
    expect(page.locator(SETTINGS)).to_contain_text("Seitenleiste")
    expect(page.locator(f"{SETTINGS} select")).to_contain_text("1 T 2 Std. 3 Min. 4 Sek.")


def test_a_setting_saved_elsewhere_changes_the_open_page(open_page, client):
    page = open_page()
    expect(page.locator(f"{CLOCKS} bdi").first).to_have_text(re.compile(r"\d+s$"))

    client("admin").save({"display_format": "dhm", "show_octoprint_uptime": False, "show_sidebar": False})

    expect(page.locator(f"{CLOCKS} bdi")).to_have_count(1)
    expect(page.locator(f"{CLOCKS} bdi")).to_have_text(re.compile(r"\d+m$"))
    expect(page.locator(SIDEBAR)).to_be_hidden()


def test_a_setting_shows_before_it_is_saved_and_goes_when_it_is_cancelled(open_page):
    page = open_page()
    open_settings(page)
    preview = page.locator(f"{SETTINGS} .octoprint-uptime-clock bdi")

    page.locator(f"{SETTINGS} select").select_option("d")
    expect(preview.first).to_have_text(re.compile(r"^\d+d$"))

    page.locator("#settings_dialog [data-test-id=settings-close-button]").click()
    expect(page.locator(f"{CLOCKS} bdi").first).to_have_text(re.compile(r"\d+s$"))


def test_a_number_out_of_bounds_is_refused_in_words_and_the_former_one_stays(open_page, client):
    page = open_page()
    open_settings(page)
    field = page.locator("#octoprint-uptime-poll_interval_seconds")
    error = page.locator("#octoprint-uptime-poll_interval_seconds-error")

    for text in ("4", "3601", "", "1.5"):
        field.fill(text)
        expect(error).to_have_text("Enter a whole number from 5 to 3600. Until then, 300 is used.")
    page.locator(f"{SETTINGS} input[type=checkbox]").nth(3).uncheck()
    save_settings(page)

    expect(page.locator(".ui-pnotify-text")).to_have_text(
        "Enter a whole number from 5 to 3600. Until then, 300 is used."
    )
    settings = client("admin").settings()
    assert settings["poll_interval_seconds"] == 300
    assert settings["show_system_uptime"] is False


def test_the_settings_page_has_the_bounds_of_the_server(open_page):
    fields = open_page().locator(f"{SETTINGS} [type=number]")

    told = fields.evaluate_all("fields => fields.map(({id, min, max}) => [id, Number(min), Number(max)])")
    assert told == [[f"octoprint-uptime-{key}", *bounds] for key, bounds in BOUNDS.items()]


def test_a_valid_number_is_saved_as_a_number(open_page, client):
    page = open_page()
    open_settings(page)

    page.locator("#octoprint-uptime-poll_interval_seconds").fill("60")
    expect(page.locator("#octoprint-uptime-poll_interval_seconds-error")).to_be_hidden()
    save_settings(page)

    assert client("admin").settings()["poll_interval_seconds"] == 60


def test_who_may_not_see_the_status_is_sent_to_the_login_and_nothing_is_asked(server, browser):
    requests = []
    context = Client(server, "nobody").log_in(browser.new_context())
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))

    page.goto(server.url)

    expect(page.locator("#login-user, [data-test-id=login-username]").first).to_be_visible()
    assert not [url for url in requests if "plugin/octoprint_uptime" in url]
    context.close()
