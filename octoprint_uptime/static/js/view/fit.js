// The badge's layout: how much room the navigation bar has for it.
(function () {
    const { octoprint } = window.OctoPrintUptime;

    // From the roomiest to the smallest: all clocks, one at a time, the icon alone, and without any room nothing.
    const ROOMS = ["all", "one", "icon", "none"];

    // A roomier form must have fitted for this long, or a neighbor that changes its size would make the badge flap.
    const PATIENCE_MS = 30000;

    // Keep the badge in the roomiest form that fits. Returns a function that forgets earlier fits, for another layout.
    function keepFitting({ room, isCompact, form }, now) {
        let cramped = -Infinity; // the last moment without room for more
        let due = Infinity; // when a badge that waits may grow
        const fit = () => {
            const item = octoprint.item();
            if (item === null || item.style.display === "none") return;
            const rooms = isCompact() ? ROOMS.slice(1) : ROOMS;
            const roomiest = roomiestOf(item, rooms);
            const isRoomier = rooms.indexOf(roomiest) < rooms.indexOf(room());
            if (!isRoomier) cramped = performance.now();
            const waits = isRoomier && performance.now() < cramped + PATIENCE_MS;
            due = waits ? cramped + PATIENCE_MS : Infinity;
            if (!waits) room(roomiest);
            item.dataset.room = room();
        };
        // Fit when all changes are on the page. Never inside an observer, since fitting changes what it observes.
        const fitSoon = onceEachFrame(fit);
        const refit = () => {
            cramped = -Infinity;
            fitSoon();
        };
        form.subscribe(refit);
        window.addEventListener("resize", refit);
        now.subscribe((moment) => moment >= due && fitSoon());
        watch(octoprint.item(), fitSoon);
        fit();
        return refit;
    }

    function onceEachFrame(callback) {
        let isDue = false;
        return () => {
            if (!isDue) window.requestAnimationFrame(() => callback((isDue = false)));
            isDue = true;
        };
    }

    // The roomiest form that leaves everything else in the bar as it would be without the badge.
    function roomiestOf(item, rooms) {
        const around = octoprint.barAround(item);
        if (around === null) return rooms[0];
        const surveyed = (room) => {
            item.dataset.room = room; // the style sheet has the forms
            return survey(around, item);
        };
        const alone = surveyed("none");
        return rooms.find((room) => {
            const together = surveyed(room);
            return together.sizes === alone.sizes && together.crowding <= alone.crowding;
        });
    }

    // The sizes that must not change because of the badge, and how much overlaps or sticks out of the bar.
    function survey({ bar, all }, item) {
        const edges = bar.getBoundingClientRect();
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

    function overlap(one, other) {
        const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        return width > 1 && height > 1;
    }

    function watch(item, callback) {
        if (item === null) return;
        const list = item.parentElement;
        const observer = new ResizeObserver(callback);
        [item.closest(".navbar"), list, ...list.children].forEach((element) => observer.observe(element));
    }
    Object.assign(window.OctoPrintUptime, { keepFitting });
})();
