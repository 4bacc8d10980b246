"""What the page says, as a test can write it."""


def plain(found):
    """Without what keeps a name's direction apart, and with ordinary spaces; of one text or of a list."""
    if isinstance(found, list):
        return [plain(each) for each in found]
    return found.translate({0x2068: None, 0x2069: None, 0x202F: " ", 0xA0: " "}) if isinstance(found, str) else found
