/**
 * Every text of the scripts. Each is looked up when it is asked for: OctoPrint has no gettext yet
 * when it loads this file.
 */
(function () {
    const { durations, gettext } = window.OctoPrintUptime;

    const LABELS = {
        host: () => gettext("Host"),
        octoprint: () => "OctoPrint",
        printer: () => gettext("Printer connection")
    };

    const RESTARTS = {
        host: () => gettext("The host restarted"),
        octoprint: () => gettext("OctoPrint restarted"),
        printer: () => gettext("The printer was reconnected")
    };

    /**
     * The texts of a page.
     *
     * @param {object} page
     * @param {string} page.locale as OctoPrint names it, such as "de" or "pt_BR"
     * @param {function(): string} page.direction "ltr" or "rtl"
     * @param {function(): boolean} page.elsewhere whether the server has another time zone than the reader
     */
    function speak({ locale, direction, elsewhere }) {
        const tag = `${durations.languageTag(locale)}-u-nu-latn`;
        // What <bdi> is to a page: else the number after "OctoPrint: " is drawn apart from its unit.
        const isolate = (text) => (direction() === "rtl" ? `\u2068${text}\u2069` : text);

        const digits = hourDigits(tag);

        return {
            direction,
            hourDigits: digits,
            plugin: () => gettext("Uptime"),
            label: (clock) => LABELS[clock](),
            restart: (clock) => RESTARTS[clock](),
            duration: (seconds, format, style) => durations.formatDuration(seconds, format, style, locale),
            widestDuration: (seconds, format, style, counting) =>
                durations.widestDuration(seconds, format, style, locale, counting),

            /** "May 8, 2026, 3:07 PM", with the time zone where the server has another one. */
            date: (timestamp) =>
                new Intl.DateTimeFormat(tag, {
                    year: "numeric",
                    month: "short",
                    day: "numeric",
                    hour: digits,
                    minute: "2-digit",
                    timeZoneName: elsewhere() ? "short" : undefined
                }).format(new Date(timestamp)),

            since: (date) => _.sprintf(gettext("Since %(date)s"), { date }),

            /** What stands in the place of a clock that does not run; undefined is one that nobody has read yet. */
            absence(name, clock) {
                if (name === "printer" && clock) return gettext("not connected");
                return (clock && clock.note) || gettext("duration unknown");
            },

            /** A clock in a sentence; the date is empty where it does not run. */
            sentence(...texts) {
                const [clock, duration, date] = texts.map(isolate);
                return texts[2]
                    ? _.sprintf(gettext("%(name)s: %(duration)s (since %(date)s)"), { name: clock, duration, date })
                    : _.sprintf(gettext("%(name)s: %(duration)s"), { name: clock, duration });
            },

            /** What is asked before the history is deleted. */
            deletion: () => ({
                message: gettext("This deletes everything recorded about earlier sessions."),
                proceed: gettext("Delete history")
            }),

            unconfirmed: () => gettext("Not confirmed: OctoPrint is not responding."),
            /** What is wrong with a number that was typed; `value` is the one in force. */
            outOfBounds(lowest, highest, value) {
                const sentence = gettext(
                    "Enter a whole number from %(lowest)s to %(highest)s. Until then, %(value)s is used."
                );
                return _.sprintf(sentence, { lowest, highest, value });
            }
        };
    }

    /** Whether the language writes nine o'clock as 9:00 or 09:00: beside a date, Intl does not know. */
    function hourDigits(tag) {
        const nine = new Intl.DateTimeFormat(tag, { timeStyle: "short" }).formatToParts(new Date(2026, 0, 1, 9));
        return nine.some(({ type, value }) => type === "hour" && value.length === 2) ? "2-digit" : "numeric";
    }

    Object.assign(window.OctoPrintUptime, { speak });
})();
