/**
 * The tab: the picture and the list below the cards.
 */
(function () {
    const { ListViewModel, PictureViewModel } = window.OctoPrintUptime;

    const TAB = "#tab_plugin_octoprint_uptime";

    /** `shownClocks` holds the clocks that are switched on, `history` is from history.js. */
    function TabViewModel(page, shownClocks, history) {
        this.open = ko.observable(false);
        this.picture = new PictureViewModel(page, shownClocks, history);
        this.list = new ListViewModel(page, this.picture.span, history);

        /** Ask for as much of the history as is shown. */
        this.refresh = () => history.refresh(Math.max(history.days, this.open() ? this.picture.days() : 0));
        this.open.subscribe((open) => open && this.refresh());
        ko.computed(() => this.open() && history.look());

        /** The pane that holds the tab: its own, or that of a plugin which collects tabs and removes their links. */
        this.pane = () => `#${$(TAB).closest(".tab-pane").attr("id")}`;
        this.show = () => $(`#tabs a[href="${this.pane()}"]`).tab("show");

        /** A tab that goes away must not stay open, nor leave an empty drop-down behind. */
        this.tidy = (shown) => {
            if (!shown && this.open()) $("#tabs > li:visible > a[data-toggle=tab]").first().tab("show");
            $("#tabs").tabdrop("layout");
        };
    }

    Object.assign(window.OctoPrintUptime, { TabViewModel });
})();
