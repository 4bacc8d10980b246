// The summary: what happened in the last 24 hours, as plain text for a forum or an issue.
(function () {
    const { story } = window.OctoPrintUptime;
    const DAY_MS = 86400000;

    // `time` is the server's.
    function SummaryViewModel({ texts, shownCards, allEvents, time, makeEvent }) {
        this.withFiles = ko.observable(false);
        this.isCopied = ko.observable(false);
        this.withFiles.subscribe(() => this.isCopied(false));

        // Without what only its reader should know.
        const shareable = (print) =>
            print && !this.withFiles() && print.file !== null ? { ...print, file: texts.withheld() } : print;
        const shared = ({ print, session, ...event }) => ({
            ...event,
            ...(print ? { print: shareable(print) } : { session: { ...session, print: shareable(session.print) } })
        });
        const told = (event) => {
            const { when, sentences } = makeEvent(shared(event));
            const codes = ((event.session && event.session.evidence) || []).join(", ");
            return `- ${when()}: ${sentences().join("").trim()}${codes && ` [${codes}]`}`;
        };
        const text = (version) => {
            const events = story.recent(allEvents(), time() - DAY_MS);
            const versions = `OctoPrint-Uptime ${version}, OctoPrint ${VERSION}`;
            return [versions, ...shownCards().map((card) => `- ${card.sentence()}`), "", ...events.map(told)].join("\n");
        };

        this.copy = (view, { currentTarget }) => {
            copyToClipboard(text(currentTarget.dataset.version));
            this.isCopied(true);
        };
    }
    Object.assign(window.OctoPrintUptime, { SummaryViewModel });
})();
