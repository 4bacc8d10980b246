"""The settings page deletes the history only after a question, and says what became of it."""

import pytest
from playwright.sync_api import expect

from tests.harness.placements import SETTINGS, open_settings, save_settings

DIALOG = ".modal"
DAYS = "#octoprint-uptime-history_days"
QUESTION = "This permanently deletes the recorded history."
DELETED = "The history was deleted."
DELAYED = "The history could not be deleted yet. The plugin keeps trying."
FAILED = "The history could not be deleted."


def ask_to_delete(page, **answer):
    """Press the button in the settings, with this answer of the server; returns the dialog and the commands sent."""
    sent = []

    def fulfill(route):
        sent.append(route.request.post_data_json)
        route.fulfill(**answer)

    page.route("**/api/plugin/octoprint_uptime", fulfill)
    open_settings(page)
    page.locator(SETTINGS).get_by_role("button", name="Delete history").click()
    dialog = page.locator(DIALOG, has_text=QUESTION)
    expect(dialog).to_be_visible()
    return dialog, sent


def proceed(dialog):
    dialog.locator(".btn-danger").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"json": {"cleared": True}}, DELETED),
        ({"json": {"cleared": False}}, DELAYED),
        ({"status": 204}, DELAYED),
        ({"status": 403, "json": {"error": "no"}}, FAILED),
    ],
)
def test_the_page_says_what_became_of_the_history(open_page, answer, sentence):
    page = open_page()
    dialog, sent = ask_to_delete(page, **answer)
    expect(dialog.locator(".btn-danger")).to_have_text("Delete history")
    assert sent == []
    proceed(dialog)

    expect(page.locator(f"{SETTINGS} [role=status]")).to_have_text(sentence)
    assert sent == [{"command": "clear_history"}]
    page.errors.clear()  # of the answer that was refused


def test_a_cancelled_question_deletes_nothing(open_page):
    page = open_page()
    dialog, sent = ask_to_delete(page, json={"cleared": True})
    dialog.get_by_text("Cancel").click()
    expect(dialog).to_be_hidden()

    expect(page.locator(f"{SETTINGS} [role=status]")).to_have_text("")
    assert sent == []


@pytest.fixture
def save_no_days(open_page, client):
    """Opens the page, saves 0 days and a format, and returns the page with the dialog that asks."""

    def save_no_days():
        page = open_page()
        open_settings(page)
        page.locator(DAYS).fill("0")
        page.locator(f"{SETTINGS} select").select_option("dh")
        save_settings(page)
        dialog = page.locator(DIALOG, has_text=QUESTION)
        expect(dialog).to_be_visible()
        assert client("admin").settings()["display_format"] == "dh"
        assert client("admin").settings()["history_days"] == 365
        return page, dialog

    return save_no_days


def test_no_history_is_saved_only_after_a_question(save_no_days, client):
    page, dialog = save_no_days()
    with page.expect_response("**/api/settings"):
        proceed(dialog)

    assert client("admin").settings()["history_days"] == 0
    open_settings(page)
    expect(page.locator(DAYS)).to_have_value("0")
    page.locator(f"{SETTINGS} select").select_option("d")
    save_settings(page)
    expect(page.locator(DIALOG, has_text=QUESTION)).to_have_count(0)  # there is none left to delete
    assert client("admin").settings()["history_days"] == 0


def test_a_cancelled_question_keeps_the_days(save_no_days, client):
    page, dialog = save_no_days()
    dialog.get_by_text("Cancel").click()
    expect(dialog).to_be_hidden()

    assert client("admin").settings()["history_days"] == 365
    open_settings(page)
    expect(page.locator(DAYS)).to_have_value("365")


def test_fewer_days_are_saved_without_a_question(open_page, client):
    page = open_page()
    open_settings(page)
    page.locator(DAYS).fill("30")
    save_settings(page)

    assert client("admin").settings()["history_days"] == 30
    expect(page.locator(DIALOG, has_text=QUESTION)).to_have_count(0)
