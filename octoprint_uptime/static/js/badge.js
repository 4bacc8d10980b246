/**
 * The badge: how much room the navbar has for it, and how it says everything in words.
 */
(function () {
    // From the roomiest to the smallest: all clocks, one at a time, the icon alone.
    const ROOMS = { all: "all", one: "one", icon: "icon" };

    // The share of the window that the badge may take: 300 px of 1280.
    const LARGEST_SHARE = 300 / 1280;

    /**
     * Give the badge the roomiest form that keeps to its share and does not make the bar any taller.
     *
     * @param {HTMLElement|null} item the badge's list item; null where the component is switched off
     * @param {ko.observable<string>} room one of ROOMS
     */
    function fit(item, room) {
        if (item === null) return;
        const bar = item.closest(".navbar");
        const shown = item.style.display;
        item.style.display = "none";
        const height = bar.offsetHeight;
        item.style.display = "";
        Object.values(ROOMS).some((candidate) => {
            room(candidate);
            return item.offsetWidth <= window.innerWidth * LARGEST_SHARE && bar.offsetHeight <= height;
        });
        item.style.display = shown;
    }

    /** Call back when the window or anything in the navbar changed its size. */
    function watch(callback) {
        window.addEventListener("resize", callback);
        const neighbours = document.querySelector("#navbar .nav");
        if (neighbours !== null && window.ResizeObserver) new ResizeObserver(callback).observe(neighbours);
    }

    // Knockout's attr would set every other attribute of the element again with each change.
    ko.bindingHandlers.octoprintUptimeSummary = {
        update(element, summary) {
            element.title = summary()();
            element.setAttribute("aria-label", element.title);
        }
    };

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, { badge: { ROOMS, fit, watch } });
})();
