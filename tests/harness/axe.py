"""What axe has to say about a part of a page."""

from axe_playwright_python.sync_playwright import Axe


def violations(page, selector):
    """Each rule that is broken below the selector, with the beginnings of the elements that break it."""
    response = Axe().run(page, context=selector).response
    return [(found["id"], [node["html"][:200] for node in found["nodes"]]) for found in response["violations"]]
