// The notices of what restarted since the reader last looked with this browser. Each is shown until it was closed or
// the answer in the tab was on the screen, once for all windows.
(function () {
    const { clocks: reckoning, remembered } = window.OctoPrintUptime;

    // `eventBefore` returns what ended before a session of a clock.
    function NoticesViewModel({ settings, clocks, shownCards, texts, eventBefore, showTab, openTab }) {
        const memory = remembered("sessions", reckoning.readMemory);
        const notices = {}; // by the name of the clock
        const watched = ko.pureComputed(() => (settings.restart_notice() ? shownCards() : []));
        const namesOf = (cards) => cards.map(({ name }) => name);

        const open = (name, text) => {
            const closed = () => {
                if (!notices[name]) return; // closed by this script
                delete notices[name];
                this.told([name]);
            };
            const look = { type: "notice", hide: false, title_escape: true, text_escape: true, before_close: closed };
            look.addclass = "octoprint-uptime-notice";
            // PNotify adds its default Cancel button if it gets only one: hide a second one instead.
            const buttons = [{ text: texts.openTab(), click: openTab }, { addClass: "hidden" }];
            if (showTab()) look.confirm = { confirm: true, buttons };
            notices[name] = new PNotify({ ...look, ...text });
            notices[name].get().attr("dir", texts.direction());
        };
        const show = ({ name, since, isLost }) => {
            const event = eventBefore(name, clocks()[name].session);
            const lines = event ? [event.when(), ...event.firstSentences()] : [since()];
            const title = isLost() ? texts.lost() : texts.restart(name);
            const text = { title, text: lines.filter(Boolean).join("\n") };
            if (notices[name]) notices[name].update(text);
            else open(name, text);
        };
        const close = (name) => {
            const notice = notices[name];
            delete notices[name];
            notice.remove();
        };
        const closeAllBut = (names) => Object.keys(notices).filter((name) => !names.includes(name)).forEach(close);

        // The reader knows about these clocks; without names, about all.
        this.told = (names) => {
            const { sessions, untold, expected } = memory.peek();
            memory({ sessions, expected, untold: names ? untold.filter((name) => !names.includes(name)) : [] });
        };
        this.expectPrinter = () => memory(reckoning.expectPrinter(memory.peek(), Date.now()));
        // For each answer: nothing else tells what runs now.
        this.compare = () =>
            memory(reckoning.remember(memory.peek(), clocks.peek(), namesOf(watched.peek()), Date.now()));

        showTab.subscribe(() => closeAllBut([])); // they come back, with the button or without
        ko.computed(() => {
            const isKnown = ({ name, runs, isLost }) => memory().untold.includes(name) && (runs() || isLost());
            const cards = watched().filter(isKnown);
            showTab();
            closeAllBut(namesOf(cards));
            cards.forEach(show);
        });
    }
    Object.assign(window.OctoPrintUptime, { NoticesViewModel });
})();
