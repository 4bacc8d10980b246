/**
 * What the page says of the history, in the language of the page.
 *
 * Each text is a whole sentence or a label with its value, so that a translator sees all of it. Moments stand before
 * a sentence or in brackets: few languages put the same word before a time of day and a date.
 */
(function () {
    const { durations, gettext } = window.OctoPrintUptime;

    // By clock and manner, as story.js has them.
    const HAPPENED = {
        "host silent": () =>
            gettext("The host went down without a shutdown message: possibly a power failure, a freeze or a reset."),
        "host stopped": () => gettext("The host shut down normally."),
        "host reboot": () => gettext("The host was restarted from OctoPrint’s menu."),
        "host shutdown": () => gettext("The host was shut down from OctoPrint’s menu."),
        "host unseen": () => gettext("The host went down while nothing was being recorded."),
        "octoprint silent": () => gettext("OctoPrint ended without a shutdown message."),
        "octoprint stopped": () => gettext("OctoPrint shut down normally."),
        "octoprint restart": () => gettext("OctoPrint was restarted from its menu."),
        "octoprint update": () => gettext("OctoPrint was restarted after a software update."),
        "octoprint unseen": () => gettext("OctoPrint ended while nothing was being recorded."),
        "printer stopped": () => gettext("The printer was disconnected."),
        "printer lost": () => gettext("The connection to the printer was lost."),
        "printer reset": () => gettext("The printer restarted while it was connected."),
        "printer unseen": () => gettext("The printer connection ended while nothing was being recorded.")
    };

    const STATES = {
        run: () => gettext("running"),
        off: () => gettext("not running"),
        unsure: () => gettext("exact end unknown"),
        unrecorded: () => gettext("not recorded")
    };

    const ABSENCES = {
        stopped: () => gettext("Since %(date)s: disconnected"),
        lost: () => gettext("Since %(date)s: connection lost")
    };

    const DAY_MS = 86400000;

    const TICKS = {
        hour: { hour: "numeric" },
        day: { month: "short", day: "numeric" },
        month: { year: "numeric", month: "short" }
    };

    /**
     * @param {object} page
     * @param {string} page.locale as OctoPrint names it
     * @param {ko.observable<string>} page.direction "ltr" or "rtl"
     * @param {ko.observable<boolean>} page.elsewhere whether the server has another time zone than the reader
     * @param {ko.observable<number>} page.today when the reader's day began, in milliseconds
     * @param {object} page.words
     */
    function narrate({ locale, direction, elsewhere, today, words }) {
        const tag = `${durations.languageTag(locale)}-u-nu-latn`;
        // To make a formatter takes Intl longer than to use it a hundred times.
        const formatter = _.memoize((options) => new Intl.DateTimeFormat(tag, options), JSON.stringify);
        const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
        const percents = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });

        const isolated = (text) => `\u2068${text}\u2069`;
        const fill = (sentence, places) =>
            _.sprintf(sentence, direction() === "rtl" ? _.mapValues(places, isolated) : places);
        const spelled = (seconds) => durations.roughDuration(seconds, "long", locale);
        const percent = (share) => percents.format(Math.floor(share * 1000) / 1000); // 99.96 % is not all of it

        const timeOfDay = () => ({
            hour: words.hourDigits,
            minute: "2-digit",
            timeZoneName: elsewhere() ? "short" : undefined
        });

        const spell = (at, options) => formatter(options).format(new Date(at));
        const time = (at, zone) => spell(at, { ...timeOfDay(), ...zone });

        /** "Tue, Nov 24"; with its year where that is another than now. */
        function dated(at) {
            const year = new Date(at).getFullYear() === new Date().getFullYear() ? undefined : "numeric";
            return { weekday: "short", year, month: "short", day: "numeric" };
        }

        /** "Tue, Nov 24, 3:12 AM" */
        const moment = (at) => spell(at, { ...dated(at), ...timeOfDay() });

        /** A word for today and yesterday, and for no other day. */
        function word(at) {
            const days = Math.round((today() - new Date(at).setHours(0, 0, 0, 0)) / DAY_MS);
            return days === 0 || days === 1 ? relative.format(-days, "day") : "";
        }

        /** "yesterday, 10:04 PM", as the language puts a date and a time together. */
        function near(at) {
            const day = { year: "numeric", month: "numeric", day: "numeric" };
            return word(at) ? spell(at, { ...day, ...timeOfDay() }).replace(spell(at, day), word(at)) : moment(at);
        }

        /** Two moments; what they have in common is said once. `day` is empty where that is not the day. */
        function range(from, to, tell) {
            const day = spell(from, dated(from));
            if (day !== spell(to, dated(to))) return { day: "", from: tell(from), to: tell(to) };
            return { day: word(from) || day, from: time(from, { timeZoneName: undefined }), to: time(to) };
        }

        /** When something happened: a moment, or what is known of it. */
        function when({ ended, before }) {
            if (moment(ended) === moment(before)) return near(ended);
            const places = range(ended, before, near);
            const onOneDay = gettext("%(day)s, between %(from)s and %(to)s");
            return fill(places.day ? onOneDay : gettext("between %(from)s and %(to)s"), places);
        }

        function happened({ clock, manner }) {
            return (HAPPENED[`${clock} ${manner}`] || HAPPENED[`${clock} unseen`])();
        }

        /** What else is known of a happening, each in a sentence of its own; `doubted` is said of all times already. */
        function details({ away, awayAtMost, session }, doubted) {
            const back = () => (awayAtMost ? gettext("Back after %(duration)s at most.") : gettext("Back after %(duration)s."));
            return [
                session.print && fill(gettext("This interrupted the print of %(print)s."), { print: print(session.print) }),
                away !== null && fill(back(), { duration: spelled(away) }),
                session.reason && fill(gettext("OctoPrint’s reason: %(reason)s"), { reason: isolated(session.reason) }),
                session.undervoltage && gettext("Under-voltage had been reported."),
                !session.confirmed && !doubted && gettext("This time is not confirmed: the host’s time had not been set yet.")
            ].filter(Boolean);
        }

        function print({ file, completion }) {
            // The name says nothing of the direction of what stands behind it.
            const mark = direction() === "rtl" ? "\u200f" : "";
            return completion === null ? isolated(file) : `${mark}${isolated(file)} (${percent(completion / 100)})`;
        }

        /** That nothing happened, as far back as that is known; `since` is null for all of the last 24 hours. */
        function nothing(since) {
            if (since === null) return gettext("Nothing has restarted in the last 24 hours.");
            return fill(gettext("Nothing has restarted since recording began (%(date)s)."), { date: moment(since) });
        }

        /** Since when the printer is not connected, and why; `session` is its last one. */
        function absence(session) {
            const date = moment(session.ended_before || session.ended);
            return session.ending in ABSENCES ? fill(ABSENCES[session.ending](), { date }) : words.since(date);
        }

        function state(kind, clock) {
            return kind === "off" && clock === "printer" ? gettext("not connected") : STATES[kind]();
        }

        /** What a piece of the picture is; `piece` as in timeline.js. */
        function piece({ kind, from, to, ended }, clock) {
            const isMany = kind === "many";
            const sentence = isMany
                ? gettext("%(name)s: several short sessions (%(from)s – %(to)s). Ended: %(count)s")
                : gettext("%(name)s: %(state)s, %(duration)s (%(from)s – %(to)s)");
            return fill(sentence, {
                name: words.label(clock),
                state: isMany ? "" : state(kind, clock),
                duration: spelled((to - from) / 1000),
                count: ended.length,
                from: moment(from),
                to: range(from, to, moment).to
            });
        }

        /** Labels with their values, from what story.js counted. */
        function figures({ share, starts, unexpected, longest }) {
            return [
                share !== null && fill(gettext("Running: %(share)s"), { share: percent(share) }),
                fill(gettext("Starts: %(count)s"), { count: starts }),
                fill(gettext("Unexpected ends: %(count)s"), { count: unexpected }),
                longest !== null && fill(gettext("Longest: %(duration)s"), { duration: spelled(longest) })
            ].filter(Boolean);
        }

        return {
            when,
            happened,
            details,
            nothing,
            absence,
            state,
            piece,
            figures,
            now: () => relative.format(0, "second"),
            tick: (at, unit) => formatter(TICKS[unit]).format(new Date(at)),
            span: (days) => (days === null ? gettext("All recorded") : spelled(days * 86400)),
            others: (count) => fill(gettext("Other events in the last 24 hours: %(count)s"), { count }),
            recordedSince: (at) => fill(gettext("Recorded since %(date)s"), { date: moment(at) }),
            openTab: () => gettext("What happened"),
            unseen: () => gettext("Something ended unexpectedly. Details are in the Uptime tab.")
        };
    }

    Object.assign(window.OctoPrintUptime, { narrate });
})();
