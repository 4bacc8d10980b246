/**
 * The settings page: what is valid is taken over at once, what is not is explained beside its field.
 *
 * The twin of settings.py, which has the last word on what is stored.
 */
(function () {
    // Whole numbers: lowest and highest value.
    const BOUNDS = { compact_toggle_interval_seconds: [5, 60], poll_interval_seconds: [5, 3600] };

    /** The fields of all numbers, by key. `settings` holds the plugin's Knockout observables. */
    function numberFields(settings) {
        const fields = {};
        Object.keys(BOUNDS).forEach((key) => (fields[key] = new NumberField(settings[key], ...BOUNDS[key])));
        return fields;
    }

    /** A number that is being typed. The setting keeps its former value until the text is valid. */
    function NumberField(setting, lowest, highest) {
        const isValid = (text) => isWholeNumber(text, lowest, highest);
        this.lowest = lowest;
        this.highest = highest;
        this.hint = _.sprintf(gettext("From %(lowest)s to %(highest)s seconds."), { lowest, highest });
        this.text = ko.observable(String(setting()));
        this.error = ko.pureComputed(() => (isValid(this.text()) ? "" : explain(setting(), lowest, highest)));
        this.reset = () => this.text(String(setting()));
        this.text.subscribe((text) => isValid(text) && setting(Number(text)));
        setting.subscribe((value) => Number(this.text()) === value || this.reset());
    }

    function isWholeNumber(text, lowest, highest) {
        return /^\d+$/.test(text.trim()) && Number(text) >= lowest && Number(text) <= highest;
    }

    function explain(value, lowest, highest) {
        const sentence = gettext(
            "Please enter a whole number from %(lowest)s to %(highest)s. Until then %(value)s stays in force."
        );
        return _.sprintf(sentence, { lowest, highest, value });
    }

    window.OctoPrintUptime = Object.assign(window.OctoPrintUptime || {}, { settings: { BOUNDS, numberFields } });
})();
