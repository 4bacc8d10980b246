// The badge: which uptime is shown now, and all of it in words.
(function () {
    const { remembered } = window.OctoPrintUptime;

    // `shownCards` are the uptimes that are switched on, `hints` sentences about all of them.
    function BadgeViewModel({ settings, now, time, shownCards, hints, marked, texts }) {
        const still = stillness();
        const held = ko.observable(false); // while the reader points at it
        const paused = remembered("paused", (text) => text === "true");

        this.cards = ko.pureComputed(() => shownCards().filter((card) => card.runs() || card.isLost()));
        this.room = ko.observable("all");
        this.isCompact = () => settings.compact_display();
        const canRotate = ko.pureComputed(() => (this.isCompact() || this.room() === "one") && this.cards().length > 1);
        // After how many seconds the next clock is shown; 0 for never.
        this.rotation = ko
            .pureComputed(() => {
                const rotates = canRotate() && !still() && !held() && !paused();
                return rotates ? settings.compact_toggle_interval_seconds() : 0;
            })
            .extend({ deferred: true }); // it makes the page draw, which must not begin while the clocks still change
        let turn = 0;
        this.cardOnTurn = ko.pureComputed(() => {
            if (this.rotation()) turn = Math.floor(now() / 1000 / this.rotation());
            return this.cards()[turn % this.cards().length];
        });

        this.summary = () => {
            const lines = shownCards().map((card) => card.sentence());
            return [...lines, ...hints(), ...(canRotate() && !still() ? [texts.pausing()] : [])].join("\n");
        };
        // The tooltip: the summary, unless the answer is shown.
        this.explains = ko.pureComputed(() => held() && marked());
        this.title = () => (this.explains() ? "" : this.summary());
        // Changes with the tooltip, but not with each second.
        this.summaryKey = ko.pureComputed(() => {
            const lines = shownCards().map((card) => (card.runs() ? card.since() : card.sentence()));
            return [time(), ...lines, ...hints(), this.explains(), canRotate(), still()].join();
        });

        // Changes if the badge may get much wider or narrower.
        this.form = ko.pureComputed(() =>
            [this.isCompact(), settings.display_format(), ...this.cards().map((card) => card.name)].join()
        );

        this.hold = () => held(true);
        this.release = () => held(false);
        this.press = (badge, event) => {
            if (event.key === "Escape") held(false);
            if (event.key !== " " || !canRotate()) return true;
            paused(!paused());
            return false;
        };
    }

    function stillness() {
        const query = window.matchMedia("(prefers-reduced-motion: reduce)");
        const still = ko.observable(query.matches);
        query.onchange = () => still(query.matches);
        return still;
    }

    // Spelling the summary each second, for a tooltip that is hardly ever open, would take a third of the page's time.
    ko.bindingHandlers.octoprintUptimeSummary = {
        init(element, badge) {
            element.addEventListener("mouseenter", () => (element.title = badge().title()));
        },
        update(element, badge) {
            badge().summaryKey();
            element.title = ko.ignoreDependencies(badge().title);
        }
    };
    Object.assign(window.OctoPrintUptime, { BadgeViewModel });
})();
