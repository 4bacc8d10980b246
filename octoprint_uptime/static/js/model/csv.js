// Sessions as a table for other programs: RFC 4180, with times as ISO 8601.
(function () {
    const COLUMNS = [
        "uptime", "started", "ended", "ended_before", "seconds", "ending", "asked", "reason", "print_file",
        "print_completion", "undervoltage", "confirmed", "session", "watched_before", "unexpected", "evidence"
    ];
    const BYTE_ORDER_MARK = "\uFEFF"; // without it, Excel takes UTF-8 for another encoding

    // Where a spreadsheet may see a formula: at the start of a cell, and after what is a separator for some of them.
    // Spaces and quotation marks before it don't help: they may be dropped.
    const FORMULA = /((?:^|[;\t\r\n])[\s"]*)([=+\-@＝＋－＠])/g;

    const fromSessions = (sessions) =>
        BYTE_ORDER_MARK + [COLUMNS, ...sessions.map(row)].map((cells) => cells.map(cell).join(",") + "\r\n").join("");

    function row(session) {
        const { file, completion } = session.print || {};
        const evidence = (session.evidence || []).join(" ");
        const named = { ...session, uptime: session.clock, print_file: file, print_completion: completion, evidence };
        return COLUMNS.map((column) => named[column]);
    }

    // A name with the date that the host has at a moment, in milliseconds since 1970.
    function fileName(at, utcOffsetSeconds = 0) {
        return `octoprint-uptime-${new Date(at + 1000 * utcOffsetSeconds).toISOString().slice(0, 10)}.csv`;
    }

    function cell(value) {
        if (value === null || value === undefined) return "";
        const text = typeof value === "string" ? harmless(value) : String(value);
        return /[",;\t\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    }

    // A spreadsheet would run a formula: an apostrophe before it makes it text.
    const harmless = (text) => text.replace(FORMULA, "$1'$2").replace(/^[\t\r\n]/, "'$&");
    Object.assign(window.OctoPrintUptime, { csv: { fromSessions, fileName } });
})();
