// What happened in the span that the timeline shows: as a list, and as a file.
(function () {
    const { csv, records, reusing, story } = window.OctoPrintUptime;
    const FIRST_SHOWN = 25;
    const LIST = ".octoprint-uptime-list";

    // An event of story.js, perhaps one with `repeats`.
    function EventViewModel(texts, isDoubted, event) {
        const make = (one) => new EventViewModel(texts, isDoubted, one);
        this.session = event.session ? event.session.session : null;
        this.when = ko.pureComputed(() => texts.when(event));
        this.datetime = (event.print || event.session).ended;
        this.unexpected = event.unexpected === true;
        this.sentences = ko.pureComputed(() => texts.sentences(event, isDoubted()).map(spaced));
        this.advice = ko.pureComputed(() => texts.advice(event));
        this.hasReports = texts.hasReports(event);
        // What there is room for in the sidebar and a notice: what happened, and to which print.
        this.repeats = event.repeats || [];
        this.isOpen = ko.observable(false);
        this.toggle = () => this.isOpen(!this.isOpen());
        this.singles = ko.pureComputed(() => (this.isOpen() ? this.repeats.map(make) : []));
        this.firstSentences = () => this.sentences().slice(0, event.session && event.session.print ? 2 : 1);
    }

    // A space before the next sentence, but not after a full-width full stop, which has one inside.
    const spaced = (sentence) => (/[。！？]$/.test(sentence) ? sentence : `${sentence} `);

    // `past` is the record, changed with each new history.
    function EventsViewModel({ texts, past, allEvents, timeline, makeEvent }) {
        const most = ko.observable(FIRST_SHOWN);
        const views = reusing(makeEvent);
        const found = ko.pureComputed(() => story.recent(allEvents(), timeline.span().from));

        this.shown = ko.pureComputed(() => views(found().slice(0, most())));
        this.isEmpty = ko.pureComputed(() => found().length === 0);
        this.hasMore = ko.pureComputed(() => found().length > most());
        this.recordedSince = ko.pureComputed(() => texts.recordedSince(past().recordedFrom));

        // The button goes with the last of them, so the focus goes to the first new one.
        this.showMore = (list, { currentTarget }) => {
            const first = most();
            most(first + FIRST_SHOWN);
            currentTarget.parentElement.querySelector("ul").children[first].focus();
        };

        // Show the newest event in which one of these sessions ended, and move the focus there.
        this.show = (sessions) => {
            const isMeant = ({ session }) => session && sessions.includes(session.session);
            const index = found().findIndex((each) => [each, ...(each.repeats || [])].some(isMeant));
            if (index < 0) return;
            most(Math.max(most(), index + 1));
            ko.tasks.runEarly();
            document.querySelector(LIST).children[index].focus();
        };

        this.isDrawn = ({ session }) => timeline.hasEnd(session);
        this.showEnd = ({ session }) => timeline.showEnd(session);

        this.download = () => {
            const { from, to } = timeline.span();
            const isIn = ({ ended }) => ended === null || Date.parse(ended) >= from;
            const sessions = records.sessionsAt(past(), to).filter(isIn);
            save(csv.fromSessions(sessions), csv.fileName(to, past().utcOffsetSeconds));
        };
    }

    function save(text, name) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
        link.download = name;
        link.click();
        URL.revokeObjectURL(link.href);
    }
    Object.assign(window.OctoPrintUptime, { EventViewModel, EventsViewModel });
})();
