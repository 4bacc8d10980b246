"""Which translations the scripts use."""

import pytest


@pytest.fixture(scope="module")
def page(load):
    return load("model/translations")


def shown(page, message, translation):
    return page.evaluate(
        """([message, translation]) => {
            window.gettext = () => translation;
            return OctoPrintUptime.gettext(message);
        }""",
        [message, translation],
    )


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("Host", "Rechner"),
        ("Since %(date)s", "Seit %(date)s"),
        ("%(day)s, between %(from)s and %(to)s", "zwischen %(from)s und %(to)s, %(day)s"),
    ],
)
def test_a_translation_with_the_placeholders_of_its_message_is_used(page, message, translation):
    assert shown(page, message, translation) == translation


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("Navigation bar", "Leiste %(nope)s"),
        ("Sidebar", "100 %"),
        ("Separate tab", "%%"),
        ("Starts: %(count)s", "Starts"),
        ("Recording since %(date)s", "Seit %(Date)s"),
        ("Up: %(share)s", "Läuft: %(share)s, %(share)s"),
        ("Longest uptime: %(duration)s", "Am längsten: %(duration)d"),
        ("Back after %(duration)s.", "Nach %(duration)s. %(name"),
    ],
)
def test_any_other_is_replaced_by_the_message(page, message, translation):
    assert shown(page, message, translation) == message
