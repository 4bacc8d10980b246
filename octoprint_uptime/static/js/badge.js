/**
 * The badge: how much room the navbar has for it, which clock is on turn, and all of it in words.
 */
(function () {
    const ITEM = "#navbar_plugin_octoprint_uptime";

    // From the roomiest to the smallest: all clocks, one at a time, the icon alone, and where there is no room, nothing.
    const ROOMS = ["all", "one", "icon", "none"];

    // A roomier form has to have fitted for that long, or a neighbour with turns of its own would make the badge flap.
    const PATIENCE_MS = 30000;

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

        this.room = ko.observable(ROOMS[0]);
        this.oneAtATime = ko.pureComputed(() => settings.compact_display() || this.room() === "one");
        /** After how many seconds the next clock has its turn; 0 for never. */
        this.rotation = ko
            .pureComputed(() => {
                const rotates = this.oneAtATime() && this.clocks().length > 1 && !still();
                return rotates ? settings.compact_toggle_interval_seconds() : 0;
            })
            .extend({ deferred: true }); // it makes the page draw, which must not begin while the clocks still change
        const turn = ko.pureComputed(() => (this.rotation() ? Math.floor(now() / 1000 / this.rotation()) : 0));
        this.clockOnTurn = ko.pureComputed(() => this.clocks()[turn() % this.clocks().length]);

        /** Changes with whatever decides how wide the badge may get. */
        const widest = ko.pureComputed(() =>
            [settings.compact_display()].concat(this.clocks().map((clock) => clock.widestNarrow())).join()
        );
        let cramped = -Infinity; // the last moment at which there was no room for more
        let due = Infinity; // when a badge that waits may grow
        this.fit = () => {
            const item = document.querySelector(ITEM);
            if (item === null || item.style.display === "none") return;
            const rooms = settings.compact_display() ? ROOMS.slice(1) : ROOMS;
            const roomiest = fit(item, rooms);
            const isRoomier = rooms.indexOf(roomiest) < rooms.indexOf(this.room());
            if (!isRoomier) cramped = performance.now();
            const waits = isRoomier && performance.now() < cramped + PATIENCE_MS;
            due = waits ? cramped + PATIENCE_MS : Infinity;
            if (!waits) this.room(roomiest);
            give(item, this.room());
        };
        /** Fit once all changes are on the page. Never inside an observer, since that changes what it observes. */
        this.fitSoon = onceEachFrame(this.fit);
        /** What was cramped before tells nothing any more. */
        this.fitAnew = () => {
            cramped = -Infinity;
            this.fitSoon();
        };
        this.keepFitting = () => {
            widest.subscribe(this.fitAnew);
            window.addEventListener("resize", this.fitAnew);
            now.subscribe((moment) => moment >= due && this.fitSoon());
            watch(document.querySelector(ITEM), this.fitSoon);
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

    function onceEachFrame(callback) {
        let isDue = false;
        return () => {
            if (!isDue) window.requestAnimationFrame(() => callback((isDue = false)));
            isDue = true;
        };
    }

    /**
     * Find the roomiest form of the badge that leaves everything else in the bar as it would be without the badge.
     *
     * @param {HTMLElement} item the badge's list item, which is shown
     * @param {string[]} rooms those of ROOMS that may be taken, the last of which always fits
     * @returns {string} that form
     */
    function fit(item, rooms) {
        const bar = item.closest(".navbar");
        if (bar === null || item.closest(".dropdown-menu") !== null) return rooms[0];
        const alone = survey(bar, give(item, "none"));
        return rooms.find((room) => isUndisturbed(alone, survey(bar, give(item, room))));
    }

    /** The style sheet knows what a form looks like. */
    function give(item, room) {
        item.dataset.room = room;
        return item;
    }

    /** What may not change because of the badge, and how much in the bar lies over another or sticks out of it. */
    function survey(bar, item) {
        const edges = bar.getBoundingClientRect();
        const all = Array.from(bar.querySelectorAll(".brand, .nav > li"));
        const boxes = all.map((element) => element.getBoundingClientRect());
        const sizes = boxes
            .filter((box, index) => all[index] !== item)
            .map(({ top, width, height }) => [top, width, height].map(Math.round));
        let crowding = boxes.filter(({ left, right }) => left < edges.left - 1 || right > edges.right + 1).length;
        boxes.forEach((box, index) => {
            crowding += boxes.slice(index + 1).filter((other) => overlap(box, other)).length;
        });
        return { sizes: [edges.height, ...sizes].join(), crowding };
    }

    function isUndisturbed(alone, together) {
        return together.sizes === alone.sizes && together.crowding <= alone.crowding;
    }

    /** Whether two boxes have more in common than an edge. */
    function overlap(one, other) {
        const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        return width > 1 && height > 1;
    }

    /** Call back when anything in the navbar changed its size. */
    function watch(item, callback) {
        if (item === null) return;
        const list = item.parentElement;
        const observer = new ResizeObserver(callback);
        [item.closest(".navbar"), list, ...list.children].forEach((element) => observer.observe(element));
    }

    // Knockout's attr would set every other attribute of the element again with each change.
    ko.bindingHandlers.octoprintUptimeSummary = {
        update(element, summary) {
            element.title = summary()();
            element.setAttribute("aria-label", element.title);
        }
    };

    Object.assign(window.OctoPrintUptime, { BadgeViewModel });
})();
