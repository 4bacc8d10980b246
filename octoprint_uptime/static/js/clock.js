/**
 * One clock as a reader sees it, wherever that is.
 */
(function () {
    const { clocks: reckoning, durations } = window.OctoPrintUptime;

    const LOOKS = {
        host: { icon: "fas fa-server", setting: "show_system_uptime" },
        octoprint: { icon: "fas fa-cube", setting: "show_octoprint_uptime" },
        printer: { icon: "fas fa-plug", setting: "show_printer_uptime" }
    };

    const MOST_PARTS = 4;
    const HOUR = 3600;
    const FIGURE_SPACE = "\u2007"; // as wide as a digit, and kept at the end of a line

    /** `name` is that of a clock in the API: host, octoprint or printer. */
    function ClockViewModel({ settings, clocks, now, words, history }, name) {
        const spelled = (spell, seconds, style, counting, format = settings.display_format) =>
            ko.pureComputed(() => {
                if (!this.runs()) return words.absence(name, clocks()[name]);
                return spell(seconds(), format(), style, counting);
            });
        // "0 hours" says nothing.
        const tabFormat = () => {
            const format = settings.display_format();
            return this.seconds() < HOUR && ["dh", "d"].includes(format) ? "dhm" : format;
        };
        // For where a line may end, but not between a number and its unit.
        const kept = (text) => ko.pureComputed(() => text().replace(/(\d) /g, "$1\u00a0"));

        this.name = name;
        this.label = words.label(name);
        this.icon = LOOKS[name].icon;
        this.enabled = ko.pureComputed(() => settings[LOOKS[name].setting]());

        this.seconds = ko.pureComputed(() => reckoning.secondsAt(clocks()[name], now()));
        this.runs = ko.pureComputed(() => this.seconds() !== null);
        this.narrow = spelled(words.duration, this.seconds, "narrow");
        this.words = spelled(words.duration, this.seconds, "long");
        this.leadingPart = ko.pureComputed(() => durations.leadingPart(this.seconds()));
        this.widestNarrow = spelled(words.widestDuration, this.leadingPart, "narrow", MOST_PARTS);
        this.widestWords = kept(spelled(words.widestDuration, this.seconds, "long", 1, tabFormat));
        const keptWords = kept(spelled(words.duration, this.seconds, "long", 0, tabFormat));
        // As long as the widest, so that a line ends where that of the widest does.
        this.keptWords = ko.pureComputed(() => keptWords().padEnd(this.widestWords().length, FIGURE_SPACE));
        this.iso = ko.pureComputed(() => durations.isoDuration(this.seconds()));

        // Since when it runs, or does not.
        const absence = ko.pureComputed(() => (clocks()[name] && !this.runs() ? history.absence(name) : null));
        this.started = ko.pureComputed(() => (this.runs() ? clocks()[name].started : (absence() || {}).datetime || ""));
        this.date = ko.pureComputed(() => (this.started() ? words.date(this.started()) : ""));
        this.since = ko.pureComputed(() => {
            if (absence()) return absence().text;
            return this.date() ? words.since(this.date()) : "";
        });
        this.sentence = ko.pureComputed(() => words.sentence(this.label, this.words(), this.date()));
    }

    Object.assign(window.OctoPrintUptime, { ClockViewModel });
})();
