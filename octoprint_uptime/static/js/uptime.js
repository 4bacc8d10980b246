/**
 * The view models behind all placements. They know what is shown; how the clocks count and how a
 * duration is spelled is known next door.
 */
$(function () {
    const { ClockViewModel, Clocks, badge, durations, settings, timeline } = window.OctoPrintUptime;

    const TAB = "#tab_plugin_octoprint_uptime";
    const REQUEST_TIMEOUT_MS = 10000;
    const EXAMPLE_SECONDS = 93784; // 1d 2h 3m 4s
    const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];

    // For what depends on several clocks: Knockout would work it out anew for each of them.
    const ONCE = { deferred: true };

    function UptimeViewModel(parameters) {
        const self = this;
        [self.loginState, self.access, self.settingsViewModel, self.printerState] = parameters;

        self.locale = LOCALE === "None" ? "en" : LOCALE;
        self.languageTag = durations.languageTag(self.locale);
        self.direction = RIGHT_TO_LEFT.includes(self.languageTag.split("-")[0]) ? "rtl" : "ltr";
        /** What <bdi> is to a page: else the number after "OctoPrint: " is drawn apart from its unit. */
        self.isolate = (text) => (self.direction === "rtl" ? `\u2068${text}\u2069` : text);

        // Grows each time the clocks want to be drawn: whatever depends on it is then read anew.
        self.drawings = ko.observable(1);
        self.reading = ko.pureComputed(() => self.drawings() && self.clocks.reading);
        self.reading.equalityComparer = Object.is; // else Knockout takes every object for a new one
        self.spelling = ko.observable(false); // whether the patterns of this language are here
        self.visible = ko.observable(OctoPrint.coreui.isVisible());
        self.tabOpen = ko.observable(false);
        self.settingsOpen = ko.observable(false);
        self.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");

        self.clocks = new Clocks({
            request: () => self.request(),
            changed: () => self.drawings(self.drawings() + 1),
            restarted: (name) => self.announce(name),
            pollSeconds: () => self.settings.poll_interval_seconds(),
            shown: () => ({
                names: self.shownClocks().map((clock) => clock.name),
                unit: self.unitSeconds(),
                rotation: self.rotates() ? self.settings.compact_toggle_interval_seconds() : 0
            })
        });

        self.allClocks = [
            new ClockViewModel(self, "host", {
                label: gettext("Host"),
                icon: "fas fa-server",
                setting: "show_system_uptime",
                restarted: gettext("The host restarted"),
                absence: (reading) => (reading && reading.uptime_note) || gettext("not known")
            }),
            new ClockViewModel(self, "octoprint", {
                label: "OctoPrint",
                icon: "fas fa-cube",
                setting: "show_octoprint_uptime",
                restarted: gettext("OctoPrint restarted"),
                absence: () => gettext("not known")
            }),
            new ClockViewModel(self, "printer", {
                label: gettext("Printer connection"),
                icon: "fas fa-plug",
                setting: "show_printer_uptime",
                restarted: gettext("The printer was reconnected"),
                absence: (reading) => (reading ? gettext("not connected") : gettext("not known"))
            })
        ];

        // ~~ What is shown where

        self.allowed = ko.pureComputed(() => self.loginState.hasPermission(self.access.permissions.STATUS));
        self.shownClocks = ko.pureComputed(() => self.allClocks.filter((clock) => clock.enabled()));
        self.badgeClocks = ko.pureComputed(() => self.shownClocks().filter((clock) => clock.runs()));
        self.showNavbar = ko.pureComputed(
            () => self.allowed() && self.settings.show_navbar() && self.badgeClocks().length > 0
        );
        self.showSidebar = ko.pureComputed(() => self.allowed() && self.settings.show_sidebar());
        self.showTab = ko.pureComputed(() => self.allowed() && self.settings.show_tab());
        self.active = ko.pureComputed(() => {
            const shown = self.settings.show_navbar() || self.showSidebar() || (self.showTab() && self.tabOpen());
            return self.allowed() && self.visible() && (shown || self.settingsOpen());
        });

        self.unconfirmed = ko.pureComputed(() => self.drawings() && !self.clocks.confirmed);
        self.summary = ko.pureComputed(() => {
            const lines = self.shownClocks().map((clock) => clock.sentence());
            if (self.unconfirmed()) lines.push(gettext("Not confirmed: OctoPrint does not answer at the moment."));
            return lines.join("\n");
        }).extend(ONCE);

        /** The smallest unit that the format shows now. Minutes at the most, so that no clock lags further behind. */
        self.unitSeconds = () => {
            const format = self.settings.display_format();
            const young = self.badgeClocks().some((clock) => clock.seconds() < 3600);
            return format === "full" || (format === "short" && young) ? 1 : 60;
        };

        // ~~ Badge: what does not fit goes one clock at a time, then to the icon

        self.room = ko.observable(badge.ROOMS.all);
        self.oneAtATime = ko.pureComputed(() => self.settings.compact_display() || self.room() === badge.ROOMS.one);
        self.rotates = () => self.oneAtATime() && self.badgeClocks().length > 1 && !self.stillness.matches;
        self.turn = ko.pureComputed(() => {
            const interval = self.settings.compact_toggle_interval_seconds();
            return self.drawings() && self.rotates() ? Math.floor(performance.now() / 1000 / interval) : 0;
        });
        self.clockOnTurn = ko.pureComputed(() => self.badgeClocks()[self.turn() % self.badgeClocks().length]);
        self.widestBadge = ko.pureComputed(() =>
            [self.showNavbar(), self.settings.compact_display()]
                .concat(self.badgeClocks().map((clock) => clock.widestNarrow()))
                .join()
        );
        self.fitBadge = () => badge.fit(document.getElementById("navbar_plugin_octoprint_uptime"), self.room);

        self.openTab = () => {
            if (self.showTab()) $(`${TAB}_link a`).tab("show");
        };

        // ~~ Tab

        self.barLengths = ko
            .pureComputed(() => timeline.barLengths(self.shownClocks().map((clock) => clock.seconds())))
            .extend(ONCE);
        self.axisStart = ko.pureComputed(() => {
            const oldest = self.shownClocks()[timeline.oldest(self.barLengths())];
            return oldest ? oldest.date() : "";
        });

        self.formatDate = (timestamp) => {
            const elsewhere = self.clocks.reading.utc_offset_seconds !== -60 * new Date(timestamp).getTimezoneOffset();
            return new Intl.DateTimeFormat(`${self.languageTag}-u-nu-latn`, {
                year: "numeric",
                month: "short",
                day: "numeric",
                hour: "numeric",
                minute: "2-digit",
                timeZoneName: elsewhere ? "short" : undefined
            }).format(new Date(timestamp));
        };

        /** A tab that goes away must not stay open, nor leave an empty drop-down behind. */
        self.tidyTabs = (shown) => {
            if (!shown && self.tabOpen()) $("#tabs > li:visible > a[data-toggle=tab]").first().tab("show");
            $("#tabs").tabdrop("layout");
        };

        // ~~ Settings

        self.formats = ko.pureComputed(() => {
            const names = {
                full: gettext("Days, hours, minutes and seconds"),
                dhm: gettext("Days, hours and minutes"),
                dh: gettext("Days and hours"),
                d: gettext("Days only"),
                short: gettext("The two largest units")
            };
            const example = (format) => durations.formatDuration(EXAMPLE_SECONDS, format, "narrow", self.locale);
            return Object.keys(names).map((format) => ({
                format,
                text: self.spelling() ? `${names[format]} – ${example(format)}` : names[format]
            }));
        });

        // ~~ Talking to the server, and about it

        self.request = () => {
            const wanted = durations.durationPatterns(self.locale) ? {} : { include: "patterns" };
            const data = Object.assign({ l10n: self.locale }, wanted);
            const answer = OctoPrint.simpleApiGet("octoprint_uptime", { data, timeout: REQUEST_TIMEOUT_MS });
            answer.done(({ duration_patterns: patterns }) => {
                if (!patterns) return;
                durations.setDurationPatterns(self.locale, patterns);
                self.spelling(true);
            });
            // jQuery's own promises wait for a timer before they call anybody.
            return new Promise((resolve, reject) => answer.done(resolve).fail(reject));
        };

        self.announce = (name) => {
            const clock = self.allClocks.find((candidate) => candidate.name === name);
            self.drawings(self.drawings() + 1);
            if (!self.settings.restart_notice() || !clock.enabled()) return;
            const notice = new PNotify({
                title: clock.restarted,
                text: clock.sentence(),
                title_escape: true,
                text_escape: true,
                type: "notice",
                hide: false
            });
            notice.get().attr("dir", self.direction);
        };

        /** Also called when the page learns of the printer for the first time, which is no news to the clocks. */
        self.onPrinterChanged = (operational) => {
            const known = self.clocks.seconds("printer") !== null;
            if (self.clocks.reading !== null && known !== Boolean(operational)) self.clocks.sync({ repeat: true });
        };

        // ~~ What OctoPrint calls

        self.onBeforeBinding = () => {
            self.settings = self.settingsViewModel.settings.plugins.octoprint_uptime;
            self.fields = settings.numberFields(self.settings);
        };

        self.onStartupComplete = () => {
            self.showTab.subscribe(self.tidyTabs);
            self.widestBadge.subscribe(() => setTimeout(self.fitBadge)); // once all of it is on the page
            badge.watch(self.fitBadge);
            self.settings.poll_interval_seconds.subscribe(() => self.clocks.settingsChanged());
            [self.settings.display_format, self.oneAtATime].forEach((shown) =>
                shown.subscribe(() => self.clocks.refresh())
            );
            self.printerState.isOperational.subscribe(self.onPrinterChanged);
            self.active.subscribe((active) => self.clocks.setActive(active));
            self.clocks.setActive(self.active());
            self.fitBadge();
        };

        self.onServerConnect = self.onServerReconnect = () => self.clocks.sync();
        self.onUserLoggedIn = self.onUserLoggedOut = self.onUserPermissionsChanged = () => self.clocks.allow();
        self.onBrowserTabVisibilityChange = (visible) => self.visible(visible);
        self.onAfterTabChange = (current) => self.tabOpen(current === TAB);
        self.onSettingsShown = () => {
            Object.values(self.fields).forEach((field) => field.reset());
            self.settingsOpen(true);
        };
        self.onSettingsHidden = () => self.settingsOpen(false);
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: UptimeViewModel,
        dependencies: ["loginStateViewModel", "accessViewModel", "settingsViewModel", "printerStateViewModel"],
        elements: [
            "#navbar_plugin_octoprint_uptime",
            "#sidebar_plugin_octoprint_uptime_wrapper",
            TAB,
            `${TAB}_link`,
            "#settings_plugin_octoprint_uptime"
        ]
    });
});
