/**
 * The settings page: what is valid is taken over at once, what is not is explained beside its field.
 *
 * The twin of settings.py, which has the last word on what is stored.
 */
(function () {
    const { durations } = window.OctoPrintUptime;

    // Whole numbers: lowest and highest value.
    const BOUNDS = {
        compact_toggle_interval_seconds: [5, 60],
        poll_interval_seconds: [5, 3600],
        history_days: [0, 3660]
    };

    const EXAMPLE_SECONDS = 93784; // 1d 2h 3m 4s

    function SettingsViewModel({ settings, clocks, words, narration, clearHistory }) {
        this.open = ko.observable(false);
        this.fields = {};
        Object.keys(BOUNDS).forEach((key) => {
            const hint = key.endsWith("_days") ? words.boundsInDays(...BOUNDS[key]) : words.bounds(...BOUNDS[key]);
            this.fields[key] = new NumberField(settings[key], BOUNDS[key], hint, words);
        });

        // The server's first answer brings the spellings along.
        const spelled = ko.pureComputed(() => "host" in clocks());
        this.formats = ko.pureComputed(() =>
            Object.keys(durations.FORMATS).map((format) => {
                const example = words.duration(EXAMPLE_SECONDS, format, "narrow");
                const name = words.format(format);
                return { format, text: spelled() ? `${name} – ${example}` : name };
            })
        );

        /** What became of the wish to delete the history. */
        this.cleared = ko.observable("");
        this.clearHistory = () =>
            showConfirmationDialog({
                message: narration.clearQuestion(),
                proceed: narration.clear(),
                onproceed: () =>
                    clearHistory()
                        .done(() => this.cleared(narration.cleared()))
                        .fail(() => this.cleared(narration.notCleared()))
            });

        this.shown = () => {
            this.cleared("");
            Object.values(this.fields).forEach((field) => field.reset());
            this.open(true);
        };

        /** OctoPrint saves what is valid and closes the dialog: say then what was kept instead. */
        this.saving = () => {
            const errors = Object.values(this.fields).map((field) => field.error());
            errors.filter(Boolean).forEach((text) => {
                const notice = new PNotify({ title: words.plugin(), text, title_escape: true, text_escape: true });
                notice.get().attr("dir", words.direction());
            });
        };
    }

    /** A number that is being typed. The setting keeps its former value until the text is valid. */
    function NumberField(setting, [lowest, highest], hint, words) {
        const isValid = (text) => isWholeNumber(text, lowest, highest);
        this.lowest = lowest;
        this.highest = highest;
        this.hint = hint;
        this.text = ko.observable(String(setting()));
        this.error = ko.pureComputed(() => (isValid(this.text()) ? "" : words.outOfBounds(lowest, highest, setting())));
        this.reset = () => this.text(String(setting()));
        this.text.subscribe((text) => isValid(text) && setting(Number(text)));
        setting.subscribe((value) => Number(this.text()) === value || this.reset());
    }

    function isWholeNumber(text, lowest, highest) {
        return /^\d+$/.test(text.trim()) && Number(text) >= lowest && Number(text) <= highest;
    }

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, { SettingsViewModel, BOUNDS });
})();
