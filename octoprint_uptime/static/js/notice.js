/**
 * The notices of what restarted since somebody last looked with this browser. Each is told until it
 * was closed or the tab was opened, and then never again in any window.
 */
(function () {
    const { clocks: reckoning, stored } = window.OctoPrintUptime;

    /** `shownClocks` holds the clocks that are switched on. */
    function NoticesViewModel({ settings, clocks, words, narration, history, openTab }, shownClocks) {
        const stock = stored("sessions", JSON.stringify({ sessions: {}, untold: [] }));
        const known = () => JSON.parse(stock.peek());
        const know = (sessions, untold) => stock(JSON.stringify({ sessions, untold }));
        const notices = {}; // by the name of the clock

        const open = (name, text) => {
            const closed = () => {
                if (!notices[name]) return; // closed by ourselves
                delete notices[name];
                this.told([name]);
            };
            const look = { type: "notice", hide: false, title_escape: true, text_escape: true, before_close: closed };
            look.addclass = "octoprint-uptime-notice";
            // PNotify keeps a second button of its own where it is given one alone.
            const buttons = [{ text: narration.openTab(), click: openTab }, { addClass: "hidden" }];
            look.confirm = { confirm: true, buttons };
            notices[name] = new PNotify({ ...look, ...text });
            notices[name].get().attr("dir", words.direction());
        };
        const tell = (name) => {
            const { session, started } = clocks()[name];
            const told = history.before(name, session);
            const lines = told ? [told.when, ...told.sentences] : [];
            if (started) lines.push(words.since(words.date(started)));
            const text = { title: words.restart(name), text: lines.join("\n") };
            if (notices[name]) notices[name].update(text);
            else open(name, text);
        };
        const close = (name) => {
            const notice = notices[name];
            delete notices[name];
            notice.remove();
        };
        const closeAllBut = (names) => {
            Object.keys(notices)
                .filter((name) => !names.includes(name))
                .forEach(close);
        };

        /** The reader knows of these clocks; without names, of all. */
        this.told = (names) => {
            const { sessions, untold } = known();
            know(sessions, names ? untold.filter((name) => !names.includes(name)) : []);
        };

        /** The next session of this clock is no news: the reader asked for it. */
        this.expect = (name) => {
            this.told([name]);
            const { sessions, untold } = known();
            know({ ...sessions, [name]: null }, untold);
        };

        ko.computed(() => {
            const watched = settings.restart_notice() ? shownClocks().map((clock) => clock.name) : [];
            if (!clocks().host) return closeAllBut([]); // nothing is known, or nobody may know
            const { sessions, untold } = reckoning.remember(known(), clocks(), watched);
            know(sessions, untold);
            const telling = watched.filter((name) => untold.includes(name) && clocks()[name].session);
            closeAllBut(telling);
            telling.forEach(tell);
        });

        // Another window may know more sessions than this one: what it was told of is closed, and nothing compared.
        stock.subscribe(() => closeAllBut(known().untold));
    }

    Object.assign(window.OctoPrintUptime, { NoticesViewModel });
})();
