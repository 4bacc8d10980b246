"""A browser under Selenium's control, for the engines that Playwright cannot drive as their users have them."""

from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import visibility_of_element_located
from selenium.webdriver.support.wait import WebDriverWait

from tests.harness.placements import STARTED_UP

WAIT_TIMEOUT_SECONDS = 30

# Selenium has no way to hear of errors in every engine. So the page is written into an empty one of the
# same server, in which somebody listens already.
LOAD = """(path) => {
    const request = new XMLHttpRequest();
    request.open("GET", path, false);
    request.send();
    history.replaceState(null, "", path);
    document.open();
    window.errors = [];
    window.addEventListener("error", (event) => window.errors.push(event.message));
    window.addEventListener("unhandledrejection", (event) => window.errors.push(String(event.reason)));
    console.error = (...words) => window.errors.push(words.join(" "));
    document.write(request.responseText);
    document.close();
}"""


class DrivenBrowser:
    """A running browser with one page; ``driver`` is Selenium's."""

    def __init__(self, driver):
        self.driver = driver
        self._wait = WebDriverWait(driver, WAIT_TIMEOUT_SECONDS)

    def log_in(self, server, name="admin"):
        """As a seeded user, on OctoPrint's own login page."""
        self.driver.get(server.url)
        self.find("[data-test-id=login-username]").send_keys(name)
        self.find("[data-test-id=login-password]").send_keys(name)
        self.find("[data-test-id=login-submit]").click()
        self.wait_for(STARTED_UP)

    def load(self, server, path):
        """Load OctoPrint's page and wait until it has started; from then on ``errors`` tells what it complained of."""
        self.driver.get(f"{server.url}/no-such-page")
        self.evaluate(LOAD, path)
        self.wait_for(STARTED_UP)

    def evaluate(self, function, argument=None):
        """Call a function of JavaScript."""
        return self.driver.execute_script(f"return ({function})(arguments[0])", argument)

    def find(self, selector):
        """The first element that is visible, as soon as it is."""
        return self._wait.until(visibility_of_element_located((By.CSS_SELECTOR, selector)), message=selector)

    def picture(self, selector):
        """A PNG of the first element, scrolled into view."""
        return self.driver.find_element(By.CSS_SELECTOR, selector).screenshot_as_png

    def wait_for(self, function):
        """Wait until a function of JavaScript returns something true."""
        self._wait.until(lambda _: self.evaluate(function), message=function)

    def errors(self):
        """The page's uncaught errors, and what it wrote to the console as errors."""
        return self.evaluate("() => window.errors")
