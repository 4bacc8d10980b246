// The record: what the page knows about the past. A value that never changes; each answer makes another one. Server
// times are milliseconds since 1970 on the server's wall clock, moments are those of performance.now().
(function () {
    const DAY_MS = 86400000;
    const NOTHING = {
        loaded: false, // whether an answer has brought a history
        behind: false, // whether the last answer has shown that this record isn't all that is wanted
        recording: true,
        note: "", // why nothing is recorded
        clockConfirmed: true,
        recordedFrom: null, // server time at which recording began, null if nothing has been recorded
        completeFrom: Infinity, // server time since which every session that ended is in here
        days: 0,
        revision: null,
        sessions: [], // as the API has them, newest first
        stoppedPrints: [],
        utcOffsetSeconds: 0,
        taken: 0, // server time at which the history was taken
        time: null, // server time at the moment `at`, that of the last answer
        at: 0
    };

    // The record after an answer, which was true at the moment `at` and `asked` for so many days of history. `wall` is
    // Date.now(), for a server that can't say when OctoPrint started.
    function take(record, answer, at, asked, wall) {
        const time = Number.isFinite(answer.octoprint_started_timestamp)
            ? 1000 * (answer.octoprint_started_timestamp + answer.octoprint_seconds)
            : wall;
        const clock = { time, at, utcOffsetSeconds: answer.utc_offset_seconds || 0 };
        const { history, history_revision: revision = null } = answer;
        const isCurrent = record.revision !== null && record.revision === revision && record.days >= asked;
        if (!history) return { ...record, ...clock, behind: !isCurrent };
        const days = Math.max(history.days, asked);
        return {
            ...NOTHING, ...clock, loaded: true, revision, days, taken: time, completeFrom: time - days * DAY_MS,
            recording: history.recording,
            note: history.note || "",
            clockConfirmed: history.clock_confirmed,
            recordedFrom: history.recorded_from === null ? null : Date.parse(history.recorded_from),
            sessions: history.sessions,
            stoppedPrints: history.stopped_prints || []
        };
    }

    // The state of the record: "loading" or "failed" while it isn't all that is wanted, "stale" after a failure,
    // "off" if nothing is recorded, otherwise "current". Only a current record may say that nothing happened.
    function state(record, confirmed, wanted) {
        const isFailing = record.behind || !confirmed;
        if (!record.loaded || record.days < wanted) return isFailing ? "failed" : "loading";
        if (isFailing) return "stale";
        return record.recording ? "current" : "off";
    }

    // The parameters of a request for so many days, without what the record has already.
    function query(record, wanted) {
        const revision = record.days >= wanted && record.revision !== null ? { revision: record.revision } : {};
        return { days: wanted, ...revision };
    }

    // The server's time at a moment, the reader's own before the first answer.
    const timeAt = (record, moment, wall) => (record.time === null ? wall : record.time + moment - record.at);

    // The sessions, with what a running one has run at this server time.
    function sessionsAt(record, time) {
        const later = (time - record.taken) / 1000;
        return record.sessions.map((session) =>
            session.ended === null && session.ending === null ? { ...session, seconds: session.seconds + later } : session
        );
    }
    Object.assign(window.OctoPrintUptime, { records: { NOTHING, take, state, query, timeAt, sessionsAt } });
})();
