/**
 * The notices of what restarted since somebody last looked with this browser. Each is told until it
 * was closed or the tab was opened, and then never again in any window.
 */
(function () {
    const { clocks: reckoning } = window.OctoPrintUptime;

    /** `shownClocks` holds the clocks that are switched on. */
    function NoticesViewModel({ settings, clocks, words, narration, history, openTab }, shownClocks) {
        const memory = new Memory();
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
            notices[name] = new PNotify(Object.assign(look, text));
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
            memory.change(({ sessions, untold }) => ({
                sessions,
                untold: names ? untold.filter((name) => !names.includes(name)) : []
            }));
            closeAllBut(memory.read().untold);
        };

        /** The next session of this clock is no news: the reader asked for it. */
        this.expect = (name) => {
            memory.change(({ sessions, untold }) => ({ sessions: Object.assign({}, sessions, { [name]: null }), untold }));
            this.told([name]);
        };

        ko.computed(() => {
            const watched = settings.restart_notice() ? shownClocks().map((clock) => clock.name) : [];
            if (!clocks().host) return closeAllBut([]); // nothing is known, or nobody may know
            memory.change((known) => reckoning.remember(known, clocks(), watched));
            const untold = memory.read().untold;
            const telling = watched.filter((name) => untold.includes(name) && clocks()[name].session);
            closeAllBut(telling);
            telling.forEach(tell);
        });
        memory.watch(() => closeAllBut(memory.read().untold));
    }

    /** What this browser knows of the sessions; where it may store nothing, what this page has seen. */
    function Memory() {
        // One host may have several OctoPrints, below different paths.
        const key = `octoprint_uptime.sessions ${BASEURL}`;
        let known = { sessions: {}, untold: [] };

        this.read = () => {
            try {
                known = JSON.parse(window.localStorage.getItem(key)) || known;
            } catch (error) {
                // Storage is switched off, or holds what somebody else wrote.
            }
            return known;
        };

        this.change = (work) => {
            const before = JSON.stringify(this.read());
            known = work(known);
            if (JSON.stringify(known) === before) return;
            try {
                window.localStorage.setItem(key, JSON.stringify(known));
            } catch (error) {
                // Switched off, or full.
            }
        };

        /** Call back when another window changed it. */
        this.watch = (callback) => {
            window.addEventListener("storage", (event) => event.key === key && callback());
        };
    }

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, { NoticesViewModel });
})();
