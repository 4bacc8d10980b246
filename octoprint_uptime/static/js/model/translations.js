// The translations of the page, and English in the place of those that cannot be used.
(function () {
    const found = new Map();

    // The scripts' gettext: a translation of a language pack that can't be filled in would stop a view model.
    function gettext(message) {
        if (!found.has(message)) found.set(message, translated(message));
        return found.get(message);
    }

    // A translation has the placeholders of its message, neither more nor less.
    function translated(message) {
        const translation = window.gettext(message);
        return placeholders(translation) === placeholders(message) ? translation : message;
    }

    const placeholders = (text) => (text.match(/%\(\w+\)s|%/g) || []).sort().join();
    Object.assign(window.OctoPrintUptime, { gettext });
})();
