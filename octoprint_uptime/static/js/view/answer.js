// The answer: which event of the last 24 hours to show first, and how much the page knows about it.
(function () {
    const { remembered, reusing, stable, story } = window.OctoPrintUptime;
    const DAY_MS = 86400000;

    // `past` is the record, changed with each new history, `state` its state, `time` the server's.
    function AnswerViewModel({ texts, past, state, allEvents, time, unconfirmed, makeEvent }) {
        const since = () => time() - DAY_MS;
        const views = reusing(makeEvent);

        this.hasRecord = ko.pureComputed(() => past().recordedFrom !== null);
        const events = stable(() => story.recent(allEvents(), since()));
        this.event = stable(() => views([story.foremost(events())].filter(Boolean))[0] || null);
        this.others = ko.pureComputed(() => (events().length > 1 ? texts.others(events().length - 1) : ""));
        this.nothing = ko.pureComputed(() => {
            const from = this.event() ? null : story.quietSince(past(), state(), time());
            return from === null ? "" : texts.nothing(from, from === since());
        });

        // What makes the page incomplete or doubtful, as sentences.
        this.warnings = ko.pureComputed(() =>
            [
                unconfirmed() && texts.unconfirmed(),
                state() === "loading" && texts.loading(),
                (state() === "failed" || (state() === "stale" && !unconfirmed())) && texts.failed(),
                past().loaded && past().note,
                state() === "current" && !this.hasRecord() && texts.empty(),
                this.hasRecord() && !past().clockConfirmed && texts.unconfirmedTimes()
            ].filter(Boolean)
        );

        // The sign: something ended unexpectedly, and its reader has not seen the answer with this browser since.
        const seen = remembered("seen", (text) => text || "");
        const newest = ko.pureComputed(() => {
            const found = allEvents().find(({ unexpected }) => unexpected);
            if (!found) return "";
            return found.session ? found.session.session : found.print.ended;
        });
        this.isNew = ko.pureComputed(() => newest() !== "" && newest() !== seen());
        this.look = () => newest() !== "" && seen(newest());
    }

    ko.bindingHandlers.octoprintUptimeOnScreen = {
        init(element, onScreen) {
            const observer = new IntersectionObserver((entries) => onScreen()(entries[entries.length - 1].isIntersecting));
            observer.observe(element);
        }
    };
    Object.assign(window.OctoPrintUptime, { AnswerViewModel });
})();
