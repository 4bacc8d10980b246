"""What does not fit on a page: what sticks out, covers something, is cut off, or wraps where it should not."""

# What is laid out by this plugin alone.
OURS = ".octoprint-uptime, .octoprint-uptime-badge, .ui-pnotify-title, .ui-pnotify-text"

# What has to stay on one line. The wish to be notified is a whole sentence and may take two.
LABELS = """.octoprint-uptime .control-label, .octoprint-uptime label.checkbox:not(.control-group > .controls > label),
    .octoprint-uptime .btn, .octoprint-uptime .btn-group, .octoprint-uptime-card > div:first-child,
    .octoprint-uptime-row > *, .octoprint-uptime-label, a.octoprint-uptime-badge, .octoprint-uptime-legend > *,
    .octoprint-uptime-figures > *, .octoprint-uptime-axis > *, .octoprint-uptime-list-title, .ui-pnotify-title"""

# Each of them that is shown and takes more than one line.
WRAPPED = """(labels) => {
    const lines = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const boxes = Array.from(range.getClientRects()).filter((box) => box.width > 1 && box.height > 1);
        boxes.sort((one, other) => one.top - other.top);
        const starts = boxes.filter((box, index) => index === 0 || box.top > boxes[index - 1].bottom - 3);
        return starts.length;
    };
    return Array.from(document.querySelectorAll(labels))
        .filter((element) => lines(element) > 1)
        .map((element) => `${element.textContent.trim()} wraps in ${element.outerHTML.slice(0, 99)}`);
}"""

# What is wider inside than outside; and chosen options that are wider than their field.
CUT_OFF = """(ours) => {
    const written = (select) => {
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = getComputedStyle(select).font;
        return Math.max(...Array.from(select.options, (option) => pen.measureText(option.text).width));
    };
    const ARROW = 20;
    const isCut = (element) => element.matches("select")
        ? written(element) > element.clientWidth - ARROW
        : element.scrollWidth > element.clientWidth + 1;
    return Array.from(document.querySelectorAll(`:is(${ours}), :is(${ours}) *`))
        // A mark and the reach of a narrow gap extend past their piece; text for screen readers has no room to fill.
        .filter((element) => !element.matches(".octoprint-uptime-track, .octoprint-uptime-marked"))
        .filter((element) => !element.matches(".octoprint-uptime-narrow, .octoprint-uptime-spoken"))
        .filter((element) => element.clientWidth > 0)
        .filter(isCut)
        .map((element) => `${element.textContent.trim().slice(-99)} is cut off in ${element.outerHTML.slice(0, 99)}`);
}"""

# What sticks out of its block or covers a sibling, by more than a pixel of rounding.
MISPLACED = """(ours) => {
    const ROUNDING = 1;

    const isText = (node) => node.nodeType === Node.TEXT_NODE;
    const boxesOf = (node) => {
        const range = document.createRange();
        range.selectNode(node);
        const boxes = (isText(node) ? range : node).getClientRects();
        return Array.from(boxes).filter((box) => box.width > 0 && box.height > 0);
    };
    const blockOf = (element) => {
        const hasNoBox = ["inline", "contents"].includes(getComputedStyle(element).display);
        return hasNoBox ? blockOf(element.parentElement) : element;
    };
    const overhang = (inner, outer, start, end) => Math.max(outer[start] - inner[start], inner[end] - outer[end]);
    const overlap = (one, other, start, end) => Math.min(one[end], other[end]) - Math.max(one[start], other[start]);

    const faults = [];
    const look = (element) => {
        const block = blockOf(element).getBoundingClientRect();
        const nodes = Array.from(element.childNodes).filter((node) => {
            // A piece of the picture is always wide enough to be seen, and may lie over its neighbour for that.
            // Text for screen readers has no room to fill.
            const left = ".octoprint-uptime-piece, .octoprint-uptime-spoken, select";
            return isText(node) || (node.matches && !node.matches(left));
        });
        nodes.forEach((node, index) => boxesOf(node).forEach((box) => {
            // The height of a text is that of its font, which a line need not have.
            const sticksOut = overhang(box, block, "left", "right") > ROUNDING
                || (!isText(node) && overhang(box, block, "top", "bottom") > ROUNDING);
            if (sticksOut) faults.push(`${node.textContent} sticks out of ${element.outerHTML.slice(0, 99)}`);
            nodes.slice(index + 1).forEach((sibling) => boxesOf(sibling).forEach((other) => {
                const covers = overlap(box, other, "left", "right") > ROUNDING
                    && overlap(box, other, "top", "bottom") > ROUNDING;
                const place = `in ${element.outerHTML.slice(0, 99)}`;
                if (covers) faults.push(`${node.textContent} covers ${sibling.textContent} ${place}`);
            }));
        }));
        nodes.filter((node) => !isText(node)).forEach(look);
    };
    document.querySelectorAll(ours).forEach(look);
    return faults;
}"""


def faults(page):
    """Everything of ours that does not fit, in words."""
    found = [*page.evaluate(WRAPPED, LABELS), *page.evaluate(CUT_OFF, OURS), *misplaced(page)]
    return list(dict.fromkeys(found))


def misplaced(page):
    """What sticks out of its block or covers a sibling."""
    return page.evaluate(MISPLACED, OURS)
