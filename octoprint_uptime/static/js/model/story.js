// What happened: sessions to happenings, and what a span of time amounts to. Times are milliseconds since 1970 on the
// server's clock.
(function () {
    const DAY_MS = 86400000;

    // Requests that change what is said about an end.
    const ASKED = { host: ["reboot", "shutdown"], octoprint: ["restart", "update"], printer: ["disconnect"] };

    // One happening for what ended together, newest first: the outermost represents the group. Sessions that ended at
    // an unknown time are left out. It ended between `ended` and `before`; `back` is the next start, `away` the seconds
    // until then, at most that many with `awayAtMost`; `manner` is an ending of the API, or what was asked for.
    function happenings(sessions) {
        const next = {};
        const found = [];
        const isTold = isToldAmong(sessions);
        sessions.filter(isDated).forEach((session) => {
            if (isTold(session)) found.push(happening(session, next[session.clock]));
            next[session.clock] = session;
        });
        return found;
    }

    const isDated = ({ ending, ended }) => ending === null || ended !== null;

    // Not what runs or was carried along; and a host that shut down properly represents the OctoPrint on it.
    function isToldAmong(sessions) {
        const shutDown = ({ clock, ending }) => clock === "host" && ending === "stopped";
        const moments = new Set(sessions.filter(shutDown).map(({ ended }) => ended));
        return ({ clock, ending, ended }) =>
            ending !== null && ending !== "carried" && !(clock === "octoprint" && moments.has(ended));
    }

    // `next` is the session after this one, if there is one. It began no earlier than this one ended.
    function happening(session, next) {
        const ended = Date.parse(session.ended);
        const back = next && next.started !== null ? Date.parse(next.started) : null;
        const latest = session.ended_before ? Date.parse(session.ended_before) : back;
        const before = latest === null ? ended : latest;
        const { clock, unexpected } = session;
        const away = secondsAway(session, next, ended, back);
        const moments = { ended, before, back, away, awayAtMost: ended !== before };
        return { session, clock, manner: manner(session), unexpected: unexpected === true, ...moments };
    }

    const manner = ({ clock, ending, asked }) => (ending === "stopped" && ASKED[clock].includes(asked) ? asked : ending);

    // Null if one of the two moments isn't certain, or if nothing was away at all.
    function secondsAway(session, next, ended, back) {
        if (back === null || !next.confirmed || !session.confirmed || session.ending === "reset") return null;
        if (!next.watched_before) return null; // it may have run all the time, unwatched
        return back > ended ? (back - ended) / 1000 : null;
    }

    // What may have ended since then, or was over only since then.
    function recent(found, since) {
        return found.filter(({ before, back }) => before >= since || (back !== null && back >= since));
    }

    // The happening to show first, null if nothing happened since: the newest that hit a print unexpectedly, else the
    // newest unexpected one, else the newest.
    function foremost(found, since) {
        const candidates = recent(found, since);
        const unexpected = candidates.filter((each) => each.unexpected);
        return unexpected.find(({ session }) => session.print) || unexpected[0] || candidates[0] || null;
    }

    // Since when it is certain that nothing happened, a day ago at the earliest; null if the record can't tell.
    function quietSince(record, state, now) {
        if (state !== "current" || record.recordedFrom === null) return null;
        return Math.max(now - DAY_MS, record.recordedFrom, record.completeFrom);
    }

    // What ended before this session of a clock began, null if that isn't known.
    function before(sessions, found, clock, id) {
        const own = sessions.filter((session) => session.clock === clock);
        const index = own.findIndex(({ session }) => session === id);
        if (index < 0) return null;
        return found.find(({ session }) => session === own[index + 1]) || null;
    }

    // Happenings and stopped prints since then, newest first; a stopped print is {print, ended, before}.
    function events(found, stoppedPrints, since) {
        const prints = stoppedPrints.map((print) => ({ print, ended: Date.parse(print.ended), before: Date.parse(print.ended) }));
        const all = [...recent(found, since), ...prints.filter(({ ended }) => ended >= since)];
        return prints.length === 0 ? all : all.sort((one, other) => other.before - one.before);
    }

    // What one uptime's pieces of a span amount to: `share` from 0 to 1 of the recorded time, `longest` in seconds as
    // far as it lies in the span. Null if a part of the span isn't loaded.
    function figures(pieces, span) {
        if (pieces.some(({ kind }) => kind === "unloaded")) return null;
        const lasted = (found) => found.reduce((sum, { from, to }) => sum + to - from, 0);
        const runs = pieces.filter(({ kind }) => kind === "run");
        const sessions = runs.map(({ session }) => session);
        const recorded = lasted(pieces.filter(({ kind }) => kind !== "unrecorded"));
        const share = recorded > 0 ? lasted(runs) / recorded : null;
        const starts = sessions.filter(({ started }) => started !== null && Date.parse(started) >= span.from).length;
        const unexpected = sessions.filter((session) => session.unexpected).length;
        const longest = runs.length > 0 ? Math.max(...runs.map(({ from, to }) => (to - from) / 1000)) : null;
        return { share, starts, unexpected, longest };
    }
    const story = { happenings, recent, foremost, quietSince, before, events, figures };
    Object.assign(window.OctoPrintUptime, { story });
})();
