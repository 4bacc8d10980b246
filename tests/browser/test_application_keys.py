"""What the API reference says about keys, done step by step."""

import re

from playwright.sync_api import expect

from tests.harness.client import PLUGIN


def test_a_key_that_was_got_click_by_click_reads_the_api(open_page, client):
    page = open_page()  # as an admin: OctoPrint 2.0 itself refuses others something
    page.locator("[data-test-id=login-menu]").click()
    page.get_by_text("User Settings", exact=True).first.click()
    settings = page.locator("#usersettings_dialog")
    settings.get_by_text("Application Keys", exact=True).click()
    settings.locator("#usersettings_plugin_appkeys input[type=text]").fill("uptime")
    settings.get_by_text("Generate", exact=True).click()
    settings.get_by_title("Details").click()
    key = page.locator("#plugin_appkeys_keygenerated_key_text")
    expect(key).to_have_text(re.compile(r"\w"))

    assert client().request("GET", PLUGIN, headers={"X-Api-Key": key.text_content()}).status == 200
