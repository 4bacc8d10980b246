"""How well text stands out from what lies behind it, as WCAG reckons it: 1 for not at all, 21 for black on white."""

# Each visible text and icon below the selectors whose contrast is below the least: [text, contrast].
FAINT = """([selectors, least]) => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const ancestors = (element) => element ? [element, ...ancestors(element.parentElement)] : [];
    const over = (front, back, share) =>
        front.slice(0, 3).map((part, index) => part * share + back[index] * (1 - share));
    const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const luminance = (colour) => colour
        .map((part, index) => linear(part / 255) * [0.2126, 0.7152, 0.0722][index])
        .reduce((sum, part) => sum + part);
    const behind = (element) => ancestors(element)
        .map((ancestor) => numbers(getComputedStyle(ancestor).backgroundColor))
        .find((colour) => colour.length === 3 || colour[3] === 1) || [255, 255, 255];
    const opacity = (element) => ancestors(element)
        .reduce((share, ancestor) => share * getComputedStyle(ancestor).opacity, 1);
    const contrast = (element, property) => {
        const back = behind(property === "color" ? element : element.parentElement);
        const front = over(numbers(getComputedStyle(element)[property]), back, opacity(element));
        const [dark, light] = [luminance(front), luminance(back)].sort((one, other) => one - other);
        return (light + 0.05) / (dark + 0.05);
    };
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const isColoured = (element) => hasText(element) || element.matches(".fas");
    const isShown = (element) => element.offsetWidth > 1 && getComputedStyle(element).visibility === "visible";
    const property = (element) => isColoured(element) ? "color" : "backgroundColor";
    const isLooked = (element) => isShown(element) && (isColoured(element) || element.matches(".octoprint-uptime-run"));
    return [...document.querySelectorAll(selectors.map((selector) => `${selector} *`).join())]
        .filter(isLooked)
        .map((element) => [element, contrast(element, property(element))])
        .filter(([element, value]) => value < (hasText(element) ? least : 3)) // graphics: WCAG 1.4.11
        .map(([element, value]) => [element.textContent.trim() || element.className, value]);
}"""


def faint_parts(page, selectors, least=4.5):
    return page.evaluate(FAINT, [selectors, least])
