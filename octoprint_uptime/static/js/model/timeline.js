// Where everything lies on the timeline: sessions and a span of time to pieces, and the ticks below. Times are
// milliseconds since 1970. A piece is {kind, from, to, session, after}: "run" while a session lasted, "off" between two,
// "unsure" if it isn't known when the one before ended, "unrecorded" while nothing was recorded, "unloaded" where the
// page has no history yet. `after` is the session whose end made a gap, null if that isn't known.
(function () {
    const STRENGTHS = { unloaded: 0, off: 1, unrecorded: 2, unsure: 3 }; // of gaps: the stronger says more
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

    // The pieces of one uptime, whose sessions come newest first, from the oldest and without a hole between them.
    function pieces(sessions, span, { recordedFrom, completeFrom }) {
        const found = [];
        const add = (kind, from, to, session = null, after = null) => {
            const piece = { kind, from: Math.max(from, span.from), to: Math.min(to, span.to), session, after };
            const next = found[found.length - 1];
            if (piece.from < piece.to && next && next.kind === kind && !session) next.from = piece.from;
            // A session may be shorter than a second, the precision of its times.
            else if (piece.from < piece.to || (session && piece.from === piece.to)) found.push(piece);
        };
        let edge = span.to;
        let watched = true;
        placed(sessions, span.to).forEach(({ session, start, end, before }) => {
            add(watched ? "off" : "unrecorded", before, edge, null, session);
            add(session.ending === "unseen" ? "unrecorded" : "unsure", end, before, null, session);
            add("run", start, end, session);
            edge = start;
            watched = session.watched_before;
        });
        const recorded = Math.min(recordedFrom === null ? span.to : recordedFrom, edge);
        const known = Math.min(Math.max(recorded, completeFrom), edge);
        add(watched ? "off" : "unrecorded", known, edge);
        add("unloaded", recorded, known);
        add("unrecorded", span.from, recorded);
        return found.reverse();
    }

    // The moments of each session with a known end, newest first. Whatever an unset clock said, no session reaches into
    // the one that was recorded after it.
    function placed(sessions, now) {
        const dated = sessions.filter(({ ending, ended }) => ending === null || ended !== null);
        let limit = now;
        return dated.map((session) => {
            const end = Math.min(moment(session.ended, now), limit);
            const before = Math.min(moment(session.ended_before, limit), limit);
            const start = Math.min(moment(session.started, end - session.seconds * 1000), end);
            limit = start;
            return { session, start, end, before: Math.max(before, end) };
        });
    }

    const moment = (text, otherwise) => (text === null ? otherwise : Date.parse(text));

    // Draw fewer pieces: several sessions that are narrower than `least` milliseconds become one piece of the kind
    // "many", and of two narrow gaps in a row the stronger takes the room of both. Each gets the sessions that `ended`
    // in it.
    function merged(found, least) {
        const isNarrow = ({ from, to }) => to - from < least;
        const joined = joinGaps(found, isNarrow);
        const result = [];
        for (let index = 0; index < joined.length; index += 1) {
            const runs = narrowRuns(joined, index, isNarrow);
            result.push(runs.length > 1 ? many(runs) : { ...joined[index], ended: ended([joined[index]]) });
            if (runs.length > 1) index = joined.indexOf(runs[runs.length - 1], index);
        }
        return result;
    }

    function joinGaps(found, isNarrow) {
        const result = [];
        found.forEach((piece) => {
            const last = result[result.length - 1];
            const isGap = (one) => one.kind in STRENGTHS && isNarrow(one);
            if (!last || !isGap(last) || !isGap(piece)) return result.push(piece);
            const stronger = STRENGTHS[piece.kind] > STRENGTHS[last.kind] ? piece : last;
            result[result.length - 1] = { ...stronger, from: last.from, to: piece.to };
        });
        return result;
    }

    // The narrow sessions from this piece on, with nothing but narrow gaps between them, until they are wide enough.
    function narrowRuns(joined, first, isNarrow) {
        const runs = [];
        if (joined[first].kind !== "run") return runs;
        for (let index = first; index < joined.length && isNarrow(joined[index]); index += 1) {
            if (runs.length > 0 && !isNarrow({ from: joined[first].from, to: runs[runs.length - 1].to })) break;
            if (joined[index].kind === "run") runs.push(joined[index]);
        }
        return runs;
    }

    const many = (runs) =>
        ({ kind: "many", from: runs[0].from, to: runs[runs.length - 1].to, session: null, after: null, ended: ended(runs) });

    // The pieces as they are drawn: each with `shown`, where it begins and ends on the picture. A gap gets at least `least`
    // milliseconds, as far as a neighbour has room for it, so that a short outage can be seen.
    function widened(found, least) {
        const drawn = found.map((piece) => ({ ...piece, shown: { from: piece.from, to: piece.to } }));
        const width = (piece) => (piece ? piece.shown.to - piece.shown.from : 0);
        drawn.forEach((gap, index) => {
            const [before, after] = [drawn[index - 1], drawn[index + 1]];
            const lacking = least - width(gap);
            if (!(gap.kind in STRENGTHS) || lacking <= 0 || Math.max(width(before), width(after)) < 2 * least) return;
            if (width(after) >= width(before)) gap.shown.to = after.shown.from += lacking;
            else gap.shown.from = before.shown.to -= lacking;
        });
        return drawn;
    }

    const ended = (runs) => runs.map(({ session }) => session).filter((session) => session && session.ending !== null);

    // Full hours, days or months in the reader's time zone, as `unit` and at `most` so many `moments`.
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

    // The tick number `index`, counted from the month or day in which the span begins.
    function tick(from, { unit, count }, index) {
        const first = new Date(from);
        const [year, month, day] = [first.getFullYear(), first.getMonth(), first.getDate()];
        const at = index * count;
        if (unit === "month") return new Date(year, month - (month % Math.min(count, 12)) + at, 1).getTime();
        if (unit === "day") return new Date(year, month, day + at).getTime();
        return new Date(year, month, day, at).getTime();
    }

    // Every other day of the reader's calendar in a span, as {from, to}.
    function alternateDays({ from, to }) {
        const days = [];
        const first = new Date(from);
        const [year, month, day] = [first.getFullYear(), first.getMonth(), first.getDate()];
        const isOdd = (Date.UTC(year, month, day) / DAY_MS) % 2;
        const midnight = (index) => new Date(year, month, day + index).getTime();
        for (let index = isOdd; midnight(index) < to; index += 2) {
            days.push({ from: Math.max(midnight(index), from), to: Math.min(midnight(index + 1), to) });
        }
        return days;
    }
    Object.assign(window.OctoPrintUptime, { timeline: { pieces, merged, widened, ticks, alternateDays } });
})();
