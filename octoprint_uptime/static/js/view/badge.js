/**
 * The badge: which uptime is shown now, and all of it in words.
 */
(function () {
    const { remembered } = window.OctoPrintUptime;

    /** `shownCards` are the uptimes that are switched on, `hints` sentences about all of them. */
    function BadgeViewModel({ settings, now, shownCards, hints, texts }) {
        const still = stillness();
        const held = ko.observable(false); // while the reader points at it
        const paused = remembered("paused", (text) => text === "true");

        this.cards = ko.pureComputed(() => shownCards().filter((card) => card.runs()));
        this.room = ko.observable("all");
        this.isCompact = () => settings.compact_display();
        const canRotate = ko.pureComputed(() => (this.isCompact() || this.room() === "one") && this.cards().length > 1);
        /** After how many seconds the next clock is shown; 0 for never. */
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
        /** Changes with the summary, but not with each second. */
        const lineKey = (card) => (card.runs() ? `${card.since()} ${Math.floor(card.seconds() / 60)}` : card.sentence());
        this.summaryKey = ko.pureComputed(() => {
            const lines = shownCards().map(lineKey);
            return [...lines, ...hints(), canRotate(), still()].join();
        });
        /** Changes if the badge may get wider or narrower. */
        this.width = ko.pureComputed(() =>
            [this.isCompact(), ...this.cards().map((card) => card.narrow().length + card.spareDigits())].join()
        );

        this.hold = () => held(true);
        this.release = () => held(false);
        this.press = (badge, event) => {
            if (event.key !== " " || !canRotate()) return true;
            paused(!paused());
            return false;
        };
    }

    /** Whether the reader asked for less motion. */
    function stillness() {
        const query = window.matchMedia("(prefers-reduced-motion: reduce)");
        const still = ko.observable(query.matches);
        query.onchange = () => still(query.matches);
        return still;
    }

    // Spelling the summary each second, for a tooltip that is hardly ever open, would take a third of the page's time.
    ko.bindingHandlers.octoprintUptimeSummary = {
        init(element, badge) {
            element.addEventListener("mouseenter", () => (element.title = badge().summary()));
        },
        update(element, badge) {
            badge().summaryKey();
            element.title = ko.ignoreDependencies(badge().summary);
        }
    };

    Object.assign(window.OctoPrintUptime, { BadgeViewModel });
})();
