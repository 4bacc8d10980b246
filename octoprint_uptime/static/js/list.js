/**
 * The list of what happened in the span that is looked at, and the same as a file.
 */
(function () {
    const { csv, story } = window.OctoPrintUptime;

    const FIRST_SHOWN = 25;

    /** `span` is {from, to} in milliseconds, `history` is from history.js. */
    function ListViewModel({ narration }, span, history) {
        const most = ko.observable(FIRST_SHOWN);
        const recent = ko.pureComputed(() => story.recent(history.happenings(), span().from));

        this.shown = ko.pureComputed(() => recent().slice(0, most()).map(history.tell));
        this.isEmpty = ko.pureComputed(() => recent().length === 0);
        this.hasMore = ko.pureComputed(() => recent().length > most());
        this.showMore = () => most(most() + FIRST_SHOWN);
        span.subscribe(() => most(FIRST_SHOWN));

        this.recordedSince = ko.pureComputed(() => narration.recordedSince(history.recordedFrom()));

        this.download = () => {
            const { sessions, undated } = history.record();
            const name = csv.fileName(span().to, history.utcOffset);
            save(csv.fromSessions([...sessions.filter(isIn), ...undated]), name);
        };
        const isIn = ({ ended }) => ended === null || Date.parse(ended) >= span().from;
    }

    function save(text, name) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
        link.download = name;
        link.click();
        URL.revokeObjectURL(link.href);
    }

    Object.assign(window.OctoPrintUptime, { ListViewModel });
})();
