// What an answer says about the clocks: how long each runs, when the shown text next changes, which sessions are new.
// Moments are those of performance.now(), which no change of a wall clock moves.
(function () {
    // From the outside in: a restart of one ends those after it, too.
    const PREFIXES = { host: "", octoprint: "octoprint_", printer: "printer_" };
    const NAMES = Object.keys(PREFIXES);
    const MARK_DIGITS = 3; // of a session's id: those of the machine
    const LONGEST_ID = 100;
    const CONNECTING_MS = 60000; // a connection that takes longer wasn't made by the reader's click

    // The clocks of an answer, by name; `at` is the moment at which it was true. A clock that is missing doesn't run:
    // its `zero`, the moment at which it would have shown 0, is null.
    function readClocks(answer, at) {
        const clocks = {};
        for (const name of NAMES) {
            const field = (key) => answer[PREFIXES[name] + key];
            const note = field("uptime_note") || "";
            const [started, session] = [field("started") || "", field("session") || null];
            const [lastEnded, lastEnding] = [field("last_ended") || "", field("last_ending") || ""];
            clocks[name] = Number.isFinite(field("seconds"))
                ? { zero: at - 1000 * field("seconds"), started, session, note, lastEnded: "", lastEnding: "" }
                : { zero: null, started: "", session: null, note, lastEnded, lastEnding };
        }
        // A browser remembers a lost printer by this, as it remembers a connected one by its session.
        const { octoprint, printer } = clocks;
        printer.lost = printer.lastEnding === "lost" && octoprint.session !== null
            ? `${octoprint.session.slice(0, MARK_DIGITS)}lost ${printer.lastEnded}`
            : null;
        return clocks;
    }

    // Seconds on a clock at a moment; null if it doesn't run or isn't known.
    const secondsAt = (clock, moment) =>
        clock && clock.zero !== null ? Math.max(0, moment - clock.zero) / 1000 : null;

    // When the shown text next changes, or Infinity. All clocks are drawn together, in step with the `youngest` (its
    // seconds, null if none runs); `unit` are the seconds of the smallest unit shown, `rotation` those after which a
    // compact badge shows the next clock, 0 for never.
    function nextChange(youngest, unit, rotation, moment) {
        const untilTick = youngest === null ? Infinity : unit - (youngest % unit);
        const untilTurn = rotation ? rotation - ((moment / 1000) % rotation) : Infinity;
        return moment + 1000 * Math.min(untilTick, untilTurn);
    }

    // What a browser stored about sessions, without anything in it that `remember` doesn't return.
    function readMemory(text) {
        const { sessions, untold, expected } = parsed(text);
        const memory = { sessions: {}, untold: [], expected: Number.isFinite(expected) ? expected : 0 };
        for (const name of NAMES) {
            const id = sessions && sessions[name];
            if (typeof id === "string" && id !== "" && id.length <= LONGEST_ID) memory.sessions[name] = id;
            if (Array.isArray(untold) && untold.includes(name)) memory.untold.push(name);
        }
        return memory;
    }

    function parsed(text) {
        try {
            return JSON.parse(text) || {};
        } catch (error) {
            return {};
        }
    }

    // What a browser remembers after another answer. A session is new if the last known one of its clock had another
    // id. Of those that began together only the outermost is news. A printer is no news if it wasn't connected when
    // OctoPrint restarted, or if the reader connected it; nor is another machine at this address, whose ids begin
    // differently. `memory` has the last id of each clock, the clocks to notify of, and until when a connection is one
    // that the reader asked for; `wall` is Date.now().
    function remember(memory, clocks, watched, wall) {
        const differs = (name, digits) => {
            const [before, after] = [memory.sessions[name], stateOf(clocks[name])];
            return Boolean(before && after) && before.slice(0, digits) !== after.slice(0, digits);
        };
        const left = memory.expected - wall;
        const isExpected = left > 0 && left <= CONNECTING_MS;
        const isNews = (name) =>
            differs(name) && !differs(name, MARK_DIGITS) && watched.includes(name) && !(name === "printer" && isExpected);
        const first = NAMES.findIndex((name) => differs(name));
        const standing = first < 0 ? NAMES : NAMES.slice(0, first);
        const sessions = {};
        for (const name of NAMES) {
            const id = stateOf(clocks[name]) || (standing.includes(name) && memory.sessions[name]);
            if (id) sessions[name] = id;
        }
        return {
            sessions,
            untold: memory.untold.filter((name) => standing.includes(name)).concat(NAMES.find(isNews) || []),
            expected: isExpected && !differs("printer") ? memory.expected : 0
        };
    }

    const stateOf = ({ session, lost }) => session || lost;

    // The reader asked for a connection: the printer's next session is no news, if it comes soon.
    function expectPrinter(memory, wall) {
        return { ...memory, untold: memory.untold.filter((name) => name !== "printer"), expected: wall + CONNECTING_MS };
    }
    Object.assign(window.OctoPrintUptime, { clocks: { readClocks, secondsAt, nextChange, readMemory, remember, expectPrinter } });
})();
