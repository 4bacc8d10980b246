"""What the README tells its reader to do, done, and what it says comes of it."""

import json
import re

from playwright.sync_api import expect

from tests.harness.client import PLUGIN
from tests.harness.markdown import blocks
from tests.harness.wheel import ROOT

README = ROOT / "README.md"


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


def test_the_fields_of_the_example_are_those_of_an_answer(client):
    (example,) = [json.loads(block.code) for block in blocks(README, "json")]

    assert example.keys() - client("reader").reading().keys() == set()
