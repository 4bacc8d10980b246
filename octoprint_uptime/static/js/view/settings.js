// The settings page: a valid value applies at once, an invalid one is explained next to its field.
(function () {
    const NUMBERS = "#settings_plugin_octoprint_uptime [type=number]";
    const EXAMPLE_SECONDS = 93784; // 1d 2h 3m 4s

    function SettingsViewModel({ settings, settingsViewModel, clocks, texts, clearHistory }) {
        this.open = ko.observable(false);
        this.fields = {};
        document.querySelectorAll(NUMBERS).forEach(({ id, min, max }) => {
            const key = id.split("-").pop(); // each is octoprint-uptime- and the name of the setting
            this.fields[key] = new NumberField(settings[key], Number(min), Number(max), texts);
        });

        // The server's first answer brings the spellings along.
        const spelled = ko.pureComputed(() => "host" in clocks());
        this.example = (format, name) =>
            spelled() ? `${name} – ${texts.duration(EXAMPLE_SECONDS, format, "narrow")}` : name;

        // "", "deleted", "delayed" or "failed"
        this.deletion = ko.observable("");
        this.clearHistory = () =>
            confirmDeletion(texts, () =>
                clearHistory()
                    .done((answer) => this.deletion(answer && answer.cleared === true ? "deleted" : "delayed"))
                    .fail(() => this.deletion("failed"))
            );

        this.shown = () => {
            this.deletion("");
            Object.values(this.fields).forEach((field) => field.reset());
            this.open(true);
        };

        // OctoPrint saves what is valid and closes the dialog: say then what was kept instead.
        this.saving = () => {
            const errors = Object.values(this.fields).map((field) => field.error());
            errors.filter(Boolean).forEach((text) => {
                const notice = new PNotify({ title: texts.plugin(), text, title_escape: true, text_escape: true });
                notice.get().attr("dir", texts.direction());
            });
            keepHistory();
        };

        // 0 days delete the history: the former number is saved until the reader has agreed.
        const keepHistory = () => {
            const former = settingsViewModel.lastReceivedSettings.plugins.octoprint_uptime.history_days;
            if (settings.history_days() !== 0 || former === 0) return;
            settings.history_days(former);
            confirmDeletion(texts, () =>
                settingsViewModel.saveData({ plugins: { octoprint_uptime: { history_days: 0 } } })
            );
        };
    }

    // OctoPrint makes HTML of it, and a translation may be any text.
    function confirmDeletion(texts, onproceed) {
        const [message, proceed] = [texts.deletion(), texts.proceed()].map(_.escape);
        showConfirmationDialog({ message, proceed, onproceed });
    }

    // A number that is being typed. The setting keeps its former value until the text is valid.
    function NumberField(setting, lowest, highest, texts) {
        const isValid = (text) => /^\d+$/.test(text.trim()) && Number(text) >= lowest && Number(text) <= highest;
        this.text = ko.observable(String(setting()));
        this.error = ko.pureComputed(() => (isValid(this.text()) ? "" : texts.outOfBounds(lowest, highest, setting())));
        this.reset = () => this.text(String(setting()));
        this.text.subscribe((text) => isValid(text) && setting(Number(text)));
        setting.subscribe((value) => Number(this.text()) === value || this.reset());
    }
    Object.assign(window.OctoPrintUptime, { SettingsViewModel });
})();
