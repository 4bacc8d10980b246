// What happened: sessions to happenings, and what a span of time amounts to. Times are milliseconds since 1970 on the
// server's clock.
(function () {
    const DAY_MS = 86400000;
    const REPEATING = ["silent", "lost", "reset"];
    const REPEAT_MS = 3600000;
    const LEAST_REPEATS = 3;

    // Requests that change what is said about an end.
    const ASKED = { host: ["reboot", "shutdown"], octoprint: ["restart", "update"], printer: ["disconnect"] };

    // One happening for what ended together, newest first: the outermost represents the group. Sessions that ended at
    // an unknown time are left out. It ended between `ended` and `before`; `back` is the next start, `away` the seconds
    // until then, at most that many with `awayAtMost`; `isAway` says that a printer has not come back, `leftAway` that the
    // one it took along has not; `confirmed` that no clock is in doubt that its times come from; `manner` is an
    // ending of the API, or what was asked for.
    function happenings(sessions) {
        const next = {};
        const found = [];
        const isTold = isToldAmong(sessions);
        const connection = sessions.find(({ clock }) => clock === "printer");
        const isLeftAway = ({ clock, ended }) =>
            clock !== "printer" && Boolean(connection) && connection.ending === "carried" && connection.ended === ended;
        sessions.filter(isDated).forEach((session) => {
            if (isTold(session)) found.push({ ...happening(session, next[session.clock]), leftAway: isLeftAway(session) });
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
        const isAway = clock === "printer" && !next;
        const confirmed = session.confirmed && (ended === before || before !== back || next.confirmed);
        return { session, clock, manner: manner(session), unexpected: unexpected === true, isAway, confirmed, ...moments };
    }

    const manner = ({ clock, ending, asked }) => (ending === "stopped" && ASKED[clock].includes(asked) ? asked : ending);

    // Null if one of the two moments isn't certain, or if nothing was away at all.
    function secondsAway(session, next, ended, back) {
        if (back === null || !next.confirmed || !session.confirmed || session.ending === "reset") return null;
        if (!next.watched_before) return null; // it may have run all the time, unwatched
        return back > ended ? (back - ended) / 1000 : null;
    }

    // Happenings in which repeats are one: at least LEAST_REPEATS of the same clock and manner, each within REPEAT_MS of
    // the next. It has the newest one's fields, how many `times` it happened, and all of them as `repeats`.
    function grouped(found) {
        const runs = [];
        found.forEach((each) => {
            const run = runs[runs.length - 1] || [];
            const newer = run[run.length - 1];
            const isRepeat = newer && REPEATING.includes(each.manner) && newer.manner === each.manner &&
                newer.clock === each.clock && newer.ended - each.before <= REPEAT_MS;
            if (isRepeat) run.push(each);
            else runs.push([each]);
        });
        return runs.flatMap((run) => (run.length < LEAST_REPEATS ? run : together(run)));
    }

    function together(repeats) {
        const sessions = repeats.map(({ session }) => session);
        const hit = sessions.find(({ print }) => print);
        const session = {
            ...sessions[0],
            print: hit ? hit.print : null,
            evidence: [...new Set(sessions.flatMap(({ evidence }) => evidence || []))],
            undervoltage: sessions.some(({ undervoltage }) => undervoltage)
        };
        const { ended } = repeats[repeats.length - 1];
        return { ...repeats[0], session, ended, away: null, times: repeats.length, repeats };
    }

    // What may have ended since then, was over only since then, or is not over: a printer that was lost and stays away.
    function recent(found, since) {
        const isOpen = ({ isAway, unexpected }) => isAway && unexpected;
        return found.filter((each) => each.before >= since || (each.back !== null && each.back >= since) || isOpen(each));
    }

    // The event to show first, null if there is none: the newest that hit a print unexpectedly, else the newest
    // unexpected one, else the newest.
    function foremost(events) {
        const unexpected = events.filter((each) => each.unexpected);
        return unexpected.find(({ print, session }) => print || session.print) || unexpected[0] || events[0] || null;
    }

    // Since when it is certain that nothing happened, a day ago at the earliest; null if the record can't tell.
    function quietSince(record, state, now) {
        if (state !== "current" || record.recordedFrom === null) return null;
        return Math.max(now - DAY_MS, record.recordedFrom, record.completeFrom);
    }

    // What ended before this session of a clock began, or last if it is null; null if that isn't known.
    function before(sessions, found, clock, id) {
        const own = sessions.filter((session) => session.clock === clock);
        const index = own.findIndex(({ session }) => session === id);
        if (id !== null && index < 0) return null;
        return found.find(({ session }) => session === own[index + 1]) || null;
    }

    // The outer clocks that ran before an unexpected happening and after it, none if that isn't known.
    function kept(sessions, { clock, ended, before: latest, unexpected }) {
        const outer = { host: [], octoprint: ["host"], printer: ["host", "octoprint"] }[clock];
        const runs = ({ started, ended: end, ending }) =>
            started !== null && Date.parse(started) <= ended && (ending === null || Date.parse(end) > latest);
        const found = outer.filter((name) => sessions.some((each) => each.clock === name && runs(each)));
        return unexpected && found.length === outer.length ? found : [];
    }

    // Between which moments a happening lies for certain, although its own times may be wrong: {ended, before}; null if
    // the sessions of its clock before and after it do not say.
    function bounds(sessions, { clock, session }) {
        const own = sessions.filter((each) => each.clock === clock);
        const index = own.indexOf(session);
        const [next, previous] = [own[index - 1], own[index + 1]];
        const isSure = (each, moment) => each && each.confirmed && each[moment] !== null;
        if (session.confirmed || !isSure(previous, "ended") || !isSure(next, "started")) return null;
        return { ended: Date.parse(previous.ended), before: Date.parse(next.started) };
    }

    // Happenings, with repeats as one, and stopped prints, newest first; a stopped print is
    // {print, ended, before, back, confirmed, unexpected}.
    function events(found, stoppedPrints) {
        const prints = stoppedPrints.map((print) => {
            const ended = Date.parse(print.ended);
            const { confirmed, cause } = print;
            return { print, ended, before: ended, back: null, confirmed, unexpected: cause === "firmware_error" };
        });
        const all = [...grouped(found), ...prints];
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
        const carried = sessions.filter(({ ending }) => ending === "carried").length;
        return { share, starts, unexpected, carried, longest };
    }
    const story = { happenings, grouped, recent, foremost, quietSince, before, kept, bounds, events, figures };
    Object.assign(window.OctoPrintUptime, { story });
})();
