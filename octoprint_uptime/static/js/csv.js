/**
 * Sessions as a table for other programs: RFC 4180, times as ISO 8601, English column names.
 */
(function () {
    const COLUMNS = {
        uptime: (session) => session.clock,
        started: (session) => session.started,
        ended: (session) => session.ended,
        ended_before: (session) => session.ended_before,
        seconds: (session) => session.seconds,
        ending: (session) => session.ending,
        asked: (session) => session.asked,
        reason: (session) => session.reason,
        print_file: (session) => session.print && session.print.file,
        print_completion: (session) => session.print && session.print.completion,
        undervoltage: (session) => session.undervoltage,
        confirmed: (session) => session.confirmed
    };

    /** @param {Array<object>} sessions as the API has them */
    function fromSessions(sessions) {
        const rows = sessions.map((session) => Object.values(COLUMNS).map((column) => cell(column(session))));
        return [Object.keys(COLUMNS), ...rows].map((row) => row.join(",") + "\r\n").join("");
    }

    /** A spreadsheet would run what begins like a formula: an apostrophe makes it text. */
    function cell(value) {
        if (value === null) return "";
        const text = typeof value === "string" ? value.replace(/^[=+\-@\t\r]/, "'$&") : String(value);
        return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    }

    Object.assign(window.OctoPrintUptime, { csv: { fromSessions } });
})();
