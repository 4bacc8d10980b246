/**
 * One uptime as a reader sees it: in a card of the tab, in a row of the sidebar and in the badge.
 */
(function () {
    const { clocks: reckoning, durations } = window.OctoPrintUptime;

    const LOOKS = {
        host: { icon: "fas fa-server", setting: "show_system_uptime" },
        octoprint: { icon: "fas fa-cube", setting: "show_octoprint_uptime" },
        printer: { icon: "fas fa-plug", setting: "show_printer_uptime" }
    };
    const MINUTE = 60;
    const HOUR = 3600;

    /** The widest text with the same units: two digits for each number, but for a first one that doesn't count. */
    function widest(text, firstCounts) {
        let counts = firstCounts;
        return text.replace(/\d+/g, (digits) => {
            const length = counts ? Math.max(digits.length, 2) : digits.length;
            counts = true;
            return "0".repeat(length);
        });
    }

    /** `name` is that of a clock in the API: host, octoprint or printer. */
    function CardViewModel({ settings, clocks, now, texts, dates }, name) {
        const clock = ko.pureComputed(() => clocks()[name]);
        const spelled = (style, format) =>
            ko.pureComputed(() =>
                this.runs() ? texts.duration(this.seconds(), format(), style) : texts.instead(name, clock())
            );
        // "0 hours" says nothing.
        const tabFormat = () => {
            const format = settings.display_format();
            return this.seconds() < HOUR && ["dh", "d"].includes(format) ? "dhm" : format;
        };

        this.name = name;
        this.label = texts.label(name);
        this.icon = LOOKS[name].icon;
        this.enabled = ko.pureComputed(() => settings[LOOKS[name].setting]());

        this.seconds = ko.pureComputed(() => reckoning.secondsAt(clock(), now()));
        this.runs = ko.pureComputed(() => this.seconds() !== null);
        this.narrow = spelled("narrow", settings.display_format);
        const words = spelled("long", tabFormat);
        // A line may end between two units, but not between a number and its unit.
        this.keptWords = ko.pureComputed(() => words().replace(/(\d) /g, "$1\u00a0"));
        // What the style sheet keeps room for. It doesn't change with each second.
        const showsOnlySeconds = ko.pureComputed(
            () => this.seconds() < MINUTE && durations.smallestUnit(this.seconds(), settings.display_format()) === 1
        );
        this.widestNarrow = ko.pureComputed(() => widest(this.narrow(), showsOnlySeconds()));
        this.widestWords = ko.pureComputed(() => widest(this.keptWords(), showsOnlySeconds()));
        this.iso = ko.pureComputed(() => durations.isoDuration(this.seconds()));
        /** How many digits the text may still get. */
        this.spareDigits = ko.pureComputed(() => durations.spareDigits(this.seconds(), settings.display_format()));

        // Since when it runs, or doesn't.
        this.started = ko.pureComputed(() => (clock() && (clock().started || clock().lastEnded)) || "");
        const date = ko.pureComputed(() => this.started() && dates.moment(Date.parse(this.started())));
        this.since = ko.pureComputed(() => {
            if (this.runs()) return date() ? texts.since(date()) : "";
            return clock() && clock().lastEnded ? texts.absence(clock()) : "";
        });
        this.sentence = () => {
            const style = this.runs() ? texts.duration(this.seconds(), settings.display_format(), "long") : words();
            return texts.clock(this.label, style, date());
        };
    }

    Object.assign(window.OctoPrintUptime, { CardViewModel });
})();
