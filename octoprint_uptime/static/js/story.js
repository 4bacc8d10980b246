/**
 * What happened: sessions to happenings, and what a span of time amounts to.
 */
(function () {
    // What nobody asked for.
    const UNEXPECTED = ["silent", "lost", "reset"];

    // Where it matters who asked for an end.
    const ASKED = { host: ["reboot", "shutdown"], octoprint: ["restart", "update"], printer: [] };

    /**
     * One happening for what ended together, newest first: the outermost tells, the others were carried along.
     *
     * @param {Array<object>} sessions all of them as the API has them, newest first
     * @returns {Array<{session: object, clock: string, manner: string, unexpected: boolean, ended: string,
     *     before: string, away: ?number, awayAtMost: boolean}>} `manner` is an ending of the API, or what was asked
     *     for; `away` are seconds until the next start, the most that it can have been where `awayAtMost` says so
     */
    function happenings(sessions) {
        const next = {};
        const found = [];
        const isTold = isToldAmong(sessions);
        sessions.forEach((session) => {
            if (isTold(session)) found.push(happening(session, next[session.clock]));
            next[session.clock] = session;
        });
        return found;
    }

    /** Not what runs or was carried along; and a host that shut down in order tells for the OctoPrint on it. */
    function isToldAmong(sessions) {
        const shutDown = ({ clock, ending }) => clock === "host" && ending === "stopped";
        const moments = new Set(sessions.filter(shutDown).map(({ ended }) => ended));
        return ({ clock, ending, ended }) =>
            ending !== null && ending !== "carried" && !(clock === "octoprint" && moments.has(ended));
    }

    /** `next` is the session after this one, if there is one. It began no earlier than this one ended. */
    function happening(session, next) {
        const before = session.ended_before || (next && next.started) || session.ended;
        return {
            session,
            clock: session.clock,
            manner: manner(session),
            unexpected: isUnexpected(session),
            ended: session.ended,
            before,
            away: secondsUntil(next, session),
            awayAtMost: session.ended !== before
        };
    }

    function manner({ clock, ending, asked }) {
        return ending === "stopped" && ASKED[clock].includes(asked) ? asked : ending;
    }

    /** Whether a session ended as nobody had asked for. */
    function isUnexpected(session) {
        return UNEXPECTED.includes(session.ending);
    }

    /** Null where one of the two moments is not known for sure, or where nothing was away at all. */
    function secondsUntil(next, session) {
        if (next === undefined || next.started === null || session.ended === null) return null;
        if (!next.confirmed || !session.confirmed || session.ending === "reset") return null;
        if (!next.watched_before) return null; // it may have run all the time, and nobody watched
        const seconds = (Date.parse(next.started) - Date.parse(session.ended)) / 1000;
        return seconds > 0 ? seconds : null;
    }

    /** The happenings of which it is possible that they were no earlier than `since`, in milliseconds. */
    function recent(found, since) {
        return found.filter(({ before }) => Date.parse(before) >= since);
    }

    /**
     * The happening to tell first, null where nothing happened since: the newest that hit a print unexpectedly, else
     * the newest unexpected one, else the newest.
     */
    function foremost(found, since) {
        const candidates = recent(found, since);
        const unexpected = candidates.filter((each) => each.unexpected);
        return unexpected.find(({ session }) => session.print) || unexpected[0] || candidates[0] || null;
    }

    /**
     * What one uptime's span amounts to.
     *
     * @param {Array<object>} pieces of that uptime, from timeline.js
     * @returns {{share: ?number, starts: number, unexpected: number, longest: ?number}} `share` from 0 to 1 of the
     *     recorded time, null where nothing is recorded; `longest` in seconds, as far as it lies in the span
     */
    function figures(pieces, span) {
        const lasted = (found) => found.reduce((sum, { from, to }) => sum + to - from, 0);
        const runs = pieces.filter(({ kind }) => kind === "run");
        const sessions = runs.map(({ session }) => session);
        const recorded = lasted(pieces.filter(({ kind }) => kind !== "unrecorded"));
        return {
            share: recorded > 0 ? lasted(runs) / recorded : null,
            starts: sessions.filter(({ started }) => started !== null && Date.parse(started) >= span.from).length,
            unexpected: sessions.filter(isUnexpected).length,
            longest: runs.length > 0 ? Math.max(...runs.map(({ from, to }) => (to - from) / 1000)) : null
        };
    }

    Object.assign(window.OctoPrintUptime, {
        story: { happenings, isUnexpected, recent, foremost, figures }
    });
})();
