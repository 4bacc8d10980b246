// The view model that OctoPrint calls: permissions, settings, the request, and what each view shows.
$(function () {
    const {
        AnswerViewModel, BadgeViewModel, CardViewModel, EventViewModel, EventsViewModel, NoticesViewModel,
        SettingsViewModel, SummaryViewModel, Sync, TimelineViewModel, clocks, durations, keepFitting, makeDates, makeTexts, octoprint,
        records, stable, story
    } = window.OctoPrintUptime;
    const REQUEST_TIMEOUT_MS = 10000;
    const MINUTE_MS = 60000;
    const LEAST_DAYS = 7; // for the answer, the notices and the sign

    function UptimeViewModel(parameters) {
        const self = this;
        [self.loginState, self.access, self.settingsViewModel, self.printerState] = parameters;

        // What is known: the clocks of the last answer, the record, and the moment at which all of it is shown.
        self.clocks = ko.observable({});
        self.record = ko.observable(records.NOTHING);
        self.now = ko.observable(performance.now());
        self.unconfirmed = ko.observable(false);
        self.today = ko.pureComputed(() => {
            self.now(); // computed again with each drawing
            return new Date().setHours(0, 0, 0, 0);
        });

        self.locale = LOCALE === "None" ? "en" : LOCALE;
        self.direction = ko.observable("ltr");
        self.elsewhere = ko.observable(false); // whether the server has another time zone than the reader
        self.dates = makeDates(self);
        self.texts = makeTexts(self);

        self.visible = ko.observable(OctoPrint.coreui.isVisible());
        self.tabOpen = ko.observable(false);
        self.answerOnScreen = ko.observable(false);

        // ~~ Computed from it
        self.past = stable(self.record, (one, other) => one && one.sessions === other.sessions);
        self.time = ko.pureComputed(() => {
            const time = records.timeAt(self.record(), self.now(), Date.now());
            return Math.max(self.past().taken, Math.floor(time / MINUTE_MS) * MINUTE_MS);
        });
        self.happenings = stable(() => story.happenings(self.past().sessions));
        self.allEvents = stable(() => story.events(self.happenings(), self.past().stoppedPrints));
        self.state = ko.pureComputed(() => records.state(self.record(), !self.unconfirmed(), self.wantedDays()));
        self.wantedDays = () => (self.tabOpen() ? Math.max(LEAST_DAYS, self.timeline.days()) : LEAST_DAYS);
        self.makeEvent = (event) => {
            const kept = event.session ? story.kept(self.past().sessions, event) : [];
            const bounds = event.session ? story.bounds(self.past().sessions, event) : null;
            return new EventViewModel(self.texts, () => !self.past().clockConfirmed, { ...event, kept, bounds });
        };
        self.showEvent = (sessions) => self.events.show(sessions);
        self.eventBefore = (clock, session) => {
            const found = story.before(self.past().sessions, self.happenings(), clock, session);
            const event = self.allEvents().find((each) => each === found || (each.repeats || []).includes(found));
            return event ? self.makeEvent(event) : null;
        };

        self.onBeforeBinding = () => {
            self.settings = self.settingsViewModel.settings.plugins.octoprint_uptime;
            self.cards = ["host", "octoprint", "printer"].map((name) => new CardViewModel(self, name));
            self.shownCards = ko.pureComputed(() => self.cards.filter((card) => card.enabled()));
            self.answer = new AnswerViewModel(self);
            self.marked = ko.pureComputed(() => self.showTab() && self.answer.isNew());
            self.badge = new BadgeViewModel(self);
            self.timeline = new TimelineViewModel(self);
            self.events = new EventsViewModel(self);
            self.summary = new SummaryViewModel(self);
            self.settingsPage = new SettingsViewModel(self);
            self.notices = new NoticesViewModel(self);
        };

        // ~~ What is shown where: a component that is switched off in OctoPrint is not on the page
        const shows = (hasComponent, setting) => hasComponent() && self.allowed() && self.settings[setting]();

        self.allowed = ko.pureComputed(() => self.loginState.hasPermission(self.access.permissions.STATUS));
        self.wantNavbar = ko.pureComputed(() => shows(octoprint.hasNavbar, "show_navbar"));
        self.showNavbar = ko.pureComputed(() => self.wantNavbar() && self.badge.cards().length > 0);
        self.showSidebar = ko.pureComputed(() => shows(octoprint.hasSidebar, "show_sidebar"));
        self.showTab = ko.pureComputed(() => shows(octoprint.hasTab, "show_tab"));
        const isRead = () => self.visible() && self.allowed();
        self.counts = ko.pureComputed(() => {
            const shown = self.wantNavbar() || self.showSidebar() || (self.showTab() && self.tabOpen());
            return isRead() && (shown || self.settingsPage.open());
        });
        self.active = ko.pureComputed(() => self.counts() || (isRead() && self.settings.restart_notice()));
        self.hints = () =>
            [self.unconfirmed() && self.texts.unconfirmed(), self.marked() && self.texts.unseen()].filter(Boolean);
        self.openTab = () => {
            if (!self.showTab()) return;
            octoprint.openTab();
            self.notices.told();
        };

        // ~~ Talking to the server
        self.request = (lean) => {
            const asked = lean ? 0 : self.wantedDays();
            // Durations cannot be spelled without the patterns, which come with the first answer.
            const patterns = !durations.durationPatterns(self.locale);
            const include = [patterns && "patterns", asked && "history"].filter(Boolean).join();
            const wanted = asked ? records.query(self.record(), asked) : {};
            const data = { l10n: self.locale, ...(include && { include }), ...wanted };
            const answer = OctoPrint.simpleApiGet("octoprint_uptime", { data, timeout: REQUEST_TIMEOUT_MS });
            // jQuery's own promises wait for a timer before they call back.
            return new Promise((resolve, reject) => answer.done(resolve).fail(reject)).then((document) => {
                if (document.duration_patterns) durations.setDurationPatterns(self.locale, document.duration_patterns);
                return { ...document, asked };
            });
        };

        self.clearHistory = () =>
            OctoPrint.simpleApiCommand("octoprint_uptime", "clear_history").done(() => self.sync.news());

        self.sync = new Sync({
            request: self.request,
            answered(answer, at) {
                self.direction(answer.text_direction || "ltr");
                self.elsewhere(answer.utc_offset_seconds !== -60 * new Date().getTimezoneOffset());
                this.draw(true);
                self.record(records.take(self.record(), answer, at, answer.asked || self.wantedDays(), Date.now()));
                self.clocks(clocks.readClocks(answer, at));
                self.notices.compare();
                return !self.record().behind && self.record().days >= self.wantedDays() && !self.contradicts();
            },
            refused() {
                self.clocks({});
                self.record(records.NOTHING);
            },
            draw(confirmed) {
                self.unconfirmed(!confirmed);
                self.now(performance.now());
            },
            pollSeconds: () => self.settings.poll_interval_seconds(),
            nextChange() {
                if (!self.counts()) return Infinity;
                const ages = self.badge.cards().map((card) => card.seconds());
                const youngest = ages.length ? Math.min(...ages) : null;
                const unit = durations.smallestUnit(youngest, self.settings.display_format());
                return clocks.nextChange(youngest, unit, self.badge.rotation(), self.now());
            }
        });

        // OctoPrint's events may reach the page before they reach the plugin.
        self.contradicts = () => Boolean(self.printerState.isOperational()) !== (self.clocks().printer.session !== null);

        // A connection that the reader asked for on this page is no news.
        self.onRequest = (event, request, { url, data }) => {
            if (url.endsWith("api/connection") && String(data).includes('"command":"connect"')) self.notices.expectPrinter();
        };

        // ~~ What OctoPrint calls
        self.onStartupComplete = () => {
            const refit = keepFitting(self.badge, self.now);
            self.showNavbar.subscribe(refit);
            self.showTab.subscribe((isShown) => octoprint.tidyTabs(isShown, self.tabOpen()));
            self.settings.poll_interval_seconds.subscribe(() => self.sync.pollChanged());
            [self.settings.display_format, self.badge.rotation, self.counts].forEach((shown) =>
                shown.subscribe(() => self.sync.refresh())
            );
            ko.pureComputed(self.wantedDays).subscribe((days) => days > self.record().days && self.sync.news());
            const looked = ko.pureComputed(() => self.visible() && self.tabOpen() && self.answerOnScreen());
            looked.subscribe((isLooking) => isLooking && self.notices.told());
            ko.computed(() => looked() && self.answer.look());
            self.printerState.isOperational.subscribe(() => self.clocks().printer && self.contradicts() && self.sync.news());
            $(document).ajaxSend(self.onRequest);
            self.active.subscribe((active) => self.sync.setActive(active));
            self.sync.setActive(self.active());
        };

        // OctoPrint sends its state only now and then: a printer may have connected and disconnected in between.
        self.onEventConnected = self.onEventDisconnected = self.onEventPrinterReset = () => self.sync.news();
        self.onServerConnect = self.onServerReconnect = () => self.sync.sync();
        self.onUserLoggedIn = self.onUserLoggedOut = self.onUserPermissionsChanged = () => self.sync.allow();
        self.onBrowserTabVisibilityChange = (visible) => self.visible(visible);
        self.onAfterTabChange = (current) => self.tabOpen(octoprint.isTab(current));
        self.onSettingsShown = () => self.settingsPage.shown();
        self.onSettingsHidden = () => self.settingsPage.open(false);
        self.onSettingsBeforeSave = () => self.settingsPage.saving();
    }

    OCTOPRINT_VIEWMODELS.push({
        construct: UptimeViewModel,
        dependencies: ["loginStateViewModel", "accessViewModel", "settingsViewModel", "printerStateViewModel"],
        elements: octoprint.elements
    });
});
