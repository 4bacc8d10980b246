/**
 * The tab: the timeline below the cards.
 */
(function () {
    const { timeline } = window.OctoPrintUptime;

    const TAB = "#tab_plugin_octoprint_uptime";

    /** `shownClocks` holds the clocks that are switched on. */
    function TabViewModel(shownClocks) {
        this.open = ko.observable(false);
        const barLengths = ko
            .pureComputed(() => timeline.barLengths(shownClocks().map((clock) => clock.seconds())))
            .extend({ deferred: true }); // Knockout would work it out anew for each of the clocks
        this.barLength = (clock) => `${barLengths()[shownClocks().indexOf(clock)]}%`;
        this.axisStart = ko.pureComputed(() => {
            const oldest = shownClocks()[timeline.oldest(barLengths())];
            return oldest ? oldest.date() : "";
        });

        this.show = () => $(`${TAB}_link a`).tab("show");

        /** A tab that goes away must not stay open, nor leave an empty drop-down behind. */
        this.tidy = (shown) => {
            if (!shown && this.open()) $("#tabs > li:visible > a[data-toggle=tab]").first().tab("show");
            $("#tabs").tabdrop("layout");
        };
    }

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, { TabViewModel });
})();
