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
        confirmed: (session) => session.confirmed,
        session: (session) => session.session,
        watched_before: (session) => session.watched_before,
        unexpected: (session) => session.unexpected
    };

    const BYTE_ORDER_MARK = "\uFEFF"; // without it, Excel takes UTF-8 for another encoding

    /*
     * Where a spreadsheet may see a formula: at the start of a cell, and after what is a separator for some of them.
     * Spaces and quotation marks before it don't help: they may be dropped.
     */
    const FORMULA = /((?:^|[;\t\r\n])[\s"]*)([=+\-@＝＋－＠])/g;

    /**
     * @param {Array<object>} sessions as the API has them
     * @returns {string} the contents of the file
     */
    function fromSessions(sessions) {
        const rows = sessions.map((session) => Object.values(COLUMNS).map((column) => cell(column(session))));
        return BYTE_ORDER_MARK + [Object.keys(COLUMNS), ...rows].map((row) => row.join(",") + "\r\n").join("");
    }

    /**
     * @param {number} at a moment in milliseconds
     * @param {number=} utcOffsetSeconds the host's
     * @returns {string} with the date that the host has at that moment
     */
    function fileName(at, utcOffsetSeconds) {
        const day = new Date(at + 1000 * (utcOffsetSeconds || 0)).toISOString().slice(0, 10);
        return `octoprint-uptime-${day}.csv`;
    }

    function cell(value) {
        if (value === null || value === undefined) return "";
        const text = typeof value === "string" ? harmless(value) : String(value);
        return /[",;\t\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    }

    /** A spreadsheet would run a formula: an apostrophe before it makes it text. */
    function harmless(text) {
        return text.replace(FORMULA, "$1'$2").replace(/^[\t\r\n]/, "'$&");
    }

    Object.assign(window.OctoPrintUptime, { csv: { fromSessions, fileName } });
})();
