/**
 * One clock as the templates see it.
 */
(function () {
    const { durations } = window.OctoPrintUptime;

    const MOST_PARTS = 4;

    /** `page` is the view model of all clocks, `look` holds what differs between them. */
    function ClockViewModel(page, name, look) {
        const { formatDuration, widestDuration } = durations;
        const spelled = (spell, seconds, style, counting) =>
            ko.pureComputed(() => {
                const format = page.settings.display_format();
                return this.runs() ? spell(seconds(), format, style, page.locale, counting) : this.absence();
            });
        // For where a line may end, but not between a number and its unit.
        const kept = (text) => ko.pureComputed(() => text().replace(/(\d) /g, "$1\u00a0"));

        this.name = name;
        this.label = look.label;
        this.icon = look.icon;
        this.restarted = look.restarted;
        this.enabled = ko.pureComputed(() => page.settings[look.setting]());

        this.seconds = ko.pureComputed(() => page.drawings() && page.clocks.seconds(name));
        this.runs = ko.pureComputed(() => this.seconds() !== null);
        this.absence = ko.pureComputed(() => look.absence(page.reading()));
        this.narrow = spelled(formatDuration, this.seconds, "narrow");
        this.words = spelled(formatDuration, this.seconds, "long");
        this.keptWords = kept(this.words);
        this.leadingPart = ko.pureComputed(() => durations.leadingPart(this.seconds()));
        this.widestNarrow = spelled(widestDuration, this.leadingPart, "narrow", MOST_PARTS);
        this.widestWords = kept(spelled(widestDuration, this.seconds, "long", 1));
        this.iso = ko.pureComputed(() => durations.isoDuration(this.seconds()));

        this.started = ko.pureComputed(() => page.reading() && page.clocks.started(name));
        this.date = ko.pureComputed(() => (this.started() ? page.formatDate(this.started()) : ""));
        this.since = ko.pureComputed(() => (this.date() ? _.sprintf(gettext("Since %(date)s"), { date: this.date() }) : ""));
        this.sentence = ko.pureComputed(() => {
            const [clock, duration, date] = [this.label, this.words(), this.date()].map(page.isolate);
            const parts = { clock, duration, date };
            return this.runs()
                ? _.sprintf(gettext("%(clock)s: %(duration)s (since %(date)s)"), parts)
                : _.sprintf(gettext("%(clock)s: %(duration)s"), parts);
        });

        this.barLength = ko.pureComputed(() => page.barLengths()[page.shownClocks().indexOf(this)] + "%");
        this.hasTurn = ko.pureComputed(() => page.clockOnTurn() === this);
    }

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, { ClockViewModel });
})();
