/**
 * The history as the page knows it, and what it comes to in a sentence.
 */
(function () {
    const { story, stored } = window.OctoPrintUptime;

    const DAY_MS = 86400000;
    const NOTHING = { recording: true, recorded_from: null, days: 0, clock_confirmed: true, sessions: [], undated: [] };

    /** Of what ended at a time that nobody can tell there is nothing to say. */
    const isDated = ({ ending, ended }) => ending === null || ended !== null;

    /**
     * @param {object} page
     * @param {object} page.narration from sentences.js
     * @param {function(number): Promise<object>} page.ask gets the API's answer with the history of so many days
     */
    function HistoryViewModel({ narration, ask }) {
        this.days = 7; // what answer and sign look back to
        this.record = ko.observable(NOTHING);
        this.until = ko.observable(Date.now()); // the server's now, whatever the reader's clock says
        this.state = ko.observable("loading"); // "loading", "here", "failed"

        /** Ask for so many days. */
        this.refresh = (days) => ask(days).then(this.take, () => this.state("failed"));

        /** Take in an answer with a history. */
        this.take = (answer) => {
            this.until(1000 * (answer.octoprint_started_timestamp + answer.octoprint_seconds));
            this.utcOffset = answer.utc_offset_seconds;
            const [sessions, undated] = _.partition(answer.history.sessions, isDated);
            this.record({ ...answer.history, sessions, undated });
            this.state("here");
        };

        this.forget = () => this.record(NOTHING);

        this.recordedFrom = ko.pureComputed(() => {
            const text = this.record().recorded_from;
            return text === null ? this.until() : Date.parse(text);
        });
        this.hasRecord = ko.pureComputed(() => this.record().recorded_from !== null);
        this.isEmpty = ko.pureComputed(() => this.state() === "here" && this.record().recording && !this.hasRecord());
        this.confirmed = ko.pureComputed(() => this.record().clock_confirmed);
        this.happenings = ko.pureComputed(() => story.happenings(this.record().sessions));
        this.ends = ko.pureComputed(() => new Map(this.happenings().map((each) => [each.session, each])));

        /** Since when the printer is not connected, null for others and where that is not known. */
        this.absence = (clock) => {
            const last = this.record().sessions.find((session) => session.clock === clock);
            if (clock !== "printer" || !last || last.ended === null) return null;
            return { datetime: last.ended_before || last.ended, text: narration.absence(last) };
        };

        /** What happened before this session of a clock began, null where that is not known. */
        this.before = (clock, id) => {
            const own = this.record().sessions.filter((session) => session.clock === clock);
            const former = own[own.findIndex(({ session }) => session === id) + 1];
            const found = this.happenings().find(({ session }) => session === former);
            return found ? this.tell(found) : null;
        };

        // ~~ The answer: what of the last 24 hours is to be told first

        const since = () => this.until() - DAY_MS;
        const foremost = ko.pureComputed(() => story.foremost(this.happenings(), since()));
        this.answer = ko.pureComputed(() => foremost() && this.tell(foremost()));
        this.nothing = ko.pureComputed(() =>
            narration.nothing(this.recordedFrom() > since() ? this.recordedFrom() : null)
        );
        this.others = ko.pureComputed(() => {
            const count = story.recent(this.happenings(), since()).length - 1;
            return count > 0 ? narration.others(count) : "";
        });

        /** A happening as a reader sees it. */
        this.tell = (happening) => ({
            when: narration.when(happening),
            datetime: happening.ended,
            clock: happening.clock,
            unexpected: happening.unexpected,
            sentences: [narration.happened(happening), ...narration.details(happening, !this.confirmed())].map(spaced),
            // What there is room for in the sidebar: also the print, where one was hit.
            shortly: happening.session.print ? 2 : 1
        });

        // ~~ The badge's sign: something ended unexpectedly, and nobody looked at the tab with this browser since

        const seen = stored("seen", "");
        const newest = ko.pureComputed(() => {
            const found = this.happenings().find((happening) => happening.unexpected);
            return found ? found.session.session : "";
        });
        this.marked = ko.pureComputed(() => newest() !== "" && newest() !== seen());
        this.look = () => newest() !== "" && seen(newest());
    }

    /** A space before the next sentence, but not behind a full-width full stop, which brings its own. */
    function spaced(sentence) {
        return /[。！？]$/.test(sentence) ? sentence : `${sentence} `;
    }

    Object.assign(window.OctoPrintUptime, { HistoryViewModel });
})();
