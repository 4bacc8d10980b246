/**
 * Where everything lies on the picture: sessions and a span of time to pieces, and the ticks below.
 *
 * Moments are milliseconds since 1970. A piece is {kind, from, to, session}: "run" while a session lasted, "off"
 * between two, "unsure" where it is not known when the one before ended, "unrecorded" where nobody watched.
 */
(function () {
    const MOST_TICKS = 366; // of a span without end
    const HOUR_MS = 3600000;
    const DAY_MS = 24 * HOUR_MS;

    // What may lie between two ticks, from the smallest.
    const steps = (unit, length, counts) => counts.map((count) => ({ unit, count, least: count * length }));
    const STEPS = [
        ...steps("hour", HOUR_MS, [1, 2, 3, 6, 12]),
        ...steps("day", DAY_MS, [1, 2, 7, 14]),
        ...steps("month", 28 * DAY_MS, [1, 2, 3, 6, 12, 24, 60])
    ];

    /**
     * The pieces of one uptime, from the oldest, without a hole between them.
     *
     * @param {Array<object>} sessions those of one uptime as the API has them, newest first
     * @param {{from: number, to: number}} span what is looked at; `to` is now
     * @param {number} recordedFrom when the recording began; `to` where it is not known
     * @returns {Array<{kind: string, from: number, to: number, session: ?object}>}
     */
    function pieces(sessions, span, recordedFrom) {
        const found = [];
        const add = (kind, from, to, session = null) => {
            const piece = { kind, from: Math.max(from, span.from), to: Math.min(to, span.to), session };
            // A session may have been shorter than the second that its times are told to.
            if (piece.from < piece.to || (session && piece.from === piece.to)) found.push(piece);
        };
        let edge = span.to;
        let watched = true;
        placed(sessions, span.to).forEach(({ session, start, end, before }) => {
            add(watched ? "off" : "unrecorded", before, edge);
            add(session.ending === "unseen" ? "unrecorded" : "unsure", end, before);
            add("run", start, end, session);
            edge = start;
            watched = session.watched_before;
        });
        add("off", recordedFrom, edge);
        add("unrecorded", span.from, Math.min(recordedFrom, edge));
        return found.reverse();
    }

    /**
     * The moments of each session, newest first. What came later was recorded later, whatever a clock that was not
     * set yet said: so nothing reaches into the session after it.
     */
    function placed(sessions, now) {
        let limit = now;
        return sessions.map((session) => {
            const end = Math.min(moment(session.ended, now), limit);
            const before = Math.min(moment(session.ended_before, limit), limit);
            const start = Math.min(moment(session.started, end - session.seconds * 1000), end);
            limit = start;
            return { session, start, end, before: Math.max(before, end) };
        });
    }

    function moment(text, otherwise) {
        return text === null ? otherwise : Date.parse(text);
    }

    /**
     * Put pieces together that would be narrower than `least` milliseconds, until they are that wide.
     *
     * @returns {Array<{kind: string, from: number, to: number, session: ?object, ended: Array<object>}>} pieces with
     *     the sessions that ended in each; the kind of what was put together is "many"
     */
    function merged(found, least) {
        const result = [];
        let narrow = null;
        found.forEach((piece) => {
            const ended = piece.kind === "run" && piece.session.ending !== null ? [piece.session] : [];
            const isNarrow = piece.to - piece.from < least;
            if (isNarrow && narrow !== null && narrow.to - narrow.from < least) {
                Object.assign(narrow, { kind: "many", to: piece.to, session: null });
                narrow.ended.push(...ended);
            } else {
                result.push({ ...piece, ended });
                narrow = isNarrow ? result[result.length - 1] : null;
            }
        });
        return result;
    }

    /**
     * Full hours, days or months in the reader's time zone, as many as have room.
     *
     * @param {{from: number, to: number}} span
     * @param {number} most how many may be shown, at least 1
     * @returns {{unit: string, moments: Array<number>}} `unit` is "hour", "day" or "month"
     */
    function ticks(span, most) {
        const least = (span.to - span.from) / most;
        const step = STEPS.find((candidate) => candidate.least >= least) || STEPS[STEPS.length - 1];
        const moments = [];
        let last = -Infinity;
        for (let index = 0; last <= span.to && index < MOST_TICKS; index += 1) {
            const next = tick(span.from, step, index);
            // An hour that the change to summer time leaves out is the next one again.
            if (next > last && next >= span.from && next <= span.to) moments.push(next);
            last = Math.max(last, next);
        }
        return { unit: step.unit, moments };
    }

    /** The tick number `index`, counted from the month or day in which the span begins. The calendar knows how long a day is. */
    function tick(from, { unit, count }, index) {
        const first = new Date(from);
        const [year, month, day] = [first.getFullYear(), first.getMonth(), first.getDate()];
        const at = index * count;
        if (unit === "month") return new Date(year, month - (month % Math.min(count, 12)) + at, 1).getTime();
        if (unit === "day") return new Date(year, month, day + at).getTime();
        return new Date(year, month, day, at).getTime();
    }

    Object.assign(window.OctoPrintUptime, { timeline: { pieces, merged, ticks } });
})();
