"""The navbar as other plugins crowd it, and what a test looks at there."""

ITEM = "#navbar_plugin_octoprint_uptime"

# Items of these widths beside the badge, in its own list.
MOVE_IN = """(widths) => widths.forEach((width) => {
    const item = document.createElement("li");
    item.className = "neighbour";
    item.innerHTML = `<a style="width: ${width}px; padding: 10px 0; overflow: hidden">neighbour</a>`;
    document.querySelector("#navbar_plugin_octoprint_uptime").parentElement.prepend(item);
})"""

# The plugins' items in a list of their own, which lies over the bar without taking part in its layout.
PLACE_ABSOLUTELY = """() => {
    const list = document.createElement("ul");
    list.className = "nav";
    list.style.cssText = "position: absolute; left: 50%; top: 0; transform: translateX(-50%); white-space: nowrap;"
        + "display: flex";
    list.append(...document.querySelectorAll("#navbar .nav > li[id^=navbar_plugin], #navbar .nav > li.neighbour"));
    document.querySelector("#navbar .nav-collapse").after(list);
}"""

# Each item's line and size, and the pairs that lie over each other.
LOOK = """(withBadge) => {
    const badge = document.querySelector("#navbar_plugin_octoprint_uptime");
    badge.style.display = withBadge ? "" : "none";
    const items = [...document.querySelectorAll("#navbar .brand, #navbar .nav > li")];
    const boxes = items.map((item) => item.getBoundingClientRect());
    const covers = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
    const pairs = boxes.map((box, index) => boxes.slice(index + 1).filter((other) => covers(box, other)).length);
    badge.style.display = "";
    return {
        bar: document.querySelector("#navbar").offsetHeight,
        items: boxes
            .filter((box, index) => items[index] !== badge)
            .map(({ top, width, height }) => [top, Math.round(width), height]),
        pairs: pairs.reduce((sum, count) => sum + count),
    };
}"""

# A menu that stands in the bar.
MOVE_INTO_A_MENU = """(item) => {
    const menu = document.createElement("ul");
    menu.className = "dropdown-menu";
    menu.style.cssText = "display: block; position: static; width: 254px";
    document.querySelector("#navbar .nav > li.dropdown").append(menu);
    menu.append(document.querySelector(item));
}"""

SET_WIDTH = "(width) => { document.querySelector('.neighbour a').style.width = `${width}px`; }"

NEXT_FRAMES = """() => new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))))"""


def settle(page):
    """Wait until the badge has found its room."""
    page.evaluate(NEXT_FRAMES)


def move_in(page, widths):
    """Put items of these widths beside the badge."""
    page.evaluate(MOVE_IN, widths)
    settle(page)


def room(page):
    """The badge's form."""
    return page.locator(ITEM).get_attribute("data-room")


def resize(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    settle(page)
