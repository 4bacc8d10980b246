// One uptime as a reader sees it: in a card of the tab, in a row of the sidebar and in the badge.
(function () {
    const { clocks: reckoning } = window.OctoPrintUptime;
    const LOOKS = {
        host: { icon: "fas fa-server", setting: "show_system_uptime" },
        octoprint: { icon: "fas fa-cube", setting: "show_octoprint_uptime" },
        printer: { icon: "fas fa-plug", setting: "show_printer_uptime" }
    };
    const HOUR = 3600;

    function CardViewModel({ settings, clocks, now, texts, dates }, name) {
        const clock = ko.pureComputed(() => clocks()[name]);
        const spelled = (style, format) =>
            this.runs() ? texts.duration(this.seconds(), format, style) : texts.instead(name, clock());
        // "0 hours" says nothing.
        const tabFormat = () => {
            const format = settings.display_format();
            return this.seconds() < HOUR && ["dh", "d"].includes(format) ? "dhm" : format;
        };

        this.name = name;
        this.label = texts.label(name);
        this.icon = LOOKS[name].icon;
        this.enabled = ko.pureComputed(() => settings[LOOKS[name].setting]());

        this.seconds = ko.pureComputed(() => reckoning.secondsAt(clock(), now()));
        this.runs = ko.pureComputed(() => Boolean(clock()) && clock().zero !== null);
        // A printer that was lost and has not come back.
        this.isLost = ko.pureComputed(() => Boolean(clock()) && Boolean(clock().lost));
        this.narrow = ko.pureComputed(() => spelled("narrow", settings.display_format()));
        this.inBadge = ko.pureComputed(() => (this.isLost() ? dates.brief(Date.parse(clock().lastEnded)) : this.narrow()));
        this.words = ko.pureComputed(() => spelled("long", tabFormat()));

        this.started = ko.pureComputed(() => (clock() && (clock().started || clock().lastEnded)) || "");
        const date = ko.pureComputed(() => this.started() && dates.moment(Date.parse(this.started())));
        this.since = ko.pureComputed(() => (date() ? texts.since(date(), clock() && clock().lastEnding) : ""));
        this.sentence = () => texts.clock(this.label, spelled("long", settings.display_format()), date());
    }

    // The widest text with the same units: two digits for each number, but for a first one that others follow.
    const widest = (text) =>
        text.replace(/\d+/g, (digits, at) => {
            const leads = !/\d/.test(text.slice(0, at)) && /\d/.test(text.slice(at + digits.length));
            return "0".repeat(leads ? digits.length : Math.max(digits.length, 2));
        });

    // A text that may change each second, in a box of its widest form: nothing around it is laid out again.
    ko.bindingHandlers.octoprintUptimeValue = {
        init(element, text) {
            const shown = element.querySelector("bdi").appendChild(document.createTextNode(""));
            let room = "";
            const draw = () => {
                shown.data = text()();
                if (room === widest(shown.data)) return;
                room = widest(shown.data);
                element.dataset.widest = room;
            };
            ko.computed(draw, null, { disposeWhenNodeIsRemoved: element });
        }
    };
    Object.assign(window.OctoPrintUptime, { CardViewModel });
})();
