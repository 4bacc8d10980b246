// Every text of the scripts, looked up when it is needed: OctoPrint has no gettext yet when it loads this file. Each is
// a whole sentence or a label with its value. Moments stand before a sentence or in brackets: few languages put the
// same word before a time of day and a date.
(function () {
    const { durations, evidence, gettext } = window.OctoPrintUptime;

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

    // By clock and manner, as story.js has them.
    const HAPPENED = {
        "host silent": () => gettext("The host went down without shutting down cleanly: possibly a power failure, a freeze or a reset."),
        "host stopped": () => gettext("The host shut down normally."),
        "host reboot": () => gettext("The host was restarted from OctoPrint’s menu."),
        "host shutdown": () => gettext("The host was shut down from OctoPrint’s menu."),
        "host unseen": () => gettext("The host went down while nothing was being recorded."),
        "octoprint silent": () => gettext("OctoPrint stopped without shutting down cleanly."),
        "octoprint stopped": () => gettext("OctoPrint shut down normally."),
        "octoprint restart": () => gettext("OctoPrint was restarted from its menu."),
        "octoprint update": () => gettext("OctoPrint was restarted after a software update."),
        "octoprint unseen": () => gettext("OctoPrint stopped while nothing was being recorded."),
        "printer stopped": () => gettext("The printer was disconnected."),
        "printer disconnect": () => gettext("The printer was disconnected in OctoPrint."),
        "printer lost": () => gettext("The connection to the printer was lost."),
        "printer reset": () => gettext("The printer restarted while it was connected."),
        "printer unseen": () => gettext("The printer connection was lost or closed while nothing was being recorded.")
    };

    const REPEATED = {
        "host silent": () => gettext("The host went down %(count)s times without shutting down cleanly."),
        "octoprint silent": () => gettext("OctoPrint stopped %(count)s times without shutting down cleanly."),
        "printer lost": () => gettext("The connection to the printer was lost %(count)s times."),
        "printer reset": () => gettext("The printer restarted %(count)s times while it was connected.")
    };

    // By cause, or "interrupted" by the end of a session; with "at" if it is known how far it had come.
    const STOPPED_PRINTS = {
        interrupted: () => gettext("Printing %(file)s stopped."),
        "interrupted at": () => gettext("Printing %(file)s stopped at %(completion)s."),
        cancelled: () => gettext("Printing %(file)s was cancelled."),
        "cancelled at": () => gettext("Printing %(file)s was cancelled at %(completion)s."),
        firmware_error: () => gettext("Printing %(file)s stopped: the printer’s firmware reported an error."),
        "firmware_error at": () => gettext("Printing %(file)s stopped at %(completion)s: the printer’s firmware reported an error.")
    };

    // For unexpected ends about which nothing was reported.
    const ADVICE = {
        host: () => gettext("Worth checking: the host’s power supply and its system log."),
        octoprint: () => gettext("Worth checking: OctoPrint’s log around that time."),
        printer: () => gettext("Worth checking: the printer, its power supply and cable, and OctoPrint’s log around that time."),
        print: () => gettext("Worth checking: what the printer’s display and its firmware’s documentation say about this error.")
    };

    // By the clocks that kept running.
    const KEPT = {
        host: () => gettext("The host kept running."),
        "host octoprint": () => gettext("The host and OctoPrint kept running.")
    };

    const STATES = {
        run: () => gettext("up"),
        off: () => gettext("down"),
        unsure: () => gettext("exact end unknown"),
        unrecorded: () => gettext("not recorded"),
        unloaded: () => gettext("not loaded"),
        "printer run": () => gettext("connected"),
        "printer off": () => gettext("not connected")
    };

    const ABSENCES = {
        stopped: () => gettext("Disconnected: %(date)s"),
        lost: () => gettext("Connection lost: %(date)s")
    };

    // A line may end between two units, but not between a number and its unit.
    const unbroken = (duration) => duration.replace(/(\d) /g, "$1\u00a0");

    const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

    // `locale` is OctoPrint's name, such as "pt_BR", `direction` "ltr" or "rtl", `dates` from dates.js.
    function makeTexts({ locale, direction, dates }) {
        const tag = `${durations.languageTag(locale)}-u-nu-latn`;
        const percents = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });

        const isolated = (text) => `\u2068${text}\u2069`;
        const isolatedInRtl = (text) => (direction() === "rtl" ? isolated(text) : text);
        const fill = (sentence, places) =>
            sentence.replace(/%\((\w+)\)s/g, (whole, name) => (has(places, name) ? isolatedInRtl(places[name]) : whole));
        const spelled = (seconds) => unbroken(durations.roughDuration(seconds, "long", locale));
        // Cut, since 99.96 % isn't all of it; but 0.7 * 10 may be 6.999…
        const percent = (value) => percents.format(Math.floor(value * 10 + 1e-6) / 1000);

        const reason = (text) => fill(gettext("OctoPrint reported: %(reason)s"), { reason: isolated(text) });
        const label = (clock) => LABELS[clock]();

        // When it happened, with the doubt about it.
        function when(event) {
            const time = event.times ? period(event) : span(event);
            return event.confirmed ? time : fill(gettext("%(time)s (may be wrong)"), { time });
        }

        // From the first of several events to the last.
        function period({ ended, before }) {
            const places = dates.range(ended, before, dates.near);
            return fill(places.day ? gettext("%(day)s, %(from)s – %(to)s") : gettext("%(from)s – %(to)s"), places);
        }

        // One event, somewhere between two moments.
        function span({ ended, before }) {
            if (dates.isSameMinute(ended, before)) return dates.near(ended);
            const places = dates.range(ended, before, dates.near);
            const onOneDay = gettext("%(day)s, between %(from)s and %(to)s");
            return fill(places.day ? onOneDay : gettext("between %(from)s and %(to)s"), places);
        }

        // What happened, and what else is known about it, each in a sentence; `doubted` if all times are in doubt.
        function sentences(event, doubted) {
            return [
                ...(event.print ? aboutPrint(event.print) : aboutSession(event)),
                !event.confirmed && !doubted && gettext("This time may be wrong: the host’s clock had not been set yet."),
                event.bounds && fill(gettext("Known for certain: %(time)s."), { time: span(event.bounds) })
            ].filter(Boolean);
        }

        function happened({ clock, manner, times }) {
            const key = `${clock} ${manner}`;
            return times ? fill(REPEATED[key](), { count: times }) : (HAPPENED[key] || HAPPENED[`${clock} unseen`])();
        }

        // First what it did to the print, then what happened, what points to a cause, what kept running, what came back.
        function aboutSession(event) {
            const { away, awayAtMost, isAway, leftAway, unexpected, session } = event;
            const { print, reason: text } = session;
            const kept = (event.kept || []).join(" ");
            const back = () => (awayAtMost ? gettext("Back within %(duration)s.") : gettext("Back after %(duration)s."));
            return [
                print && stopped(print, "interrupted"),
                happened(event),
                unexpected && !print && gettext("OctoPrint was not printing."),
                ...evidence.sentences(session),
                has(KEPT, kept) && KEPT[kept](),
                away !== null && fill(back(), { duration: spelled(away) }),
                ((isAway && unexpected) || leftAway) && gettext("The printer has not been reconnected since."),
                text && reason(text)
            ];
        }

        const aboutPrint = (print) => [stopped(print, print.cause), print.reason && reason(print.reason)];

        function stopped({ file, completion }, cause) {
            const sentence = STOPPED_PRINTS[completion === null ? cause : `${cause} at`] || STOPPED_PRINTS.cancelled;
            const places = { file: isolated(file), completion: completion === null ? "" : percent(completion) };
            return fill(sentence(), places);
        }

        // That nothing happened since a moment; all of the last 24 hours if `isDay`.
        function nothing(from, isDay) {
            if (isDay) return gettext("No restarts or disconnects in the last 24 hours.");
            return fill(gettext("No restarts or disconnects since recording began (%(date)s)."), { date: dates.moment(from) });
        }

        // What is worth checking: what the evidence suggests or, without any, what an end such as this one does.
        function advice({ print, session, clock, unexpected, confirmed }) {
            const found = session ? evidence.advice(session) : "";
            if (found || (!unexpected && confirmed)) return found;
            if (!unexpected) return gettext("Worth checking: whether the host can reach a time server.");
            return ADVICE[print ? "print" : clock]();
        }

        // Since when a clock runs or, with an `ending`, doesn't.
        function since(date, ending) {
            return fill(has(ABSENCES, ending) ? ABSENCES[ending]() : gettext("Since %(date)s"), { date });
        }

        // What stands in the place of a clock that doesn't run; undefined is one that hasn't been read yet.
        const instead = (name, clock) =>
            name === "printer" && clock ? gettext("not connected") : (clock && clock.note) || gettext("duration unknown");

        function clock(name, duration, date) {
            const sentence = date ? gettext("%(name)s: %(duration)s (since %(date)s)") : gettext("%(name)s: %(duration)s");
            return fill(sentence, { name, duration, date });
        }

        function piece({ kind, from, to, ended }, name) {
            const span = { name: label(name), from: dates.moment(from), to: dates.until(from, to) };
            const severalShort = () => gettext("%(name)s: several short sessions (%(from)s – %(to)s). Sessions ended: %(count)s");
            if (kind === "many") return fill(severalShort(), { ...span, count: ended.length });
            const state = (STATES[`${name} ${kind}`] || STATES[kind])();
            const sentence = gettext("%(name)s: %(state)s, %(duration)s (%(from)s – %(to)s)");
            return fill(sentence, { ...span, state, duration: spelled((to - from) / 1000) });
        }

        // If a session ended because the host or OctoPrint did, it counts separately.
        function figures({ share, starts, unexpected, carried, longest }, name) {
            const withOthers = () =>
                name === "printer" ? gettext("Stopped with the host or OctoPrint: %(count)s") : gettext("Stopped with the host: %(count)s");
            return [
                share !== null && fill(gettext("Up: %(share)s"), { share: percent(100 * share) }),
                fill(gettext("Starts: %(count)s"), { count: starts }),
                (unexpected > 0 || carried === 0) && fill(gettext("Unexpected stops: %(count)s"), { count: unexpected }),
                carried > 0 && fill(withOthers(), { count: carried }),
                longest !== null && fill(gettext("Longest uptime: %(duration)s"), { duration: spelled(longest) })
            ].filter(Boolean);
        }

        function outOfBounds(lowest, highest, value) {
            const sentence = gettext("Enter a whole number from %(lowest)s to %(highest)s. Until then, %(value)s is used.");
            return fill(sentence, { lowest, highest, value });
        }

        return {
            direction, label, when, sentences, happened, nothing, since, instead, clock, piece, figures, outOfBounds,
            duration: (seconds, format, style) => unbroken(durations.formatDuration(seconds, format, style, locale)),
            plugin: () => gettext("Uptime"),
            lost: () => gettext("The printer is no longer connected"),
            withheld: () => gettext("(file name left out)"),
            advice,
            hasReports: ({ session }) => Boolean(session) && evidence.sentences(session).length > 0,
            restart: (name) => RESTARTS[name](),
            span: (days) => (days === null ? gettext("All") : spelled(days * 86400)),
            others: (count) => fill(gettext("Other events in the last 24 hours: %(count)s"), { count }),
            recordedSince: (at) => fill(gettext("Recording since %(date)s"), { date: dates.moment(at) }),
            openTab: () => gettext("See what happened"),
            opensTab: () => gettext("Opens the Uptime tab."),
            deletion: () => gettext("This permanently deletes the recorded history."),
            proceed: () => gettext("Delete history"),
            unseen: () => gettext("Something went down unexpectedly. See the Uptime tab for details."),
            unconfirmed: () => gettext("May be out of date: OctoPrint is not responding."),
            loading: () => gettext("Loading the history …"),
            failed: () => gettext("The history could not be loaded."),
            empty: () => gettext("Nothing has been recorded yet. Restarts and disconnects will appear here."),
            unconfirmedTimes: () => gettext("These times may be wrong: the host’s clock does not seem to have been set yet. Check whether the host can reach a time server."),
            pausing: () => gettext("Press the space bar to pause or resume switching between uptimes.")
        };
    }
    Object.assign(window.OctoPrintUptime, { makeTexts });
})();
