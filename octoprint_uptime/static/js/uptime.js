/**
 * The one view model that OctoPrint knows: who may see what, the settings, the request, and what
 * OctoPrint calls. What a reader sees is made next door, from what is handed out here.
 */
$(function () {
    const { BadgeViewModel, ClockViewModel, HistoryViewModel, NoticesViewModel, SettingsViewModel, TabViewModel } =
        window.OctoPrintUptime;
    const { Sync, clocks: reckoning, durations, narrate, speak } = window.OctoPrintUptime;

    const NAVBAR = "#navbar_plugin_octoprint_uptime";
    const SIDEBAR = "#sidebar_plugin_octoprint_uptime_wrapper";
    const TAB = "#tab_plugin_octoprint_uptime";
    const REQUEST_TIMEOUT_MS = 10000;

    function UptimeViewModel(parameters) {
        const self = this;
        [self.loginState, self.access, self.settingsViewModel, self.printerState] = parameters;

        // What all the others show: the clocks of the last answer, at one moment of performance.now().
        self.clocks = ko.observable({});
        self.now = ko.observable(performance.now());
        self.unconfirmed = ko.observable(false);
        self.today = ko.pureComputed(() => {
            self.now(); // asks again with each drawing
            return new Date().setHours(0, 0, 0, 0);
        });

        self.locale = LOCALE === "None" ? "en" : LOCALE;
        self.direction = ko.observable("ltr");
        self.elsewhere = ko.observable(false); // whether the server has another time zone than the reader
        self.words = speak(self);
        self.narration = narrate(self);

        self.visible = ko.observable(OctoPrint.coreui.isVisible());

        self.onBeforeBinding = () => {
            self.settings = self.settingsViewModel.settings.plugins.octoprint_uptime;
            self.history = new HistoryViewModel(self);
            self.allClocks = ["host", "octoprint", "printer"].map((name) => new ClockViewModel(self, name));
            self.shownClocks = ko.pureComputed(() => self.allClocks.filter((clock) => clock.enabled()));
            self.badge = new BadgeViewModel(self, self.shownClocks, self.hints);
            self.tab = new TabViewModel(self, self.shownClocks, self.history);
            self.marked = ko.pureComputed(() => self.showTab() && self.history.marked());
            self.settingsPage = new SettingsViewModel(self);
            self.notices = new NoticesViewModel(self, self.shownClocks);
        };

        // ~~ What is shown where: a component that is switched off in OctoPrint is not on the page

        const shows = (selector, setting) =>
            document.querySelector(selector) !== null && self.allowed() && self.settings[setting]();

        self.allowed = ko.pureComputed(() => self.loginState.hasPermission(self.access.permissions.STATUS));
        self.wantNavbar = ko.pureComputed(() => shows(NAVBAR, "show_navbar"));
        self.showNavbar = ko.pureComputed(() => self.wantNavbar() && self.badge.clocks().length > 0);
        self.showSidebar = ko.pureComputed(() => shows(SIDEBAR, "show_sidebar"));
        self.showTab = ko.pureComputed(() => shows(TAB, "show_tab"));
        self.active = ko.pureComputed(() => {
            const shown = self.wantNavbar() || self.showSidebar() || (self.showTab() && self.tab.open());
            return self.visible() && self.allowed() && (shown || self.settingsPage.open());
        });

        self.hints = () => [
            ...(self.unconfirmed() ? [self.words.unconfirmed()] : []),
            ...(self.marked() ? [self.narration.unseen()] : [])
        ];

        self.openTab = () => {
            if (self.showTab()) self.tab.show();
        };

        // ~~ Talking to the server

        const request = (wanted) => {
            const data = { l10n: self.locale, ...wanted };
            const answer = OctoPrint.simpleApiGet("octoprint_uptime", { data, timeout: REQUEST_TIMEOUT_MS });
            // jQuery's own promises wait for a timer before they call anybody.
            return new Promise((resolve, reject) => answer.done(resolve).fail(reject));
        };

        // A history cannot be told before durations can be spelled, and a page may begin with the tab.
        const isSpeechless = () => !durations.durationPatterns(self.locale);
        const learn = (answer) => {
            if (answer.duration_patterns) durations.setDurationPatterns(self.locale, answer.duration_patterns);
            return answer;
        };

        self.ask = (days) => request({ include: isSpeechless() ? "patterns,history" : "history", days }).then(learn);
        self.clearHistory = () =>
            OctoPrint.simpleApiCommand("octoprint_uptime", "clear_history").done(() => self.tab.refresh());

        self.sync = new Sync({
            // The first answer brings along what the page needs besides: one request is enough.
            request() {
                return isSpeechless() ? self.ask(self.history.days) : request({});
            },

            answered(answer, at) {
                self.direction(answer.text_direction || "ltr");
                self.elsewhere(answer.utc_offset_seconds !== -60 * new Date().getTimezoneOffset());
                const before = self.running();
                self.clocks(reckoning.readClocks(answer, at));
                if (answer.history) self.history.take(answer);
                else if (self.running() !== before) self.tab.refresh();
            },

            refused() {
                self.clocks({});
                self.history.forget();
            },

            draw(confirmed) {
                self.unconfirmed(!confirmed);
                self.now(performance.now());
            },

            pollSeconds: () => self.settings.poll_interval_seconds(),

            nextChange() {
                const ages = self.badge.clocks().map((clock) => clock.seconds());
                const youngest = ages.length ? Math.min(...ages) : null;
                const unit = durations.smallestUnit(youngest, self.settings.display_format());
                return reckoning.nextChange(youngest, unit, self.badge.rotation(), self.now());
            }
        });

        // What ended is known once something else began, or nothing runs any more.
        self.running = () => Object.values(self.clocks()).map(({ session }) => session).join();

        /** A connection that was asked for on this page is no news to who asked. */
        self.onRequest = (event, request, { url, data }) => {
            if (url.endsWith("api/connection") && String(data).includes('"command":"connect"'))
                self.notices.expect("printer");
        };

        // ~~ What OctoPrint calls

        self.onStartupComplete = () => {
            self.showTab.subscribe(self.tab.tidy);
            self.showNavbar.subscribe(self.badge.fitAnew);
            self.badge.keepFitting();
            self.settings.poll_interval_seconds.subscribe(() => self.sync.pollChanged());
            [self.settings.display_format, self.badge.rotation].forEach((shown) =>
                shown.subscribe(() => self.sync.refresh())
            );
            self.printerState.isOperational.subscribe((operational) => {
                if (operational !== self.allClocks[2].runs()) self.sync.news();
            });
            $(document).ajaxSend(self.onRequest);
            self.active.subscribe((active) => self.sync.setActive(active));
            self.sync.setActive(self.active());
        };

        // OctoPrint tells a page of the state now and then, and between two times a printer may have come and gone. Its
        // events miss nothing, but wait for each other.
        self.onEventConnected = self.onEventDisconnected = self.onEventPrinterReset = () => self.sync.news();
        self.onServerConnect = self.onServerReconnect = () => self.sync.sync();
        self.onUserLoggedIn = self.onUserLoggedOut = self.onUserPermissionsChanged = () => self.sync.allow();
        self.onBrowserTabVisibilityChange = (visible) => self.visible(visible);
        self.onAfterTabChange = (current) => {
            self.tab.open([TAB, self.tab.pane()].includes(current));
            if (self.tab.open()) self.notices.told();
        };
        self.onSettingsShown = () => self.settingsPage.shown();
        self.onSettingsHidden = () => self.settingsPage.open(false);
        self.onSettingsBeforeSave = () => self.settingsPage.saving();
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: UptimeViewModel,
        dependencies: ["loginStateViewModel", "accessViewModel", "settingsViewModel", "printerStateViewModel"],
        elements: [NAVBAR, SIDEBAR, TAB, `${TAB}_link`, "#settings_plugin_octoprint_uptime"]
    });
});
