// OctoPrint's page around the plugin. Nothing of its markup is promised, so only this file uses it.
(function () {
    const NAVBAR = "#navbar_plugin_octoprint_uptime";
    const SIDEBAR = "#sidebar_plugin_octoprint_uptime_wrapper";
    const TAB = "#tab_plugin_octoprint_uptime";
    const SETTINGS = "#settings_plugin_octoprint_uptime";

    const find = (selector) => document.querySelector(selector);

    // The tab's pane: its own, or that of a plugin that collects tabs and removes their links.
    const pane = () => `#${$(TAB).closest(".tab-pane").attr("id")}`;

    function openTab() {
        $(`#tabs a[href="${pane()}"]`).tab("show");
        const answer = find(`${TAB} .octoprint-uptime-answer`);
        if (answer && !isOnScreen(answer)) answer.scrollIntoView({ block: "center" });
    }

    // Whether the middle of an element can be seen: themes may have bars that lie over the page.
    function isOnScreen(element) {
        const { left, top, width, height } = element.getBoundingClientRect();
        const found = document.elementFromPoint(left + width / 2, top + Math.min(height, 20) / 2);
        return found !== null && element.parentElement.contains(found);
    }

    // A tab that goes away must not stay open, nor leave an empty drop-down menu behind.
    function tidyTabs(isShown, isOpen) {
        if (!isShown && isOpen) $("#tabs > li:visible > a[data-toggle=tab]").first().tab("show");
        if ($.fn.tabdrop) $("#tabs").tabdrop("layout");
    }

    // What stands in the navigation bar next to an item of its list: {bar, all}; null if the item is in a menu.
    function barAround(item) {
        const bar = item.closest(".navbar");
        if (bar === null || item.closest(".dropdown-menu") !== null) return null;
        return { bar, all: Array.from(bar.querySelectorAll(".brand, .nav > li")) };
    }
    const octoprint = {
        elements: [NAVBAR, SIDEBAR, TAB, `${TAB}_link`, SETTINGS],
        hasNavbar: () => find(NAVBAR) !== null,
        hasSidebar: () => find(SIDEBAR) !== null,
        hasTab: () => find(TAB) !== null,
        isTab: (id) => [TAB, pane()].includes(id),
        item: () => find(NAVBAR),
        openTab,
        tidyTabs,
        barAround
    };
    Object.assign(window.OctoPrintUptime, { octoprint });
})();
