/**
 * What the server's answers say of the clocks: how long each runs at any later moment, when the
 * shown text next changes, and which sessions are new.
 *
 * Moments are those of performance.now(), in milliseconds: it takes no notice of a wall clock that is set.
 */
(function () {
    // From the outside in: what restarts takes along what comes after it.
    const PREFIXES = { host: "", octoprint: "octoprint_", printer: "printer_" };
    const NAMES = Object.keys(PREFIXES);
    const MARK_DIGITS = 3; // of an id: those of the machine

    /**
     * The clocks of an answer, by name.
     *
     * @param {object} answer the API's document; what it lacks is a clock that does not run
     * @param {number} at the moment at which it was true
     * @returns {Object<string, {zero: number|null, started: string, session: string|null, note: string}>}
     *     `zero` is the moment at which the clock would have shown 0, null where it does not run
     */
    function readClocks(answer, at) {
        const clocks = {};
        for (const name of NAMES) {
            const field = (key) => answer[PREFIXES[name] + key];
            const runs = Number.isFinite(field("seconds"));
            clocks[name] = {
                zero: runs ? at - 1000 * field("seconds") : null,
                started: (runs && field("started")) || "",
                session: (runs && field("session")) || null,
                note: field("uptime_note") || ""
            };
        }
        return clocks;
    }

    /** Seconds on a clock at a moment; null where it does not run or nothing is known of it. */
    function secondsAt(clock, moment) {
        return clock && clock.zero !== null ? Math.max(0, moment - clock.zero) / 1000 : null;
    }

    /**
     * When the shown text next changes. All clocks are drawn together, in step with the youngest,
     * whose digits people watch; the others are late by less than one of their smallest units.
     *
     * @param {number|null} youngest seconds on the youngest of the clocks shown, null where none runs
     * @param {number} unit how many seconds the smallest unit shown has
     * @param {number} rotation after how many seconds a compact badge goes on to the next clock, 0 for never
     * @param {number} moment now
     * @returns {number} a moment, or Infinity
     */
    function nextChange(youngest, unit, rotation, moment) {
        const untilTick = youngest === null ? Infinity : unit - (youngest % unit);
        const untilTurn = rotation ? rotation - ((moment / 1000) % rotation) : Infinity;
        return moment + 1000 * Math.min(untilTick, untilTurn);
    }

    /**
     * What a browser remembers, after another answer. A session is new where the last one known of
     * its clock had another id. Of those that began together the outermost is untold: the others
     * began because it did. What did not run when the one around it restarted is no news later.
     * Nothing is untold of another machine that answers at this address now: its ids begin otherwise.
     *
     * @param {{sessions: Object<string, string>, untold: Array<string>}} memory the last id of each
     *     clock, and the clocks whose session nobody has been told of
     * @param {object} clocks as from readClocks
     * @param {Array<string>} watched the clocks that the reader wants to be told of
     * @returns {{sessions: Object<string, string>, untold: Array<string>}}
     */
    function remember(memory, clocks, watched) {
        const differs = (name, digits) => {
            const [before, after] = [memory.sessions[name], clocks[name].session];
            return before && after && before.slice(0, digits) !== after.slice(0, digits);
        };
        const isNews = (name) => differs(name) && !differs(name, MARK_DIGITS) && watched.includes(name);
        const first = NAMES.findIndex((name) => differs(name));
        const standing = first < 0 ? NAMES : NAMES.slice(0, first);
        const sessions = {};
        for (const name of NAMES) {
            const id = clocks[name].session || (standing.includes(name) && memory.sessions[name]);
            if (id) sessions[name] = id;
        }
        return { sessions, untold: memory.untold.filter((name) => standing.includes(name)).concat(NAMES.find(isNews) || []) };
    }

    Object.assign(window.OctoPrintUptime, {
        clocks: { readClocks, secondsAt, nextChange, remember }
    });
})();
