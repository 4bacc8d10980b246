/**
 * The badge: how much room the navbar has for it, which clock is on turn, and all of it in words.
 */
(function () {
    // From the roomiest to the smallest: all clocks, one at a time, the icon alone.
    const ROOMS = ["all", "one", "icon"];

    // The share of the window that the badge may take: 300 px of 1280.
    const LARGEST_SHARE = 300 / 1280;

    /** `shownClocks` holds the clocks that are switched on, `hints` sentences about all of them, or nothing. */
    function BadgeViewModel({ settings, now }, shownClocks, hints) {
        const still = stillness();

        this.clocks = ko.pureComputed(() => shownClocks().filter((clock) => clock.runs()));
        this.summary = ko
            .pureComputed(() => {
                const lines = shownClocks().map((clock) => clock.sentence());
                return lines.concat(hints()).join("\n");
            })
            .extend({ deferred: true }); // Knockout would work it out anew for each of the clocks

        // What does not fit goes one clock at a time, then to the icon.
        this.room = ko.observable(ROOMS[0]);
        this.oneAtATime = ko.pureComputed(() => settings.compact_display() || this.room() === "one");
        /** After how many seconds the next clock has its turn; 0 for never. */
        this.rotation = ko.pureComputed(() => {
            const rotates = this.oneAtATime() && this.clocks().length > 1 && !still();
            return rotates ? settings.compact_toggle_interval_seconds() : 0;
        });
        const turn = ko.pureComputed(() => (this.rotation() ? Math.floor(now() / 1000 / this.rotation()) : 0));
        this.clockOnTurn = ko.pureComputed(() => this.clocks()[turn() % this.clocks().length]);

        /** Changes with whatever decides how wide the badge may get. */
        this.widest = ko.pureComputed(() =>
            [settings.compact_display()].concat(this.clocks().map((clock) => clock.widestNarrow())).join()
        );
        this.fit = () => fit(document.getElementById("navbar_plugin_octoprint_uptime"), this.room);
        this.keepFitting = () => {
            this.widest.subscribe(() => setTimeout(this.fit)); // once all of it is on the page
            watch(this.fit);
            this.fit();
        };
    }

    /** Whether the reader asked for less motion. */
    function stillness() {
        const query = window.matchMedia("(prefers-reduced-motion: reduce)");
        const still = ko.observable(query.matches);
        query.onchange = () => still(query.matches);
        return still;
    }

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
        ROOMS.some((candidate) => {
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

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, { BadgeViewModel });
})();
